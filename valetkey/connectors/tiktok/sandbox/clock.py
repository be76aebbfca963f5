"""The stand-in's own clock: real time, or stopped where a test wants it.

Decides what "now" is for every rule; ends, tokens and codes derive from it, nothing is run at an instant. It is kept in
the state, so all processes on one state agree.
"""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Far enough before the last year Python knows that a year's token or code still has an end."""
_MICROSECOND: Final = timedelta(microseconds=1)


def now(rows: sqlite3.Connection) -> datetime:
    return _EPOCH + _MICROSECOND * _microseconds(rows)


def seconds(rows: sqlite3.Connection) -> int:
    """Now in whole Unix seconds, the resolution of TikTok's wire."""
    return _microseconds(rows) // 1_000_000


def instant(unix_seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=unix_seconds)


def parse(text: str) -> datetime:
    """ValueError, without the text, for anything but ISO 8601."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("The clock needs an instant with a zone, such as 2026-11-22T10:00:00Z.")


def stop_at(rows: sqlite3.Connection, at: datetime) -> None:
    """ValueError for an instant without a zone, and outside of 1970 to 9000."""
    if at.utcoffset() is None:
        raise ValueError("The clock needs an instant with a zone, such as 2026-11-22T10:00:00Z.")
    if not _EPOCH <= at <= _LATEST:
        raise ValueError("The clock goes from 1970 to the year 9000.")
    _keep(rows, stopped_at=(at - _EPOCH) // _MICROSECOND, ahead=0)


def advance(rows: sqlite3.Connection, by_seconds: float) -> None:
    """A stopped clock stays stopped, further on; a running one runs on. ValueError outside of 1970 to 9000."""
    try:
        by = int(by_seconds * 1_000_000)
    except (OverflowError, ValueError):
        by = -1 << 63
    if not 0 <= _microseconds(rows) + by <= (_LATEST - _EPOCH) // _MICROSECOND:
        raise ValueError("The clock goes from 1970 to the year 9000.")
    stopped_at, ahead = _kept(rows)
    if stopped_at is None:
        _keep(rows, stopped_at=None, ahead=ahead + by)
    else:
        _keep(rows, stopped_at=stopped_at + by, ahead=0)


def run(rows: sqlite3.Connection) -> None:
    """Back to real time."""
    _keep(rows, stopped_at=None, ahead=0)


def is_stopped(rows: sqlite3.Connection) -> bool:
    return _kept(rows)[0] is not None


def _microseconds(rows: sqlite3.Connection) -> int:
    stopped_at, ahead = _kept(rows)
    return time.time_ns() // 1000 + ahead if stopped_at is None else stopped_at


def _kept(rows: sqlite3.Connection) -> tuple[int | None, int]:
    row = rows.execute("SELECT stopped_at, ahead FROM clock").fetchone()
    return (row["stopped_at"], row["ahead"]) if row else (None, 0)


def _keep(rows: sqlite3.Connection, *, stopped_at: int | None, ahead: int) -> None:
    rows.execute("INSERT OR REPLACE INTO clock (only, stopped_at, ahead) VALUES (1, ?, ?)", (stopped_at, ahead))
