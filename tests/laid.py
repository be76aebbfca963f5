"""The desk of the tests, laid once by the services and put back row by row for every test after the first.

Laying it takes the services some hundred milliseconds, and thousands of tests begin with it. Rows are kept as the
database gave them; secrets are asked of the sandbox anew, so that the listener hears of them in every test.
"""

from __future__ import annotations

import sqlite3
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from tests.desk import Desk, make_desk
from valetkey.connectors import registry

OURS = ("audit", "timeline", "accounts", "register", "connectors", "authorizations")


@dataclass(frozen=True)
class Laid:
    """`tables`: name → columns and rows. `state` and `key`: the two files of the sandbox."""

    desk: Desk
    tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    state: bytes
    key: bytes


_LAID: dict[tuple[str, ...], Laid] = {}
"""By the keys that the rows are sealed with: one, but for a test that changes them first."""


def lay_desk(state: Path, settings: Any) -> Desk:
    """A desk as `make_desk` makes it. The database must hold none yet."""
    keys = tuple(settings.VALETKEY_KEYS)
    if keys not in _LAID:
        desk = make_desk(state, settings)
        bare = replace(desk, sandbox=None, seeded=None)  # type: ignore[arg-type]  # put in anew each time
        _LAID[keys] = Laid(deepcopy(bare), _tables(), _content(state), _key(state).read_bytes())
        return desk
    laid = _LAID[keys]
    settings.VALETKEY_SANDBOX_STATE = state
    _key(state).write_bytes(laid.key)
    _key(state).chmod(0o600)
    state.write_bytes(laid.state)
    with transaction.atomic():
        _put_back(laid.tables)
    sandbox = registry.platform("tiktok").sandbox(state)
    return replace(deepcopy(laid.desk), sandbox=sandbox, seeded=sandbox.seed())


def _tables() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    found = {}
    names = {model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models(True)}
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608  # names of our own models
            rows = cursor.fetchall()
            if rows:
                found[name] = ([column[0] for column in cursor.description or ()], rows)
    return found


def _put_back(tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    """As few statements as can be: each is a way to the server and back."""
    with connection.cursor() as cursor:
        for name, (columns, rows) in tables.items():
            marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO {name} ({', '.join(columns)}) VALUES {marks}", values)  # noqa: S608
        if connection.vendor == "postgresql":
            highest = [
                f"setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
                for name, (columns, _) in tables.items()
                if "id" in columns
            ]
            cursor.execute(f"SELECT {', '.join(highest)}")  # noqa: S608


def _content(state: Path) -> bytes:
    with sqlite3.connect(state) as rows:
        content = rows.serialize()
    rows.close()
    return content


def _key(state: Path) -> Path:
    return state.with_name(state.name + ".key")
