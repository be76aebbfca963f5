"""What ends in a stretch of days to come: codes, and access that somebody entered, counted by day, and the first few.

By the record as it is now, with what was left to its end; access that a code gives ends with the code and is not told
twice. A fixed number of queries, however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncDate

from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.register.models import Access

FEW: Final = 6


@dataclass(frozen=True)
class DayAhead:
    """How many codes and accesses have this as their last day."""

    day: date
    codes: int
    accesses: int


@dataclass(frozen=True)
class Ending:
    """One of the first: of the two, one is there."""

    ends_at: datetime
    authorization: Authorization | None = None
    access: Access | None = None


@dataclass(frozen=True)
class Ahead:
    """`days`: all of them, from the first to the last, with those on which nothing ends."""

    days: tuple[DayAhead, ...]
    first: tuple[Ending, ...]

    @property
    def codes(self) -> int:
        return sum(each.codes for each in self.days)

    @property
    def accesses(self) -> int:
        return sum(each.accesses for each in self.days)


def ends_ahead(*, after: datetime, days: int, time_zone: str, actor: Actor) -> Ahead:
    """Of what the actor can see, in so many days of that zone; the first is the one of `after`."""
    zone = ZoneInfo(time_zone)
    today = after.astimezone(zone).date()
    until = datetime.combine(today + timedelta(days=days), datetime.min.time(), zone)
    codes = Authorization.objects.visible_to(actor).live().filter(ends_at__gt=after, ends_at__lte=until)
    entered = Access.objects.visible_to(actor).filter(way=Access.Way.ENTERED, ended_at=None)
    accesses = entered.filter(until__gt=after, until__lte=until)
    of_codes, of_accesses = _by_day(codes, "ends_at", zone), _by_day(accesses, "until", zone)
    all_days = [today + timedelta(days=number) for number in range(days)]
    few = [Ending(row.ends_at, authorization=row) for row in _first_codes(codes) if row.ends_at]
    few += [Ending(row.until, access=row) for row in _first_accesses(accesses) if row.until]
    few.sort(key=lambda each: each.ends_at)
    return Ahead(
        tuple(DayAhead(each, of_codes.get(each, 0), of_accesses.get(each, 0)) for each in all_days), tuple(few[:FEW])
    )


def _by_day(found: QuerySet[Any], column: str, zone: ZoneInfo) -> dict[date, int]:
    # What ends at midnight lasted the day before.
    last = ExpressionWrapper(F(column) - timedelta(microseconds=1), output_field=DateTimeField())
    counts = found.order_by().annotate(last_day=TruncDate(last, tzinfo=zone)).values("last_day")
    return {row["last_day"]: row["number"] for row in counts.annotate(number=Count("pk"))}


def _first_codes(found: QuerySet[Authorization]) -> QuerySet[Authorization]:
    return found.select_related("post__held_by", "advertiser").defer("code").order_by("ends_at", "pk")[:FEW]


def _first_accesses(found: QuerySet[Access]) -> QuerySet[Access]:
    return found.select_related("surface__asset", "holder", "person").order_by("until", "pk")[:FEW]
