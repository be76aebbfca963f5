"""The program as a process: what a shell, a pipe, a terminal and a broken machine see of it."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "valetkey"]
KEY = Fernet.generate_key().decode()


@dataclass
class Shell:
    """A person's shell: a home of their own and nothing else of the tests' settings."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
        return {**kept, "VALETKEY_HOME": str(self.home), "PYTHONPATH": str(ROOT), **self.more}

    def run(self, *words: str, typed: str = "", **given: Any) -> subprocess.CompletedProcess[str]:
        command = given.pop("command", PROGRAM)
        return subprocess.run(
            [*command, *words], input=typed, capture_output=True, text=True, env=self.environment(), timeout=60, **given
        )

    def refused(self, *words: str, **given: Any) -> dict[str, str]:
        """Refused with code 9, as one document and without a traceback."""
        ran = self.run(*words, "--json", **given)
        assert ran.returncode == 9 and ran.stderr == "", ran.stderr
        found: dict[str, str] = json.loads(ran.stdout)["refused"]
        assert found["sentence"].endswith(".") and found["next_step"].endswith(".")
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home")


@pytest.fixture
def started_before(shell: Shell, started_desk: Path) -> None:
    shutil.copytree(started_desk, shell.home)


def test_help_makes_no_tables_and_names_every_command(shell: Shell) -> None:
    for words in ([], ["--help"]):
        ran = shell.run(*words)
        assert ran.returncode == 0 and "switch ad authorization on" in ran.stdout
    assert not (shell.home / "desk.sqlite3").exists()


def test_the_version_is_that_of_the_changelog(shell: Shell) -> None:
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert shell.run("--version").stdout == f"valetkey {newest.group(1)}\n"


def test_a_second_start_finds_what_the_first_one_wrote(shell: Shell) -> None:
    assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
    assert [one["name"] for one in json.loads(shell.run("party", "list", "--json").stdout)] == ["Mara Lindt"]
    assert json.loads(shell.run("audit", "verify", "--json").stdout)["holds"]


def test_two_first_starts_at_once_make_one_desk(shell: Shell) -> None:
    words = [[*PROGRAM, "party", "add", name, "--kind", "brand"] for name in ("One", "Two", "Three")]
    started = [subprocess.Popen(each, env=shell.environment(), stdout=subprocess.DEVNULL) for each in words]
    assert [each.wait(60) for each in started] == [0, 0, 0]
    assert len(json.loads(shell.run("party", "list", "--json").stdout)) == 3


@pytest.mark.usefixtures("started_before")
def test_an_older_desk_is_brought_up_to_date_at_the_start(shell: Shell) -> None:
    """An upgrade adds a migration: here the last app's tables are taken away again, and their lines with them."""
    assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
    with contextlib.closing(sqlite3.connect(shell.home / "desk.sqlite3")) as database:
        made = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in made:
            if table.startswith("reviews_"):
                database.execute(f"DROP TABLE {table}")  # noqa: S608  # a name out of the file itself
        database.execute("DELETE FROM django_migrations WHERE app = 'reviews'")
        database.commit()
    assert json.loads(shell.run("list", "--json").stdout) == []
    assert [one["name"] for one in json.loads(shell.run("party", "list", "--json").stdout)] == ["Mara Lindt"]


@pytest.mark.usefixtures("started_before")
def test_a_desk_of_a_newer_version_is_left_alone(shell: Shell) -> None:
    with contextlib.closing(sqlite3.connect(shell.home / "desk.sqlite3")) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('register', '9999_later', '')")
        database.commit()
    assert shell.refused("list")["code"] == "desk_is_newer"


@pytest.mark.parametrize(
    "settings",
    [
        {"VALETKEY_KEYS": ""},
        {"VALETKEY_KEYS": "too-short"},
        {"VALETKEY_KEYS": f"{KEY} nonsense"},
        {"VALETKEY_KEYS_FILE": "/nowhere/keys"},
        {"VALETKEY_DATABASE_URL": "postgres://u:geheim@127.0.0.1/x"},
        {"VALETKEY_DATABASE_URL": "nonsense", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL": "redis://u:geheim@127.0.0.1/x", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL": "mysql://u:geheim@127.0.0.1/x", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL": "postgres://u:geheim@127.0.0.1:port/x", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL_FILE": "/nowhere/url", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL": "postgres://u:geheim@127.0.0.1:1/x", "VALETKEY_KEYS": KEY},
        {"VALETKEY_DATABASE_URL": "sqlite:////proc/nowhere/desk.sqlite3", "VALETKEY_KEYS": KEY},
        {"VALETKEY_LINK_DAYS": "many"},
        {"VALETKEY_LINK_DAYS": "0"},
        {"VALETKEY_CLAIM_SECONDS": "-5"},
        {"VALETKEY_TIME_ZONE": "Mars/Olympus"},
        {"VALETKEY_HOME": "/proc/nowhere"},
    ],
    ids=lambda settings: " ".join(f"{name}={value}" for name, value in settings.items()).replace(KEY, "KEY"),
)
def test_a_setting_that_cannot_be_used_is_a_sentence(shell: Shell, settings: dict[str, str]) -> None:
    shell.more = settings
    found = shell.refused("list")
    assert "geheim" not in str(found) and KEY not in str(found)


def test_a_file_where_the_home_should_be_is_a_sentence(shell: Shell) -> None:
    shell.home.write_text("not a folder")
    found, people = shell.refused("list"), shell.run("list")
    assert str(shell.home) in found["sentence"]
    assert people.returncode == 9 and people.stdout == ""
    assert people.stderr.splitlines() == [found["sentence"], f"→ {found['next_step']}"]


def test_a_file_that_is_no_database_is_a_sentence(shell: Shell) -> None:
    shell.home.mkdir()
    shell.more = {"VALETKEY_KEYS": KEY}
    (shell.home / "desk.sqlite3").write_text("this is not a database, and long enough to be looked at as one" * 20)
    assert "not a database" in shell.refused("list")["sentence"]


@pytest.mark.usefixtures("started_before")
def test_a_desk_whose_key_file_is_gone_says_where_it_belongs(shell: Shell) -> None:
    (shell.home / "keys").rename(shell.home / "keys-elsewhere")
    assert str(shell.home / "keys") in shell.refused("list")["sentence"]
    assert not (shell.home / "keys").exists(), "A new key would open nothing of this desk."


def _without_root_s_rights() -> list[str]:
    """Root may write anywhere; without this one right it is held to a folder's rights like anybody."""
    if os.geteuid() != 0:
        return PROGRAM
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is needed to be somebody else than root")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", *PROGRAM]


