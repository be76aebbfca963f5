"""Put a backup back: checked before anything is touched, brought up to date, and its history verified after."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, models
from django.db.migrations.loader import MigrationLoader

from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.audit.services import Verdict, record, verify, writing
from valetkey.errors import Conflict, Invalid
from valetkey.export.schema import exported
from valetkey.export.services import postgresql, sqlite
from valetkey.export.services.archive import Contents, unpack
from valetkey.export.services.backup import DATABASE, SANDBOX, SANDBOX_KEY

_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """`verdict`: of the history as it was put back."""

    made_at: datetime
    verdict: Verdict


def restore(*, source: Path, replace: bool = False, actor: Actor, at: datetime) -> Restored:
    """For the desk admin and the host. Refuses a desk that holds something, unless that is to be replaced; a backup
    that is not whole, of other keys, of another kind of database or of a newer version. Others must not use the desk
    meanwhile."""
    require_admin(actor)
    if not source.is_file():
        raise Invalid("no_such_file", f"There is no file {source}.", "Look at its name and folder.")
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not replace and _holds_something():
        raise Conflict(
            "desk_holds_something",
            "This desk holds something already.",
            "Put the backup back into a new desk, or say that what is here is to be replaced.",
        )
    with tempfile.TemporaryDirectory(prefix="valetkey-restore-") as made:
        folder = Path(made)
        contents = unpack(source, folder)
        _refuse_foreign(contents)
        _load(folder)
        _load_sandbox(folder)
    call_command("migrate", verbosity=0)
    verdict = verify(known_head=contents.head)
    with writing(durable=True):
        detail: dict[str, object] = {"file": source.name, "made_at": contents.made_at, "entries": verdict.entries}
        record(event="desk.restored", subject="desk", actor=actor, at=at, detail=detail)
    return Restored(contents.at, verdict)


def _holds_something() -> bool:
    there = set(connection.introspection.table_names())
    candidates: list[type[models.Model]] = [Entry, *exported()]
    return any(model._meta.db_table in there and model._base_manager.exists() for model in candidates)


def _refuse_foreign(contents: Contents) -> None:
    if contents.database != connection.vendor:
        raise Conflict(
            "backup_of_other_database",
            f"This backup is of {_NAMES[contents.database]}, and this desk uses {_NAMES[connection.vendor]}.",
            "To change the kind of database, export JSON lines and import them into the new desk.",
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    ours = {name.partition(".")[0] for name in known}
    if any(name not in known for name in contents.migrations if name.partition(".")[0] in ours):
        raise Conflict(
            "backup_is_newer", "This backup is of a newer Valetkey than this one.", "Use that version, then repeat."
        )


def _load(folder: Path) -> None:
    part = folder / DATABASE[connection.vendor]
    if connection.vendor == "postgresql":
        postgresql.load(part)
        return
    sqlite.check(part)
    connections.close_all()
    sqlite.copy(part, Path(connection.settings_dict["NAME"]))


def _load_sandbox(folder: Path) -> None:
    if not (folder / SANDBOX).exists():
        return
    state = Path(settings.VALETKEY_SANDBOX_STATE)
    state.parent.mkdir(parents=True, exist_ok=True)
    sqlite.copy(folder / SANDBOX, state)
    if (folder / SANDBOX_KEY).exists():
        key = state.with_name(f"{state.name}.key")
        aside = key.with_name(f"{key.name}.restored")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write((folder / SANDBOX_KEY).read_bytes())
        aside.replace(key)
