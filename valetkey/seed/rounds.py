"""PURE. When a simulated worker goes round: some hours of every day, and at the full hour after what cannot wait.

A real one sweeps every hour. What else people do is seen a few hours later here, and never sooner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.seed.acts import DAY, HOUR, Act

HOURS: Final = (2, 9, 14, 19)
_BY_THE_CLOCK: Final = frozenset({"expire"})
"""What a person would write down for want of a sweep."""
_CANNOT_WAIT: Final = frozenset({"ask_to_end", "note_campaign", "set_campaigns"})
"""After these a campaign may have less than a day left of a code that was good for weeks."""


@dataclass(frozen=True)
class Round:
    """`acts`: what people did since the round before."""

    at: datetime
    acts: tuple[Act, ...]


def rounds(acts: Iterable[Act], first: datetime, until: datetime, hours: tuple[int, ...] = HOURS) -> Iterator[Round]:
    """From `first` on, with the acts of those days; what was done before belongs to nobody's round. `hours`: of every
    day, in UTC, whether anything was done or not.
    """
    done = [act for act in acts if first <= act.at < until and act.do not in _BY_THE_CLOCK]
    fixed = {first + day * DAY + hour * HOUR for day in range((until - first).days) for hour in hours}
    number = 0
    for at in sorted(fixed | {_hour_after(act.at) for act in done if act.do in _CANNOT_WAIT} | {first, until}):
        begun = number
        while number < len(done) and done[number].at < at:
            number += 1
        yield Round(at, tuple(done[begun:number]))


def _hour_after(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + HOUR
