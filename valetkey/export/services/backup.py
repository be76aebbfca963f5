"""Make a backup of the whole desk, in use as it is: its database, and the sandbox's state where there is one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.export.services import postgresql, sqlite
from valetkey.export.services.archive import Contents, pack
from valetkey.export.services.snapshot import snapshot
from valetkey.export.services.whole import refuse_taken, whole

DATABASE = {"sqlite": "desk.sqlite3", "postgresql": "desk.dump"}
SANDBOX = "sandbox.sqlite3"
SANDBOX_KEY = "sandbox.sqlite3.key"


@dataclass(frozen=True)
class BackedUp:
    """`head`: the history's last digest, which also proves that nothing was cut off later."""

    target: Path
    size: int
    entries: int
    head: str


def backup(*, target: Path, actor: Actor, at: datetime) -> BackedUp:
    """For the desk admin and the host. The keys of the desk are not in it, and without them it opens nothing.

    Refuses to write over what is there.
    """
    require_admin(actor)
    refuse_taken(target)
    with writing(durable=True):
        record(event="desk.backed_up", subject="desk", actor=actor, at=at, detail={"file": target.name})
    with whole(target) as draft, tempfile.TemporaryDirectory(prefix=".parts-", dir=draft.parent) as made:
        folder = Path(made)
        contents = _dump(folder, at)
        _copy_sandbox(folder)
        pack(draft, folder, contents)
    return BackedUp(target, target.stat().st_size, contents.entries, contents.head)


def _dump(folder: Path, at: datetime) -> Contents:
    part = folder / DATABASE[connection.vendor]
    with snapshot():
        last = Entry.objects.order_by("-seq").values_list("seq", "digest").first() or (0, "")
        migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_export_snapshot()")
                postgresql.dump(part, snapshot=cursor.fetchone()[0])
    if connection.vendor == "sqlite":
        # After the look above: what is written in between is in the copy, and the head is still in its history.
        sqlite.copy(Path(connection.settings_dict["NAME"]), part)
    made_at = at.astimezone(UTC).isoformat(timespec="seconds")
    return Contents(connection.vendor, made_at, migrations, entries=last[0], head=last[1], parts={})


def _copy_sandbox(folder: Path) -> None:
    """With the key of its own, which opens nothing but this stand-in."""
    state = Path(settings.VALETKEY_SANDBOX_STATE)
    if not state.exists():
        return
    sqlite.copy(state, folder / SANDBOX)
    key = state.with_name(f"{state.name}.key")
    if key.exists():
        (folder / SANDBOX_KEY).write_bytes(key.read_bytes())
