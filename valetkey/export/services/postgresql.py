"""Copy a PostgreSQL database by its own programs, and put a copy back in one transaction.

Who connects, where and with which password goes by the environment: a command line is seen by everybody on the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any, Final

from django.apps import apps
from django.db import connection

from valetkey.errors import Conflict, Invalid

_BY_ENVIRONMENT: Final = {
    "HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE",
}  # fmt: skip
_OPTIONS: Final = {
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "service": "PGSERVICE", "passfile": "PGPASSFILE", "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip
_WAIT: Final = "-c lock_timeout=60s"
"""For whoever still uses the tables; then it is given up, and nothing is changed."""


def dump(target: Path, *, snapshot: str) -> None:
    """The database as it is in that snapshot, which a transaction of the caller's holds."""
    _run([_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
          f"--file={target}"])  # fmt: skip


def load(source: Path) -> None:
    """In place of the desk's tables: all of it or nothing. Tables of others, that it does not have, stay."""
    script = source.with_suffix(".sql")
    with script.open("xb") as made:
        made.write(_without_the_desk().encode())
        made.flush()
        _run([_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-",
              str(source)], output=made)  # fmt: skip
    connection.close()
    _run([_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
          "--output=/dev/null", f"--file={script}"])  # fmt: skip


def _without_the_desk() -> str:
    """Tables of today that the backup may not have: left standing, they would be in the way of the next migration."""
    there = set(connection.introspection.table_names())
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} & there
    return "".join(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE;\n" for name in sorted(ours))


def _program(name: str) -> str:
    """The newest of this machine: a program older than the server refuses."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise Conflict(
            "no_postgresql_programs",
            f"The program {name} of PostgreSQL is not on this machine.",
            "Install PostgreSQL's client programs, of the server's version or newer, then repeat.",
        )
    return found


def _run(command: list[str], *, output: IO[bytes] | None = None) -> None:
    ran = subprocess.run(  # noqa: S603  # programs of PostgreSQL, with arguments of our own making
        command, env=_environment(), stdin=subprocess.DEVNULL, stdout=output or subprocess.PIPE, stderr=subprocess.PIPE
    )
    if ran.returncode:
        said = next(iter(ran.stderr.decode(errors="replace").splitlines()), "")
        raise Invalid(
            "postgresql_refused",
            f"{Path(command[0]).name} did not succeed: {said.removeprefix('psql:')}",
            "Nothing was changed. Stop the desk if others use its tables, look at the server, then repeat.",
        )


def _environment() -> dict[str, str]:
    settings: dict[str, Any] = connection.settings_dict
    made = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    made |= {_BY_ENVIRONMENT[name]: str(settings[name]) for name in _BY_ENVIRONMENT if settings.get(name)}
    options = settings.get("OPTIONS") or {}
    made |= {_OPTIONS[name]: str(options[name]) for name in _OPTIONS if options.get(name)}
    return {**made, "PGOPTIONS": _WAIT, "PGCLIENTENCODING": "UTF8"}
