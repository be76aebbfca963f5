"""Rights given: every code of the person's creators, for whom, until when, in use where, and how an ending stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from valetkey.accounts.models import Membership, Party
from valetkey.accounts.policy import Role
from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters, Order
from valetkey.authorizations.lifecycle import ENDING, LIVE, USABLE, State, Verb
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet
from valetkey.authorizations.turn import Known, Turn, Whose, turn
from valetkey.register.models import AdAccount
from valetkey.web.ending import Moments, Step, steps
from valetkey.web.person import now, person

_ON_A_PAGE: Final = 20
_ENDS: Final = frozenset({State.ENDED, State.EXPIRED})


@dataclass(frozen=True)
class Right:
    """One row of the page. `next_verb`: what this person can do about its ending now."""

    row: Authorization
    used_on: list[AdAccount]
    ending: tuple[Step, ...]
    turn: Turn
    next_verb: Verb | None
    can_end: bool


def given(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    parties = list(Party.objects.acted_for_by(actor).filter(kind=Party.Kind.CREATOR))
    named = request.GET.get("party", "")
    chosen = [party for party in parties if party.reference == named] or parties
    shows_over = request.GET.get("show") == "over"
    mine = services.search(filters=Filters(order=Order.ENDS_SOONEST), actor=actor, at=at).filter(
        post__held_by__in=chosen
    )
    rows = _over(mine) if shows_over else _live(mine)
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    works_for = set(_works_for(parties, actor.user_id))
    context = {
        "at": at,
        "parties": parties,
        "chosen": chosen[0] if named and len(chosen) == 1 else None,
        "shows_over": shows_over,
        "page": page,
        "rights": [_right(row, may_work=row.post.held_by_id in works_for, at=at) for row in page],
        "query": "".join(f"{name}={request.GET[name]}&" for name in ("party", "show") if name in request.GET),
        "others": _live(mine).exists() if shows_over else _over(mine).exists(),
    }
    return render(request, "web/given.html", context)


def _live(mine: AuthorizationQuerySet) -> AuthorizationQuerySet:
    """Whatever may open something: also a code of which it is not known yet whether it was made."""
    return mine.filter(Q(state__in=LIVE) | Q(claim_verb=Verb.ISSUE))


def _over(mine: AuthorizationQuerySet) -> AuthorizationQuerySet:
    return mine.filter(state__in=_ENDS).order_by("-ends_at", "-pk")


def _works_for(parties: list[Party], user_id: int | None) -> list[int]:
    """The parties for which this person may do more than read."""
    working = Membership.objects.current().filter(user=user_id, party__in=parties).exclude(role=Role.VIEWER)
    return list(working.values_list("party", flat=True))


def _right(row: Authorization, *, may_work: bool, at: datetime) -> Right:
    known = Known(
        state=State(row.state),
        creator=row.post.held_by.name,
        advertiser=row.advertiser.name,
        claim=Verb(row.claim_verb) if row.claim_verb else None,
        is_uncertain=row.is_uncertain,
        is_told=row.told_at is not None,
    )
    whose_turn = turn(known)
    is_ending = row.state in ENDING or (row.state == State.ENDED and row.end_asked_at is not None)
    is_mine = may_work and whose_turn.whose in {Whose.CREATOR, Whose.EITHER}
    moments = Moments(
        asked=row.end_asked_at,
        acknowledged=row.end_acknowledged_at,
        paused=row.ads_paused_at,
        switched_off=row.switched_off_at,
        confirmed=row.ended_at,
        told=row.told_at,
    )
    return Right(
        row=row,
        used_on=row.applied_on(),
        ending=steps(State(row.state), moments, row.advertiser.name),
        turn=whose_turn,
        next_verb=whose_turn.verb if is_mine and (is_ending or row.is_uncertain) else None,
        can_end=may_work and row.state in USABLE and not row.claim_verb,
    )
