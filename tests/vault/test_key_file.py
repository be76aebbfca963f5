"""The key file of an embedded desk: made once, for its owner only, and the same for all who start together."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from valetkey.vault import new_key, read_or_make_key_file

START = """
import sys, time, pathlib
from valetkey.vault.keyring import read_or_make_key_file
path, go = map(pathlib.Path, sys.argv[1:])
print("ready", flush=True)
while not go.exists():
    time.sleep(0.0005)
print(*read_or_make_key_file(path))
"""


def test_a_missing_file_is_made_with_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys"
    keys = read_or_make_key_file(path)
    assert len(keys) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["keys"], "no draft is left behind"


def test_a_file_that_is_there_is_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    newest, oldest = new_key(), new_key()
    path.write_text(f"{newest}\n{oldest}\n")
    assert read_or_make_key_file(path) == [newest, oldest]
    assert path.read_text() == f"{newest}\n{oldest}\n"


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    """The file was made empty and filled afterwards: a second process could read it in between and had no key."""
    for attempt in range(4):
        path, go = tmp_path / f"{attempt}" / "keys", tmp_path / f"go{attempt}"
        starting = [
            subprocess.Popen([sys.executable, "-c", START, path, go], stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in starting:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        go.touch()
        found = {process.communicate(timeout=20)[0].strip() for process in starting}
        assert found == {path.read_text().strip()} and "" not in found
        assert [each.name for each in path.parent.iterdir()] == ["keys"]


def test_somebody_who_looks_in_the_middle_never_sees_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    seen: list[bool] = []
    real = os.fsync

    def look(descriptor: int) -> None:
        seen.append(path.exists())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    read_or_make_key_file(path)
    assert seen == [False]
