"""PURE. One thing that somebody did at a moment: which service, with what, and the name of what came of it.

Does not do anything (play.py), and does not know which acts make a story (agency.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


class Key(str):
    """Stands for a row that an earlier act made."""

    __slots__ = ()


@dataclass(frozen=True)
class Act:
    """`do`: a service, by its name in play.py. `by`: the key of a user, "" for the host. `makes`: the key of what comes
    of it.
    """

    at: datetime
    do: str
    by: str = ""
    makes: str = ""
    given: Mapping[str, object] = field(default_factory=dict)


class Script:
    """Acts in the making, with the dice that decide."""

    def __init__(self, dice: Random, now: datetime) -> None:
        self.dice, self.now = dice, now
        self.acts: list[Act] = []

    def add(self, at: datetime, do: str, *, by: str = "", makes: str = "", **given: object) -> None:
        if at >= self.now:
            raise ValueError(f"{do} would be done at {at}, which is to come.")
        self.acts.append(Act(at, do, by, makes, given))

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Somewhere in between, on a whole second."""
        seconds = int((last - first).total_seconds())
        return first + timedelta(seconds=self.dice.randrange(max(1, seconds)))

    def often(self, share: float) -> bool:
        return self.dice.random() < share

    def played(self) -> tuple[Act, ...]:
        """In order of time; at the same moment, as they were written."""
        return tuple(sorted(self.acts, key=lambda act: act.at))
