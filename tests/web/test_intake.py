"""Sheets on pages: a file or a paste, its columns, its rows by verdict, carried out and undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.credentials.everywhere import SECRET, TELLTALE, database
from tests.desk import Desk
from tests.intake.sheets import HEADER, JO, book, text, tried
from tests.intake.test_try import changed
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.intake.models import Batch
from valetkey.register.models import Access
from valetkey.register.services import end_access

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

NEW = reverse("intake_new")


def page(name: str, row: Batch) -> str:
    return reverse(name, args=[row.reference])


def file(content: bytes, name: str = "people.xlsx") -> Any:
    return SimpleUploadedFile(name, content)


def test_from_the_file_to_the_record_and_back(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "No sheet was tried yet" in read(bo.get(reverse("intakes")))
    sheet = file(book(HEADER, JO, changed(JO, Role="")))
    said = read(bo.post(NEW, {"kept_by": desk.advertiser.reference, "file": sheet}, follow=True))
    batch = Batch.objects.get()
    assert "1 of 2 rows would be carried out" in said and "It names no role." in said
    assert "Puts Jo Berg" not in read(bo.get(f"{page('intake', batch)}?verdict=look"))
    rest = bo.get(page("intake_rejected", batch))
    assert rest["Content-Type"].startswith("text/csv") and "It names no role." in rest.content.decode("utf-8-sig")
    assert "Carried out." in read(bo.post(page("intake_do", batch), follow=True))
    access = Access.objects.get()
    assert access.role == "Standard"
    assert "The record is as it was before." in read(bo.post(page("intake_undo", batch), follow=True))
    assert not Access.objects.exists()
    assert "Not on record any more" in read(bo.get(reverse("record_access", args=[access.reference])))
    assert "people.xlsx" in read(bo.get(reverse("intakes")))


def test_columns_that_were_not_read_are_named_with_the_way_to_say_what_they_are(desk: Desk) -> None:
    pasted = "Full name\tPage list\nJo Berg\tpeople\n"
    bo = browser(desk.bo)
    said = read(bo.post(NEW, {"kept_by": desk.advertiser.reference, "pasted": pasted}, follow=True))
    assert "Not read: Page list. Say what they are under “What the columns are”" in said
    assert "List of access" in read(bo.get(page("intake_columns", Batch.objects.get())))


def test_rows_are_pasted(desk: Desk) -> None:
    pasted = text(HEADER, JO, separator="\t")
    said = read(browser(desk.bo).post(NEW, {"kept_by": desk.advertiser.reference, "pasted": pasted}, follow=True))
    assert "1 of 1 row would be carried out" in said and "Pasted rows" in said


def test_a_credential_among_the_rows_refuses_its_row_and_is_nowhere(desk: Desk) -> None:
    pasted = text(HEADER, changed(JO, Notes=SECRET), JO)
    answer = browser(desk.bo).post(NEW, {"kept_by": desk.advertiser.reference, "pasted": pasted}, follow=True)
    assert "Nothing of that cell was kept." in read(answer)
    assert TELLTALE not in answer.content.decode() and TELLTALE not in database()
    both = browser(desk.bo).post(
        NEW, {"kept_by": desk.advertiser.reference, "pasted": SECRET, "file": file(b"Name\nJo\n")}
    )
    assert both.status_code == 422 and TELLTALE not in both.content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file, or paste the rows."),
        ({"pasted": "Name\nJo", "file": True}, "not both"),
        ({"pasted": " , \n"}, "There is nothing in this sheet."),
        ({"file": b"%PDF-1.7 ..."}, "This kind of file is not read here."),
        ({"pasted": "Name\nJo", "kept_by": "ZZZZZZZ"}, "valid choice"),
    ],
)
def test_what_is_no_sheet_is_told_beside_the_form(desk: Desk, sent: dict[str, Any], told: str) -> None:
    given = {"kept_by": desk.advertiser.reference, **sent}
    if "file" in given:
        given["file"] = file(b"Name\nJo" if given["file"] is True else given["file"])
    answer = browser(desk.bo).post(NEW, given)
    assert answer.status_code == 422 and told in read(answer)
    assert not Batch.objects.exists()


def test_what_the_columns_are_is_chosen_on_a_page(desk: Desk) -> None:
    bo = browser(desk.bo)
    batch = tried(desk, changed(JO, Since="03/05/2026"), header=("Wer", *HEADER[1:]))
    said = read(bo.get(page("intake", batch)))
    assert "Not read: Wer." in said
    said = read(bo.get(page("intake_columns", batch)))
    assert "As “Jo Berg”." in said
    given = {f"column_{number}": field for number, field in enumerate(batch.mapping, start=1)}
    answer = bo.post(page("intake_columns", batch), {**given, "column_1": "person", "order": "day"}, follow=True)
    assert "The rows were judged anew." in read(answer) and "1 of 1 row would be carried out" in read(answer)
    twice = bo.post(page("intake_columns", batch), {**given, "column_1": "mail", "column_2": "mail"})
    assert twice.status_code == 422 and "Two columns cannot both be “mail”." in read(twice)


def test_where_the_record_has_changed_the_page_says_so(desk: Desk) -> None:
    bo = browser(desk.bo)
    for until in ("2026-12-31", "never"):
        batch = tried(desk, changed(JO, Until=until))
        if until != "never":
            bo.post(page("intake_do", batch))
    end_access(access=Access.objects.get(), reason="Over.", actor=desk.bo, at=desk.at)
    said = read(bo.post(page("intake_do", batch), follow=True))
    assert "The record has changed since this sheet was tried. Nothing was done." in said
    assert "Puts Jo Berg" in said and Access.objects.count() == 1


def test_who_reads_sees_no_button(desk: Desk) -> None:
    batch = tried(desk, JO)
    assert "Carry out" not in read(browser(desk.viewer).get(page("intake", batch)))
    assert browser(desk.stranger).get(page("intake", batch)).status_code == 404


def test_a_long_sheet_makes_no_heavy_page(desk: Desk, django_assert_max_num_queries: Any) -> None:
    rows = [changed(JO, Name=f"Person {n}", Email=f"p{n}@example.org", Notes="x" * 1900) for n in range(300)]
    batch = tried(desk, *rows)
    bo = browser(desk.bo)
    with django_assert_max_num_queries(20):
        answer = bo.get(page("intake", batch))
    assert len(answer.content) < 100_000 and "Page 1 of 8" in read(answer)