@pytest.mark.parametrize("was_there", [False, True], ids=["a new desk", "a desk with a record"])
def test_a_home_that_cannot_be_written_is_a_sentence(shell: Shell, started_desk: Path, was_there: bool) -> None:
    if was_there:
        shutil.copytree(started_desk, shell.home)
        assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
    else:
        shell.home.mkdir()
    for file in shell.home.iterdir():
        file.chmod(0o400)
    shell.home.chmod(0o500)
    try:
        shell.refused("party", "add", "Northwind", "--kind", "brand", command=_without_root_s_rights())
    finally:
        shell.home.chmod(0o700)
        for file in shell.home.iterdir():
            file.chmod(0o600)
    if was_there:
        assert len(json.loads(shell.run("party", "list", "--json").stdout)) == 1


@pytest.mark.usefixtures("started_before")
def test_a_full_disk_keeps_nothing_half_done(shell: Shell) -> None:
    assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
    full = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from valetkey.__main__ import main; sys.argv[0] = 'valetkey'; main()"
    )
    ran = shell.run("party", "add", "Northwind", "--kind", "brand", "--json", command=[sys.executable, "-c", full])
    assert ran.returncode == 9 and ran.stderr == "" and json.loads(ran.stdout)["refused"]["code"] == "storage"
    assert [one["name"] for one in json.loads(shell.run("party", "list", "--json").stdout)] == ["Mara Lindt"]
    assert json.loads(shell.run("audit", "verify", "--json").stdout)["holds"]


def test_a_server_s_tables_are_made_when_somebody_says_so(shell: Shell) -> None:
    shell.more = {"VALETKEY_DATABASE_URL": f"sqlite:///{shell.home}-server.sqlite3", "VALETKEY_KEYS": KEY}
    assert shell.refused("list")["next_step"] == "Run `valetkey migrate`."
    assert shell.run("migrate").returncode == 0 and shell.run("list").returncode == 0


@pytest.mark.usefixtures("started_before")
def test_a_lost_key_is_told_when_a_secret_is_needed(shell: Shell) -> None:
    assert shell.run("party", "add", "Northwind", "--kind", "brand").returncode == 0
    words = ("connect", "Northwind", "--level", "advertiser_token", "--url", "sandbox:")
    assert shell.run(*words, typed="a-token-to-keep").returncode == 0
    shell.more = {"VALETKEY_KEYS": KEY}
    assert shell.refused("connections")["code"] == "key_missing"
    assert shell.run("audit", "verify").returncode == 1


@pytest.mark.usefixtures("started_before")
def test_whoever_stops_reading_gets_no_traceback(shell: Shell) -> None:
    assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
    for words in (["party", "list"], ["party", "list", "--json"]):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as unread:
            ran = subprocess.run([*PROGRAM, *words], stdout=unread, stderr=subprocess.PIPE, env=shell.environment())
        assert ran.returncode == 141 and ran.stderr == b""


@pytest.mark.usefixtures("started_before")
def test_closed_standard_input_is_no_secret(shell: Shell) -> None:
    assert shell.run("party", "add", "Northwind", "--kind", "brand").returncode == 0
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM]
    ran = shell.run("connect", "Northwind", "--level", "advertiser_token", command=closed)
    assert ran.returncode == 2 and "No token was given." in ran.stderr


