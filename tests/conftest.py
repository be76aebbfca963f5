"""The stage: a desk with the creator, the buyer, the desk admin, and the stranger, who must fail everywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.desk import Desk
from tests.laid import lay_desk
from tests.leaks import _no_secret_gets_out  # noqa: F401  # guards every test
from tests.settings import LEFT_BEHIND
from valetkey.audit import triggers


@pytest.fixture(scope="session", autouse=True)
def _history_can_be_emptied_between_tests() -> Iterator[None]:
    """Between tests that commit, every table is emptied; the history refuses that, so its triggers step aside."""
    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(None, editor)
        teardown(self)
        with connection.schema_editor() as editor:
            triggers.install(None, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
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
