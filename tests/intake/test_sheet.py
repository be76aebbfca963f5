"""Bytes become rows: whatever program saved the file, and whatever it did to it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from tests.intake.sheets import book
from valetkey.errors import Invalid
from valetkey.intake.sheet import MOST_BYTES, MOST_ROWS, read

ROWS = (("Name", "Work"), ("Zoë Müller", "Films"))
PLAIN = "Name,Work\r\nZoë Müller,Films\r\n"


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in read(content)[0].lines]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace("\r\n", "\r").encode(),
        PLAIN.replace("Zoë", "\u200bZoë\u00a0").replace("\u00a0", "").encode(),
        book(*ROWS),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-16-le", "utf-16-be", "windows", "semicolon", "tab", "sep", "unix", "old mac",
         "zero width", "xlsx"],
)  # fmt: skip
def test_every_kind_reads_the_same(content: bytes) -> None:
    assert cells(content) == list(ROWS)


def test_rows_keep_the_number_they_have_in_the_persons_own_sheet() -> None:
    lines = read(b"People of 2026\n\n\nName,Work\n,,,\nJo,Films\n")[0].lines
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("People of 2026",)), (4, ("Name", "Work")), (6, ("Jo", "Films")),
    ]  # fmt: skip
    assert [line.number for line in read(book(("People",), (), ("Name",)))[0].lines] == [1, 3]


def test_a_quoted_cell_goes_over_lines() -> None:
    assert cells(b'Name,Note\nJo,"first\nsecond, too"\n')[1] == ("Jo", "first\nsecond, too")


def test_what_our_own_exports_made_harmless_is_read_back() -> None:
    assert cells(b"Name,Note\nJo,'=1+1\nJo,'@mara\nJo,'tis fine\n")[1:] == [
        ("Jo", "=1+1"), ("Jo", "@mara"), ("Jo", "'tis fine"),
    ]  # fmt: skip


def test_a_workbook_gives_values_as_a_person_would_type_them() -> None:
    row = (
        "Jo",
        datetime(2026, 5, 3),
        datetime(2026, 5, 3, 14, 30),
        date(2026, 5, 4),
        12,
        12.0,
        1.5,
        True,
        "=1+1",
        None,
    )
    assert cells(book(row))[0] == ("Jo", "2026-05-03", "2026-05-03 14:30:00", "2026-05-04", "12", "12", "1.5", "yes")


def test_a_long_number_of_a_workbook_is_not_taken_for_its_digits() -> None:
    """Excel keeps fifteen digits: 7300000000000000001 was once applied as 7300000000000000000."""
    assert cells(book(("id",), (7300000000000000001,), (734000000000001,)))[1:] == [("7.3E+18",), ("734000000000001",)]


def test_hidden_tabs_are_not_read_and_the_others_keep_their_names() -> None:
    sheets = read(book(("Name",), ("Jo",), Notes=[("Remember",)], Empty=[]))
    assert [(sheet.name, len(sheet.lines)) for sheet in sheets] == [("People", 2), ("Notes", 1)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"\n\n,,,\n", "sheet_empty"),
        (b"x" * (MOST_BYTES + 1), "sheet_too_large"),
        (b"a,b\n" * (MOST_ROWS + 1), "sheet_too_long"),
        (b",".join([b"a"] * 101), "sheet_too_wide"),
        (b"a," + b"x" * 6000, "cell_too_long"),
        (b'a,"' + b"x" * 200_000, "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sheet_unreadable"),
        (b"%PDF-1.7 text", "sheet_unreadable"),
        (b"PK\x03\x04 no zip", "sheet_unreadable"),
        (b"Name\nJo\x00Berg\n", "sheet_unreadable"),
        (b"Name\nJo\x1bBerg\n", "sheet_unreadable"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_way_out(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)
    assert refused.value.code == code and refused.value.next_step


def _spoiled(change: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(("Name",), ("Jo",)))) as parts, zipfile.ZipFile(out, "w", 8) as made:
        for name in parts.namelist():
            made.writestr(name, change.get(name, parts.read(name)))
        for name, content in change.items():
            if name not in parts.namelist():
                made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _spoiled({"xl/media/bomb.bin": b"\0" * 90_000_000}),
        _spoiled({"xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'}),
        _spoiled({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}),
        _spoiled({"xl/workbook.xml": b"nothing"}),
        book(("Name",), ("Jo",))[:-400],
    ],
    ids=["bomb", "entities", "cut xml", "no workbook", "cut file"],
)
def test_a_hostile_or_broken_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)
    assert refused.value.code == "sheet_unreadable"


def test_a_row_that_says_it_is_the_millionth_costs_nothing() -> None:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    lines = read(_spoiled({"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"}))[0].lines
    assert [line.number for line in lines] == [1]


def test_macros_stay_where_they_are() -> None:
    assert cells(_spoiled({"xl/vbaProject.bin": b"Sub Auto_Open()"})) == [("Name",), ("Jo",)]
