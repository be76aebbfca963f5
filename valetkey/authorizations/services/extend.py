"""Extend: the same code, a later end. Days are added to what is left (unconfirmed); the platform's end is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.coverage import Window, end_of_term
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, WindowSource
from valetkey.authorizations.services.authorize import check_days, creator_side_of, read_code, refuse_other_code
from valetkey.authorizations.services.claims import free_by_statement, perform, refusal
from valetkey.authorizations.services.too_short import added, need_of
from valetkey.authorizations.services.transition import event, last_line, refuse_if_changed, refuse_unfit, require, take
from valetkey.authorizations.services.window import open_accesses, set_window
from valetkey.connectors.base import CodeStatus, CreatorSide, PlatformFault, SeenCode
from valetkey.errors import Conflict, Invalid, PlatformRefused


def extend(
    *,
    authorization: Authorization,
    days: int,
    by_hand: bool = False,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Add days to the code. `by_hand`: the creator did it in the app and says so; the end is then *computed*.

    Raises TooShort for days that end too early, unless `short_reason` says why.
    """
    require(authorization, Verb.EXTEND, actor)
    check_days(authorization.post.platform, days)
    if by_hand:
        return _state_extended(authorization, days, short_reason, actor, at)
    refuse_unfit(authorization, Verb.EXTEND)
    # Before the platform is asked anything, and again with the end that it shows.
    _said_of(authorization, authorization.ends_at, days, short_reason, at)
    side = creator_side_of(authorization.post, at)
    post_id = authorization.post.platform_id
    since = last_line(authorization)
    before = _look_before(authorization, side)
    said = _said_of(authorization, before.ends_at or authorization.ends_at, days, short_reason, at)

    def legal(row: Authorization) -> None:
        lifecycle.apply(State(row.state), Verb.EXTEND, row.progress())
        refuse_if_changed(row, since)
        _note_end(row, before, at)

    def call() -> SeenCode:
        side.extend(post_id=post_id, days=days)
        return read_code(side, post_id)

    def settle(seen: SeenCode) -> Mapping[str, object]:
        return settle_extended(authorization, seen.starts_at, seen.ends_at, WindowSource.PLATFORM, days, actor, at)

    perform(authorization, Verb.EXTEND, actor=actor, at=at, legal=legal, call=call, settle=settle, said=said)
    if before.ends_at is not None and authorization.ends_at is not None and authorization.ends_at <= before.ends_at:
        raise PlatformRefused(
            "not_extended",
            "The platform accepted the days and shows the same end as before.",
            f"It still ends on {authorization.ends_at:%d %b %Y %H:%M} UTC. Look again in a while.",
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


def _said_of(
    authorization: Authorization, ends_at: datetime | None, days: int, short_reason: str, at: datetime
) -> dict[str, object]:
    """The days are added to what is left; where nothing is left, from now on, as far as anybody knows."""
    left = Window(authorization.starts_at, ends_at and max(ends_at, at))
    return added(need_of(authorization), authorization.post.platform, left, days, short_reason)


def _state_extended(
    authorization: Authorization, days: int, short_reason: str, actor: Actor, at: datetime
) -> Authorization:
    with writing(durable=True):
        authorization.refresh_from_db()
        free_by_statement(authorization, Verb.EXTEND)
        if authorization.ends_at is None:
            raise Conflict(
                "end_unknown",
                "Its end is not known, so days cannot be added to it.",
                "State the end that the app shows.",
            )
        ends_at = end_of_term(authorization.ends_at, days)
        if ends_at <= at:
            raise Invalid(
                "still_past",
                f"With {days} days more it would still have ended on {ends_at:%d %b %Y %H:%M} UTC.",
                "Look in the app which end it shows, and state that.",
            )
        starts_at = authorization.starts_at
        said = added(need_of(authorization), authorization.post.platform, authorization.window(), days, short_reason)
        detail = settle_extended(authorization, starts_at, ends_at, WindowSource.COMPUTED, days, actor, at)
        record(
            event=event(Verb.EXTEND, "done"),
            subject=authorization.subject,
            actor=actor,
            at=at,
            detail={**detail, **said},
        )
    return authorization


def _look_before(authorization: Authorization, side: CreatorSide) -> SeenCode:
    """The platform extends the code that the post has now, so that must be this one, and not ended."""
    try:
        seen = side.code_of(post_id=authorization.post.platform_id)
    except PlatformFault as fault:
        raise refusal(fault) from None
    refuse_other_code(authorization, seen)
    if seen.status is CodeStatus.DELETED:
        raise Conflict(
            "ended_on_platform",
            "The platform shows this code as ended, so it cannot be extended.",
            "Look again, so that the record takes that over; then replace it.",
        )
    return seen


def _note_end(row: Authorization, seen: SeenCode, at: datetime) -> None:
    """Inside the claiming transaction: the end that the days are added to, so that a lost answer can be told by it."""
    if seen.ends_at is not None and seen.ends_at != row.ends_at:
        starts_at = seen.starts_at or row.starts_at
        source = WindowSource.PLATFORM
        set_window(row, Verb.CHECK, starts_at=starts_at, ends_at=seen.ends_at, source=source, days=None, at=at)
