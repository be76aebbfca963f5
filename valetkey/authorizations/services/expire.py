"""Write down that a window has ended by the clock."""

from __future__ import annotations

from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.transition import event, refuse_if_claimed, require, take
from valetkey.authorizations.services.window import close_accesses
from valetkey.errors import Conflict


def expire(*, authorization: Authorization, actor: Actor, at: datetime) -> Authorization:
    """Raises Conflict before the end, and while the end is not known."""
    require(authorization, Verb.EXPIRE, actor)
    with writing(durable=True):
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)
        if not is_due(authorization, at):
            raise Conflict("not_over", "Its window is not over.", "It ends by itself; to end it sooner, ask to end it.")
        settle_expired(authorization, actor, at)
    return authorization


def is_due(authorization: Authorization, at: datetime) -> bool:
    """Half-open: at the very end it is over."""
    return authorization.ends_at is not None and at >= authorization.ends_at and authorization.state in lifecycle.LIVE


def settle_expired(authorization: Authorization, actor: Actor, at: datetime) -> None:
    """Inside the caller's transaction."""
    state = lifecycle.apply(State(authorization.state), Verb.EXPIRE, authorization.progress())
    take(authorization, state)
    close_accesses(authorization, reason="the window ended", actor=actor, at=at)
    detail: dict[str, object] = {"ends_at": authorization.ends_at.isoformat() if authorization.ends_at else None}
    record(event=event(Verb.EXPIRE), subject=authorization.subject, actor=actor, at=at, detail=detail)
