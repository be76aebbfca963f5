"""PURE. When somebody is told of a finding: how long before it matters, never twice the same, and at which hours.

Does not know who that is (recipients), nor by which way it goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from valetkey.findings.finding import Group, Severity

LEADS: Final = (30, 14, 7, 3, 1)
"""Days before it matters, where somebody has not said otherwise."""
ON_OPENING: Final = -1
"""The lead of a finding that no clock runs for: it is told when it is there."""
QUIET: Final = (time(20), time(8))
A_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4
_LONGEST_QUIET: Final = 9
"""Days from now within which an hour that is not quiet is sure to come: weekends, and a change of the clocks."""


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to be told by mail, and when not. `zone` is theirs. `quiet`: from, until, in that zone."""

    zone: tzinfo
    by_mail: bool = True
    muted: frozenset[Group] = frozenset()
    leads: tuple[int, ...] = LEADS
    quiet: tuple[time, time] | None = QUIET
    on_weekends: bool = False

    def wants_mail(self, group: Group | None) -> bool:
        return self.by_mail and group not in self.muted

    def hears(self, at: datetime, *, is_pressing: bool = False) -> bool:
        """Whether they may be told now. What is pressing goes out on weekends too; quiet hours hold for all."""
        local = at.astimezone(self.zone)
        is_weekend = local.weekday() > _FRIDAY
        return not _is_quiet(local.time(), self.quiet) and (not is_weekend or self.on_weekends or is_pressing)

    def next_hour(self, at: datetime, *, is_pressing: bool = False) -> datetime:
        """The first moment from `at` on at which they may be told: now, or when a quiet time ends."""
        if self.hears(at, is_pressing=is_pressing):
            return at
        today = at.astimezone(self.zone).date()
        starts = [time(0), self.quiet[1]] if self.quiet else [time(0)]
        days = [today + timedelta(days=number) for number in range(_LONGEST_QUIET)]
        moments = [datetime.combine(day, start, self.zone).astimezone(UTC) for day in days for start in starts]
        return min(each for each in moments if each > at and self.hears(each, is_pressing=is_pressing))


@dataclass(frozen=True)
class Said:
    """What somebody was told of one spell of a finding: which lead, how severe it was, and when it was to matter."""

    lead: int
    severity: Severity
    by: datetime | None = None


def lead_due(by: datetime | None, *, at: datetime, leads: Iterable[int], zone: tzinfo) -> int | None:
    """The most urgent lead that is due, by whole days as they are counted on a calendar; None where none is yet.

    What is due on a day is due from its beginning, so that one mail in the morning has all of it.
    """
    if by is None:
        return ON_OPENING
    left = (by.astimezone(zone).date() - at.astimezone(zone).date()).days
    return min((lead for lead in leads if left <= lead), default=None)


def is_news(due: Said, said: Iterable[Said]) -> bool:
    """Whether they have not heard it yet. An end that has moved on by a day or more is another end; a finding without
    one is told again only when it has become more severe."""
    return not any(_covers(each, due) for each in said)


def _covers(said: Said, due: Said) -> bool:
    if due.by is None or said.by is None:
        return said.by is due.by and said.severity >= due.severity
    return said.lead <= due.lead and due.by - said.by < A_DAY


def is_pressing(severity: Severity, by: datetime | None, at: datetime) -> bool:
    """Urgent within a day, or already."""
    return severity is Severity.URGENT and (by is None or by - at <= A_DAY)


def is_decided(
    *,
    at: datetime,
    severity: Severity,
    is_let_end: bool,
    snoozed_until: datetime | None,
    is_acknowledged: bool,
    acknowledged_as: Severity | None,
) -> bool:
    """Whether somebody has decided that nobody needs to be told now. What was acknowledged counts as new when it has
    become more severe since."""
    if is_let_end or (snoozed_until is not None and at < snoozed_until):
        return True
    return is_acknowledged and (acknowledged_as is None or severity <= acknowledged_as)


def _is_quiet(local: time, quiet: tuple[time, time] | None) -> bool:
    if quiet is None:
        return False
    start, end = quiet
    return start <= local < end if start < end else local >= start or local < end
