"""What waits for somebody: their side's turn, grouped, the most pressing few of each, and the newest rights.

A fixed number of queries, however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from valetkey.accounts.models import Membership, Party, sees_everything
from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import LIVE, USABLE, State
from valetkey.authorizations.models import Application, Authorization, AuthorizationQuerySet

MOST: Final = 5
"""Rows of a group; that there are more is told, and the list shows them."""

SOON: Final = timedelta(days=14)


class Group(StrEnum):
    """Why something waits."""

    UNCERTAIN = "uncertain"
    TO_ANSWER = "to_answer"
    TO_HAND_OVER = "to_hand_over"
    TO_SWITCH_OFF = "to_switch_off"
    TO_CONFIRM = "to_confirm"
    TO_TELL = "to_tell"
    TO_OPEN = "to_open"
    TO_APPLY = "to_apply"
    ASKED_TO_END = "asked_to_end"
    ENDS_EARLY = "ends_early"


_CREATORS: Final[dict[State, Group]] = {
    State.REQUESTED: Group.TO_ANSWER,
    State.ISSUED: Group.TO_HAND_OVER,
    State.ADS_PAUSED: Group.TO_SWITCH_OFF,
    State.SWITCHED_OFF: Group.TO_CONFIRM,
    State.ENDED: Group.TO_TELL,
}
_ADVERTISERS: Final[dict[State, Group]] = {
    State.HANDED_OVER: Group.TO_OPEN,
    State.OPENED: Group.TO_APPLY,
    State.END_ASKED: Group.ASKED_TO_END,
    State.END_ACKNOWLEDGED: Group.ASKED_TO_END,
}


@dataclass(frozen=True)
class Few:
    """The first rows of a group."""

    group: Group
    rows: list[Authorization]
    is_more: bool


@dataclass(frozen=True)
class Waiting:
    """`is_creator`, `is_advertiser`: on which sides the actor stands. `newest`: live rights of the creator's side."""

    is_creator: bool
    is_advertiser: bool
    few: list[Few]
    newest: list[Authorization]


def waiting(*, actor: Actor, at: datetime) -> Waiting:
    """For whoever sees everything: what waits for anybody, on either side."""
    if sees_everything(actor):
        return _waiting(Authorization.objects.all(), Authorization.objects.all(), actor, at)
    kinds = set(Membership.objects.of(actor).values_list("party__kind", flat=True))
    mine = Party.objects.visible_to(actor)
    return _waiting(
        Authorization.objects.filter(post__held_by__in=mine) if Party.Kind.CREATOR in kinds else None,
        Authorization.objects.filter(advertiser__in=mine) if kinds - {Party.Kind.CREATOR} else None,
        actor,
        at,
    )


def _waiting(
    given: AuthorizationQuerySet | None, held: AuthorizationQuerySet | None, actor: Actor, at: datetime
) -> Waiting:
    few = [_uncertain(actor)] if given is not None or held is not None else []
    newest: list[Authorization] = []
    if given is not None:
        told = given.exclude(state=State.ENDED, told_at__isnull=False)
        few += _by_state(told, _CREATORS)
        newest = list(_shown(given.filter(state__in=sorted(LIVE))).order_by("-pk")[:MOST])
    if held is not None:
        few += [*_by_state(held, _ADVERTISERS), _ends_early(held, at)]
    return Waiting(given is not None, held is not None, [each for each in few if each.rows], newest)


def _by_state(found: AuthorizationQuerySet, groups: dict[State, Group]) -> list[Few]:
    """The oldest few of each group, in one query."""
    rank = Window(RowNumber(), partition_by=F("state"), order_by=F("pk").asc())
    rows = _shown(found.filter(state__in=sorted(groups), claim_id=None)).alias(rank=rank).filter(rank__lte=MOST + 1)
    by_group: dict[Group, list[Authorization]] = {group: [] for group in groups.values()}
    for row in rows.order_by("pk"):
        by_group[groups[State(row.state)]].append(row)
    return [_few(group, by_group[group]) for group in dict.fromkeys(groups.values())]


def _uncertain(actor: Actor) -> Few:
    applications = Application.objects.filter(authorization=OuterRef("pk"), is_uncertain=True)
    found = Authorization.objects.visible_to(actor).filter(Q(is_uncertain=True) | Exists(applications))
    return _few(Group.UNCERTAIN, list(_shown(found).order_by("pk")[: MOST + 1]))


def _ends_early(held: AuthorizationQuerySet, at: datetime) -> Few:
    """Ends soon, and before the end of a campaign that uses it and is not over."""
    uses = Authorization.campaigns.through.objects.filter(authorization=OuterRef("pk"))
    found = held.filter(state__in=sorted(USABLE), ends_at__gt=at, ends_at__lte=at + SOON).filter(
        Exists(uses.filter(campaign__ends_at__gt=OuterRef("ends_at")))
    )
    return _few(Group.ENDS_EARLY, list(_shown(found).order_by("ends_at", "pk")[: MOST + 1]))


def _shown(found: AuthorizationQuerySet) -> AuthorizationQuerySet:
    return found.select_related("post__held_by", "advertiser").defer("code")


def _few(group: Group, rows: list[Authorization]) -> Few:
    return Few(group, rows[:MOST], is_more=len(rows) > MOST)
