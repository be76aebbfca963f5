"""The stage: a desk with the creator, the buyer, the desk admin, and the stranger, who must fail everywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.desk import Desk
from tests.laid import lay_desk
from tests.leaks import _no_secret_gets_out  # noqa: F401  # guards every test
from tests.settings import LEFT_BEHIND
from valetkey.audit import triggers

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in what a shell starts in the background: every command that a test starts would be deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_between_tests() -> Iterator[None]:
    """After a test that commits. The history refuses that, so its triggers step aside.

    Django would empty every table there is, and then write its content types and permissions anew: both take longer
    than most of these tests. Here those rows stay, and tables without a row are left alone.
    """

    def empty(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(None, editor)
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are asked at its end
            names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
            several = sorted(names - {"django_content_type", "auth_permission"})
            filled = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in several]  # noqa: S608  # models
            cursor.execute(" UNION ALL ".join(filled))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        with connection.schema_editor() as editor:
            triggers.install(None, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """No process of a test server, and no file beside pytest's own folder, outlives the tests."""
    yield
    assert not list(_children()), "a test left a process behind"
    left = [path.name for path in Path(LEFT_BEHIND).iterdir() if not path.name.startswith("pytest-of-")]
    assert not left, f"tests left files behind: {left}"


def _children() -> Iterator[str]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold spaces; state and parent follow it.
            state, parent, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(parent) == os.getpid() and state != "Z":
            yield stat.parent.name


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: object) -> Desk:
    """A desk connected to a fresh sandbox; everything a test writes is rolled back."""
    return lay_desk(tmp_path / "sandbox.sqlite3", settings)


@pytest.fixture
def committed_desk(transactional_db: None, tmp_path: Path, settings: object) -> Desk:
    """The same, with real commits: for threads and processes."""
    return lay_desk(tmp_path / "sandbox.sqlite3", settings)


@pytest.fixture(scope="session")
def started_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk of its own after its first start, which takes long: to be copied, never to be used itself.

    For tests of what comes later. Whatever a first start itself must do is tried from nothing.
    """
    home = tmp_path_factory.mktemp("started") / "desk"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
    subprocess.run(
        [sys.executable, "-m", "valetkey", "list"], env={**kept, "VALETKEY_HOME": str(home)}, capture_output=True,
        check=True,
    )  # fmt: skip
    return home
