"""Open a code: show it to somebody who may see it, and write down that they saw it."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import role_of
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, HandOver, Reveal
from valetkey.authorizations.services.name_owner import answer_for
from valetkey.authorizations.services.transition import event, move, require
from valetkey.errors import Conflict, NotFound
from valetkey.secret import Secret
from valetkey.vault import keyring


def open(
    *,
    authorization: Authorization,
    link: Secret | None = None,
    how: Reveal.How = Reveal.How.SHOWN,
    actor: Actor,
    at: datetime,
) -> Secret:
    """The code in the clear. The reveal is on disk before the code leaves this function.

    The advertiser's side opens what was handed over, while that hand-over lasts; `link` is its secret, and whoever
    opens by it must still be of one of the two sides. The creator's own look is written down and is no step.
    """
    require(authorization, Verb.OPEN, actor)
    is_advertiser = role_of(actor, authorization.advertiser) is not None
    is_creator = role_of(actor, authorization.post.held_by) is not None
    with writing(durable=True):
        # All in here: a link that is stopped at this very moment shows nothing any more.
        authorization.refresh_from_db()
        lifecycle.apply(State(authorization.state), Verb.OPEN, authorization.progress())
        hand_over = None if link is None else _by_link(authorization, link, at)
        if is_advertiser and hand_over is None and not is_creator:
            _refuse_before_hand_over(authorization, at)
        detail = reveal_detail({"by_link": hand_over is not None}, how)
        detail |= answer_for(authorization, actor=actor, at=at)
        if is_advertiser:
            changes = {"opened_at": authorization.opened_at or at} if authorization.handed_over_at else {}
            move(authorization, Verb.OPEN, actor=actor, at=at, detail=detail, changes=changes)
        else:
            record(event=event(Verb.OPEN), subject=authorization.subject, actor=actor, at=at, detail=detail)
        return reveal(authorization, hand_over=hand_over, how=how, actor=actor, at=at)


def reveal(
    authorization: Authorization, *, hand_over: HandOver | None, how: Reveal.How, actor: Actor, at: datetime
) -> Secret:
    """Inside the caller's transaction: who sees the code, and then the code, to be given on once that is on disk."""
    code = authorization.code
    if code is None:
        raise Conflict("no_code", "There is no code yet.", "It is there once the authorization is issued.")
    Reveal.objects.create(
        authorization=authorization, hand_over=hand_over, by=actor.name[:200], user_id=actor.user_id, at=at, how=how
    )
    return code


def reveal_detail(detail: dict[str, object], how: Reveal.How) -> dict[str, object]:
    return detail if how is Reveal.How.SHOWN else {**detail, "how": how.value}


def _refuse_before_hand_over(authorization: Authorization, at: datetime) -> None:
    """A code the advertiser's side typed in itself is no news to it; any other must have been handed over."""
    if authorization.window_changes.filter(verb=Verb.RECORD).exists():
        return
    if not authorization.hand_overs.filter(ended_at=None, ends_at__gt=at).exists():
        raise Conflict(
            "not_handed_over",
            "This code is not handed over to you now: it was not yet, or the hand-over has ended.",
            "Ask the creator's side to hand it over; it takes a moment.",
        )


def _by_link(authorization: Authorization, link: Secret, at: datetime) -> HandOver:
    found = HandOver.objects.filter(authorization=authorization, link_digest__in=keyring().fingerprints(link)).first()
    if found is None:
        raise no_such_link()
    if found.ended_at is not None or at >= found.ends_at:
        ended = found.ended_at or found.ends_at
        raise Conflict(
            "link_ended",
            f"This link ended on {ended:%d %b %Y}.",
            "Ask the creator's side for a new one; it takes a moment.",
        )
    return found


def no_such_link() -> NotFound:
    return NotFound("no_such_link", "This link opens nothing.", "Ask the creator's side for a new one.")
