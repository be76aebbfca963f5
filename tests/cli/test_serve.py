"""`valetkey serve` and `valetkey demo --pages`: real processes that answer, stop when told, and keep what was done."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(
    "sqlite3" not in str(settings.DATABASES["default"]["ENGINE"]),
    reason="a served desk is a process with a database of its own; it is started once, not once for each database",
)


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
    return {**kept, "VALETKEY_HOME": str(home), "TMPDIR": str(home.parent), **more}


def _port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _ran(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "valetkey", *words], capture_output=True, text=True, env=_environment(home, **more),
        timeout=120,
    )  # fmt: skip


@contextlib.contextmanager
def _serving(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The process, and the document it tells when it is ready."""
    with subprocess.Popen(
        [sys.executable, "-m", "valetkey", *words, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(home), start_new_session=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None and process.stderr is not None
            text = ""
            for line in process.stdout:
                text += line
                if line.rstrip() == "}":
                    break
            assert text, process.stderr.read()
            yield process, json.loads(text)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _ask(port: int, path: str) -> tuple[int, str]:
    """Patiently: the address is taken a moment before somebody answers there."""
    end = time.monotonic() + 20
    while True:
        try:
            with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", path, headers={"Host": "localhost"})
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            if time.monotonic() > end:
                raise


def _stop(process: subprocess.Popen[str], with_signal: signal.Signals) -> None:
    """As a terminal does it: everybody in the group hears it."""
    os.killpg(process.pid, with_signal)
    assert process.wait(20) in {0, 130}
    assert process.stderr is not None
    said = process.stderr.read()
    assert "Traceback" not in said and "rror" not in said, said


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_served_desk_answers_and_stops_when_told(tmp_path: Path, with_signal: signal.Signals) -> None:
    port = _port()
    with _serving(tmp_path / "desk", "serve", "--no-worker", "--port", str(port)) as (process, told):
        assert told["url"] == f"http://localhost:{port}"
        status, page = _ask(port, "/account/login/")
        assert status == 200 and "Sign in" in page
        assert "demo" not in page.casefold()
        assert _ask(port, "/static/web/desk.css")[0] == 200
        _stop(process, with_signal)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=2):
        pass


def test_a_worker_beside_the_pages_sweeps_is_begun_anew_and_stops_with_them(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with _serving(home, "serve", "--port", str(_port())) as (process, told):
        assert told["worker"] is True
        _until(lambda: _asked(home, "SELECT count(*) FROM findings_sweep WHERE finished_at IS NOT NULL") == [(1,)])
        ((first,),) = _asked(home, "SELECT pid FROM worker_worker")
        os.kill(first, signal.SIGKILL)
        _until(lambda: len(_asked(home, "SELECT pid FROM worker_worker")) == 2)
        assert process.stderr is not None
        assert process.stderr.readline() == "The background worker ended by itself and is started again.\n"
        ((second,),) = _asked(home, "SELECT pid FROM worker_worker ORDER BY id DESC LIMIT 1")
        process.send_signal(signal.SIGTERM)  # to it alone: the worker hears it from there
        assert process.wait(30) == 0 and process.stderr.read() == ""
        assert not _is_there(first) and not _is_there(second)
        assert _asked(home, "SELECT stopped_at IS NOT NULL FROM worker_worker ORDER BY id") == [(0,), (1,)]


def test_the_worker_leaves_when_the_pages_were_killed(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    with _serving(home, "serve", "--port", str(_port())) as (process, _):
        _until(lambda: _asked(home, "SELECT count(*) FROM worker_worker") == [(1,)])
        process.kill()
        _until(lambda: _asked(home, "SELECT count(*) FROM worker_worker WHERE stopped_at IS NOT NULL") == [(1,)])
        ((pid,),) = _asked(home, "SELECT pid FROM worker_worker")
        _until(lambda: not _is_there(pid))


def _asked(home: Path, question: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(home / "desk.sqlite3", timeout=20)) as desk:
        return desk.execute(question).fetchall()


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def _is_there(pid: int) -> bool:
    """Running; what has ended and was not asked for yet by its parent is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for words in (("serve",), ("demo", "--pages", "--desk", str(tmp_path / "demo"))):
            done = _ran(tmp_path / "desk", *words, "--port", port)
            assert done.returncode == 5 and "--port" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_several_processes_need_a_database_that_several_can_write(tmp_path: Path, started_desk: Path) -> None:
    shutil.copytree(started_desk, tmp_path / "desk")
    done = _ran(tmp_path / "desk", "serve", "--workers", "2", "--port", str(_port()))
    assert done.returncode == 5 and "VALETKEY_DATABASE_URL" in done.stderr


def test_a_desk_for_others_is_not_served_without_https(tmp_path: Path, started_desk: Path) -> None:
    shutil.copytree(started_desk, tmp_path / "desk")
    key = (tmp_path / "desk" / "keys").read_text().strip()
    done = _ran(
        tmp_path / "desk", "serve", "--port", str(_port()),
        VALETKEY_DATABASE_URL=f"sqlite:///{tmp_path / 'desk' / 'desk.sqlite3'}", VALETKEY_KEYS=key,
    )  # fmt: skip
    assert done.returncode == 5 and "https" in done.stderr


def test_the_demo_is_filled_once_and_kept(tmp_path: Path) -> None:
    home, demo, port = tmp_path / "real", tmp_path / "demo", _port()
    words = ("demo", "--pages", "--desk", str(demo), "--port", str(port))
    with _serving(home, *words) as (process, first):
        assert [one["who"] for one in first["sign_ins"]] == ["creator", "buyer", "admin"]
        status, page = _ask(port, "/account/login/")
        assert status == 200 and "Demo desk" in page
        _stop(process, signal.SIGINT)
    assert (demo / "sign-ins").stat().st_mode & 0o077 == 0, "nobody else of this machine signs in"
    rows = json.loads(_ran(demo, "list", "--json").stdout)
    assert {row["state"] for row in rows} >= {"requested", "handed_over", "in_use", "end_asked", "ended"}
    assert json.loads(_ran(demo, "audit", "verify", "--json").stdout)["holds"]
    made = _ran(demo, "party", "add", "Mine", "--kind", "brand")
    assert made.returncode == 0, made.stderr
    with _serving(home, *words) as (process, second):
        assert second == first
        _stop(process, signal.SIGINT)
    assert "Mine" in _ran(demo, "party", "list").stdout, "what was done in it stays"
    found = [path.name for path in home.iterdir()]
    assert found == ["keys"], "there is no real desk yet but for the key file, which every first start makes"


def test_a_fill_that_was_cut_off_is_begun_anew(tmp_path: Path, started_desk: Path) -> None:
    home, demo, port = tmp_path / "real", tmp_path / "demo", _port()
    shutil.copytree(started_desk, demo)
    (demo / "this-is-a-demo-desk").touch()
    assert _ran(demo, "party", "add", "Half", "--kind", "brand").returncode == 0
    with _serving(home, "demo", "--pages", "--desk", str(demo), "--port", str(port)) as (process, _):
        _stop(process, signal.SIGINT)
    assert "Half" not in _ran(demo, "party", "list").stdout


def test_a_real_desk_is_never_filled_with_a_demo(tmp_path: Path, started_desk: Path) -> None:
    desk = tmp_path / "desk"
    shutil.copytree(started_desk, desk)
    assert _ran(desk, "party", "add", "Mine", "--kind", "brand").returncode == 0
    done = _ran(tmp_path / "other", "demo", "--pages", "--desk", str(desk), "--port", str(_port()))
    assert done.returncode == 5 and "no demo desk" in done.stderr
    assert [row["name"] for row in json.loads(_ran(desk, "party", "list", "--json").stdout)] == ["Mine"]
