"""PURE. A code's window against a campaign's days: does it cover, by how much not, which number of days would.

Windows are half-open instants in UTC; a campaign's days are days in its ad account's time zone. An unknown end stays
unknown. Decides nothing about what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from valetkey.register.days import Span, end_of_day, span

__all__ = [
    "DAY", "Coverage", "Need", "Option", "Shortfall", "Span", "Verdict", "Window", "cover", "days_between",
    "end_of_day", "end_of_term", "options", "shortest_term", "shortfall", "span",
]  # fmt: skip

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


@dataclass(frozen=True)
class Option:
    """One number of days on offer, against the moment until which the code is needed.

    `days_short` and `days_past` are whole days, rounded up as coverage rounds them; at most one of them is not 0.
    """

    days: int
    ends_at: datetime
    days_short: int = 0
    days_past: int = 0
    is_shortest_that_covers: bool = False


def options(starts_at: datetime, terms: Iterable[int], needed_until: datetime | None) -> list[Option]:
    """Each term once, shortest first. Exactly one is the shortest that covers, where any does.

    A number of days of one's own is an offer of one term. Without a need nothing is short, past or the shortest.
    """
    days = sorted(set(terms))
    if needed_until is None:
        return [Option(term, end_of_term(starts_at, term)) for term in days]
    shortest = shortest_term(starts_at, needed_until, days)
    return [_option(term, end_of_term(starts_at, term), needed_until, is_it=term == shortest) for term in days]


def _option(days: int, ends_at: datetime, needed_until: datetime, *, is_it: bool) -> Option:
    return Option(days, ends_at, days_between(ends_at, needed_until), days_between(needed_until, ends_at), is_it)


@dataclass(frozen=True)
class Need:
    """What a code should last for: its name as it stands in a sentence, the end of it, the zone its days are of.

    `campaign`: when it runs, where it is one; None where it is no more than an agreed last day.
    """

    name: str
    until: datetime
    time_zone: str
    campaign: Span | None = None

    @property
    def last_day(self) -> date:
        """A day ends where the next one begins."""
        return (self.until - timedelta.resolution).astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True)
class Shortfall:
    """A window that is known to end before what it is needed for.

    `covering`: the fewest days on offer that reach, None where none do.
    """

    need: Need
    window: Window
    ends_at: datetime
    covering: int | None

    @property
    def days_short(self) -> int:
        return days_between(self.ends_at, self.need.until)

    def sentence(self) -> str:
        """Coverage, and what may come of it: whether delivery stops at the very end of a code is unconfirmed."""
        if self.need.campaign is not None:
            coverage = cover(self.window, self.need.campaign).sentence()
        else:
            coverage = f"The code ends before {self.need.name} does: {_days(self.days_short)} short."
        local = self.ends_at.astimezone(ZoneInfo(self.need.time_zone))
        when = f"{local.day} {local:%b %Y, %H:%M} ({self.need.time_zone})"
        before = f"{_days(self.days_short)} before {self.need.name} ends"
        return f"{coverage} Ads on this post may stop on {when}, {before}."


def shortfall(
    window: Window, need: Need | None, *, terms: Iterable[int], counted_from: datetime | None = None
) -> Shortfall | None:
    """None where the window reaches, and where nothing is needed or its end is not known.

    `counted_from`: where the terms begin, which is the window's end for days that are added.
    """
    if need is None or window.ends_at is None or window.ends_at >= need.until:
        return None
    begins_at = counted_from or window.starts_at or window.ends_at
    return Shortfall(need, window, window.ends_at, shortest_term(begins_at, need.until, terms))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
