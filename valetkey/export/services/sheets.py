"""Tables for spreadsheets: a CSV file for each, in a folder or a .zip, or one XLSX with a sheet for each.

Texts are neutralised against formulas; moments and days stay texts, so that no spreadsheet moves them to its own zone.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from valetkey.errors import Invalid
from valetkey.export.cells import cell
from valetkey.export.lines import FORMAT, VERSION
from valetkey.export.schema import Table
from valetkey.export.services.snapshot import count, rows

LONGEST_SHEET: Final = 1_048_575
"""Rows below the headings; Excel's limit, and so is the next."""
LONGEST_CELL: Final = 32_767
_PART: Final = 1 << 20
_EXACT: Final = 2**53
"""A larger number would be rounded by a spreadsheet."""
_USE_JSON_LINES: Final = "Export JSON lines or CSV instead: they have no such limit."

Open = Callable[[str], IO[bytes]]


def write_folder(draft: Path, tables: tuple[Table, ...], with_codes: bool) -> dict[str, int]:
    draft.mkdir()
    return _write_csv(lambda name: (draft / name).open("wb"), tables, with_codes)


def write_zip(draft: Path, tables: tuple[Table, ...], with_codes: bool) -> dict[str, int]:
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:

        def member(name: str) -> IO[bytes]:
            return archive.open(zipfile.ZipInfo(name), "w", force_zip64=True)

        return _write_csv(member, tables, with_codes)


def _write_csv(member: Open, tables: tuple[Table, ...], with_codes: bool) -> dict[str, int]:
    about = [_write_table(member, table) for table in tables]
    with member("manifest.json") as file:
        manifest = {"format": FORMAT, "version": VERSION, "with_codes": with_codes, "tables": about}
        file.write(json.dumps(manifest, indent=2).encode() + b"\n")
    return {table.name: int(each["rows"]) for table, each in zip(tables, about, strict=True)}


def _write_table(member: Open, table: Table) -> dict[str, Any]:
    name, number, digest = f"{table.name}.csv", 0, hashlib.sha256()
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    with member(name) as file:

        def put(part: bytes) -> None:
            digest.update(part)
            file.write(part)

        put(codecs.BOM_UTF8)  # tells spreadsheets which alphabet it is
        lines.writerow(_headings(table))
        for row in rows(table, for_cells=True):
            lines.writerow([_csv_cell(value) for value in row.values()])
            number += 1
            if text.tell() > _PART:
                put(_taken_from(text))
        put(_taken_from(text))
    return {"table": table.name, "file": name, "rows": number, "sha256": digest.hexdigest()}


def _taken_from(text: io.StringIO) -> bytes:
    part = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return part


def _csv_cell(value: object) -> str | int:
    made = cell(value)
    if made is None or isinstance(made, bool):
        return {None: "", True: "true", False: "false"}[made]
    return made


def write_xlsx(draft: Path, tables: tuple[Table, ...], with_codes: bool) -> dict[str, int]:
    """Raises Invalid where a sheet or cell would be too long for Excel, before anything is written."""
    from openpyxl import Workbook  # late: only this form needs it

    counts = {table.name: _refuse_unfit(table) for table in tables}
    book = Workbook(write_only=True)
    first = book.create_sheet("tables")
    first.append(["table", "rows"])
    for name, number in counts.items():
        first.append([name, number])
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        sheet.append(_headings(table))
        for row in rows(table, for_cells=True):
            sheet.append([_xlsx_cell(value) for value in row.values()])
    book.save(draft)
    return counts


def _refuse_unfit(table: Table) -> int:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    number = count(table)
    if number > LONGEST_SHEET:
        raise Invalid(
            "too_large_for_xlsx", f"“{table.name}” has more rows than a sheet of XLSX takes.", _USE_JSON_LINES
        )
    for place, row in enumerate(rows(table, for_cells=True), start=2):
        for name, value in row.items():
            made = cell(value)
            if isinstance(made, str) and (len(made) > LONGEST_CELL or ILLEGAL_CHARACTERS_RE.search(made)):
                raise Invalid(
                    "too_large_for_xlsx",
                    f"Row {place} of “{table.name}” has a text in “{name}” that a cell of XLSX does not take.",
                    _USE_JSON_LINES,
                )
    return number


def _xlsx_cell(value: object) -> str | int | bool | None:
    made = cell(value)
    return str(made) if isinstance(made, int) and abs(made) > _EXACT else made


def _headings(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.fits_a_cell]
