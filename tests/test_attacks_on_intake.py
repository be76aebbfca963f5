"""What somebody tried with a sheet: what it holds, what it is called, whose it is; and what it comes to now."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.credentials.everywhere import database
from tests.desk import Desk
from tests.intake.sheets import HEADER, JO, book, only, rows_of_the_record, text, tried, verdicts
from tests.intake.test_try import changed
from tests.register.looked_at import recorded
from tests.test_attacks import _together
from tests.web.reading import browser
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.credential import Insisted
from valetkey.errors import Invalid
from valetkey.intake import known, sheet, workbook
from valetkey.intake.columns import mapped
from valetkey.intake.models import Batch, Row
from valetkey.intake.services import carry_out, map_columns, rejected, rows, undo
from valetkey.intake.verdict import Given, Judged, Verdict, Way, judge
from valetkey.register.models import Access
from valetkey.register.services import change_access

pytestmark = pytest.mark.django_db

NEW = reverse("intake_new")
CODE = "#AbC+dEf/1234567890ab="


def _page(name: str, batch: Batch) -> str:
    return reverse(name, args=[batch.reference])


def _state() -> list[Any]:
    return [Entry.objects.count(), *(list(model.objects.order_by("pk").values()) for model in (Batch, Row))]


@pytest.mark.parametrize("who", ["viewer", "auditor", "mara", "stranger", "let go"])
def test_who_may_only_read_or_nothing_tries_does_and_undoes_nothing(desk: Desk, who: str) -> None:
    """Every button of a sheet that is tried and of one that is done, pressed by those whose it is not."""
    done = carry_out(batch=tried(desk, JO), actor=desk.bo, at=desk.at)
    waiting = tried(desk, changed(JO, Name="Mo", Email="mo@example.org"))
    client = browser(desk.kim if who == "let go" else getattr(desk, who))
    if who == "let go":
        user = User.objects.get(email="kim@example.org")
        accounts.end_user(user=user, reason="Left.", actor=desk.admin, at=desk.at)
    reads = who in {"viewer", "auditor"}
    wanted = {"let go": {302}, "viewer": {403}, "auditor": {403}}.get(who, {404, 422})
    before, record = _state(), rows_of_the_record()
    sent = {"kept_by": desk.advertiser.reference, "pasted": text(HEADER, JO, separator="\t")}
    assert client.post(NEW, sent).status_code in wanted
    for batch in (done, waiting):
        for name in ("intake_do", "intake_undo", "intake_columns"):
            assert client.post(_page(name, batch), {"column_1": "person", "order": ""}).status_code in wanted
        for name in ("intake", "intake_rejected"):
            answer = client.get(_page(name, batch))
            assert answer.status_code == (200 if reads else 302 if who == "let go" else 404)
            assert reads or "Jo Berg" not in answer.content.decode()
    listed = client.get(reverse("intakes")).content.decode()
    assert ("people.csv" in listed) is reads
    assert (_state(), rows_of_the_record()) == (before, record)


def test_a_sheet_reaches_no_row_of_another_record(desk: Desk) -> None:
    """A stranger's cells held the references, names and addresses of Northwind's people, assets, lists and access."""
    record = recorded(desk)
    jo, center, people, jos = record.jo, record.center, record.people_list, record.jos
    header = ("Person", "Mail", "Company", "Asset", "Asset id", "List", "Role", "Owner", "Left on", "Note")
    mine = ("Sly", "sly@example.org", "", "Mine", "m-1", "people", "Admin", "", "", "")
    attempts = [
        (jo.reference, "", "", "", "", "", "", "", "2026-11-30", ""),
        ("", jo.mail, "", "", "", "", "", "", "2026-11-30", ""),
        (jo.reference, "", "", center.reference, "", people.reference, "Admin", "", "", "Planted"),
        (jo.name, "", "", center.name, center.platform_id, people.name, jos.role, "", "", "Planted"),
        ("Sly", "", "", center.reference, "", people.reference, "Admin", "", "", "Planted"),
        ("", "", desk.advertiser.reference, center.reference, "", people.reference, "Admin", "", "", "Planted"),
        *((*mine[:7], owner, "", "") for owner in (jo.reference, jo.mail, jo.name, str(jo.pk))),
        (jos.reference, "", "", jos.reference, jos.reference, jos.reference, "Admin", "", "", "Planted"),
    ]
    before = Access.objects.count()
    batch = tried(desk, *attempts, header=header, kept_by=desk.rival, actor=desk.stranger)
    assert set(verdicts(batch)) <= {"look", "new", "refused"}
    carried = batch if not batch.rows.filter(verdict__in=("new", "update")) else None
    if carried is None:
        carry_out(batch=batch, actor=desk.stranger, at=desk.at)
    jo.refresh_from_db()
    assert jo.left_on is None and jo.kept_by == desk.advertiser
    assert Access.objects.filter(surface__asset__held_by=desk.advertiser).count() == before
    for access in Access.objects.filter(surface__asset__held_by=desk.rival):
        assert {each.kept_by_id for each in (access.person, access.owner) if each} <= {desk.rival.pk}
    said = " ".join(reason for reason in batch.rows.values_list("reason", flat=True))
    assert "Northwind" not in said.replace(center.name, "") and "jo.weber" not in said.replace(jo.mail, "")


# What is in it

SECRETS = [
    *(CODE, f"use {CODE}", f"code:{CODE}", f"Spark={CODE}", f"(Mara){CODE}", f"{CODE}/x", f"jo@example.org:{CODE}"),
    *("＃AbC+dEf/1234567890ab=", "#AbC+dEf/12 34567890abXyZ9=", "#AbC+dEf/1234\n567890abcdeFG1=", f"“{CODE}”"),
    *("pw: Kolibri47", "jo@example.org:Kolibri47", "Passwort: Kolibri47"),
]


@pytest.mark.parametrize(
    ("where", "secret"),
    [
        *(("cell", secret) for secret in SECRETS),
        *((where, secret) for where in ("header", "the tab", "another tab") for secret in (SECRETS[2], SECRETS[-1])),
    ],
)
def test_no_code_or_login_of_a_sheet_is_kept_wherever_it_stands(desk: Desk, secret: str, where: str) -> None:
    """Also as the name of a tab, and glued to what it is called: “code:#…” was kept in the clear."""
    if where == "cell":
        batch = tried(desk, changed(JO, Notes=secret), JO)
        assert verdicts(batch) == ["refused", "new"]
    elif where == "header":
        batch = tried(desk, (*JO, "x"), header=(*HEADER, secret))
    else:
        old = "People" if where == "the tab" else "Notes"
        named = f'name="{" ".join(secret.split())}"'.encode()
        content = _spoiled(book(HEADER, JO, Notes=[("x",)]), "xl/workbook.xml", f'name="{old}"'.encode(), named)
        batch = tried(desk, content=content)
        assert "(not kept)" in batch.told[0]
    said = browser(desk.bo).get(_page("intake", batch)).content.decode() + rejected(batch=batch) + database()
    assert not [each for each in ("Kolibri47", "567890ab") if each in said]


