"""What stops if something went: an authorization, an asset of any kind, somebody, a party.

From the record; and where one asks, from the ads that the platform shows on each post at this moment. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import find_person
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Application, Authorization, AuthorizationQuerySet
from valetkey.authorizations.services.find import find
from valetkey.authorizations.services.stakes import (
    SILENCE,
    AdAccountAtStake,
    CampaignAtStake,
    campaigns_at_stake,
    stakes,
)
from valetkey.register.models import Asset, Post
from valetkey.register.services import find_asset, find_on_record

SHOWN: Final = 50
ASKED: Final = 20
"""Authorizations whose ads are asked for at once; each may take as long as the platform does."""
MOST: Final = 1000
_DEEP: Final = 5

_NOT_ASKED: Final = "The platform was not asked."
_TOO_MANY: Final = f"The ads of the first {ASKED} were asked for, no more at once."


@dataclass(frozen=True)
class Stopping:
    """One live authorization that would give nothing any more, the campaigns that use it, and where it is applied."""

    authorization: Authorization
    campaigns: tuple[CampaignAtStake, ...]
    ad_accounts: tuple[AdAccountAtStake, ...]


@dataclass(frozen=True)
class Stops:
    """`kind` and `name`: of what would go. `count`: live authorizations, counted to `MOST`, and `is_more` where there
    are more; `campaigns`, `ad_accounts`: how many different ones hang on all of them. `rows`: the first ones, what ends
    first on top. `was_asked`: whether the platform was.
    """

    kind: str
    reference: str
    name: str
    rows: tuple[Stopping, ...]
    count: int
    is_more: bool
    campaigns: int
    ad_accounts: int
    was_asked: bool

    @property
    def running(self) -> int | None:
        """Running ads together; None where it is not known of all."""
        counts = [each.running for row in self.rows for each in row.ad_accounts]
        return None if None in counts or self.count > len(self.rows) else sum(count or 0 for count in counts)


def what_stops(
    *, authorization: Authorization | None = None, asset: Asset | None = None, person: Person | None = None,
    party: Party | None = None, ask: bool = False, actor: Actor, at: datetime,
) -> Stops:  # fmt: skip
    """Of one of them. Of a person: what they answer for. Raises NotFound for what the actor cannot see, and tells only
    of what they can.
    """
    going: _Going | None = None
    if authorization is not None:
        authorization = find(reference=authorization.reference, actor=actor)
        kind, reference, name = "authorization", authorization.reference, str(authorization.post)
        which = Q(pk=authorization.pk)
    elif asset is not None:
        asset = find_asset(text=asset.reference, actor=actor)
        kind, reference, name = asset.kind, asset.reference, asset.name
        going = _going(asset)
        which = going.which
    elif person is not None:
        person = find_person(text=person.reference, actor=actor)
        kind, reference, name = "person", person.reference, person.name
        which = Q(creator_owner=person) | Q(advertiser_owner=person)
    elif party is not None:
        party = find_on_record(text=party.reference, actor=actor)
        kind, reference, name = "party", party.reference, party.name
        which = Q(post__held_by=party) | Q(advertiser=party)
    else:
        raise TypeError("Something has to be named.")
    found = Authorization.objects.visible_to(actor).live().filter(which).order_by("ends_at", "pk")
    rows = list(found.in_full().defer("code")[:SHOWN])
    asked = _ads(rows, actor, at) if ask else {}
    stopping = tuple(_stopping(row, going, asked.get(row.pk), at, ask=ask) for row in rows)
    count = found.order_by()[: MOST + 1].count()
    campaigns, ad_accounts = _all_together(found, going, at)
    return Stops(kind, reference, name, stopping, min(count, MOST), count > MOST, campaigns, ad_accounts, ask)


@dataclass(frozen=True)
class _Going:
    """An asset with its parts: what hangs on its posts stops everywhere, what is on its ad accounts stops there."""

    which: Q
    posts: frozenset[int]
    ad_accounts: frozenset[int]


def _going(asset: Asset) -> _Going:
    parts = _parts(asset)
    posts = {part.pk for part in parts if part.kind == Asset.Kind.POST}
    if asset.kind == Asset.Kind.ACCOUNT:
        # Posts are mostly entered without the account they are on: of such a party's, any may be on this one.
        free = Post.objects.filter(held_by=asset.held_by_id, platform=asset.platform, within=None)
        posts |= set(free.values_list("pk", flat=True))
    ad_accounts = frozenset(part.pk for part in parts if part.kind == Asset.Kind.AD_ACCOUNT)
    there = Application.objects.bound().filter(ad_account__in=ad_accounts)
    return _Going(Q(post__in=posts) | Q(pk__in=there.values("authorization")), frozenset(posts), ad_accounts)


def _parts(asset: Asset) -> list[Asset]:
    """Itself and what is within it."""
    found, newest = [asset], [asset]
    for _ in range(_DEEP):
        newest = list(Asset.objects.filter(within__in=newest).exclude(pk__in=[each.pk for each in found]))
        if not newest:
            break
        found += newest
    return found


def _all_together(found: AuthorizationQuerySet, going: _Going | None, at: datetime) -> tuple[int, int]:
    """Different campaigns that are not over, and ad accounts, however few authorizations are shown."""
    live = found.order_by().values("pk")
    uses = Authorization.campaigns.through.objects.filter(authorization__in=live, campaign__ends_at__gt=at)
    bound = Application.objects.bound().filter(authorization__in=live)
    if going is not None:
        on_posts = Q(authorization__post__in=going.posts)
        uses = uses.filter(on_posts | Q(campaign__ad_account__in=going.ad_accounts))
        bound = bound.filter(on_posts | Q(ad_account__in=going.ad_accounts))
    return uses.values("campaign").distinct().count(), bound.order_by().values("ad_account").distinct().count()


def _stopping(
    row: Authorization, going: _Going | None, asked: tuple[AdAccountAtStake, ...] | None, at: datetime, *, ask: bool
) -> Stopping:
    campaigns = campaigns_at_stake(row, at)
    accounts = asked
    if accounts is None:
        why = _TOO_MANY if ask else _NOT_ASKED
        accounts = tuple(AdAccountAtStake(each, None, None, why) for each in row.applied_on())
    if going is None or row.post_id in going.posts:
        return Stopping(row, campaigns, accounts)
    return Stopping(
        row,
        tuple(each for each in campaigns if each.campaign.ad_account_id in going.ad_accounts),
        tuple(each for each in accounts if each.ad_account.pk in going.ad_accounts),
    )


def _ads(rows: Sequence[Authorization], actor: Actor, at: datetime) -> dict[int, tuple[AdAccountAtStake, ...]]:
    """One after the other. Whose connection does not answer is not waited for again."""
    found: dict[int, tuple[AdAccountAtStake, ...]] = {}
    silent: set[int] = set()
    for row in rows[:ASKED]:
        if row.advertiser_id in silent:
            found[row.pk] = tuple(AdAccountAtStake(each, None, None, SILENCE) for each in row.applied_on())
            continue
        found[row.pk] = stakes(authorization=row, actor=actor, at=at).ad_accounts
        if any(each.why == SILENCE for each in found[row.pk]):
            silent.add(row.advertiser_id)
    return found
