"""A state that cannot be written: the call is rolled back whole and says so, and afterwards all goes on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.connectors.tiktok.sandbox import state as sandbox_state
from valetkey.connectors.tiktok.sandbox.state import StateUnusable


def test_sqlites_own_full_disk_rolls_back_whole(caller: Caller, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = caller.code_of()
    opened = sandbox_state._open

    def small(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sandbox_state, "_open", small)
    caller.sandbox.close()
    seen = [caller.switch_on("public_two", authorization_days=7)]
    while seen[-1].code == 0 and len(seen) < 500:
        caller.switch(setting_on_again="new_code") if len(seen) == 1 else None
        before = caller.status("public_two").told
        seen.append(caller.switch_on("public_two", authorization_days=7))
    reply = seen[-1]
    assert (reply.status, reply.code) == ("200 OK", 50000)
    assert "database or disk is full" in reply.message
    assert caller.status("public_two").told == before
    monkeypatch.setattr(sandbox_state, "_open", opened)
    caller.sandbox.close()
    assert caller.authorize(code).code == 0


_LIMITED = """
    import resource, signal, sys
    from pathlib import Path
    from tests.connectors.tiktok.sandbox.caller import Caller
    from valetkey.connectors.tiktok.sandbox import Sandbox

    state = Path(sys.argv[1])
    caller = Caller(Sandbox(state), state)
    caller.switch(setting_on_again="new_code")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    wal = state.with_name(state.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 60_000, resource.RLIM_INFINITY))
    before, reply = None, caller.switch_on()
    for _ in range(500):
        if reply.code:
            break
        before = caller.status().told
        reply = caller.switch_on()
    after = caller.status()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert reply.code == 50000, reply.body
    assert "nothing was kept" in reply.message, reply.message
    assert caller.status().told == before, (before, after.body)
    assert caller.switch_on().code == 0
    print("whole")
"""


def test_a_file_that_may_not_grow_rolls_back_whole(state: Path) -> None:
    """The system's own limit, in a process of its own: a real write fails, not one we made up."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_LIMITED), str(state)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[4],
    )
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


def test_a_state_that_may_only_be_read_says_so(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sandbox_state._open

    def read_only(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.execute("PRAGMA query_only = ON")  # holds for root too, unlike the file's mode
        return connection

    monkeypatch.setattr(sandbox_state, "_open", read_only)
    caller.sandbox.close()
    reply = caller.switch_on()
    assert (reply.status, reply.code) == ("200 OK", 50000)
    assert "readonly" in reply.message


def test_a_state_in_a_place_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateUnusable, match="cannot be opened"):
        Sandbox(tmp_path / "file" / "sandbox.sqlite3").seed()


def test_a_state_that_is_no_state_says_so_and_is_left_alone(state: Path) -> None:
    state.write_bytes(b"letters to my aunt, " * 100)
    sandbox = Sandbox(state)
    with pytest.raises(StateUnusable, match="not a database"):
        sandbox.seed()
    assert state.read_bytes().startswith(b"letters")


def test_a_state_of_another_version_is_refused_and_left_alone(caller: Caller, state: Path) -> None:
    caller.sandbox.close()
    connection = sqlite3.connect(state)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    reply = caller.switch_on()
    assert (reply.code, "another version" in reply.message) == (50000, True)
