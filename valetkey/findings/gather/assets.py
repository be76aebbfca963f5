"""What the rules are told of assets and who has them in hand, and of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import Upper

from valetkey.accounts.models import Person
from valetkey.authorizations.lifecycle import BOUND, LIVE
from valetkey.authorizations.models import Application
from valetkey.findings.facts import AssetFacts
from valetkey.findings.gather.batches import batches
from valetkey.findings.gather.named import everybody, far_reaching, thing, who
from valetkey.findings.limits import Limits
from valetkey.register import catalogue
from valetkey.register.models import Access, Asset, Ownership

_WITH: Final = ("held_by", "ownership__owned_by", *(f"ownership__{name}" for name in Ownership.CONTROLS))
_RECOVERY: Final = ("recovery_mail", "recovery_phone")


def candidates(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    """All but posts, and posts of which somebody wrote down whose they are."""
    rows = Asset.objects.all() if parties is None else Asset.objects.filter(held_by__in=parties)
    kinds = sorted(set(Asset.Kind) - {Asset.Kind.POST})
    yield from batches(rows, (Q(kind__in=kinds), Q(pk__in=Ownership.objects.values("asset"))))


def facts(pks: Collection[int], at: datetime) -> list[AssetFacts]:
    rows = list(Asset.objects.filter(pk__in=pks).select_related(*_WITH).order_by("pk"))
    admins, applied = _admins(rows, at), _posts_applied(rows)
    return [_facts(row, admins[row.pk], applied.get(row.pk, 0)) for row in rows]


def _facts(row: Asset, admins: Collection[Person], posts_applied: int) -> AssetFacts:
    owned: Ownership | None = getattr(row, "ownership", None)
    told = AssetFacts(
        reference=row.reference,
        name=row.name,
        kind=row.kind,
        kept_by=thing(row.held_by),
        kept_by_kind=row.held_by.kind,
        admins=everybody(admins),
        posts_applied=posts_applied,
    )
    return told if owned is None else _with_ownership(told, row, owned)


def _with_ownership(told: AssetFacts, row: Asset, owned: Ownership) -> AssetFacts:
    theirs = {row.held_by_id, owned.owned_by_id}
    contacts: dict[str, Person | None] = {name: getattr(owned, name) for name in _RECOVERY}
    hands: dict[str, Any] = {name: who(getattr(owned, name)) for name in Ownership.CONTROLS}
    return replace(
        told,
        has_ownership=True,
        owned_by=None if owned.owned_by is None else thing(owned.owned_by),
        owned_by_kind="" if owned.owned_by is None else owned.owned_by.kind,
        **hands,
        recovery_is_personal=tuple(name for name, has in contacts.items() if has and has.party_id not in theirs),
        changed_at=owned.changed_at,
        confirmed_at=owned.confirmed_at,
    )


def _admins(rows: Sequence[Asset], at: datetime) -> dict[int, list[Person]]:
    """People with a role now that can let others in, by the catalogue."""
    begun = Q(since=None) | Q(since__lte=at)
    goes_on = (Q(ended_at=None) | Q(ended_at__gt=at)) & (Q(until=None) | Q(until__gt=at))
    held = Access.objects.filter(begun, goes_on, surface__asset__in=[row.pk for row in rows], person__isnull=False)
    held = held.alias(spelt=Upper("role")).filter(spelt__in=far_reaching())
    found: dict[int, list[Person]] = defaultdict(list)
    for access in held.select_related("surface__asset", "person"):
        asset, surface = access.surface.asset, access.surface
        role = catalogue.role(asset.platform, asset.kind, surface.kind, access.role)
        if role is not None and role.is_wide and access.person is not None:
            found[asset.pk].append(access.person)
    return found


def _posts_applied(rows: Sequence[Asset]) -> dict[int, int]:
    accounts = [row.pk for row in rows if row.kind == Asset.Kind.AD_ACCOUNT]
    applied = Application.objects.filter(ad_account__in=accounts, state__in=BOUND).order_by()
    # Beside the count, and no condition: a database that began with all live codes would look at each of them.
    live = Count("authorization__post", distinct=True, filter=Q(authorization__state__in=LIVE))
    return dict(applied.values_list("ad_account").annotate(posts=live))
