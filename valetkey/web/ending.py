"""PURE. An ending as the steps it takes, each with its day: which are done, which comes next, which nobody noted.

Decides nothing about what is allowed (authorizations.lifecycle).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from valetkey.authorizations.lifecycle import ENDING, State


class Mark(StrEnum):
    DONE = "done"
    NEXT = "next"
    OPEN = "not yet"
    NOT_NOTED = "not noted"
    """Later steps are done, and this one was left out or nobody wrote it down."""


@dataclass(frozen=True)
class Moments:
    """When each step was taken, as far as the record knows."""

    asked: datetime | None
    acknowledged: datetime | None
    paused: datetime | None
    switched_off: datetime | None
    confirmed: datetime | None
    told: datetime | None


@dataclass(frozen=True)
class Step:
    name: str
    at: datetime | None
    mark: Mark


_NAMES: Final = (
    "Asked to end it",
    "{advertiser} has read it",
    "Ads paused",
    "Switched off on TikTok",
    "Confirmed that it is gone",
    "{advertiser} told",
)


def steps(state: State, moments: Moments, advertiser: str) -> tuple[Step, ...]:
    """Nothing for a right that nobody asked to end."""
    found = (
        moments.asked,
        moments.acknowledged,
        moments.paused,
        moments.switched_off,
        moments.confirmed,
        moments.told,
    )
    if moments.asked is None:
        return ()
    last_done = max(index for index, at in enumerate(found) if at is not None)
    goes_on = state in ENDING or (state is State.ENDED and moments.told is None)
    return tuple(
        Step(name.format(advertiser=advertiser), at, _mark(index, at, last_done, goes_on=goes_on))
        for index, (name, at) in enumerate(zip(_NAMES, found, strict=True))
    )


def _mark(index: int, at: datetime | None, last_done: int, *, goes_on: bool) -> Mark:
    if at is not None:
        return Mark.DONE
    if index < last_done:
        return Mark.NOT_NOTED
    return Mark.NEXT if goes_on and index == last_done + 1 else Mark.OPEN
