"""A window against a campaign's days: over time zones, clock changes, and to the instant at every boundary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from valetkey.authorizations.coverage import (
    DAY,
    Coverage,
    Option,
    Span,
    Verdict,
    Window,
    cover,
    days_between,
    end_of_day,
    end_of_term,
    options,
    shortest_term,
    span,
)
from valetkey.errors import Invalid

TICK = timedelta(microseconds=1)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
]
# Days on which a clock changes, some of them at midnight.
TURNS = [
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)),
    ("Africa/Cairo", date(2026, 4, 24)),  # 00:00 becomes 01:00
    ("Africa/Cairo", date(2026, 10, 29)),  # 24:00 becomes 23:00
    ("America/Sao_Paulo", date(2018, 11, 4)),  # 00:00 becomes 01:00
    ("America/Sao_Paulo", date(2018, 2, 17)),  # 24:00 becomes 23:00
    ("America/Havana", date(2026, 3, 8)),  # 00:00 becomes 01:00
    ("America/Havana", date(2026, 11, 1)),  # 01:00 becomes 00:00: midnight comes twice
    ("Asia/Beirut", date(2026, 3, 29)),  # 00:00 becomes 01:00
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # by half an hour
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Pacific/Apia", date(2011, 12, 30)),  # there was no such day
    ("Pacific/Apia", date(2011, 12, 31)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
]


def instants(around: Span, step: timedelta) -> Iterator[datetime]:
    at = around.starts_at - timedelta(hours=30)
    while at < around.ends_at + timedelta(hours=30):
        yield at
        at += step


def check_span(zone: str, starts_on: date, days: int) -> None:
    """By brute force: an instant is in the span exactly when a wall calendar of that zone shows one of its days."""
    ends_on = starts_on + timedelta(days=days - 1)
    found = span(starts_on, ends_on, zone)
    assert found.starts_at.tzinfo is UTC and found.ends_at.tzinfo is UTC
    edges = [found.starts_at - TICK, found.starts_at, found.ends_at - TICK, found.ends_at]
    for at in [*instants(found, timedelta(minutes=15)), *edges]:
        on_the_wall = at.astimezone(ZoneInfo(zone)).date()
        assert (found.starts_at <= at < found.ends_at) == (starts_on <= on_the_wall <= ends_on), at


@pytest.mark.parametrize(("zone", "day"), TURNS)
@pytest.mark.parametrize("days", [1, 2, 4])
def test_a_campaigns_days_are_the_days_on_a_wall_in_its_zone(zone: str, day: date, days: int) -> None:
    for first in (day - DAY, day, day + DAY):
        check_span(zone, first, days)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2011, 6, 1), date(2037, 12, 1)), st.integers(1, 3))
def test_so_they_are_on_any_day(zone: str, day: date, days: int) -> None:
    check_span(zone, day, days)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(2026, 5, 1), 24),
    ],
)
def test_a_day_lasts_as_long_as_the_clock_makes_it(zone: str, day: date, hours: float) -> None:
    one = span(day, day, zone)
    assert one.ends_at - one.starts_at == timedelta(hours=hours)
    assert one.ends_at == end_of_day(day, zone)


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2099, 1, 1)))
@example("Pacific/Apia", date(2011, 12, 29))
@example("Africa/Cairo", date(2026, 4, 23))
def test_a_day_ends_where_the_next_begins(zone: str, day: date) -> None:
    assert end_of_day(day, zone) == span(day + DAY, day + DAY, zone).starts_at


def test_the_end_of_a_day_is_not_in_it() -> None:
    assert end_of_day(date(2026, 11, 2), "Europe/Berlin") == datetime(2026, 11, 2, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 2), "Europe/Berlin") == datetime(2026, 7, 2, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 2), "Asia/Kathmandu") == datetime(2026, 7, 2, 18, 15, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Nonsense", "Europe", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\0"])
def test_what_is_no_time_zone_is_refused_in_a_sentence(zone: str) -> None:
    with pytest.raises(Invalid) as refused:
        end_of_day(date(2026, 7, 2), zone)
    assert refused.value.code == "time_zone"


def test_a_day_at_either_end_of_all_calendars_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid) as last:
        end_of_day(date.max, "UTC")
    with pytest.raises(Invalid) as first:
        span(date.min, date(2026, 11, 2), "Asia/Kathmandu")
    assert first.value.code == last.value.code == "day_out_of_reach"


def hour(count: int) -> datetime:
    return NOON + timedelta(hours=count)


hours = st.integers(-80, 80)


@given(hours, hours, hours, hours)
@example(0, 10, 0, 10)
@example(0, 10, 0, 11)
@example(1, 10, 0, 10)
@example(0, 10, 10, 20)
@example(20, 30, 10, 20)
@example(5, 5, 0, 10)
def test_it_covers_exactly_when_no_instant_is_missing(starts: int, ends: int, first: int, last: int) -> None:
    assume(first < last)
    window, campaign = Window(hour(starts), hour(ends)), Span(hour(first), hour(last))
    needed = set(range(first, last))
    held = {each for each in range(-90, 90) if window.holds(hour(each))}
    found = cover(window, campaign)
    assert (found.verdict is Verdict.COVERS) == (needed <= held)
    if starts < ends:
        assert (found.verdict is Verdict.MISSES) == (not needed & held)
    assert found.days_short == max(0, ceil(Fraction(last - ends, 24)))
    assert found.days_late == max(0, ceil(Fraction(starts - first, 24)))
    assert found.sentence()


@pytest.mark.parametrize(("starts", "ends"), [(-3, 3), (0, 3), (-3, 0)])
def test_a_campaign_on_a_day_that_was_skipped_needs_nothing(starts: int, ends: int) -> None:
    skipped = span(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")
    window = Window(skipped.starts_at + starts * DAY, skipped.ends_at + ends * DAY)
    assert cover(window, skipped) == Coverage(Verdict.COVERS)


@pytest.mark.parametrize(
    ("starts", "ends", "verdict"),
    [
        (timedelta(), timedelta(), Coverage(Verdict.COVERS)),
        (-TICK, TICK, Coverage(Verdict.COVERS)),
        (timedelta(), -TICK, Coverage(Verdict.ENDS_BEFORE, days_short=1)),
        (TICK, timedelta(), Coverage(Verdict.STARTS_AFTER, days_late=1)),
        (TICK, -TICK, Coverage(Verdict.BOTH, days_short=1, days_late=1)),
        (timedelta(), -DAY, Coverage(Verdict.ENDS_BEFORE, days_short=1)),
        (timedelta(), -DAY - TICK, Coverage(Verdict.ENDS_BEFORE, days_short=2)),
        (timedelta(), -10 * DAY, Coverage(Verdict.MISSES, days_short=10)),
        (timedelta(), -10 * DAY + TICK, Coverage(Verdict.ENDS_BEFORE, days_short=10)),
        (10 * DAY, timedelta(), Coverage(Verdict.MISSES, days_late=10)),
        (10 * DAY - TICK, timedelta(), Coverage(Verdict.STARTS_AFTER, days_late=10)),
    ],
)
def test_a_single_instant_decides(starts: timedelta, ends: timedelta, verdict: Coverage) -> None:
    campaign = Span(NOON, NOON + 10 * DAY)
    assert cover(Window(campaign.starts_at + starts, campaign.ends_at + ends), campaign) == verdict


@pytest.mark.parametrize(
    ("window", "verdict"),
    [
        (Window(None, None), Coverage(Verdict.UNKNOWN)),
        (Window(NOON, None), Coverage(Verdict.UNKNOWN)),
        (Window(None, NOON + 10 * DAY), Coverage(Verdict.UNKNOWN)),
        (Window(NOON + DAY, None), Coverage(Verdict.STARTS_AFTER, days_late=1)),
        (Window(None, NOON + 9 * DAY), Coverage(Verdict.ENDS_BEFORE, days_short=1)),
        (Window(None, NOON), Coverage(Verdict.MISSES, days_short=10)),
        (Window(NOON + 10 * DAY, None), Coverage(Verdict.MISSES, days_late=10)),
    ],
)
def test_an_unknown_side_is_never_said_to_cover_and_never_hides_a_known_lack(window: Window, verdict: Coverage) -> None:
    """A code whose start nobody knew and whose end was known to be too early was shown as "not known"."""
    assert cover(window, Span(NOON, NOON + 10 * DAY)) == verdict


@pytest.mark.parametrize(
    ("window", "at", "holds"),
    [
        (Window(NOON, NOON + DAY), NOON - TICK, False),
        (Window(NOON, NOON + DAY), NOON, True),
        (Window(NOON, NOON + DAY), NOON + DAY - TICK, True),
        (Window(NOON, NOON + DAY), NOON + DAY, False),
        (Window(NOON, None), NOON + 1000 * DAY, None),
        (Window(NOON, None), NOON - TICK, False),
        (Window(None, NOON), NOON - TICK, None),
        (Window(None, NOON), NOON, False),
        (Window(None, None), NOON, None),
    ],
)
def test_a_window_holds_from_its_start_to_just_before_its_end(window: Window, at: datetime, holds: bool | None) -> None:
    assert window.holds(at) is holds


microseconds = st.integers(-(10**17), 10**17)


@given(microseconds)
@example(0)
@example(1)
@example(86_400_000_000)
@example(86_400_000_001)
@example(86_400_000_000 * 1_000_000 + 1)  # a division by floats loses the last microsecond
def test_days_are_rounded_up_and_never_below_none(count: int) -> None:
    found = days_between(datetime(5000, 1, 1, tzinfo=UTC), datetime(5000, 1, 1, tzinfo=UTC) + timedelta(0, 0, count))
    assert found == max(0, ceil(Fraction(count, 86_400_000_000)))


@pytest.mark.parametrize(("zone", "day"), TURNS)
def test_as_many_days_as_it_is_short_make_it_cover_and_one_fewer_does_not(zone: str, day: date) -> None:
    campaign = span(day - 3 * DAY, day + 3 * DAY, zone)
    window = Window(campaign.starts_at, campaign.starts_at + 2 * DAY)
    short = cover(window, campaign).days_short
    assert window.ends_at is not None and window.starts_at is not None
    assert cover(Window(window.starts_at, end_of_term(window.ends_at, short)), campaign).verdict is Verdict.COVERS
    fewer = Window(window.starts_at, end_of_term(window.ends_at, short - 1))
    assert cover(fewer, campaign).verdict is Verdict.ENDS_BEFORE


@given(st.integers(0, 86_400 * 400), st.lists(st.integers(1, 400), max_size=8))
@example(86_400 * 30, [30, 7])
@example(86_400 * 30 + 1, [30, 60])
def test_the_shortest_term_reaches_and_no_shorter_one_does(seconds: int, terms: list[int]) -> None:
    needed = NOON + timedelta(seconds=seconds)
    found = shortest_term(NOON, needed, terms)
    reaching = [days for days in terms if NOON + timedelta(days=days) >= needed]
    assert found == (min(reaching) if reaching else None)


def test_a_term_is_days_of_twenty_four_hours_through_a_change_of_clocks() -> None:
    """TikTok's 30 days were 30 × 24 hours in a logged answer, so the end moves by an hour on the wall."""
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 20, 12, tzinfo=berlin).astimezone(UTC)
    assert end_of_term(start, 30).astimezone(berlin).hour == 11


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (Coverage(Verdict.COVERS), "covers the whole campaign"),
        (Coverage(Verdict.ENDS_BEFORE, days_short=1), "1 day short"),
        (Coverage(Verdict.ENDS_BEFORE, days_short=9), "9 days short"),
        (Coverage(Verdict.STARTS_AFTER, days_late=2), "2 days late"),
        (Coverage(Verdict.BOTH, days_short=3, days_late=1), "starts 1 day late and ends 3 days short"),
        (Coverage(Verdict.MISSES, 4, 0), "share no time"),
        (Coverage(Verdict.UNKNOWN), "not known"),
    ],
)
def test_each_verdict_has_its_sentence(coverage: Coverage, words: str) -> None:
    assert words in coverage.sentence()


