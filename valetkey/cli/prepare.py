"""Before a command: the embedded form makes its own tables and brings them up to date by itself.

A server's tables are made by `valetkey migrate`, when somebody says so.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from valetkey.cli.answer import StorageFault
from valetkey.register.services import keep_all


def prepare_embedded() -> None:
    """Nothing is loaded but file names and one column, so that every start can afford the question."""
    if not settings.VALETKEY_IS_EMBEDDED:
        return
    wanted, applied = _migrations_of_program(), _migrations_of_desk()
    if wanted == applied:
        return
    if applied - wanted:
        raise StorageFault(
            "desk_is_newer",
            "This desk was written by a newer Valetkey than this one.",
            "Use that version again, or another VALETKEY_HOME.",
        )
    with _one_at_a_time():
        make_tables()


def make_tables() -> None:
    """Or bring them up to date. Rows from before there was a record of the past get their first line in it."""
    call_command("migrate", verbosity=0)
    keep_all(at=timezone.now())


@functools.cache
def _migrations_of_program() -> frozenset[tuple[str, str]]:
    return frozenset(
        (config.label, module.name)
        for config in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(config.path) / "migrations")])
        if module.name[0] not in "_~"
    )


def _migrations_of_desk() -> set[tuple[str, str]]:
    """Those of apps that are installed: an app that was taken out leaves its lines behind, and they hurt nobody."""
    if "django_migrations" not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        labels = {config.label for config in apps.get_app_configs()}
        return {(app, name) for app, name in cursor.fetchall() if app in labels}


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together must not both make the tables; the second finds them made."""
    with (Path(settings.VALETKEY_HOME) / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
