"""Moments, states, cells and the map, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.errors import Invalid
from valetkey.register.cells import COLUMNS, as_it_was, cells, ending, harmless
from valetkey.register.looking import Named, State, access_line, as_shared, mentions, moment
from valetkey.register.map import MOST, WIDTH, Listed, On, lay_out
from valetkey.timeline.said import Kind, Said, plain

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
JO = Named("person", "JJJJJJJ", "Jo Weber")
ACCESS = Said(
    kind=Kind.ACCESS,
    reference="AAAAAAA",
    facts={
        "role": "Admin", "since": plain(NOW), "end": "none", "until": None, "purpose": "", "basis": "",
        "way": "entered", "review_on": None, "removal": "", "note": "private", "source": "stated",
        "recorded_at": plain(NOW), "confirmed_at": None, "confirmed_by": "", "confirmed_how": "", "let_end_at": None,
        "let_end_by": "", "ended_at": None, "ended_reason": "", "ended_how": "", "owner": "OOOOOOO",
    },
    kept_by="NNNNNNN",
    party="NNNNNNN",
    person="JJJJJJJ",
    asset="BBBBBBB",
    surface="SSSSSSS",
)  # fmt: skip
NAMES = {
    ("party", "NNNNNNN"): "Northwind", ("person", "JJJJJJJ"): "Jo Weber", ("asset", "BBBBBBB"): "Northwind BC",
    ("surface", "SSSSSSS"): "People", ("person", "OOOOOOO"): "Lee Park",
}  # fmt: skip


def with_facts(**facts: object) -> Said:
    return replace(ACCESS, facts={**ACCESS.facts, **{name: plain(value) for name, value in facts.items()}})


def test_today_is_now() -> None:
    for day in (None, date(2026, 11, 2)):
        then = moment(day, zone="UTC", now=NOW)
        assert (then.at, then.known_at, then.day, then.is_now) == (NOW, NOW, date(2026, 11, 2), True)


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert moment(None, zone="Europe/Berlin", now=late).day == date(2026, 11, 3)
    assert not moment(date(2026, 11, 2), zone="Europe/Berlin", now=late).is_now


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("UTC", datetime(2026, 5, 4, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 5, 3, 22, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 5, 4, 4, tzinfo=UTC)),
    ],
)
def test_a_past_day_is_its_last_instant_and_what_was_known_then(zone: str, ends: datetime) -> None:
    then = moment(date(2026, 5, 3), zone=zone, now=NOW)
    assert then.at == ends - timedelta(microseconds=1) and then.known_at == then.at and not then.is_now
    known = moment(date(2026, 5, 3), zone=zone, now=NOW, as_known_now=True)
    assert (known.at, known.known_at) == (then.at, NOW)


def test_a_day_to_come_is_what_is_known_now() -> None:
    then = moment(date(2027, 5, 3), zone="UTC", now=NOW)
    assert (then.at.date(), then.known_at) == (date(2027, 5, 3), NOW)


def test_the_last_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid):
        moment(date.max, zone="UTC", now=NOW)


def test_states() -> None:
    def state(**facts: object) -> State:
        return access_line(with_facts(**facts), NAMES, NOW).state

    second = timedelta(seconds=1)
    assert state() is State.HOLDS
    assert state(since=None) is State.HOLDS
    assert state(since=NOW + second) is State.TO_COME
    assert state(until=NOW, end="at") is State.PAST
    assert state(until=NOW + second, end="at") is State.HOLDS
    assert state(ended_at=NOW) is State.ENDED
    assert state(ended_at=NOW + second) is State.HOLDS


def test_the_three_ends_are_three_cells() -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    lines = [access_line(said, NAMES, NOW) for said in (
        with_facts(until=until, end="at"), with_facts(end="none"), with_facts(end="unknown"),
    )]  # fmt: skip
    assert [ending(line) for line in lines] == [until, "never", "unknown"]
    column = COLUMNS.index("until")
    assert [cells(line)[column] for line in lines] == ["2027-01-01T00:00:00Z", "never", "unknown"]
    assert all(len(cells(line)) == len(COLUMNS) for line in lines)


def test_nobody_knows_since_when_is_said() -> None:
    assert cells(access_line(with_facts(since=None), NAMES, NOW))[COLUMNS.index("since")] == "unknown"


@given(st.sampled_from("=+-@\t\r"), st.text())
def test_no_cell_begins_a_formula(sign: str, rest: str) -> None:
    assert harmless(sign + rest).startswith(f"'{sign}")


@given(st.text("=-@;\t\r\n\"' a"))
def test_what_was_made_harmless_is_read_back(text: str) -> None:
    assert as_it_was(harmless(text)) == text


def test_the_other_side_sees_the_line_and_no_remark() -> None:
    line = access_line(ACCESS, NAMES, NOW, is_shared=True)
    assert (line.role, line.end, line.asset.name, line.is_shared) == ("Admin", "none", "Northwind BC", True)
    assert (line.note, line.owner, line.person) == ("", None, None)
    assert ("person", "OOOOOOO") not in set(mentions(as_shared(ACCESS)))


def test_a_version_of_long_ago_with_fewer_facts_is_still_a_line() -> None:
    line = access_line(replace(ACCESS, facts={"role": "Admin", "end": "none"}), NAMES, NOW)
    assert (line.role, line.note, line.until, line.owner) == ("Admin", "", None, None)


def test_what_has_no_name_then_goes_by_its_reference() -> None:
    assert access_line(ACCESS, {}, NOW).asset.name == "BBBBBBB"


def _on(number: int) -> On:
    return On(
        Named("person", f"P{number:06}", f"Person {number} with a name that is long"),
        "person",
        "Standard",
        "never ends",
    )


holders = st.integers(0, 30).flatmap(
    lambda count: st.just(Listed(Named("surface", f"S{count:06}", "People"), [_on(n) for n in range(count)], count))
)


@given(surfaces=st.lists(holders, max_size=15), owners=st.integers(0, 20))
def test_nodes_of_a_map_are_whole_numbers_apart_and_inside(surfaces: list[Listed], owners: int) -> None:
    asset = Named("asset", "BBBBBBB", "Northwind BC")
    drawn = lay_out(asset, [(JO, "owner")] * owners, surfaces)
    places = set()
    for node in drawn.nodes:
        assert all(isinstance(place, int) for place in (node.x, node.y, node.width, node.height))
        assert node.x >= 0 and node.x + node.width <= WIDTH == drawn.width
        assert node.y >= 0 and node.y + node.height <= drawn.height
        assert len(node.label) <= 22 and len(node.note) <= 22
        places.add((node.x, node.y))
    assert len(places) == len(drawn.nodes)
    assert len(drawn.edges) == len(drawn.nodes) - 1
    assert len([row for row in drawn.rows if row[0] == "owner"]) == owners


def test_what_is_too_much_to_draw_is_counted() -> None:
    surface = Named("surface", "SSSSSSS", "People")
    drawn = lay_out(JO, [], [Listed(surface, [_on(n) for n in range(20)], 24)])
    assert [node.label for node in drawn.nodes if node.kind == "more"] == [f"and {24 - MOST} more"]
    assert len([row for row in drawn.rows if row[0] == "person"]) == 20
    assert drawn.rows[-1][3] == "and 4 more"
    long = next(node for node in drawn.nodes if node.kind == "person")
    assert long.label.endswith("…") and long.full.startswith("Person 0 with a name that is long")
