"""A sheet carried out does what its rows were said to do, all of it or nothing; undone, the record is as it was."""

from __future__ import annotations

import importlib
import os
import signal
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connections

from tests.desk import Desk
from tests.intake.sheets import JO, rows_of_the_record, tried, verdicts
from tests.intake.test_try import changed
from tests.test_permissions import everything
from valetkey.accounts.models import Person
from valetkey.accounts.services import change_person, enter_person
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.errors import Conflict, Forbidden, NotFound
from valetkey.intake.models import Batch
from valetkey.intake.services import carry_out, find_batch, map_columns, undo
from valetkey.register.looking import moment
from valetkey.register.models import Access, Asset
from valetkey.register.services import (
    change_access,
    end_access,
    enter_asset,
    open_access,
    set_ownership,
    surfaces,
    who_has_what,
)
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db

module = importlib.import_module("valetkey.intake.services.carry_out")
"""The file; the name itself is the service."""


def by(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.bo, "at": desk.at}


@pytest.fixture
def access(desk: Desk) -> Access:
    center = enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name="Northwind BC", platform_id="bc-1",
        **by(desk),
    )  # fmt: skip
    jo = enter_person(kept_by=desk.advertiser, name="Jo Berg", mail="jo@example.org", **by(desk))
    return open_access(
        surface=surfaces(asset=center).get(kind="people"), person=jo, role="Standard", end="at",
        until=datetime(2027, 1, 1, tzinfo=UTC), note="By hand", **by(desk),
    )  # fmt: skip


def test_everything_of_a_row_is_made_and_on_the_timeline(desk: Desk) -> None:
    batch = carry_out(batch=tried(desk, changed(JO, Until="never")), **by(desk))
    access = Access.objects.get()
    assert (access.person and access.person.name, access.role, access.end, access.note) == (
        "Jo Berg", "Standard", "none", "By hand",
    )  # fmt: skip
    assert access.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert access.surface.asset.name == "Northwind BC" and access.surface.kind == "people"
    assert batch.state == "done" and batch.done_by == "Bo"
    (line,) = who_has_what(moment=moment(None, zone="UTC", now=desk.at), actor=desk.bo)
    assert (line.person and line.person.name, line.role) == ("Jo Berg", "Standard")
    events = list(Entry.objects.order_by("seq").values_list("event", flat=True))
    assert events.count("intake.done") == 1 and events[-1] == "intake.done" and "access.opened" in events
    again = tried(desk, changed(JO, Until="never"))
    assert verdicts(again) == ["duplicate"]
    with pytest.raises(Conflict) as refused:
        carry_out(batch=again, **by(desk))
    assert refused.value.code == "intake_does_nothing"


def test_what_is_rejected_is_not_done(desk: Desk) -> None:
    batch = tried(
        desk, JO, changed(JO, Role=""), changed(JO, Email="x"), changed(JO, Name="Mo", Email="mo@example.org")
    )
    carry_out(batch=batch, **by(desk))
    assert verdicts(batch) == ["new", "look", "refused", "new"]
    assert set(Access.objects.values_list("person__name", flat=True)) == {"Jo Berg", "Mo"}


def test_a_sheet_is_carried_out_once(desk: Desk) -> None:
    batch = tried(desk, JO)
    carry_out(batch=batch, **by(desk))
    for again in (carry_out, lambda **given: map_columns(mapping={}, **given)):
        with pytest.raises(Conflict) as refused:
            again(batch=batch, **by(desk))
        assert refused.value.code == "intake_over"


def test_where_the_record_has_changed_the_verdicts_are_shown_anew(desk: Desk, access: Access) -> None:
    batch = tried(desk, changed(JO, Until="never"), changed(JO, List="partners"))
    change_access(access=access, changes={"end": "none"}, **by(desk))
    before = rows_of_the_record()
    with pytest.raises(Conflict) as refused:
        carry_out(batch=batch, **by(desk))
    assert refused.value.code == "intake_changed"
    assert rows_of_the_record() == before and verdicts(batch) == ["update", "new"]
    (first,) = batch.rows.filter(number=2)
    assert "since" in first.reason and "without an end" not in first.reason
    carry_out(batch=Batch.objects.get(pk=batch.pk), **by(desk))
    assert Access.objects.count() == 2


