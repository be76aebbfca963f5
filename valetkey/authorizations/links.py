"""PURE. Links by which somebody without an account reaches one thing: where they lead, and how far one has come.

Decides what the sender and the visitor are told; does not know the rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from valetkey.authorizations.lifecycle import NOTHING_YET, OVER, State
from valetkey.errors import Conflict, Invalid
from valetkey.secret import MASK, Secret

REQUEST_PATH: Final = "r"
HAND_OVER_PATH: Final = "h"
GUIDE_PATH: Final = "g"
"""The first part of the address, before the link's own secret."""

LONGEST_DAYS: Final = 90
BETWEEN_REMINDERS: Final = timedelta(hours=24)

STEPS: Final = ("read", "switched_on", "generated", "copied")
"""What a creator does to answer a request, in this order: read what it means; in the app switch ad authorization on for
the post; choose the days and generate the code; copy it."""


def address(desk_url: str, path: str, link: Secret) -> str:
    """The whole link, for the one person it is for. Whoever calls shows it once or mails it, and never logs it."""
    return f"{desk_url.rstrip('/')}/{path}/{link.reveal()}/"


def secret_in(text: str, path: str) -> Secret:
    """The secret of a link that somebody pasted: of the whole address, or its own part alone."""
    return Secret(text.strip().rstrip("/").rpartition(f"/{path}/")[2])


def masked(mail: str) -> str:
    """A mail address for the history and for other people's eyes: enough to recognise it, too little to write to it."""
    name, _, domain = mail.rpartition("@")
    return f"{name[:1]}{MASK}@{domain}" if name else ""


class Standing(StrEnum):
    """How a link is, for whoever opens it. Everything but *open* explains itself and names the next step."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ANSWERED = "answered"
    OVER = "over"


class Answer(StrEnum):
    """How far a request has come, as its sender sees it."""

    NOT_OPENED = "not opened"
    OPENED = "opened"
    PARTLY = "partly done"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "link ended"


@dataclass(frozen=True)
class Life:
    """The moments of a link that decide its standing."""

    ends_at: datetime
    ended_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.ends_at

    def end(self) -> datetime:
        """When it ended, or will."""
        return self.ends_at if self.ended_at is None else min(self.ended_at, self.ends_at)


def request_standing(state: State, life: Life, at: datetime) -> Standing:
    """What became of the request goes before the link's own end: it is what the visitor needs to hear."""
    if state is State.WITHDRAWN:
        return Standing.WITHDRAWN
    if state not in NOTHING_YET:
        return Standing.ANSWERED
    return Standing.OPEN if life.is_open(at) else Standing.ENDED


def hand_over_standing(
    state: State, life: Life, *, was_stopped: bool, is_past: bool, is_superseded: bool, at: datetime
) -> Standing:
    """How a hand-over's link is. `is_past`: the code's own end is behind; `is_superseded`: there is a newer code.

    Whoever's link was stopped hears that and nothing of what came after. *Over* is only what is really over: while an
    ending is under way the code still works and the advertiser still has to pause ads, so the page goes on showing what
    it is about. The code itself is not given out any more, which the services see to.
    """
    if was_stopped:
        return Standing.ENDED
    if is_superseded:
        return Standing.SUPERSEDED
    if is_past or state in OVER or state is State.EXPIRED:
        return Standing.OVER
    return Standing.OPEN if life.is_open(at) else Standing.ENDED


def closed_hand_over(standing: Standing, *, creator: str, ended_at: datetime) -> Conflict:
    """What the visitor of a hand-over link that shows no code is told."""
    match standing:
        case Standing.SUPERSEDED:
            return Conflict(
                "superseded",
                "The code behind this link was replaced; the post has a newer one.",
                f"Ask {creator} for the link of the new code; it takes a moment.",
            )
        case Standing.OVER:
            return Conflict(
                "authorization_over",
                "This authorization is over; its code opens nothing any more.",
                f"If you still need the post, ask {creator} to extend it or to give a new code.",
            )
    return Conflict(
        "link_ended",
        f"This link ended on {ended_at:%d %b %Y}.",
        f"Ask {creator} for a new one; it takes a moment.",
    )


def answer(state: State, *, is_live: bool, is_opened: bool, steps: Collection[str]) -> Answer:
    """`is_live`: some link of the request still works."""
    match state:
        case State.WITHDRAWN:
            return Answer.WITHDRAWN
        case State.DECLINED:
            return Answer.DECLINED
    if state not in NOTHING_YET:
        return Answer.DONE
    if not is_live:
        return Answer.ENDED
    if steps:
        return Answer.PARTLY
    return Answer.OPENED if is_opened else Answer.NOT_OPENED


def closed_guide(*, ended_at: datetime | None) -> Conflict:
    """What the visitor of a guide's link that works no more is told. Without a moment, its maker's right has ended."""
    return Conflict(
        "link_ended",
        f"This link ended on {ended_at:%d %b %Y}." if ended_at else "This link has ended.",
        "Ask whoever sent it for a new one. The guides themselves are open to everybody.",
    )


def ticked(steps: Collection[str]) -> list[str]:
    """The steps in their order. Raises Invalid for a step there is none of."""
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        raise Invalid("no_such_step", "This is no step of answering a request.", "Load the page anew and tick again.")
    return [step for step in STEPS if step in steps]


def closed_request(standing: Standing, *, advertiser: str, ended_at: datetime) -> Conflict:
    """What the visitor of a request link that takes no answer is told."""
    match standing:
        case Standing.WITHDRAWN:
            return Conflict(
                "request_withdrawn",
                f"{advertiser} has withdrawn this request; nothing is asked of you any more.",
                "There is nothing to do. If you switched ad authorization on for it, switch it off again in the app.",
            )
        case Standing.ANSWERED:
            return Conflict(
                "request_answered",
                "This request was answered already; nothing more is asked of you.",
                f"There is nothing to do. If the answer was wrong or was not yours, write to {advertiser}.",
            )
    return Conflict(
        "link_ended",
        f"This link ended on {ended_at:%d %b %Y}.",
        f"If you still want to answer, ask {advertiser} for a new one; it takes a moment.",
    )
