"""Write down everything the desk holds: complete, of one moment, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from valetkey.accounts.services import require_admin, require_reader
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Invalid
from valetkey.export.lines import Head, Writer
from valetkey.export.schema import Table, schema
from valetkey.export.services.sheets import write_folder, write_xlsx, write_zip
from valetkey.export.services.snapshot import rows, snapshot
from valetkey.export.services.whole import refuse_taken, whole
from valetkey.text import line


class Form(StrEnum):
    """JSON lines can be imported again; the others are for spreadsheets."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Exported:
    """`rows`: how many of each table."""

    target: Path
    form: Form
    rows: Mapping[str, int]


_BY_SUFFIX: Final = {".jsonl": Form.JSONL, ".xlsx": Form.XLSX, ".zip": Form.CSV, "": Form.CSV}


def form_of(target: Path) -> Form:
    """By the end of its name; a folder, or a .zip, gets CSV files. Raises Invalid for any other end."""
    form = _BY_SUFFIX.get(target.suffix.lower())
    if form is None:
        raise Invalid(
            "export_form",
            f"“{target.name}” does not say what is wanted.",
            "Let it end in .jsonl, .xlsx or .zip (of CSV files), or in nothing for a folder of CSV files.",
        )
    return form


def export(
    *, target: Path, form: Form, with_codes: bool = False, reason: str = "", actor: Actor, at: datetime
) -> Exported:
    """For the host, admins and auditors; codes for admins only, with a reason. The history says so before anything
    leaves. Refuses to write over what is there."""
    require_reader(actor)
    if with_codes:
        require_admin(actor)
    reason = line(reason, what="The reason for taking the codes along", longest=300, needed=with_codes)
    refuse_taken(target)
    detail: dict[str, object] = {"form": form.value, "with_codes": with_codes, "reason": reason}
    with writing(durable=True):
        record(event="desk.exported", subject="desk", actor=actor, at=at, detail=detail)
    with whole(target) as draft, snapshot():
        counts = _writer(form, target)(draft, schema(with_codes=with_codes), with_codes)
    return Exported(target, form, counts)


def _writer(form: Form, target: Path) -> Callable[[Path, tuple[Table, ...], bool], dict[str, int]]:
    if form is Form.CSV:
        return write_zip if target.suffix else write_folder
    return write_xlsx if form is Form.XLSX else _write_lines


def _write_lines(draft: Path, tables: tuple[Table, ...], with_codes: bool) -> dict[str, int]:
    counts = dict.fromkeys((table.name for table in tables), 0)
    with draft.open("wb") as stream:
        writer = Writer(stream)
        columns = {table.name: [column.name for column in table.columns] for table in tables}
        writer.head(Head(with_codes=with_codes, tables=columns))
        for table in tables:
            for row in rows(table):
                writer.row(table.name, row)
                counts[table.name] += 1
        writer.end()
    return counts