def test_a_row_that_a_service_refuses_stops_all_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the verdict overlooked: the services have the last word."""
    batch = tried(desk, JO, changed(JO, List="partners", Role="Partner"))
    before = rows_of_the_record()
    opened = module.open_access

    def second_fails(**given: Any) -> Access:
        if given["role"] == "Partner":
            raise Conflict("access_exists", "It is there.", "Use it.")
        made: Access = opened(**given)
        return made

    monkeypatch.setattr(module, "open_access", second_fails)
    with pytest.raises(Conflict) as refused:
        carry_out(batch=batch, **by(desk))
    assert refused.value.code == "intake_row_refused" and "Row 3" in refused.value.sentence
    assert rows_of_the_record() == before


def test_undone_the_record_is_as_it_was_and_past_days_are_not(desk: Desk, access: Access) -> None:
    before = rows_of_the_record()
    batch = tried(
        desk,
        changed(JO, Until="never", Notes=""),
        changed(JO, Name="Mo", Email="mo@example.org"),
        changed(JO, Name="Mo", Email="mo@example.org", Account="Northwind Shop", Account_type="shop", List="own list"),
        changed(JO, Name="Mo", Email="mo@example.org", Until="never"),
    )
    assert verdicts(batch) == ["update", "new", "new", "update"]
    carry_out(batch=batch, **by(desk))
    assert rows_of_the_record() != before
    meanwhile = desk.at
    desk.later(days=1)
    undo(batch=batch, **by(desk))
    assert rows_of_the_record() == before
    now = moment(None, zone="UTC", now=desk.at)
    assert [line.reference for line in who_has_what(moment=now, actor=desk.bo)] == [access.reference]
    then = moment(meanwhile.date(), zone="UTC", now=desk.at)
    assert len(list(who_has_what(moment=then, actor=desk.bo))) == 3
    assert not Version.objects.now().filter(facts__name="Mo").exists()
    assert Entry.objects.latest("seq").event == "intake.undone" and verify().holds
    assert verdicts(batch)[0] == "update"
    with pytest.raises(Conflict) as refused:
        undo(batch=batch, **by(desk))
    assert refused.value.code == "intake_not_done"


def test_a_persons_last_day_and_address_are_set_back(desk: Desk) -> None:
    person = enter_person(kept_by=desk.advertiser, name="Mo Park", work="Films", **by(desk))
    header = ("Name", "Mail", "Work", "Left on", "Note")
    batch = tried(desk, ("Mo Park", "mo@example.org", "Ads", "2026-11-30", "Asked"), header=header)
    before = rows_of_the_record()
    carry_out(batch=batch, **by(desk))
    person.refresh_from_db()
    assert (person.mail, person.work, person.left_on) == ("mo@example.org", "Ads", date(2026, 11, 30))
    undo(batch=batch, **by(desk))
    assert rows_of_the_record() == before


def test_an_access_with_all_its_facts_is_set_back(desk: Desk, access: Access) -> None:
    header = ("Mail", "Account", "List", "Role", "Since", "Until", "Purpose", "Basis", "Owner", "Review on",
              "How to remove", "Note")  # fmt: skip
    row = ("jo@example.org", "Northwind BC", "people", "Standard", "2026-10-01", "never", "Ads", "Contract 4", "Kim",
           "2026-12-01", "Ask Kim", "New")  # fmt: skip
    before = rows_of_the_record()
    batch = tried(desk, row, header=header)
    carry_out(batch=batch, **by(desk))
    access.refresh_from_db()
    assert access.owner and (access.owner.name, access.review_on) == ("Kim", date(2026, 12, 1))
    undo(batch=batch, **by(desk))
    assert rows_of_the_record() == before


def _touch_access(desk: Desk, person: Person, access: Access) -> None:
    end_access(access=access, reason="Over.", **by(desk))


def _touch_person(desk: Desk, person: Person, access: Access) -> None:
    change_person(person=person, changes={"work": "Films"}, **by(desk))


def _use_person(desk: Desk, person: Person, access: Access) -> None:
    set_ownership(asset=Asset.objects.get(pk=desk.eu.pk), changes={"owner": person}, **by(desk))


def _use_asset(desk: Desk, person: Person, access: Access) -> None:
    other = enter_person(kept_by=desk.advertiser, name="Al", **by(desk))
    open_access(surface=access.surface, person=other, role="Admin", end="none", **by(desk))


@pytest.mark.parametrize(
    ("touch", "named"),
    [(_touch_access, "access Jo Berg: Standard"), (_touch_person, "person Jo Berg"), (_use_person, "ownership"),
     (_use_asset, "access “Al: Admin")],
)  # fmt: skip
def test_what_was_touched_meanwhile_stops_the_undoing(desk: Desk, touch: Any, named: str) -> None:
    batch = carry_out(batch=tried(desk, JO), **by(desk))
    access = Access.objects.get()
    assert access.person
    touch(desk, access.person, access)
    before = everything()
    with pytest.raises(Conflict) as refused:
        undo(batch=batch, **by(desk))
    assert refused.value.code == "intake_touched" and named in refused.value.sentence
    assert everything() == before and find_batch(text=batch.reference, actor=desk.bo).state == "done"


def test_only_a_hand_of_the_party_carries_out_and_undoes(desk: Desk) -> None:
    batch = tried(desk, JO)
    for verb in (carry_out, undo, lambda **given: map_columns(mapping={}, **given)):
        for actor, kind in ((desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.stranger, NotFound)):
            with pytest.raises(kind):
                verb(batch=batch, actor=actor, at=desk.at)
    for reader in (desk.viewer, desk.auditor, desk.kim):
        assert find_batch(text=batch.reference, actor=reader) == batch
    with pytest.raises(NotFound):
        find_batch(text=batch.reference, actor=desk.stranger)


def test_five_hundred_rows_are_done_and_the_seven_that_failed_say_why(desk: Desk) -> None:
    good = [
        changed(JO, Name=f"Person {n}", Email=f"p{n}@example.org", List="people" if n % 2 else "partners")
        for n in range(493)
    ]
    bad = [
        changed(JO, Role=""), changed(JO, Email="x"), changed(JO, Since="03/05/2026"), changed(JO, Until="46145"),
        changed(JO, Account="Other", Platform=""), changed(JO, List=""),
        changed(JO, Name="Nobody", Email="p1@example.org"),
    ]  # fmt: skip
    batch = carry_out(batch=tried(desk, *good, *bad), **by(desk))
    assert batch.counts == {"new": 493, "update": 0, "duplicate": 0, "look": 6, "refused": 1}
    assert Access.objects.count() == 493
    assert all(row.reason for row in batch.rows.all())
    undo(batch=batch, **by(desk))
    assert not Access.objects.exists() and not Asset.objects.filter(name="Northwind BC").exists()


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_of_it_was_done(committed_desk: Desk) -> None:
    """A process that is killed while it carries a sheet out leaves the record, and the sheet, as they were."""
    desk = committed_desk
    batch = tried(desk, *(changed(JO, Name=f"Person {n}", Email=f"p{n}@example.org") for n in range(20)))
    before = everything()
    connections.close_all()
    child = os.fork()
    if child == 0:
        _carry_out_and_be_killed(batch, desk)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert everything() == before and Batch.objects.get().state == "tried"
    assert carry_out(batch=batch, **by(desk)).state == "done"
    assert Access.objects.count() == 20 and verify().holds


def _carry_out_and_be_killed(batch: Batch, desk: Desk) -> None:
    try:
        opened = module.open_access

        def tenth_kills(**given: Any) -> Access:
            if Access.objects.count() == 10:
                os.kill(os.getpid(), signal.SIGKILL)
            made: Access = opened(**given)
            return made

        setattr(module, "open_access", tenth_kills)  # noqa: B010  # a module
        carry_out(batch=batch, **by(desk))
    finally:
        os._exit(1)


def test_the_same_rows_again_are_told_of(desk: Desk) -> None:
    first = carry_out(batch=tried(desk, JO), **by(desk))
    assert tried(desk, JO, name="other.csv").told == [
        f"A sheet with just these rows was carried out before: {first.reference}."
    ]
    assert not tried(desk, changed(JO, Notes="Other")).told
