"""A sheet on a phone: given, looked at, its columns named, carried out and undone; each page looked at."""

from __future__ import annotations

from tests.browser.browsing import Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well
from tests.intake.sheets import HEADER, JO, book
from tests.intake.test_try import changed


def test_a_sheet_is_tried_carried_out_and_undone(desk_served: Served, new_person: NewPerson) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/intake/")
    looks_well(bo)
    bo.link("Try a sheet")
    looks_well(bo)
    rows = [JO, changed(JO, Name="Mo Park", Email="mo@example.org", Since="03/05/2026"), changed(JO, Role="")]
    content = book(("Wer", *HEADER[1:]), *rows)
    bo.page.get_by_label("The file").set_input_files({"name": "people.xlsx", "mimeType": "", "buffer": content})
    bo.button("Try it")
    bo.reads("people.xlsx", "Not read: Wer.")
    looks_well(bo)
    bo.link("What the columns are")
    looks_well(bo)
    bo.page.get_by_label("Wer").select_option("person")
    bo.page.get_by_label("Days as 03/05/2026").select_option("day")
    bo.button("Judge the rows anew")
    bo.reads("2 of 3 rows would be carried out", "It names no role.")
    looks_well(bo)
    bo.button("Carry out 2 rows")
    bo.reads("2 of 3 rows carried out")
    looks_well(bo)
    bo.button("Undo it")
    bo.reads("The record is as it was before.")
    bo.go("/intake/")
    looks_well(bo)