@pytest.mark.usefixtures("started_before")
def test_ctrl_c_is_a_word_and_130(shell: Shell) -> None:
    assert shell.run("party", "add", "Northwind", "--kind", "brand").returncode == 0
    words = ["connect", "Northwind", "--level", "advertiser_token"]
    with subprocess.Popen(
        [*PROGRAM, *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=shell.environment()
    ) as waiting:
        code = None
        while code is None:  # pressed once more where the start itself has swallowed it
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = waiting.wait(2)
            waiting.send_signal(signal.SIGINT)
        assert waiting.stderr is not None
        assert code == 130 and waiting.stderr.read().startswith("Stopped.")


@pytest.mark.usefixtures("started_before")
def test_a_terminal_that_knows_ascii_only_gets_marks_instead_of_a_traceback(shell: Shell) -> None:
    shell.more = {"PYTHONIOENCODING": "ascii"}
    assert shell.run("party", "add", "Zoë 名前", "--kind", "creator").returncode == 0
    ran = shell.run("party", "list")
    assert ran.returncode == 0 and "Zo?" in ran.stdout
    assert json.loads(shell.run("party", "list", "--json").stdout)[0]["name"] == "Zoë 名前"
    assert shell.run("party", "add", "Zoë 名前", "--kind", "creator").returncode == 5


def _at_a_terminal(shell: Shell, words: list[str], typed: list[str], columns: int = 80) -> tuple[int, str]:
    """Run in a terminal of its own; each text is typed once something was asked."""
    child, terminal = pty.fork()
    if child == 0:
        environment = {**shell.environment(), "COLUMNS": str(columns), "TERM": "xterm-256color"}
        os.execve(sys.executable, [*PROGRAM, *words], environment)  # noqa: S606  # ourselves
    said = b""
    with contextlib.suppress(OSError):  # Linux says it so when the other end has gone
        while chunk := os.read(terminal, 4096):
            said += chunk
            if typed and said.rstrip().endswith(b":"):
                time.sleep(0.2)
                os.write(terminal, typed.pop(0).encode() + b"\n")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode().replace("\r\n", "\n")


@pytest.mark.usefixtures("started_before")
def test_a_secret_is_asked_for_and_not_shown_while_it_is_typed(shell: Shell) -> None:
    assert shell.run("party", "add", "Northwind", "--kind", "brand").returncode == 0
    words = ["connect", "Northwind", "--level", "advertiser_token", "--url", "sandbox:"]
    code, said = _at_a_terminal(shell, words, ["a-token-to-keep"])
    assert code == 0 and "Token:" in said and "a-token-to-keep" not in said


@pytest.mark.usefixtures("started_before")
def test_tables_fit_a_terminal_of_80_columns_and_pipes_are_not_wrapped(shell: Shell) -> None:
    long = "A brand with a very long name that nobody would ever print on a business card, but here it is"
    assert shell.run("party", "add", long, "--kind", "brand").returncode == 0
    words = ["ad-account", "add", "7200000000000000099", "--party", long, "--name", long, "--zone", "America/New_York"]
    assert shell.run(*words).returncode == 0
    code, said = _at_a_terminal(shell, ["ad-account", "list"], [])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert code == 0 and max(map(len, plain.splitlines())) <= 80
    assert not re.search(r"\x1b\[[34][0-9]m", said), "Colour carries no meaning here."
    piped = shell.run("ad-account", "list").stdout.splitlines()
    assert len(piped) == 2 and piped[1].count(long) == 2 and "\x1b" not in "".join(piped)


@contextlib.contextmanager
def _serving(shell: Shell, *words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*PROGRAM, "sandbox", "--port", str(port), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=shell.environment()) as process:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                    break
                time.sleep(0.05)
            yield process, port
        finally:
            process.kill()


def test_the_sandbox_says_how_to_reach_it_and_stops_when_asked(shell: Shell, tmp_path: Path) -> None:
    with _serving(shell, "--json", "--state", str(tmp_path / "box")) as (process, port):
        taken = shell.run("sandbox", "--port", str(port), "--json")
        assert taken.returncode == 5 and json.loads(taken.stdout)["refused"]["code"] == "port_in_use"
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        said = json.loads(process.stdout.read())
        assert process.wait(10) == 0
    assert said["is_tiktok"] is False and said["address"].endswith(str(port))
    assert not (shell.home / "desk.sqlite3").exists(), "It needs no desk."


@pytest.mark.usefixtures("started_before")
def test_a_desk_works_over_the_network_against_the_sandbox(shell: Shell, tmp_path: Path) -> None:
    with _serving(shell, "--json", "--state", str(tmp_path / "box")) as (process, port):
        assert process.stdout is not None
        said, depth = "", 0
        for line in process.stdout:
            said += line
            depth += line.count("{") - line.count("}")
            if depth == 0:
                break
        mara = json.loads(said)["creators"][0]
        assert shell.run("party", "add", "Mara Lindt", "--kind", "creator").returncode == 0
        words = ("connect", "Mara Lindt", "--level", "creator_token", "--account-id", mara["account_id"])
        assert shell.run(*words, "--url", f"http://127.0.0.1:{port}", typed=mara["token"]).returncode == 0
        posts = json.loads(shell.run("posts", "Mara Lindt", "--json").stdout)
    assert mara["posts"]["public"] in {post["post"] for post in posts}
    gone = shell.run("posts", "Mara Lindt")
    assert gone.returncode == 7 and mara["token"] not in gone.stderr
