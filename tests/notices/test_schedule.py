"""When somebody is told: lead times by the calendar, never twice the same, quiet hours and weekends in their zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.findings.finding import Group, Severity
from valetkey.notices.schedule import LEADS, ON_OPENING, Said, Wishes, is_decided, is_news, is_pressing, lead_due

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
BY = datetime(2026, 12, 15, 14, 0, tzinfo=UTC)  # a Tuesday
ZONES = [ZoneInfo(each) for each in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")]


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("days", "lead"),
    [(60, None), (31, None), (30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1),
     (0, 1), (-5, 1)],
)  # fmt: skip
def test_the_most_urgent_lead_that_is_due_is_the_one(days: int, lead: int | None) -> None:
    assert lead_due(BY, at=BY - timedelta(days=days), leads=LEADS, zone=BERLIN) == lead


def test_without_a_clock_it_is_told_when_it_is_there() -> None:
    assert lead_due(None, at=BY, leads=LEADS, zone=BERLIN) == ON_OPENING


def test_a_lead_begins_with_the_day_in_the_persons_zone() -> None:
    by = local("2026-12-15T23:30")
    last, first = local("2026-12-07T23:59:59"), local("2026-12-08T00:00")
    assert [lead_due(by, at=at, leads=(7,), zone=BERLIN) for at in (last, first)] == [None, 7]
    assert lead_due(by, at=first, leads=(7,), zone=NEW_YORK) is None, "there it is still the day before"


def test_a_day_of_23_hours_counts_as_a_day() -> None:
    by = local("2027-03-28T12:00")  # clocks go forward in the night before
    assert lead_due(by, at=local("2027-03-27T00:00"), leads=(1,), zone=BERLIN) == 1
    assert lead_due(by, at=local("2027-03-26T23:59"), leads=(1,), zone=BERLIN) is None


@pytest.mark.parametrize(
    ("said", "due", "news"),
    [
        ([], Said(7, Severity.SOON, BY), True),
        ([Said(14, Severity.SOON, BY)], Said(7, Severity.SOON, BY), True),
        ([Said(7, Severity.SOON, BY)], Said(7, Severity.URGENT, BY), False),
        ([Said(3, Severity.SOON, BY)], Said(7, Severity.SOON, BY), False),
        ([Said(7, Severity.SOON, BY)], Said(7, Severity.SOON, BY + timedelta(hours=23)), False),
        ([Said(7, Severity.SOON, BY)], Said(7, Severity.SOON, BY + timedelta(days=1)), True),
        ([Said(7, Severity.SOON, BY)], Said(7, Severity.SOON, BY - timedelta(days=3)), False),
        ([Said(ON_OPENING, Severity.SOON)], Said(ON_OPENING, Severity.SOON), False),
        ([Said(ON_OPENING, Severity.SOON)], Said(ON_OPENING, Severity.URGENT), True),
        ([Said(ON_OPENING, Severity.URGENT)], Said(ON_OPENING, Severity.SOON), False),
        ([Said(1, Severity.URGENT, BY)], Said(ON_OPENING, Severity.URGENT), True),
        ([Said(ON_OPENING, Severity.URGENT)], Said(7, Severity.SOON, BY), True),
    ],
)
def test_nobody_hears_the_same_twice(said: list[Said], due: Said, news: bool) -> None:
    assert is_news(due, said) is news


@pytest.mark.parametrize(
    ("at", "hears", "next_hour"),
    [
        ("2026-12-15T12:00", True, "2026-12-15T12:00"),
        ("2026-12-15T07:59:59", False, "2026-12-15T08:00"),
        ("2026-12-15T08:00", True, "2026-12-15T08:00"),
        ("2026-12-15T20:00", False, "2026-12-16T08:00"),
        ("2026-12-18T20:00", False, "2026-12-21T08:00"),  # Friday evening
        ("2026-12-19T12:00", False, "2026-12-21T08:00"),
        ("2026-12-20T23:59", False, "2026-12-21T08:00"),
        ("2027-03-28T03:00", False, "2027-03-29T08:00"),  # the Sunday of 23 hours
    ],
)
def test_what_is_due_in_a_quiet_time_waits_for_the_next_hour(at: str, hears: bool, next_hour: str) -> None:
    wishes = Wishes(BERLIN)
    assert wishes.hears(local(at)) is hears
    assert wishes.next_hour(local(at)) == local(next_hour)


def test_what_is_pressing_comes_on_weekends_and_keeps_quiet_hours() -> None:
    wishes = Wishes(BERLIN)
    saturday = local("2026-12-19T12:00")
    assert not wishes.hears(saturday) and wishes.hears(saturday, is_pressing=True)
    night = local("2026-12-19T23:00")
    assert not wishes.hears(night, is_pressing=True)
    assert wishes.next_hour(night, is_pressing=True) == local("2026-12-20T08:00")
    assert Wishes(BERLIN, on_weekends=True).hears(saturday)


def test_quiet_hours_may_lie_within_a_day_or_not_be_there() -> None:
    noon = Wishes(BERLIN, quiet=(time(12), time(14)))
    assert [noon.hears(local(f"2026-12-15T{hour}")) for hour in ("11:59", "12:00", "13:59", "14:00", "23:00")] == [
        True, False, False, True, True
    ]  # fmt: skip
    assert Wishes(BERLIN, quiet=None).hears(local("2026-12-15T03:00"))
    assert Wishes(BERLIN, quiet=None).next_hour(local("2026-12-19T03:00")) == local("2026-12-21T00:00")


@pytest.mark.parametrize(
    ("severity", "by", "pressing"),
    [
        (Severity.URGENT, None, True),
        (Severity.URGENT, BY + timedelta(days=1), True),
        (Severity.URGENT, BY + timedelta(days=1, seconds=1), False),
        (Severity.URGENT, BY - timedelta(days=9), True),
        (Severity.IMPORTANT, None, False),
    ],
)
def test_pressing_is_urgent_within_a_day(severity: Severity, by: datetime | None, pressing: bool) -> None:
    assert is_pressing(severity, by, BY) is pressing


@pytest.mark.parametrize(
    ("said", "decided"),
    [
        ({}, False),
        ({"is_let_end": True}, True),
        ({"snoozed_until": BY + timedelta(seconds=1)}, True),
        ({"snoozed_until": BY}, False),
        ({"is_acknowledged": True}, True),
        ({"is_acknowledged": True, "acknowledged_as": Severity.IMPORTANT}, True),
        ({"is_acknowledged": True, "acknowledged_as": Severity.SOON}, False),
        ({"is_acknowledged": True, "acknowledged_as": Severity.SOON, "is_let_end": True}, True),
    ],
)
def test_what_was_decided_is_told_to_nobody_unless_it_got_worse(said: dict[str, object], decided: bool) -> None:
    none = {"is_let_end": False, "snoozed_until": None, "is_acknowledged": False, "acknowledged_as": None}
    assert is_decided(at=BY, severity=Severity.IMPORTANT, **{**none, **said}) is decided  # type: ignore[arg-type]


def test_mail_is_for_those_who_want_it_about_what_they_want() -> None:
    assert Wishes(BERLIN).wants_mail(Group.TIME)
    muted = Wishes(BERLIN, muted=frozenset({Group.TIME}))
    assert not muted.wants_mail(Group.TIME) and muted.wants_mail(Group.USE) and muted.wants_mail(None)
    assert not Wishes(BERLIN, by_mail=False).wants_mail(Group.USE)


_moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
_hours = st.integers(0, 23).map(time)
_quiet = st.none() | st.tuples(_hours, _hours).filter(lambda pair: pair[0] != pair[1])
_wishes = st.builds(Wishes, zone=st.sampled_from(ZONES), quiet=_quiet, on_weekends=st.booleans())


@given(wishes=_wishes, at=_moments, pressing=st.booleans())
def test_the_next_hour_is_allowed_and_none_before_it_is(wishes: Wishes, at: datetime, pressing: bool) -> None:
    found = wishes.next_hour(at, is_pressing=pressing)
    assert found >= at and wishes.hears(found, is_pressing=pressing)
    assert found - at < timedelta(days=4)
    between, step = at, timedelta(minutes=30)
    while between < found:
        assert not wishes.hears(between, is_pressing=pressing)
        between += step


@given(
    by=st.none() | _moments,
    at=_moments,
    hours=st.lists(st.integers(1, 200), max_size=40),
    leads=st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True),
    zone=st.sampled_from(ZONES),
)
def test_told_at_whatever_moments_each_lead_is_said_once_and_ever_more_urgent(
    by: datetime | None, at: datetime, hours: list[int], leads: list[int], zone: ZoneInfo
) -> None:
    said: list[Said] = []
    for each in hours:
        at += timedelta(hours=each)
        lead = lead_due(by, at=at, leads=leads, zone=zone)
        if lead is not None and is_news(Said(lead, Severity.SOON, by), said):
            said.append(Said(lead, Severity.SOON, by))
    told = [each.lead for each in said]
    assert told == sorted(set(told), reverse=True)
