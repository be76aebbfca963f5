"""A dry run: every row of a sheet gets a verdict with a reason, and only the try itself is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.credentials.everywhere import SECRET, TELLTALE, database
from tests.desk import Desk
from tests.intake.sheets import HEADER, JO, book, only, rows_of_the_record, text, tried, verdicts
from valetkey.accounts.models import Person
from valetkey.accounts.services import enter_person, person_left
from valetkey.audit.models import Entry
from valetkey.errors import Forbidden, Invalid, NotFound
from valetkey.intake.models import Batch
from valetkey.intake.services import carry_out, map_columns, rejected, try_sheet
from valetkey.register.models import Access, Asset
from valetkey.register.services import change_access, end_access, enter_asset, open_access, surfaces

pytestmark = pytest.mark.django_db

ACCESS_ONLY = ("Name", "Account", "List", "Role", "Since", "Until")


def changed(row: Sequence[str], **columns: str) -> tuple[str, ...]:
    """A row with other cells, by the names of the columns."""
    return tuple(columns.get(name.replace(" ", "_"), cell) for name, cell in zip(HEADER, row, strict=True))


@pytest.fixture
def center(desk: Desk) -> Asset:
    return enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name="Northwind BC", platform_id="bc-1",
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


@pytest.fixture
def jo(desk: Desk) -> Person:
    return enter_person(kept_by=desk.advertiser, name="Jo Berg", mail="jo@example.org", actor=desk.bo, at=desk.at)


@pytest.fixture
def access(desk: Desk, center: Asset, jo: Person) -> Access:
    return open_access(
        surface=surfaces(asset=center).get(kind="people"), person=jo, role="Standard",
        since=datetime(2026, 11, 1, 9, tzinfo=UTC), end="at", until=datetime(2027, 1, 1, tzinfo=UTC), note="By hand",
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def test_a_new_row_brings_all_it_needs_and_a_try_brings_none_of_it(desk: Desk) -> None:
    before = rows_of_the_record()
    batch = tried(desk, JO)
    row = only(batch)
    assert row.verdict == "new"
    assert row.reason == (
        "Puts Jo Berg on record. Enters Northwind BC with its usual lists."
        " Puts Jo Berg on “Business Center people” of Northwind BC as Standard, until the end of 2026-12-31."
    )
    assert rows_of_the_record() == before
    assert batch.counts == {"new": 1, "update": 0, "duplicate": 0, "look": 0, "refused": 0}
    assert Entry.objects.latest("seq").event == "intake.tried"


def test_what_is_on_record_is_found_and_said_to_be_there(desk: Desk, access: Access) -> None:
    assert only(tried(desk, JO)).verdict == "duplicate"
    less = tried(
        desk, ("jo@example.org", "northwind bc", "People", "standard"), header=("Mail", "Account", "List", "Role")
    )
    assert only(less).reason == "All of it is on record already."


def test_what_differs_is_an_update_that_says_from_what_to_what(desk: Desk, access: Access) -> None:
    row = only(tried(desk, changed(JO, Until="never", Notes="Ask Kim")))
    assert row.verdict == "update"
    assert row.reason == (
        "Jo Berg as Standard on Business Center people of Northwind BC: note: By hand → Ask Kim;"
        " until the end of 2026-12-31 → without an end."
    )


def test_an_empty_cell_changes_nothing_and_unknown_is_not_never(desk: Desk, access: Access) -> None:
    assert only(tried(desk, changed(JO, Until="", Since="", Notes=""))).verdict == "duplicate"
    assert "end not known" in only(tried(desk, changed(JO, Until="unknown"))).reason
    assert "end not known" in only(tried(desk, changed(JO, Until="", List="partners"))).reason
    assert "without an end" in only(tried(desk, changed(JO, Until="Never", List="partners"))).reason


def test_a_renewal_is_an_access_of_its_own(desk: Desk, access: Access) -> None:
    row = only(tried(desk, changed(JO, Since="2027-01-01", Until="2027-06-30")))
    assert (row.verdict, "Puts Jo Berg on “Business" in row.reason) == ("new", True)


def test_another_role_beside_is_new_and_said(desk: Desk, access: Access) -> None:
    row = only(tried(desk, changed(JO, Role="Admin")))
    assert row.verdict == "new" and row.reason.endswith("Is there as Standard, too.")


LOOK: dict[str, dict[str, str]] = {
    "There is no asset": {"Account": "Southwind BC", "Platform": ""},
    "Since: “03/05/2026” is": {"Since": "03/05/2026"},
    "Until: “46145” is a number": {"Until": "46145"},
    "Until: The spreadsheet shows a fault": {"Until": "#REF!"},
    "names no role": {"Role": ""},
    "names no list of access": {"List": ""},
    "is that of Jo Berg on record": {"Name": "Kim Park"},
    "on record with another mail address": {"Email": "jo2@example.org"},
    "names nobody": {"Name": "", "Email": ""},
    "Platform: “Myspace” is no platform": {"Platform": "Myspace"},
}


@pytest.mark.parametrize("why", LOOK)
def test_what_is_not_clear_is_left_to_a_person(desk: Desk, access: Access, why: str) -> None:
    row = only(tried(desk, changed(JO, **LOOK[why])))
    assert row.verdict == "look" and why in row.reason


REFUSED: dict[str, dict[str, str]] = {
    "is no mail address": {"Email": "jo at example"},
    "end before it starts": {"Since": "2026-12-01", "Until": "2026-11-01"},
    "has 2500 characters": {"Notes": "x" * 2500},
    "has 120 characters": {"Role": "x" * 120},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(desk: Desk, access: Access, why: str) -> None:
    row = only(tried(desk, changed(JO, **REFUSED[why])))
    assert row.verdict == "refused" and why in row.reason


def test_nobody_is_chosen_among_two_of_one_name(desk: Desk, center: Asset) -> None:
    for _ in range(2):
        enter_person(kept_by=desk.advertiser, name="Jo Berg", actor=desk.bo, at=desk.at)
    row = only(tried(desk, changed(JO, Email="")))
    assert row.verdict == "look" and "2 people on record are called Jo Berg" in row.reason


def test_the_end_of_an_authorization_is_not_moved_by_a_sheet(desk: Desk) -> None:
    desk.in_use()
    access = Access.objects.get(way="authorization")
    header = ("Company", "Asset id", "Surface", "Role", "Until", "Note")
    given: dict[str, Any] = {"header": header, "kept_by": access.surface.asset.held_by, "actor": desk.mara}
    row = (access.holder.name, access.surface.asset.platform_id, access.surface.name, access.role)
    assert only(tried(desk, (*row, "2026-12-31", ""), **given)).verdict == "look"
    assert only(tried(desk, (*row, "", "Looked at"), **given)).verdict == "update"
    assert only(tried(desk, (*row, "", ""), **given)).verdict == "duplicate"


def test_a_later_row_meets_what_an_earlier_one_brings(desk: Desk) -> None:
    batch = tried(desk, JO, JO, changed(JO, List="partners", Role="Partner"), changed(JO, Until="never"))
    assert verdicts(batch) == ["new", "duplicate", "new", "update"]
    second, third = list(batch.rows.order_by("number"))[1:3]
    assert second.reason == "It says the same as row 2."
    assert "Puts Jo Berg on record" not in third.reason and "Enters" not in third.reason


def test_people_alone_are_entered_kept_up_and_leave(desk: Desk, jo: Person) -> None:
    header = ("Name", "Mail", "Company", "Work", "Left on", "Note")
    batch = tried(
        desk,
        ("Jo Berg", "jo@example.org", "", "Head of films", "", "Tuesdays"),
        ("Mo Park", "", "Contoso", "", "", ""),
        ("Kim", "kim@example.org", "", "", "2026-11-30", ""),
        ("Al", "", "Nobody Ltd", "", "", ""),
        ("", "", "", "", "2026-11-30", ""),
        header=header,
    )
    assert verdicts(batch) == ["update", "new", "update", "look", "look"]
    assert [row.reason for row in batch.rows.order_by("number")][:4] == [
        "Jo Berg: work: nothing → Head of films; note: nothing → Tuesdays.",
        "Puts Mo Park of Contoso on record.",
        "Kim: last day 2026-11-30.",
        "There is no party “Nobody Ltd” on this desk. Write it as it is named here, or add it first.",
    ]
    person_left(person=jo, on=desk.at.date(), actor=desk.bo, at=desk.at)
    again = tried(desk, ("Jo Berg", "", "", "", "2026-12-24", ""), header=header)
    assert only(again).verdict == "look"


def test_a_credential_is_refused_with_its_row_and_is_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    batch = tried(desk, changed(JO, Notes=SECRET), JO)
    assert verdicts(batch) == ["refused", "new"]
    assert TELLTALE not in database() and TELLTALE not in caplog.text
    assert TELLTALE not in rejected(batch=batch) and "(not kept)" in rejected(batch=batch)
    carry_out(batch=batch, actor=desk.bo, at=desk.at)
    assert TELLTALE not in database()


def test_a_column_of_logins_or_codes_is_not_kept_at_all(desk: Desk) -> None:
    code = "#AbC+dEf/1234567890ab="
    batch = tried(
        desk,
        ("Jo", "Kolibri47", code, ""),
        ("Mo", "", "", f"use {code}"),
        header=("Name", "Password", "Spark code", "Note"),
    )
    assert verdicts(batch) == ["new", "refused"]
    assert TELLTALE not in database() and code not in database()
    assert len(batch.told) == 2


def test_a_credential_in_the_sheets_name_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        tried(desk, JO, name=SECRET)
    assert TELLTALE not in database()


def test_a_workbook_and_a_paste_give_the_same_verdicts(desk: Desk, access: Access) -> None:
    rows = [JO, changed(JO, Until="never"), changed(JO, Since="03/05/2026"), changed(JO, Email="x")]
    batches = [
        tried(desk, content=content)
        for content in (
            text(HEADER, *rows).encode(), text(HEADER, *rows, separator=";").encode("cp1252"),
            text(HEADER, *rows, separator="\t").encode("utf-16"), book(HEADER, *rows, Notes=[("Ask Kim",)]),
        )
    ]  # fmt: skip
    said = [[(row.verdict, row.reason) for row in batch.rows.order_by("number")] for batch in batches]
    assert said[0] == said[1] == said[2] == said[3]
    assert batches[3].told == ["Read was the tab “People”. Not read: Notes."]


def test_columns_are_named_by_a_person_and_remembered_for_that_record(desk: Desk) -> None:
    header = ("Wer", "Wo", "Platform", "Kind", "Liste", "Rolle", "Since")
    row = ("Jo Berg", "Northwind BC", "tiktok", "business center", "people", "Standard", "03/05/2026")
    batch = tried(desk, row, header=header)
    assert only(batch).verdict == "look"
    mapping = {"Wer": "person", "Wo": "asset", "5": "surface", "Rolle": "role"}
    mapped = map_columns(batch=batch, mapping=mapping, day_first=True, actor=desk.bo, at=desk.at)
    assert only(mapped).verdict == "new" and only(mapped).number == 2
    again = tried(desk, row, header=tuple(name.upper() for name in header), day_first=True)
    assert only(again).verdict == "new"
    others = tried(desk, row, header=header, kept_by=desk.rival, actor=desk.stranger)
    assert only(others).verdict == "look"
    at_once = tried(desk, row, header=("A", *header[1:]), mapping={"A": "person", "Wo": "asset", "liste": "list",
                                                                     "Rolle": "role", "Since": ""})  # fmt: skip
    assert only(at_once).verdict == "new"


def test_our_own_list_of_who_has_what_brings_nothing_new(desk: Desk, access: Access) -> None:
    from valetkey.register.cells import COLUMNS, cells
    from valetkey.register.looking import moment
    from valetkey.register.services import who_has_what

    change_access(access=access, changes={"purpose": "=SUM(A1)"}, actor=desk.bo, at=desk.at)
    lines = who_has_what(
        moment=moment(None, zone="UTC", now=desk.at), asset=access.surface.asset.reference, actor=desk.bo
    )
    batch = tried(desk, *(cells(line) for line in lines), header=COLUMNS)
    assert verdicts(batch) == ["duplicate"]


def test_an_access_that_ended_is_not_brought_back_by_an_old_sheet_unseen(desk: Desk, access: Access) -> None:
    end_access(access=access, reason="Left.", actor=desk.bo, at=desk.at)
    assert only(tried(desk, JO)).verdict == "new"


def test_another_partys_people_are_not_met(desk: Desk, access: Access) -> None:
    theirs = tried(desk, JO, kept_by=desk.rival, actor=desk.stranger)
    assert "Puts Jo Berg on record. Enters Northwind BC" in only(theirs).reason


def test_only_a_hand_of_the_party_tries_a_sheet(desk: Desk) -> None:
    for actor, kind in ((desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.stranger, NotFound)):
        with pytest.raises(kind):
            try_sheet(kept_by=desk.advertiser, content=b"Name\nJo\n", name="x", actor=actor, at=desk.at)
    assert not Batch.objects.exists()


def test_what_was_not_done_comes_back_with_its_reasons(desk: Desk) -> None:
    batch = tried(desk, JO, changed(JO, Role="", Notes="=1+1"), changed(JO, Email="jo"))
    lines = rejected(batch=batch).splitlines()
    assert lines[0] == ",".join([*HEADER, "Row", "Reason"]) and len(lines) == 3
    assert "'=1+1" in lines[1] and lines[1].endswith("3,It names no role.")
    again = try_sheet(
        kept_by=desk.advertiser, content=rejected(batch=batch).encode(), name="again", actor=desk.bo, at=desk.at
    )
    assert verdicts(again) == ["look", "refused"]
