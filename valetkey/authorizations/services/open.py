"""Open a code: show it to somebody who may see it, and write down that they saw it."""

from __future__ import annotations

from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization, HandOver, Reveal
from valetkey.authorizations.services.transition import move, require
from valetkey.errors import Conflict, NotFound
from valetkey.secret import Secret
from valetkey.vault import keyring


def open(*, authorization: Authorization, link: Secret | None = None, actor: Actor, at: datetime) -> Secret:
    """The code in the clear. The reveal is on disk before the code leaves this function.

    `link` is the secret of a hand-over; whoever opens by one must still be of one of the two sides.
    """
    require(authorization, Verb.OPEN, actor)
    hand_over = None if link is None else _by_link(authorization, link, at)
    with writing(durable=True):
        changes = {"opened_at": authorization.opened_at or at} if authorization.handed_over_at else {}
        detail: dict[str, object] = {"by_link": hand_over is not None}
        move(authorization, Verb.OPEN, actor=actor, at=at, detail=detail, changes=changes)
        if authorization.code is None:
            raise Conflict("no_code", "There is no code yet.", "It is there once the authorization is issued.")
        Reveal.objects.create(
            authorization=authorization, hand_over=hand_over, by=actor.name, user_id=actor.user_id, at=at
        )
    return authorization.code


def _by_link(authorization: Authorization, link: Secret, at: datetime) -> HandOver:
    found = HandOver.objects.filter(authorization=authorization, link_digest__in=keyring().fingerprints(link)).first()
    if found is None:
        raise NotFound("no_such_link", "This link opens nothing.", "Ask the creator's side for a new one.")
    if found.ended_at is not None or at >= found.ends_at:
        ended = found.ended_at or found.ends_at
        raise Conflict(
            "link_ended",
            f"This link ended on {ended:%d %b %Y}.",
            "Ask the creator's side for a new one; it takes a moment.",
        )
    return found