def _spoiled(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w", 8) as made:
        for name in parts.namelist():
            text = parts.read(name)
            made.writestr(name, text.replace(old, new) if name == part else text)
    return out.getvalue()


@pytest.mark.parametrize(
    "fair",
    [
        *(
            "https://ads.example.org/page#/Campaign2026/ListOfThings",
            "#1 Best Agency In Town 2026",
            "7300000000000000001",
        ),
        *("https://docs.example.org/d/1AbCdEfGhIjKlMnOp/edit#gid=0", "Spring2026/Summer2026/Autumn2026", "Q3+Q4 2026"),
        *("\u3164", "Jo Berg – Werbung", "IT-Support-Team-2026-Berlin"),
    ],
)
def test_what_people_write_otherwise_is_kept(desk: Desk, fair: str) -> None:
    assert verdicts(tried(desk, changed(JO, Notes=fair))) == ["new"]


HTML = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_a_sheet_is_shown_as_text_whatever_it_and_its_cells_are_called(desk: Desk) -> None:
    row = (HTML, "x@example.org", "", HTML, "", "", "", "")
    batch = tried(desk, row, changed(JO, Name=HTML), header=("Name", "Email", "Company", HTML, *HEADER[4:8]), name=HTML)
    bo = browser(desk.bo)
    for url in (_page("intake", batch), _page("intake_columns", batch), reverse("intakes"), reverse("history")):
        for asked in ("", "?verdict=<script>alert(1)", "?page=-1", "?page=99999999999999999999", "?verdict=look%00"):
            page = bo.get(url + asked)
            assert page.status_code in {200, 400, 403}
            assert "<script>alert" not in page.content.decode() and "<img src=x" not in page.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\Windows\\x.csv", "x\0.csv", HTML, "\u202egpj.csv", "x" * 190]
)
def test_a_files_name_is_a_name_and_no_path(desk: Desk, name: str) -> None:
    file = SimpleUploadedFile("x", text(HEADER, JO).encode())
    file.name = name  # past what the class would tidy
    answer = browser(desk.bo).post(NEW, {"kept_by": desk.advertiser.reference, "file": file})
    assert answer.status_code in {302, 422}
    for batch in Batch.objects.all():
        assert not [sign for sign in "/\\\0\u202e" if sign in batch.name]


