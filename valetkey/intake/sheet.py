"""PURE. The bytes of a sheet, or pasted text, as rows of texts: CSV of any common kind, tab-separated lines, XLSX.

Decides what the cells are, never what they mean. What cannot be read is refused with how to save it better.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from valetkey.errors import Invalid
from valetkey.intake.workbook import BadWorkbook, is_workbook, tabs_of
from valetkey.register.cells import as_it_was

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 5_000

_SEPARATORS: Final = "\t;,|"
_SAMPLE: Final = 30
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SAVE_AS: Final = "Save it as XLSX or as CSV (UTF-8), and give that."


@dataclass(frozen=True)
class Line:
    """A row that is not empty. `number`: where the person finds it in their own sheet, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """`name`: of the tab, "" where there are none."""

    lines: tuple[Line, ...]
    name: str = ""


def read(content: bytes) -> tuple[Sheet, ...]:
    """The tabs that hold something; one where it is a text. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            "sheet_too_large",
            f"The sheet has more than {MOST_BYTES // 1_000_000} MB.",
            "Split it, or leave out columns.",
        )
    sheets = _of_workbook(content) if is_workbook(content) else [Sheet(_lines(_records(_text(content))))]
    full = [sheet for sheet in sheets if sheet.lines]
    if not full:
        raise Invalid("sheet_empty", "There is nothing in this sheet.", "Look whether it is the right file.")
    return tuple(full)


def _of_workbook(content: bytes) -> list[Sheet]:
    try:
        tabs = tabs_of(content, most_columns=MOST_COLUMNS, most_rows=MOST_ROWS)
    except BadWorkbook as bad:
        raise Invalid("sheet_unreadable", str(bad), _SAVE_AS) from None
    return [Sheet(_lines(tab.rows), tab.name) for tab in tabs]


def _lines(rows: Iterable[Sequence[str]]) -> tuple[Line, ...]:
    lines = []
    for number, row in enumerate(rows, start=1):
        full = _full(row)
        if len(full) > MOST_COLUMNS:
            raise Invalid(
                "sheet_too_wide", f"Row {number} has more than {MOST_COLUMNS} columns.", "Leave out what is not needed."
            )
        cells = _full([_cell(text) for text in full])
        if not cells:
            continue
        lines.append(Line(number, tuple(cells)))
        if len(lines) > MOST_ROWS:
            raise Invalid("sheet_too_long", f"The sheet has more than {MOST_ROWS:,} rows.", "Split it.")
    return tuple(lines)


def _full(cells: Sequence[str]) -> Sequence[str]:
    """Up to the last that holds something: a file of five megabytes may be nothing but separators."""
    length = len(cells)
    while length and (not cells[length - 1] or cells[length - 1].isspace()):
        length -= 1
    return cells[:length]


def _cell(text: str) -> str:
    """Without what surrounds it. The mark that our own exports put before a formula's sign is taken off again."""
    if len(text) > LONGEST_CELL:
        raise Invalid(
            "cell_too_long", f"A cell has more than {LONGEST_CELL:,} characters.", "Look for a missing quote."
        )
    text = as_it_was(text.translate(_UNSEEN).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text.isprintable() and any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\t\n" for one in text):
        raise Invalid("sheet_unreadable", "The sheet holds characters that are no text.", _SAVE_AS)
    return text


def _text(content: bytes) -> str:
    """UTF-8, UTF-16, or the code page of Western Windows, which is what spreadsheets save as plain “CSV”."""
    if content.startswith((_OLD_EXCEL, b"%PDF", b"PK", b"{\\rtf")):
        raise Invalid("sheet_unreadable", "This kind of file is not read here.", _SAVE_AS)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        encodings = ["utf-16-le"]
    elif content[0:200:2].count(0) > len(content[0:200:2]) // 2:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("sheet_unreadable", "The letters of this file cannot be read.", _SAVE_AS)


def _records(text: str) -> Iterator[list[str]]:
    first, _, rest = text.partition("\n")
    skipped = 0
    separator = ""
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == len("sep=;"):
        separator, text, skipped = first.strip()[-1], rest, 1
    # A row keeps the number it has in the file, so the line that names the separator counts.
    yield from ([] for _ in range(skipped))
    separator = separator or _separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise Invalid(
            "sheet_unreadable", "The rows of this file cannot be told apart.", f"Look for a missing quote. {_SAVE_AS}"
        ) from None


def _separator(text: str) -> str:
    """The one that makes the most rows of the beginning equally wide, and wide at all."""

    def fits(separator: str) -> tuple[int, int]:
        try:
            records = islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _SAMPLE)
            wide = [len(row) for row in records if len(row) > 1]
        except csv.Error:
            return 0, 0
        return (max(wide.count(width) for width in wide), max(wide)) if wide else (0, 0)

    return max(_SEPARATORS, key=fits) if any(fits(each) != (0, 0) for each in _SEPARATORS) else ","
