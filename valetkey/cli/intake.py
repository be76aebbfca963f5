"""Sheets that people have: `valetkey intake` tries them, carries them out, and takes back what they brought."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.errors import Invalid
from valetkey.intake import services
from valetkey.intake.models import Batch
from valetkey.intake.sheet import MOST_BYTES
from valetkey.intake.verdict import Verdict

Reference = Annotated[str, typer.Argument(metavar="SHEET", help="Its reference, as `intake list` shows it.")]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="What a column is, by its name or number; empty leaves it out."),
]
DayFirst = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="How days as 03/05/2026 are meant; left out, they are asked about."),
]


def try_sheet(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, tab-separated text, or XLSX.")],
    party: Annotated[str, typer.Option("--party", help="Onto whose record.")],
    mapping: Mapped = None,
    day_first: DayFirst = None,
) -> None:
    """Look what each row would do. Nothing is written but the try itself."""
    actor = SESSION.actor()
    row = services.try_sheet(
        kept_by=find_party(name=party, actor=actor),
        content=_content(source),
        name=source.name,
        mapping=_mapping(mapping),
        day_first=day_first,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def columns(reference: Reference, mapping: Mapped = None, day_first: DayFirst = None) -> None:
    """Say what columns are. The rows are judged anew, and the next sheet with these columns is read so."""
    row = _find(reference)
    day_first = row.day_first if day_first is None else day_first
    _show(
        services.map_columns(
            batch=row, mapping=_mapping(mapping), day_first=day_first, actor=SESSION.actor(), at=SESSION.at()
        )
    )


def list_sheets() -> None:
    """The sheets you can see, the last one first."""
    rows = list(services.batches(actor=SESSION.actor()))
    SESSION.show(
        [_values(row) for row in rows],
        table(
            ("Reference", "Sheet", "Record of", "Tried", "Rows", "State"),
            [(row.reference, row.name, row.kept_by, row.tried_at.date(), _counted(row), row.state) for row in rows],
            empty="No sheet was tried yet. `valetkey intake try FILE --party NAME` tries one.",
        ),
    )


def show(
    reference: Reference,
    verdict: Annotated[Verdict | None, typer.Option("--verdict", help="Only the rows of this one.")] = None,
) -> None:
    """Every row with its verdict and the reason."""
    _show(_find(reference), verdict)


def carry_out(reference: Reference) -> None:
    """Do what the rows say: all of them that do something, or none."""
    _show(services.carry_out(batch=_find(reference), actor=SESSION.actor(), at=SESSION.at()))


def undo(reference: Reference) -> None:
    """Take back what it brought, as long as nobody has touched any of it since."""
    _show(services.undo(batch=_find(reference), actor=SESSION.actor(), at=SESSION.at()))


def rejected(reference: Reference) -> None:
    """The rows that were not done, as CSV with the reasons, to be put right and tried again."""
    text = services.rejected(batch=_find(reference))
    if SESSION.is_json:
        SESSION.show({"csv": text})
    else:
        sys.stdout.write(text)


def _find(reference: str) -> Batch:
    return services.find_batch(text=reference, actor=SESSION.actor())


def _content(source: Path) -> bytes:
    """No more of it than fits: whether that is too much is said by the service."""
    if not source.is_file():
        raise Invalid("no_such_file", f"There is no file {source}.", "Look at its name and folder.")
    with source.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _mapping(told: list[str] | None) -> dict[str, str]:
    found = {}
    for each in told or []:
        column, sign, field = each.rpartition("=")
        if not sign:
            raise Invalid("no_mapping", f"“{each}” does not say what a column is.", "Write it as COLUMN=FIELD.")
        found[column] = field
    return found


def _counted(row: Batch) -> str:
    return ", ".join(f"{count} {name}" for name, count in row.counted)


def _values(row: Batch) -> dict[str, Any]:
    columns = [{"column": name, "says": field} for name, field in zip(row.header, row.mapping, strict=True)]
    return {
        "reference": row.reference, "name": row.name, "kept_by": row.kept_by.name, "state": row.state,
        "counts": row.counts, "columns": columns, "told": row.told, "tried_at": row.tried_at, "done_at": row.done_at,
        "undone_at": row.undone_at,
    }  # fmt: skip


def _show(row: Batch, verdict: Verdict | None = None) -> None:
    rows = list(services.rows(batch=row, verdict=verdict))
    columns = [f"{name or '-'} = {field or 'left out'}" for name, field in zip(row.header, row.mapping, strict=True)]
    about = [("record of", row.kept_by.name), ("state", row.state), ("rows", _counted(row))]
    about.append(("columns", "; ".join(columns)))
    parts: list[RenderableType] = [Text(f"{row.reference}  {row.name}"), facts(about)]
    parts += [Text(told) for told in row.told]
    SESSION.show(
        {
            **_values(row),
            "rows": [{"row": each.number, "verdict": each.verdict, "reason": each.reason} for each in rows],
        },
        *parts,
        table(
            ("Row", "Verdict", "Reason"),
            [(each.number, each.verdict, each.reason) for each in rows],
            empty="No row is of that verdict.",
        ),
    )
