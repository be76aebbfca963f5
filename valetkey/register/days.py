"""PURE. A calendar day in a time zone as instants: where it starts, where it ends, and what a campaign spans.

Instants are in UTC and half-open. Decides nothing about codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from valetkey.errors import Invalid


@dataclass(frozen=True)
class Span:
    """The instants a campaign runs: from the start of its first day to the end of its last, in its own zone."""

    starts_at: datetime
    ends_at: datetime


def span(starts_on: date, ends_on: date, time_zone: str) -> Span:
    """Both days included. Where a day starts with a skipped hour, it starts at the skip. Raises Invalid."""
    return Span(start_of_day(starts_on, time_zone), end_of_day(ends_on, time_zone))


def end_of_day(day: date, time_zone: str) -> datetime:
    """A date without a time means the end of that day in the given zone. Raises Invalid."""
    if day == date.max:
        raise _out_of_reach(day)
    return start_of_day(day + timedelta(days=1), time_zone)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The instant at which that day begins in the given zone. Raises Invalid."""
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
