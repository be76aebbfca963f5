"""The same page as of another day: a past one as it was found then, one to come as the rules see it from now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cli.conftest import everything
from tests.desk import HOST, Desk
from tests.findings.swept import REASON, extended, of, own_rule, person, swept  # noqa: F401  # a fixture
from tests.many import many
from valetkey.audit.entry import Actor
from valetkey.findings import services
from valetkey.findings.finding import Evidence, Severity, Told
from valetkey.findings.services import Day, Part, on_day

pytestmark = pytest.mark.django_db


def _day(desk: Desk, days: float, actor: Actor = HOST) -> Day:
    """So many days from when the test began."""
    return services.on_day(on=BEGAN + timedelta(days=days), actor=actor, at=desk.at)


BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_past_day_is_told_as_it_was_found_then(desk: Desk) -> None:
    row = desk.in_use()
    ends_at = row.ends_at
    swept(desk)
    desk.later(days=24)
    swept(desk)
    extended(desk, row)
    desk.later(days=1)
    swept(desk)
    assert _day(desk, -1).lines == () == _day(desk, 25).lines
    then = _day(desk, 3)
    assert then.part is Part.PAST and len(then.lines) == 2 and not then.is_cut
    line = next(each for each in then.lines if each.party == desk.creator.reference)
    assert line.reference == of(row, desk.creator).reference and line.by == ends_at
    assert line.evidence == (Evidence("The code ends", Told.OBSERVED, ends_at),)
    assert {each.severity for each in _day(desk, 24.5).lines} == {Severity.URGENT}
    assert [each.party for each in _day(desk, 3, desk.mara).lines] == [desk.creator.reference]
    assert _day(desk, 3, desk.stranger).lines == ()


def test_today_is_what_waits(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    services.let_end(findings=[of(row, desk.advertiser)], reason=REASON, actor=desk.bo, at=desk.at)
    (line,) = _day(desk, 0).lines
    assert line.party == desk.creator.reference and _day(desk, 0).part is Part.NOW


def test_a_day_to_come_is_judged_from_the_record_and_writes_nothing(desk: Desk) -> None:
    row = desk.in_use()
    desk.issued(post=desk.note("public_two"), days=60)
    before = everything()
    day = _day(desk, 25)
    assert everything() == before
    assert day.part is Part.AHEAD and {each.subject for each in day.lines} == {row.reference}
    assert all(each.reference == "" and each.severity is Severity.URGENT for each in day.lines)
    later = _day(desk, 40)
    assert len(later.lines) == 2 and row.reference not in {each.subject for each in later.lines}, "It is over by then."
    assert [each.party_name for each in _day(desk, 25, desk.bo).lines] == ["Northwind"]
    assert _day(desk, 25, desk.viewer).lines and _day(desk, 25, desk.stranger).lines == ()


def test_what_was_decided_holds_on_a_day_to_come(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    until = desk.at + timedelta(days=20)
    services.snooze(findings=[of(row, desk.creator)], until=until, reason=REASON, actor=desk.mara, at=desk.at)
    services.let_end(findings=[of(row, desk.advertiser)], reason=REASON, actor=desk.bo, at=desk.at)
    assert _day(desk, 10).lines == ()
    (line,) = _day(desk, 20).lines
    assert line.reference == of(row, desk.creator).reference


def test_ones_own_first(desk: Desk) -> None:
    row = desk.in_use()
    desk.issued(post=desk.note("public_two"), days=7)
    swept(desk)
    services.hand_on(
        findings=[of(row, desk.advertiser)], to=person(desk, "Kim"), reason=REASON, actor=desk.bo, at=desk.at
    )
    for days in (0, 1):
        lines = _day(desk, days, desk.kim).lines
        assert [(each.is_mine, each.severity) for each in lines] == [(True, Severity.SOON), (False, Severity.URGENT)]


def test_where_there_is_more_than_can_be_looked_at_that_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    many(desk, 60)
    assert not _day(desk, 1).is_cut
    monkeypatch.setattr(on_day_module(), "LOOKED_AT", 20)
    day = _day(desk, 1)
    assert day.is_cut and 0 < len(day.lines) <= 40


def on_day_module() -> object:
    """The package's own name is the service."""
    import sys

    assert callable(on_day)
    return sys.modules["valetkey.findings.services.on_day"]


def test_a_day_is_its_end_and_today_is_now(desk: Desk) -> None:
    def instant(day: date) -> datetime:
        return services.instant_of(day=day, time_zone="Europe/Berlin", at=desk.at)

    assert instant(date(2026, 11, 2)) == desk.at
    assert instant(date(2026, 11, 1)) == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert instant(date(2026, 10, 24)) == datetime(2026, 10, 24, 22, tzinfo=UTC), "Before the clocks went back."
    assert instant(date(2026, 11, 3)) == datetime(2026, 11, 3, 23, tzinfo=UTC)
