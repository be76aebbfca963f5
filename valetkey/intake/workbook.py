"""PURE, but for the program it has read: the tabs of an XLSX file as rows of texts, as they were last calculated. No
formulas, no macros.

Whether the rows are too many is decided by `sheet`; here only what keeps a hostile file from filling the memory. A few
kilobytes can ask for minutes and gigabytes of whoever reads them, so a program of its own reads, which may be stopped.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, Final

_MOST_UNPACKED: Final = 80_000_000
_MOST_PARTS: Final = 2_000
_MOST_EMPTY: Final = 100_000
"""So many rows are walked through: a file may claim that its second row is the millionth."""
_MOST_TEXT: Final = 10_000_000
"""Characters: one text may be told once and stand in two million cells."""
_MOST_SECONDS: Final = 20
_MOST_MEMORY: Final = 1_000_000_000
_SAFE_DIGITS: Final = 15
"""A spreadsheet's number keeps no more; what it shows behind them is made up."""
_DECLARED: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class BadWorkbook(Exception):
    """What is wrong, in a sentence that quotes nothing of the file."""


@dataclass(frozen=True)
class Tab:
    name: str
    rows: list[list[str]]


def is_workbook(content: bytes) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "[Content_Types].xml" in parts.namelist() and "xl/workbook.xml" in parts.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def tabs_of(content: bytes, *, most_columns: int, most_rows: int) -> list[Tab]:
    """Those that are not hidden. Raises BadWorkbook."""
    reader = [sys.executable, "-P", __file__, str(most_columns), str(most_rows)]
    # Nothing else of the environment: whatever a file does to its reader, the desk's keys are not there.
    packages = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        ran = subprocess.run(  # noqa: S603  # this very file
            reader, input=content, capture_output=True, timeout=_MOST_SECONDS, env=packages, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise BadWorkbook("This workbook asks for more time or memory than a sheet of people needs.") from None
    told = json.loads(ran.stdout)
    if told["bad"]:
        raise BadWorkbook(told["bad"])
    return [Tab(**each) for each in told["tabs"]]


def _read_for_another() -> None:
    """What `tabs_of` has run: the workbook comes in, its tabs go out as JSON."""
    with suppress(ImportError, ValueError, OSError):  # not every system can say how much is too much
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    most_columns, most_rows = map(int, sys.argv[1:])
    told: dict[str, Any] = {"bad": "", "tabs": []}
    try:
        told["tabs"] = [asdict(each) for each in _tabs(sys.stdin.buffer.read(), most_columns, most_rows)]
    except BadWorkbook as bad:
        told["bad"] = str(bad)
    json.dump(told, sys.stdout)


def _tabs(content: bytes, most_columns: int, most_rows: int) -> list[Tab]:
    import openpyxl  # late: only this program needs it

    try:
        _refuse_bombs(content)
        with warnings.catch_warnings(action="ignore"):  # it warns of parts that it does not keep: nothing is kept here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            seen = [each for each in book.worksheets if each.sheet_state == "visible"]
            return [Tab(str(each.title), _rows(each, most_columns + 1, most_rows + 1)) for each in seen]
    except BadWorkbook:
        raise
    except Exception:
        # Whatever a broken file makes the reader stumble over; its words may quote the file.
        raise BadWorkbook("This workbook cannot be read.") from None


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        listed = parts.infolist()
        if len(listed) > _MOST_PARTS or sum(each.file_size for each in listed) > _MOST_UNPACKED:
            raise BadWorkbook("Unpacked, this workbook is far larger than a sheet of people.")
        for each in listed:
            if each.filename.endswith((".xml", ".rels")):
                text = parts.read(each)
                if b"\0" in text or _DECLARED.search(text):  # two bytes for each letter hide what they say
                    raise BadWorkbook("This workbook declares things that no spreadsheet needs.")


def _rows(tab: Any, most_columns: int, most_rows: int) -> list[list[str]]:
    tab.reset_dimensions()  # what the file says of its own size may be wrong
    rows: list[list[str]] = []
    full = size = 0
    for row in tab.iter_rows(max_col=most_columns, max_row=_MOST_EMPTY, values_only=True):
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
        full += bool(texts)
        size += sum(map(len, texts))
        if size > _MOST_TEXT:
            raise BadWorkbook("This workbook holds far more text than a sheet of people.")
        if full > most_rows:
            break
    return rows


def _text(value: object) -> str:
    """As a person would type it. A day is a day; a long number is what is left of it, so that nobody trusts it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value)
    return str(value)


def _number(value: int | float) -> str:
    if abs(value) >= 10**_SAFE_DIGITS:
        return f"{value:.1E}"
    return str(int(value)) if value == int(value) else repr(value)


if __name__ == "__main__":
    _read_for_another()
