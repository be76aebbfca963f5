"""PURE. A code's window against a campaign's days: does it cover, by how much not, which number of days would.

Windows are half-open instants in UTC; a campaign's days are days in its ad account's time zone. An unknown end stays
unknown. Decides nothing about what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from valetkey.errors import Invalid

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
    """Both days included. Where a day starts with a skipped hour, it starts at the skip. Raises Invalid."""
    return Span(_start_of(starts_on, time_zone), end_of_day(ends_on, time_zone))


def end_of_day(day: date, time_zone: str) -> datetime:
    """A date without a time means the end of that day in the given zone. Raises Invalid."""
    if day == date.max:
        raise _out_of_reach(day)
    return _start_of(day + DAY, time_zone)


def cover(window: Window, campaign: Span) -> Coverage:
    """A known end that is too early is too early, whatever else is unknown; *covers* is said only of what is known."""
    short = days_between(window.ends_at, campaign.ends_at) if window.ends_at else 0
    late = days_between(campaign.starts_at, window.starts_at) if window.starts_at else 0
    return Coverage(_verdict(window, campaign, is_short=short > 0, is_late=late > 0), days_short=short, days_late=late)


def _verdict(window: Window, campaign: Span, *, is_short: bool, is_late: bool) -> Verdict:
    ends_first = window.ends_at is not None and window.ends_at <= campaign.starts_at
    starts_last = window.starts_at is not None and window.starts_at >= campaign.ends_at
    if (is_short and ends_first) or (is_late and starts_last):
        return Verdict.MISSES
    if is_short:
        return Verdict.BOTH if is_late else Verdict.ENDS_BEFORE
    if is_late:
        return Verdict.STARTS_AFTER
    return Verdict.UNKNOWN if window.starts_at is None or window.ends_at is None else Verdict.COVERS


def days_between(earlier: datetime, later: datetime) -> int:
    """Days of 24 hours, rounded up; 0 when `later` is not later."""
    return max(0, -((earlier - later) // DAY))


def end_of_term(starts_at: datetime, days: int) -> datetime:
    """Days of 24 hours: a logged 30-day code of TikTok ended exactly 30 × 24 hours after its start (C2)."""
    return starts_at + days * DAY


def shortest_term(starts_at: datetime, needed_until: datetime, terms: Iterable[int]) -> int | None:
    """The smallest offered number of days that reaches; None when none does. Also for extending: start from the end."""
    return next((days for days in sorted(terms) if end_of_term(starts_at, days) >= needed_until), None)


def _start_of(day: date, time_zone: str) -> datetime:
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            "time_zone", f"“{time_zone}” is no time zone.", "Write it as Europe/Berlin or America/New_York."
        ) from None
    try:
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise _out_of_reach(day) from None


def _out_of_reach(day: date) -> Invalid:
    return Invalid("day_out_of_reach", f"{day} is too far from today.", "Look at the year.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
