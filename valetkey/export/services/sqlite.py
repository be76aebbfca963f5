"""Copy a SQLite file while it is in use, and put a copy back: by SQLite's own online backup, never by copying files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from valetkey.errors import Conflict, Invalid

_SECONDS = 20


def copy(source: Path, target: Path) -> None:
    """Whole and of one moment, whatever others write meanwhile; what the target held is replaced in one step.

    Raises Conflict where others do not let go of one of them, Invalid where the source is damaged.
    """
    try:
        with _opened(source) as rows, closing(sqlite3.connect(target, timeout=_SECONDS)) as made:
            rows.backup(made)
    except sqlite3.OperationalError as fault:
        raise Conflict(
            "database_busy", f"SQLite could not copy {source.name}: {fault}.", "Stop the desk, then repeat."
        ) from None
    except sqlite3.DatabaseError:
        raise _unusable(source) from None


def check(path: Path) -> None:
    """Raises Invalid where SQLite finds the file damaged."""
    try:
        with _opened(path) as rows:
            (verdict,) = rows.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        verdict = "damaged"
    if verdict != "ok":
        raise _unusable(path)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_SECONDS)) as rows:
        yield rows


def _unusable(path: Path) -> Invalid:
    return Invalid("database_damaged", f"SQLite finds {path.name} damaged.", "Use an earlier backup.")
