"""Extend: the same code, a later end. Days are added to what is left (unconfirmed); the platform's end is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.coverage import end_of_term
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, WindowSource
from valetkey.authorizations.services.authorize import check_days, creator_side_of, read_code
from valetkey.authorizations.services.claims import perform
from valetkey.authorizations.services.transition import event, refuse_if_claimed, require, take
from valetkey.authorizations.services.window import open_accesses, set_window
from valetkey.connectors.base import SeenCode
from valetkey.errors import Conflict, PlatformRefused


def extend(
    *, authorization: Authorization, days: int, by_hand: bool = False, actor: Actor, at: datetime
) -> Authorization:
    """Add days to the code. `by_hand`: the creator did it in the app and says so; the end is then *computed*."""
    require(authorization, Verb.EXTEND, actor)
    check_days(authorization.post.platform, days)
    if by_hand:
        return _state_extended(authorization, days, actor, at)
    side = creator_side_of(authorization.post, at)
    post_id = authorization.post.platform_id

    def call() -> SeenCode:
        side.extend(post_id=post_id, days=days)
        return read_code(side, post_id)

    def settle(seen: SeenCode) -> Mapping[str, object]:
        return settle_extended(authorization, seen.starts_at, seen.ends_at, WindowSource.PLATFORM, days, actor, at)

    before = authorization.ends_at
    perform(authorization, Verb.EXTEND, actor=actor, at=at, legal=_legal, call=call, settle=settle)
    if before is not None and authorization.ends_at is not None and authorization.ends_at <= before:
        raise PlatformRefused(
            "not_extended",
            "The platform accepted the days and shows the same end as before.",
            f"It still ends on {authorization.ends_at:%d %b %Y %H:%M} UTC. `valetkey check` looks again.",
        )
    return authorization


def settle_extended(
    authorization: Authorization,
    starts_at: datetime | None,
    ends_at: datetime | None,
    source: WindowSource,
    days: int | None,
    actor: Actor,
    at: datetime,
) -> dict[str, object]:
    """Inside the settling transaction: the new end, the chain, the state it had before it expired, the access."""
    state = lifecycle.apply(State(authorization.state), Verb.EXTEND, authorization.progress())
    take(authorization, state)
    set_window(authorization, Verb.EXTEND, starts_at=starts_at, ends_at=ends_at, source=source, days=days, at=at)
    open_accesses(authorization, actor=actor, at=at)
    return {"days": days, "ends_at": ends_at.isoformat() if ends_at else None, "source": source.value}


def _state_extended(authorization: Authorization, days: int, actor: Actor, at: datetime) -> Authorization:
    with writing(durable=True):
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)
        if authorization.ends_at is None:
            raise Conflict(
                "end_unknown", "Its end is not known, so days cannot be added to it.", "State the end with check."
            )
        ends_at = end_of_term(authorization.ends_at, days)
        starts_at = authorization.starts_at
        detail = settle_extended(authorization, starts_at, ends_at, WindowSource.COMPUTED, days, actor, at)
        record(event=event(Verb.EXTEND, "done"), subject=authorization.subject, actor=actor, at=at, detail=detail)
    return authorization


def _legal(row: Authorization) -> None:
    lifecycle.apply(State(row.state), Verb.EXTEND, row.progress())
