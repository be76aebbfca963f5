"""The stand-in's memory: one SQLite file that several threads and several processes may use at once.

Decides that a request is one transaction, whole or nothing, and that a state which cannot be written says so. Does not
know what is in it. Kept open between requests: opening SQLite anew costs ten times the request itself.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from valetkey.connectors.base import SandboxUnusable

from . import schema
from .sealing import KeyUnreadable, Seal, seal_for

_BUSY_SECONDS: Final = 20.0
_ABOUT_THE_FILE: Final = frozenset(
    (
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    )
)


class StateUnusable(SandboxUnusable):
    """The state could not be read or written; nothing of the request was kept. The message is fit to show."""


class State:
    """One state file. Cheap to make: it opens nothing until the first transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own: _OfThisProcess | None = None
        self._making = threading.Lock()

    def seal(self) -> Seal:
        return self._of_this_process().seal

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE … COMMIT, and ROLLBACK whatever is raised. StateUnusable when SQLite cannot go on."""
        own = self._of_this_process()
        # One writer at a time is SQLite's rule anyway; waiting here is fair, its own busy loop sleeps and is not.
        with own.turn, _spoken(self.path):
            connection = own.take(self.path)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                own.drop(connection)
                raise
            own.give_back(connection)

    def erase(self, rows: sqlite3.Connection) -> None:
        """Empty every table, inside the caller's transaction."""
        rows.execute("PRAGMA defer_foreign_keys = ON")
        for table in schema.TABLE_NAMES:
            rows.execute(f"DELETE FROM {table}")  # noqa: S608  names out of our own schema

    def close(self) -> None:
        with self._making:
            own, self._own = self._own, None
        if own is not None and own.pid == os.getpid():
            own.close()

    def _of_this_process(self) -> _OfThisProcess:
        own = self._own
        if own is None or own.pid != os.getpid():
            own = self._begin_here()
        return own

    def _begin_here(self) -> _OfThisProcess:
        with self._making:
            if self._own is None or self._own.pid != os.getpid():
                if self._own is not None:
                    # SQLite forbids closing what was opened before a fork: the parent's locks would go with it.
                    _LEFT_OPEN.append(self._own)
                with _spoken(self.path):
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._own = _OfThisProcess(seal_for(self.path))
            return self._own


class _OfThisProcess:
    """What must not cross a fork: connections, the lock around them, and the key read for them."""

    def __init__(self, seal: Seal) -> None:
        self.pid = os.getpid()
        self.seal = seal
        self.turn = threading.Lock()
        self._idle: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def take(self, path: Path) -> sqlite3.Connection:
        connection, self._idle = self._idle, None
        if connection is not None and self._file == _file_of(path):
            return connection
        if connection is not None:
            connection.close()  # somebody deleted or replaced the file under us
        return self._opened(path)

    def give_back(self, connection: sqlite3.Connection) -> None:
        self._idle = connection

    def drop(self, connection: sqlite3.Connection) -> None:
        """After a failure: roll back and keep the connection, or throw it away when even that fails."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
        else:
            self.give_back(connection)

    def close(self) -> None:
        with self.turn:
            if self._idle is not None:
                self._idle.close()
            self._idle = None

    def _opened(self, path: Path) -> sqlite3.Connection:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = _open(path)
        self._file = _file_of(path)
        return connection


_LEFT_OPEN: Final[list[_OfThisProcess]] = []


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # Survives kill -9 of the process; a power cut may lose the last requests, never the file's sense.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _build(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _build(connection: sqlite3.Connection) -> None:
    if _version(connection) == schema.VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    if (found := _version(connection)) == 0:
        for statement in schema.TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    elif found != schema.VERSION:
        raise StateUnusable("The sandbox's state was made by another version of Valetkey; delete it to begin again.")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _file_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextlib.contextmanager
def _spoken(path: Path) -> Iterator[None]:
    """SQLite's and the system's faults, in one sentence each. A mistake in our own SQL stays what it is."""
    try:
        yield
    except (KeyUnreadable, OSError) as fault:
        why = str(fault) if isinstance(fault, KeyUnreadable) else fault.strerror or type(fault).__name__
        raise StateUnusable(f"The sandbox's state at {path} cannot be opened: {why}") from None
    except sqlite3.DatabaseError as fault:
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF not in _ABOUT_THE_FILE:
            raise
        raise StateUnusable(f"The sandbox's state cannot be read or written, nothing was kept: {fault}") from None
