"""Everything out and back in: exports, the import into an empty desk, backups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from valetkey.cli.answer import BROKEN
from valetkey.cli.session import SESSION
from valetkey.errors import Invalid
from valetkey.export import services
from valetkey.export.services import form_of


def export(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="desk.jsonl, desk.xlsx, desk.zip (of CSV files), or a new folder.")
    ],
    with_codes: Annotated[
        bool, typer.Option("--with-codes", help="Take the codes along, readable by anybody who reads the file.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why the codes go along; the history keeps it.")] = "",
) -> None:
    """Write down everything the desk holds, complete or not at all. JSON lines can be imported again."""
    made = services.export(
        target=target,
        form=form_of(target),
        with_codes=with_codes,
        reason=reason,
        actor=SESSION.actor(),
        at=SESSION.at(),
    )
    rows = sum(made.rows.values())
    lines = [Text(f"{rows} rows of {len(made.rows)} tables are in {made.target}.")]
    if with_codes:
        lines.append(
            Text("It holds codes: whoever reads it can use them. Keep it like a key, and not longer than needed.")
        )
    SESSION.show({"target": str(made.target), "form": made.form.value, "rows": dict(made.rows)}, *lines)


def import_all(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What `export` wrote as JSON lines.")],
) -> None:
    """Fill an empty desk from an export: everything or nothing."""
    if not source.is_file():
        raise Invalid("no_such_file", f"There is no file {source}.", "Look at its name and folder.")
    with source.open("rb") as stream:
        counts = services.import_all(stream=stream, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(
        {"rows": counts},
        Text(f"{sum(counts.values())} rows of {len(counts)} tables are in this desk."),
        "Passwords, second factors, tokens, connections and links are not in an export: they are made anew.",
    )


def backup(target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, as desk.backup.")]) -> None:
    """Copy the whole desk into one file, while it is in use. The keys are not in it."""
    made = services.backup(target=target, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(
        {"target": str(made.target), "bytes": made.size, "entries": made.entries, "head": made.head},
        Text(f"{made.target}: {made.size} bytes, with a history of {made.entries} entries."),
        f"head {made.head}",
        "The keys of the desk are not in it. Keep a copy of them elsewhere: without them no backup can be put back.",
    )


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up what this desk holds now; it cannot be had back.")
    ] = False,
) -> None:
    """Put a backup back into an empty desk, and verify its history."""
    made = services.restore(source=source, replace=replace, actor=SESSION.actor(), at=SESSION.at())
    verdict = made.verdict
    values = {"made_at": made.made_at, "holds": verdict.holds, "entries": verdict.entries, "head": verdict.head}
    said = Text(f"The desk is as it was when the backup was made, {made.made_at:%Y-%m-%d %H:%M} UTC.")
    if verdict.holds:
        SESSION.show(values, said, f"{verdict.entries} entries of its history, every one as it was written.")
        return
    SESSION.show({**values, "fault": verdict.fault}, said, Text(f"Its history does not hold. {verdict.fault}"))
    raise typer.Exit(BROKEN)
