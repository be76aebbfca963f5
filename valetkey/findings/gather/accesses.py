"""What the rules are told of accesses, and of which. What an authorization gives is judged with the authorization."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper

from valetkey.findings.facts import AccessFacts
from valetkey.findings.gather.batches import batches
from valetkey.findings.gather.named import far_reaching, thing, who
from valetkey.findings.limits import Limits
from valetkey.register import catalogue
from valetkey.register.models import Access, Asset, Engagement, Ownership

_WITH: Final = ("surface__asset__held_by", "surface__asset__ownership", "holder", "person", "owner")
_ENTERED: Final = Q(way=Access.Way.ENTERED)
SEATS: Final = ("people", "partners")
"""The lists of a Business Center: to be on one gives nothing without an asset."""


def candidates(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    rows = Access.objects.filter(_ENTERED)
    if parties is not None:
        rows = rows.filter(surface__asset__held_by__in=parties)
    open_ = Q(ended_at=None) | Q(ended_at__gt=at)
    either = Q()
    for condition in _conditions(at, limits):
        either |= condition
    ended_unseen = Q(ended_at__lte=at, ended_how="")
    yield from batches(rows.alias(spelt=Upper("role")), (open_ & either, ended_unseen))


def _conditions(at: datetime, limits: Limits) -> Iterator[Q]:
    """Of those that are open. Mostly few of all, so that one way through them is enough."""
    day = at.astimezone(UTC).date()
    yield Q(until__lte=at)
    yield Q(until=None, review_on=None)
    yield Q(review_on__lte=day)
    unseen_since = at - timedelta(days=limits.unconfirmed_after)
    yield Q(confirmed_at__lte=unseen_since) | Q(confirmed_at=None, recorded_at__lte=unseen_since)
    yield Q(person__left_on__lt=day) | Q(owner__left_on__lt=day)
    yield Q(spelt__in=far_reaching())
    yield Q(surface__kind__in=SEATS, surface__asset__kind=Asset.Kind.BUSINESS_CENTER)
    ended = Engagement.objects.filter(kept_by=OuterRef("surface__asset__held_by"), party=OuterRef("holder"))
    yield Q(Exists(ended.filter(ended_at__lte=at)))
    links = Access.objects.filter(_ENTERED, person=None, holder=OuterRef("holder"), ended_at__lte=at)
    yield Q(person__isnull=False) & Q(Exists(links.filter(surface__asset=OuterRef("surface__asset"))))


def facts(pks: Collection[int], at: datetime) -> list[AccessFacts]:
    found = Access.objects.filter(pk__in=pks).prefetch_related(*_WITH)
    around = _Around(list(found.order_by("pk")), at)
    return [around.facts_of(row) for row in around.rows]


class _Around:
    """What stands beside the rows of one batch: engagements, links of partners, and what else is held."""

    def __init__(self, rows: Sequence[Access], at: datetime) -> None:
        self.rows = rows
        holders = {row.holder_id for row in rows}
        keepers = {row.surface.asset.held_by_id for row in rows}
        engagements = Engagement.objects.filter(kept_by__in=keepers, party__in=holders)
        self._engaged = last_ends(engagements.values_list("kept_by", "party", "ended_at"))
        links = Access.objects.filter(_ENTERED, person=None, holder__in=holders)
        links = links.filter(surface__asset__in={row.surface.asset_id for row in rows})
        self._links = last_ends(links.values_list("surface__asset", "holder", "ended_at"))
        self._inside = self._found_inside([row for row in rows if _is_seat(row)], at)

    def facts_of(self, row: Access) -> AccessFacts:
        surface, asset = row.surface, row.surface.asset
        role = catalogue.role(asset.platform, asset.kind, surface.kind, row.role)
        return AccessFacts(
            reference=row.reference,
            kept_by=thing(asset.held_by),
            asset=thing(asset),
            surface=thing(surface),
            holder=thing(row.holder),
            role=row.role,
            end=row.end,
            recorded_at=row.recorded_at,
            person=who(row.person),
            owner=who(row.owner),
            since=row.since,
            until=row.until,
            way=row.way,
            purpose=row.purpose,
            review_on=row.review_on,
            confirmed_at=row.confirmed_at,
            let_end_at=row.let_end_at,
            ended_at=row.ended_at,
            ended_how=row.ended_how,
            is_wide=role is not None and role.is_wide,
            has_money=role is not None and role.has_money,
            owns_asset=_owns(row),
            is_seat=_is_seat(row),
            has_asset=not _is_seat(row) or self._has_asset(row),
            engagement_ended_at=self._engaged.get((asset.held_by_id, row.holder_id)),
            partner_ended_at=self._links.get((asset.pk, row.holder_id)),
        )

    def _found_inside(self, seats: Sequence[Access], at: datetime) -> set[tuple[int | None, int, int, int | None]]:
        """Who has something on the keepers' other assets: the person, the holder, the keeper, and what it is within."""
        mine = Q(person__in={row.person_id for row in seats if row.person_id})
        mine |= Q(person=None, holder__in={row.holder_id for row in seats if not row.person_id})
        held = Access.objects.filter(mine, Q(ended_at=None) | Q(ended_at__gt=at), _ENTERED)
        held = held.filter(surface__asset__held_by__in={row.surface.asset.held_by_id for row in seats})
        held = held.exclude(surface__asset__kind=Asset.Kind.BUSINESS_CENTER).order_by()
        told = "person", "holder", "surface__asset__held_by", "surface__asset__within"
        return set(held.values_list(*told).distinct())

    def _has_asset(self, row: Access) -> bool:
        """In this Business Center, or in none that is on record."""
        asset = row.surface.asset
        themselves = row.person_id, row.holder_id, asset.held_by_id
        return (*themselves, asset.pk) in self._inside or (*themselves, None) in self._inside


def last_ends(rows: Iterable[tuple[int, int, datetime | None]]) -> dict[tuple[int, int], datetime | None]:
    """Of each pair the last end; None where one of them has not ended."""
    found: dict[tuple[int, int], datetime | None] = {}
    for one, other, ended_at in rows:
        last = found.setdefault((one, other), ended_at)
        found[one, other] = max(last, ended_at) if last and ended_at else None
    return found


def _is_seat(row: Access) -> bool:
    return row.surface.kind in SEATS and row.surface.asset.kind == Asset.Kind.BUSINESS_CENTER


def _owns(row: Access) -> bool:
    owned: Ownership | None = getattr(row.surface.asset, "ownership", None)
    if owned is None:
        return False
    if row.person_id is None:
        return owned.owned_by_id == row.holder_id
    return row.person_id in (owned.owner_id, owned.backup_owner_id)
