"""PURE. A code's window against a campaign's days: does it cover, by how much not, which number of days would.

Windows are half-open instants in UTC; a campaign's days are days in its ad account's time zone. An unknown end stays
unknown. Decides nothing about what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """`[starts_at, ends_at)`. None is "not known", never "always" or "never"."""

    starts_at: datetime | None
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool | None:
        """Whether an instant lies inside; None where that cannot be known."""
        if (self.starts_at is not None and at < self.starts_at) or (self.ends_at is not None and at >= self.ends_at):
            return False
        return None if self.starts_at is None or self.ends_at is None else True


@dataclass(frozen=True)
class Span:
    """The instants a campaign runs: from the start of its first day to the end of its last, in its own zone."""

    starts_at: datetime
    ends_at: datetime


class Verdict(StrEnum):
    COVERS = "covers"
    ENDS_BEFORE = "ends_before"
    STARTS_AFTER = "starts_after"
    BOTH = "both"
    MISSES = "misses"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Coverage:
    """`days_short`: whole days, rounded up, that the window lacks at its end; `days_late`: those at its start."""

    verdict: Verdict
    days_short: int = 0
    days_late: int = 0

    def sentence(self) -> str:
        return {
            Verdict.COVERS: "The code covers the whole campaign.",
            Verdict.ENDS_BEFORE: f"The code ends before the campaign does: {_days(self.days_short)} short.",
            Verdict.STARTS_AFTER: f"The code starts after the campaign does: {_days(self.days_late)} late.",
            Verdict.BOTH: f"The code starts {_days(self.days_late)} late and ends {_days(self.days_short)} short.",
            Verdict.MISSES: "The code and the campaign share no time at all.",
            Verdict.UNKNOWN: "Whether the code covers the campaign is not known: its window is not.",
        }[self.verdict]


def span(starts_on: date, ends_on: date, time_zone: str) -> Span:
    """Both days included. Where a day starts with a skipped hour, it starts at the skip."""
    zone = ZoneInfo(time_zone)
    return Span(_midnight(starts_on, zone), _midnight(ends_on + DAY, zone))


def end_of_day(day: date, time_zone: str) -> datetime:
    """A date without a time means the end of that day in the given zone."""
    return _midnight(day + DAY, ZoneInfo(time_zone))


def cover(window: Window, campaign: Span) -> Coverage:
    if window.starts_at is None or window.ends_at is None:
        return Coverage(Verdict.UNKNOWN)
    if window.ends_at <= campaign.starts_at or window.starts_at >= campaign.ends_at:
        return Coverage(
            Verdict.MISSES,
            days_short=days_between(window.ends_at, campaign.ends_at),
            days_late=days_between(campaign.starts_at, window.starts_at),
        )
    short = days_between(window.ends_at, campaign.ends_at)
    late = days_between(campaign.starts_at, window.starts_at)
    verdict = {
        (False, False): Verdict.COVERS,
        (True, False): Verdict.ENDS_BEFORE,
        (False, True): Verdict.STARTS_AFTER,
        (True, True): Verdict.BOTH,
    }[(short > 0, late > 0)]
    return Coverage(verdict, days_short=short, days_late=late)


def days_between(earlier: datetime, later: datetime) -> int:
    """Days of 24 hours, rounded up; 0 when `later` is not later."""
    return max(0, math.ceil((later - earlier) / DAY))


def end_of_term(starts_at: datetime, days: int) -> datetime:
    """Days of 24 hours: a logged 30-day code of TikTok ended exactly 30 × 24 hours after its start (C2)."""
    return starts_at + days * DAY


def shortest_term(starts_at: datetime, needed_until: datetime, terms: Iterable[int]) -> int | None:
    """The smallest offered number of days that reaches; None when none does. Also for extending: start from the end."""
    return next((days for days in sorted(terms) if end_of_term(starts_at, days) >= needed_until), None)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