seconds = st.integers(-86_400 * 500, 86_400 * 500)
some_terms = st.lists(st.integers(1, 400), max_size=8)


@given(seconds, some_terms)
@example(86_400 * 30, [60, 30, 7, 30])
@example(86_400 * 30 + 1, [7, 30])
@example(-1, [7])
def test_what_is_offered_says_of_each_what_coverage_would(after: int, terms: list[int]) -> None:
    needed = NOON + timedelta(seconds=after)
    offered = options(NOON, terms, needed)
    assert [each.days for each in offered] == sorted(set(terms))
    for each in offered:
        assert each.ends_at == end_of_term(NOON, each.days)
        assert each.days_short == cover(Window(NOON, each.ends_at), Span(needed - 900 * DAY, needed)).days_short
        assert each.days_past == days_between(needed, each.ends_at) and 0 in {each.days_short, each.days_past}


@given(seconds, some_terms)
@example(86_400 * 30, [30, 60])
def test_exactly_one_of_those_that_cover_is_the_shortest(after: int, terms: list[int]) -> None:
    offered = options(NOON, terms, NOON + timedelta(seconds=after))
    covering = [each for each in offered if not each.days_short]
    assert [each for each in offered if each.is_shortest_that_covers] == covering[:1]


def test_a_number_of_days_of_ones_own_is_an_offer_of_one() -> None:
    assert options(NOON, [45], NOON + 44 * DAY) == [Option(45, NOON + 45 * DAY, 0, 1, True)]
    assert options(NOON, [43], NOON + 44 * DAY) == [Option(43, NOON + 43 * DAY, 1, 0, False)]


def test_without_a_need_nothing_is_short_past_or_the_shortest() -> None:
    assert options(NOON, (30, 7), None) == [Option(7, NOON + 7 * DAY), Option(30, NOON + 30 * DAY)]
