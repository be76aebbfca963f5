"""The cast of the diagnosis tests: one record, one code, and short ways to say how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from valetkey.authorizations.lifecycle import State, Verb
from valetkey.connectors.base import Level, PostKind, Says, Trouble, Visibility
from valetkey.diagnosis import paste
from valetkey.diagnosis.case import Answer, AppliedOn, Case, Connected, KnownPost, Origin, Other, Tried
from valetkey.secret import Secret

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

CODE = "#q8Vd+3xYtR/0kPz7nWbM4uLs+aQcE1hGfJ2yXo5iTrU="
OTHER = "#ZZ19hdkW+0aaPbYq3mNv7/LkTgRs5uEeXc2wOi8jHf4="
KNOWN = Secret(CODE)

CONNECTED = {
    "creator_side": Connected(Level.CREATOR, AT + DAY),
    "advertiser_side": Connected(Level.ADVERTISER),
}


def record(state: State = State.OPENED, **more: Any) -> Case:
    """A record in the middle of its window, which the platform told, with both sides connected."""
    usual: dict[str, Any] = {
        "creator": "Mara",
        "advertiser": "Northwind",
        "post": KnownPost("Winter boots", PostKind.VIDEO, Visibility.PUBLIC, Origin.PLATFORM, AT - HOUR),
        "issued_at": AT - 10 * DAY,
        "starts_at": AT - 10 * DAY,
        "ends_at": AT + 20 * DAY,
        "window_source": "platform",
        "checked_at": AT - HOUR,
        "agreed_ad_account": "Northwind EU",
        **CONNECTED,
    }
    return Case(state=state, **{**usual, **more})


def nobody() -> Case:
    """Without a record: somebody who is not signed in."""
    return Case()


def answered(*troubles: Trouble, verb: Verb = Verb.APPLY, cause: str = "", says: Says | None = None) -> Answer:
    return Answer(verb, AT - HOUR, says, cause, troubles, ad_account="Northwind EU")


def post(**more: Any) -> KnownPost:
    return replace(KnownPost("Winter boots", PostKind.VIDEO, Visibility.PUBLIC, Origin.PLATFORM, AT - HOUR), **more)


def on(name: str = "Northwind EU", *, is_seen: bool = True) -> AppliedOn:
    return AppliedOn(name, AT - HOUR if is_seen else None)


def tried(name: str = "Northwind EU", *, is_agreed: bool | None = True, is_theirs: bool | None = True) -> Tried:
    return Tried(name, is_agreed, is_theirs)


def other(*, is_same_post: bool = True, is_same_advertiser: bool = True) -> Other:
    return Other("AU-2", "Summer hats", is_same_post, is_same_advertiser)


def pasted(case: Case, code: str = "", *troubles: Trouble) -> Case:
    """What somebody pasted: a code, and what the connector made of a message."""
    found = paste.read(code, known=KNOWN if case.has_record else None)
    return replace(case, pasted=None if found.kind is paste.Kind.NOTHING else found, troubles=troubles)
