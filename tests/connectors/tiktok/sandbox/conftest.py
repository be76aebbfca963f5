"""A seeded stand-in for every test, on a state file of its own, its clock stopped at one instant."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.tiktok.sandbox.caller import AT, Caller
from valetkey.connectors.tiktok.sandbox import Sandbox


@pytest.fixture(scope="session")
def _seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeded once and copied: seeding waits for the disk."""
    state = tmp_path_factory.mktemp("seeded") / "sandbox.sqlite3"
    sandbox = Sandbox(state)
    sandbox.set_clock(AT)
    sandbox.seed()
    sandbox.close()
    return state


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where a state would be; nothing is there yet."""
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "sandbox.sqlite3"


@pytest.fixture
def caller(_seeded: Path, state: Path) -> Iterator[Caller]:
    for file in _seeded.parent.iterdir():
        shutil.copy(file, state.parent / file.name)
    sandbox = Sandbox(state)
    yield Caller(sandbox, state)
    sandbox.close()
