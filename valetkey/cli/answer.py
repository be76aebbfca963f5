"""What a command says: lines and tables for people, one JSON document for programs, a refusal for both.

Decides how a fault of any kind becomes a sentence and an exit code. Knows no models, so that it can also speak when the
settings are wrong or the database is gone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, Error, IntegrityError
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from valetkey.cli.hints import next_step
from valetkey.connectors.base import SandboxUnusable
from valetkey.errors import Invalid, Refused
from valetkey.guides.library import BrokenGuide
from valetkey.secret import Secret
from valetkey.text import visible
from valetkey.vault.keyring import KeyMissing

BROKEN: Final = 1
"""`audit verify`, `audit export`: the history does not hold. `guides check`: a guide has a fault.
`worker status`: something needs a look. `simulate`: something was not told in time, or told twice."""
STORAGE: Final = 9
"""The desk's own files, database, keys or settings cannot be used."""
FAULT: Final = 10
"""A mistake of Valetkey itself."""
INTERRUPTED: Final = 130
UNREAD: Final = 141
"""Whatever read our output stopped reading, as `head` does."""

# Typer keeps its own copy of click and shows only this one of its errors; what it derives from is "wrong usage".
UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]

_NO_SUCH_TABLE: Final = frozenset({"42P01", "42703"})
"""PostgreSQL's words for a table or a column that is not there."""
_PIPE_WIDTH: Final = 10_000
"""Nothing is wrapped for a program that reads lines."""
_LABELS: Final = 12


class StorageFault(Refused):
    exit_code = STORAGE


class OwnFault(Refused):
    exit_code = FAULT


class Interrupted(Refused):
    exit_code = INTERRUPTED


def document(result: object) -> None:
    """One JSON document on standard output."""
    knows_unicode = "utf" in (sys.stdout.encoding or "utf-8").lower()
    text = json.dumps(result, indent=2, default=_plain, ensure_ascii=not knows_unicode)
    sys.stdout.write(text + "\n")


def lines(*parts: RenderableType) -> None:
    """Lines with rich's markup, and tables. Wrapped at the terminal's width, and never when a program reads them."""
    is_terminal = sys.stdout.isatty()
    console = Console(highlight=False, emoji=False, width=None if is_terminal else _PIPE_WIDTH)
    with console.capture() as captured:
        for part in parts:
            if isinstance(part, str):
                console.print(visible(part), soft_wrap=True)
            else:
                console.print(part)
    for line in captured.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> RenderableType:
    """Aligned columns; a long cell is folded, never cut. Cells are taken as they are: markup in them means nothing."""
    if not rows:
        return Text(empty)
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    return made


def facts(pairs: Sequence[tuple[str, str]]) -> RenderableType:
    """A label and what it says, a line each; what it says is folded beside its label."""
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True, min_width=_LABELS)
    made.add_column(overflow="fold")
    for label, value in pairs:
        made.add_row(Text(f"  {label}"), _cell(value))
    return made


def refuse(refused: Refused, *, is_json: bool) -> int:
    """Says no: as a document, or as a sentence and the next step on standard error. Answers with the exit code."""
    step = next_step(refused)
    if is_json:
        told = {"code": refused.code, "sentence": refused.sentence, "next_step": step}
        document({"refused": told})
        sys.stdout.flush()
    else:
        sys.stderr.write(visible(refused.sentence) + "\n")
        if step:
            sys.stderr.write(f"→ {visible(step)}\n")
        sys.stderr.flush()
    return refused.exit_code


def refusal_of(fault: BaseException) -> Refused:
    """Any fault as a refusal. The text of a foreign exception is told only where it cannot hold a secret."""
    match fault:
        case Refused():
            return fault
        case UsageError():
            return _usage(fault)
        case typer.Abort() | KeyboardInterrupt() | EOFError():
            return Interrupted("interrupted", "Stopped.", "What was not said to be done was not done.")
        case KeyMissing():
            step = "Set VALETKEY_KEYS (or the file `keys` in VALETKEY_HOME) to the keys this desk was written with."
            return StorageFault("key_missing", "A secret of this desk cannot be opened: its key is missing.", step)
        case SandboxUnusable():
            return StorageFault("sandbox_unusable", _sentence(fault), "Look at free space and rights of that folder.")
        case BrokenGuide():
            return StorageFault("broken_guide", str(fault), "`valetkey guides check` lists every fault.")
        case ImproperlyConfigured():
            return StorageFault("settings", f"A setting cannot be used: {fault}", "docs/settings.md has every setting.")
        case IntegrityError() | DataError():
            return _own(fault)
        case Error() if getattr(fault.__cause__, "sqlstate", "") in _NO_SUCH_TABLE or "no such table" in str(fault):
            return StorageFault(
                "no_tables", "The desk's tables are missing or not up to date.", "Run `valetkey migrate`."
            )
        case Error():
            return StorageFault(
                "storage",
                f"The desk's database cannot be used: {_sentence(fault)}",
                "Look at its server or file, free space and rights; nothing half-done was kept.",
            )
        case OSError():
            return StorageFault(
                "storage",
                f"The desk cannot read or write its own files: {_of_file(fault)}",
                "Look at free space and rights there, VALETKEY_HOME above all; nothing half-done was kept.",
            )
    return _own(fault)


def unread() -> int:
    """Nobody reads standard output any more: say nothing more there, not even while the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def _usage(fault: Exception) -> Refused:
    context = getattr(fault, "ctx", None)
    path = context.command_path if context is not None else "valetkey"
    # Choices are told on lines of their own; a refusal is one sentence.
    text = " ".join(fault.format_message().split())  # type: ignore[attr-defined]
    return Invalid("usage", text if text.endswith((".", "?")) else f"{text}.", f"`{path} --help` shows how.")


def _own(fault: BaseException) -> Refused:
    # Where, not what: the text of a foreign exception may quote a code.
    place, trace = "", fault.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "valetkey" in file.parts:
            place = f" at {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return OwnFault(
        "own_fault",
        f"Valetkey made a mistake: {type(fault).__name__}{place}. Nothing half-done was kept.",
        "`valetkey check` or `show` tells what holds. Please report the line above; it holds no secret.",
    )


def _sentence(fault: BaseException) -> str:
    """The first line of what it says, as a sentence."""
    said = str(fault).strip().partition("\n")[0]
    return f"{(said or type(fault).__name__).rstrip('.')}."


def _of_file(fault: OSError) -> str:
    why = fault.strerror or type(fault).__name__
    return f"{fault.filename}: {why}." if fault.filename else f"{why}."


def _cell(value: object) -> Text:
    """One line of text, whatever it holds."""
    return Text(visible(" ".join(str("" if value is None else value).split())))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Secret):
        return value.masked()
    return str(value)