@pytest.mark.parametrize("name", ["The password is Tr0ub4dor&3x.csv", f"{'x' * 300}.csv"])
def test_a_files_name_that_cannot_be_kept_is_refused(desk: Desk, name: str) -> None:
    file = SimpleUploadedFile(name, text(HEADER, JO).encode())
    answer = browser(desk.bo).post(NEW, {"kept_by": desk.advertiser.reference, "file": file})
    assert "Tr0ub4dor" not in answer.content.decode() + database()
    assert answer.status_code == 422 or len(Batch.objects.get().name) <= 200


@pytest.mark.parametrize(
    "bad", ["=1+1", "x;=HYPERLINK(1)", 'x";"=1+1', "+1", "@SUM(A1)", "-1;-1", "\t=1", "＝1"], ids=ascii
)
def test_no_formula_comes_back_with_the_rows_that_were_not_done(desk: Desk, bad: str) -> None:
    """In a cell and in the name of a column; the file is opened again in a spreadsheet."""
    batch = tried(desk, changed(JO, Role="", Notes=bad), header=(*HEADER[:7], bad, *HEADER[8:]))
    answer = browser(desk.bo).get(_page("intake_rejected", batch))
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    for mark in ",;\t":
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=mark):
            assert not [cell for cell in row if cell.lstrip('" ;\t').startswith(tuple("=+-@＝"))], row


# What it takes to read it


def _spoilt_book(part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(("Name",), ("Jo",)))) as parts, zipfile.ZipFile(out, "w", 8) as made:
        for name in parts.namelist():
            made.writestr(name, content if name == part else parts.read(name))
    return out.getvalue()


