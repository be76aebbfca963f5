"""Look at the platform where the last look is too long ago: the oldest first, so many in one sweep.

Waiting between calls is the connector's affair. A party whose connection asks to wait, or has lapsed, is left alone
until the next sweep; what was in vain within a day comes last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Application, Authorization, AuthorizationQuerySet
from valetkey.authorizations.services import check
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.errors import PlatformDown, Refused
from valetkey.findings.limits import Limits

_LAPSED: Final = "connection_lapsed"


@dataclass(frozen=True)
class NotSeen:
    """A look that came to nothing, and what was said."""

    reference: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Seen:
    """`left_alone`: the names of the parties that were not asked any more."""

    looked: int
    not_seen: tuple[NotSeen, ...]
    left_alone: tuple[str, ...]


def look_again(*, in_vain: frozenset[str], limits: Limits, actor: Actor, at: datetime) -> Seen:
    """`in_vain`: references of those that could not be looked at lately. A refusal stops nothing but itself."""
    looked, alone = 0, set[int]()
    not_seen: list[NotSeen] = []
    for pk, creator, advertiser in _stale(in_vain, alone, limits, at):
        if looked + len(not_seen) >= limits.looks_per_sweep:
            break
        row = Authorization.objects.select_related("post__held_by", "advertiser").get(pk=pk)
        try:
            check(authorization=row, actor=actor, at=at)
            looked += 1
        except Refused as refused:
            not_seen.append(NotSeen(row.reference, refused.code, refused.sentence))
            alone |= _to_leave_alone(refused, creator, advertiser)
    names = Party.objects.filter(pk__in=alone).order_by("name").values_list("name", flat=True)
    return Seen(looked, tuple(not_seen), tuple(names))


def _stale(
    in_vain: frozenset[str], alone: Collection[int], limits: Limits, at: datetime
) -> Iterator[tuple[int, int, int]]:
    """Keys of the authorization, its creator and its advertiser; each once. Read anew where a party was left alone
    meanwhile (`alone` grows), so that its many do not hide those of others.
    """
    found = _connected(at - timedelta(days=limits.look_again_after))
    # Under way: its outcome is not to be asked for yet.
    found = found.filter(Q(claim_id=None) | Q(is_uncertain=True) | Q(claimed_until__lte=at))
    found = found.order_by(F("checked_at").asc(nulls_first=True), "pk")
    given: set[int] = set()
    for part in (found.exclude(reference__in=in_vain), found.filter(reference__in=in_vain)):
        while rows := _next(part, given, alone, limits.looks_per_sweep):
            for pk, creator, advertiser in rows:
                if not {creator, advertiser} & set(alone):
                    given.add(pk)
                    yield pk, creator, advertiser


def _next(
    part: AuthorizationQuerySet, given: Collection[int], alone: Collection[int], number: int
) -> list[tuple[int, int, int]]:
    rows = part.exclude(pk__in=given).exclude(post__held_by__in=alone).exclude(advertiser__in=alone)
    return list(rows.values_list("pk", "post__held_by", "advertiser")[:number])


def _connected(before: datetime) -> AuthorizationQuerySet:
    """Live ones with a side that can be asked, whose last look is no later than that. The advertiser's shows ad
    accounts: of a code that was applied on none there is nothing to ask it.
    """
    live = Connection.objects.live().filter(platform=OuterRef("post__platform"))
    creator = live.filter(level=Level.CREATOR.value, party=OuterRef("post__held_by"))
    advertiser = live.filter(level=Level.ADVERTISER.value, party=OuterRef("advertiser"))
    stale = Authorization.objects.live().filter(Q(checked_at=None) | Q(checked_at__lte=before))
    applied = Application.objects.filter(authorization=OuterRef("pk"))
    return stale.filter(Exists(creator) | (Exists(advertiser) & Exists(applied)))


def _to_leave_alone(refused: Refused, creator: int, advertiser: int) -> set[int]:
    if not isinstance(refused, PlatformDown) and refused.code != _LAPSED:
        return set()
    party = refused.party_id
    return {creator, advertiser} if party is None else {party}