_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
HOSTILE_BOOKS = {
    "two million styles": (
        "xl/styles.xml",
        b"<styleSheet " + _MAIN + b"><cellXfs>" + b"<xf/>" * 2_000_000 + b"</cellXfs></styleSheet>",
    ),
    "entities in letters of two bytes": (
        _SHEET,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "Jo">]><worksheet {_MAIN.decode()}><sheetData><row>'
        '<c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'.encode("utf-16-le"),
    ),
    "one long text in many cells": (
        _SHEET,
        b"<worksheet " + _MAIN + b"><sheetData>" + (b"<row>" + b'<c t="s"><v>0</v></c>' * 99 + b"</row>") * 500
        + b"</sheetData></worksheet>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_BOOKS)
def test_a_small_file_takes_neither_minutes_nor_gigabytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty kilobytes held a worker for two minutes and took more than a gigabyte; five megabytes far more."""
    monkeypatch.setattr(workbook, "_MOST_SECONDS", 3)
    content = _spoilt_book(*HOSTILE_BOOKS[name])
    if name.startswith("one long"):
        content = _spoiled(content, _STRINGS, b"Name", b"x" * 4_900)
    began = time.monotonic()
    with pytest.raises(Invalid) as refused:
        sheet.read(content)
    assert refused.value.code == "sheet_unreadable" and time.monotonic() - began < 10


@pytest.mark.parametrize(
    "content", [b"," * 1_000_000, b",\n" * 500_000, (b"," * 99 + b"\n") * 10_000, b'"",' * 300_000]
)
def test_a_file_of_nothing_but_separators_is_soon_refused(content: bytes) -> None:
    """Each empty cell was looked at sign by sign: five megabytes took a quarter of a minute."""
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        sheet.read(content)
    assert refused.value.code == "sheet_empty" and time.process_time() - began < 3


MANY = 250
_ONE = ("Jo", "", "BC", "account", "TikTok", "people", "Admin", "", "", "")
_HEAD = (*HEADER[:9], "id")
_DAY = date(2000, 1, 1)
GROWING: dict[str, list[tuple[str, ...]]] = {
    "roles": [(*_ONE[:6], f"role {n}", "", "", "") for n in range(MANY)],
    "lists": [(*_ONE[:5], f"list {n}", *_ONE[6:]) for n in range(MANY)],
    "assets of one name": [(*_ONE[:5], "", "", "", "", f"id-{n}") for n in range(MANY)],
    "renewals": [(*_ONE[:7], *(str(_DAY + timedelta(n)),) * 2, "") for n in range(MANY)],
    "people": [(f"Person {n}", *_ONE[1:]) for n in range(MANY)],
    "mail addresses": [("Jo", f"jo{n}@example.org", *_ONE[2:]) for n in range(MANY)],
}


@pytest.mark.parametrize("name", GROWING)
def test_a_row_costs_no_more_for_the_rows_before_it(name: str) -> None:
    """Each role told of all roles before it: twenty thousand rows made more than a gigabyte of reasons, in minutes."""
    way = Way(tuple(mapped(_HEAD)), None, "UTC")

    def judged(count: int) -> tuple[list[Judged], float]:
        found, began = known.Known(known.Party("AAAAAAA", "Northwind")), time.process_time()
        given = [Given(number, cells) for number, cells in enumerate(GROWING[name][:count], start=2)]
        return list(judge(given, way, found)), time.process_time() - began

    few, _ = judged(20)
    many, took = judged(MANY)
    assert max(len(each.reason) for each in many) <= max(len(each.reason) for each in few) + 40
    assert took < 2
    if name in {"assets of one name", "renewals"}:
        assert [each.verdict for each in many].count(Verdict.NEW) == 50 and many[-1].verdict is Verdict.LOOK
    if name == "roles":
        assert many[-1].reason.endswith("Is there as role 0, role 1, role 2 and 246 more, too.")


@pytest.mark.parametrize("column", ["²", "٣", "9" * 5_000, "-1", "0", "1e0", "1.0", "\ud800"], ids=ascii)
def test_a_column_that_is_no_number_of_one_is_refused(desk: Desk, column: str) -> None:
    batch = tried(desk, JO)
    with pytest.raises(Invalid):
        map_columns(batch=batch, mapping={column: "person"}, actor=desk.bo, at=desk.at)


def test_columns_are_told_by_the_page_of_this_sheet_alone(desk: Desk) -> None:
    """Columns that it has not, fields that are none, and those of the service were sent with the form."""
    batch = tried(desk, JO)
    bo, before = browser(desk.bo), _state()
    fair = {f"column_{number}": field for number, field in enumerate(batch.mapping, start=1)}
    for sent in (
        {"column_1": "password"},
        {"column_1": "made"},
        {"order": "x"},
        {"column_1": "mail", "column_2": "mail"},
    ):
        assert bo.post(_page("intake_columns", batch), {**fair, **sent}).status_code == 422
    assert _state() == before
    assert bo.post(_page("intake_columns", batch), {**fair, "column_99": "owner", "kept_by": "x"}).status_code == 302
    batch.refresh_from_db()
    assert batch.kept_by == desk.advertiser and len(batch.mapping) == len(HEADER)


def test_a_file_larger_than_any_that_is_taken_is_let_go_as_it_comes(desk: Desk) -> None:
    large = SimpleUploadedFile("large.csv", b"Name\n" * 2_000_000)
    answer = browser(desk.bo).post(NEW, {"kept_by": desk.advertiser.reference, "file": large})
    assert answer.status_code == 422 and not Batch.objects.exists()


# Carried out and undone


def test_what_was_insisted_on_before_a_sheet_comes_back_when_it_is_undone(desk: Desk) -> None:
    """A note reads like a login, and is none; a sheet changed it, and could never be undone again."""
    carry_out(batch=tried(desk, JO), actor=desk.bo, at=desk.at)
    note = Insisted("The password is Kolibri47x, says the poster in the hall")
    change_access(access=Access.objects.get(), changes={"note": note}, actor=desk.bo, at=desk.at)
    batch = carry_out(batch=tried(desk, changed(JO, Notes="By hand again")), actor=desk.bo, at=desk.at)
    assert Access.objects.get().note == "By hand again"
    undo(batch=batch, actor=desk.bo, at=desk.at)
    assert Access.objects.get().note == note


def test_a_person_named_like_a_row_of_the_sheet_is_nobody_else(desk: Desk) -> None:
    """Cells said “+2.person” and “+2.asset/people”, as new rows are called while they are judged."""
    batch = tried(
        desk,
        JO,
        changed(JO, Name="+2.person", Email="mo@example.org"),
        changed(JO, Name="Mo", Email="mo@example.org", List="+2.asset/people"),
    )
    carry_out(batch=batch, actor=desk.bo, at=desk.at)
    assert Access.objects.filter(person__mail="jo@example.org").count() == 1
    assert {access.person.kept_by for access in Access.objects.all() if access.person} == {desk.advertiser}


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_once_is_done_once(committed_desk: Desk) -> None:
    """Two carried one sheet out, and two undid it, in one moment; and one named its columns meanwhile."""
    desk = committed_desk
    batch = tried(desk, JO)
    by: dict[str, Any] = {"actor": desk.bo, "at": desk.at}

    def do() -> None:
        carry_out(batch=Batch.objects.get(pk=batch.pk), **by)

    def name() -> None:
        map_columns(batch=Batch.objects.get(pk=batch.pk), mapping={"Notes": ""}, **by)

    def back() -> None:
        undo(batch=Batch.objects.get(pk=batch.pk), **by)

    assert sorted(_together(do, do)) == ["", "intake_over"]
    assert Access.objects.count() == 1 and only(batch).made
    assert sorted(_together(back, back, name)) == ["", "intake_not_done", "intake_over"]
    assert not Access.objects.exists() and list(rows(batch=batch))
    assert verify().holds
