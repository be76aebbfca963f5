"""`valetkey demo`: it plays to the end, says the same as JSON, survives being killed, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(
    "sqlite3" not in str(settings.DATABASES["default"]["ENGINE"]),
    reason="the demo is always embedded; it is played once, not once for each database",
)

STEPS = [
    "set_up", "private_post", "too_short", "authorize", "coverage", "hand_over", "open", "apply", "read_back",
    "create_ad", "extend", "second_ad_account", "ask_to_end", "refused_while_ads_run", "acknowledge", "pause_ads",
    "switch_off", "confirm", "tell", "history",
]  # fmt: skip
WRITES = 8
"""Writes the platform gets in one undisturbed story: on, apply, ad, extend, apply, off (refused), pause, off."""


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
    return {**kept, "VALETKEY_HOME": str(home / "a-real-desk"), "TMPDIR": str(home), "COLUMNS": "120", **more}


def _demo(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "valetkey", "demo", *options],
        capture_output=True, text=True, timeout=60, env=_environment(home),
    )  # fmt: skip


def _killed(desk: Path, nth: int, where: str) -> int:
    program = [sys.executable, "-m", "tests.cli.killed_demo", str(desk), str(nth), where]
    return subprocess.run(program, capture_output=True, timeout=60, env=_environment(desk.parent)).returncode


def _record(desk: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the desk holds in the end, without what is drawn anew for every desk."""
    questions = {
        "authorizations": "SELECT state, term_days, window_source, end_source, claim_id, drift,"
        " julianday(ends_at) - julianday(starts_at) FROM authorizations_authorization",
        "applications": "SELECT a.name, p.state, p.source, p.claim_id FROM authorizations_application p"
        " JOIN register_asset a ON a.id = p.ad_account_id ORDER BY a.name",
        "windows": "SELECT verb, days, source FROM authorizations_windowchange ORDER BY id",
        "accesses": "SELECT ended_reason, source, end FROM register_access ORDER BY id",
        "reveals": 'SELECT "by" FROM authorizations_reveal ORDER BY id',
        "people": "SELECT email FROM accounts_user ORDER BY email",
    }
    with closing(sqlite3.connect(desk / "desk.sqlite3")) as rows:
        return {name: rows.execute(question).fetchall() for name, question in questions.items()}


def _writes(desk: Path) -> list[str]:
    return desk.with_suffix(".writes").read_text().splitlines()


def _told(desk: Path) -> list[str]:
    with closing(sqlite3.connect(desk / "desk.sqlite3")) as rows:
        told = rows.execute("SELECT event FROM audit_entry WHERE event LIKE 'authorization.%.done' ORDER BY seq")
        return [event for (event,) in told]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("undisturbed") / "desk"
    assert _killed(desk, 0, "before") == 0
    return desk


def test_it_prints_the_story_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = _demo(tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    assert "refused" in done.stdout and "every entry is as it was written" in done.stdout
    assert "ended; can" in done.stdout
    assert [each.name for each in tmp_path.iterdir() if each.name != "a-real-desk"] == []


def test_as_json_it_is_one_list_of_the_same_steps_and_the_real_desk_is_not_touched(tmp_path: Path) -> None:
    real = tmp_path / "a-real-desk"
    real.mkdir()
    (real / "note").write_text("mine")
    done = _demo(tmp_path, "--json")
    steps = json.loads(done.stdout)
    assert done.returncode == 0 and [step["step"] for step in steps] == STEPS
    assert all(step["who"] and step["did"] and step["came_of_it"] for step in steps)
    assert {step["step"] for step in steps if step["refused"]} == {
        "private_post",
        "too_short",
        "refused_while_ads_run",
    }
    assert steps[-1]["came_of_it"].endswith("every entry is as it was written")
    assert steps[-2]["creator_sees"].startswith("ended;")
    assert not (real / "desk.sqlite3").exists() and (real / "note").read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir() if each.name != "a-real-desk"] == []


def test_an_undisturbed_story_writes_each_thing_once(undisturbed: Path) -> None:
    writes = _writes(undisturbed)
    assert len(writes) == WRITES and Counter(writes).most_common(1) == [("/business/post/authorize/setting/", 3)]
    assert _record(undisturbed)["authorizations"][0][0] == "ended"


LIVES = {
    "before": (1, 2, 2, 2, 2, 2, 2, 2),
    # The sixth is refused. Its lost answer is asked for once more, so that the run after it gets one write further.
    "behind": (1, 1, 1, 1, 1, 1, 2, 1),
}
"""At which of its own writes each run of one desk is killed: in the end every write of the story was hit once."""


def test_killed_at_every_platform_verb_it_goes_on_and_ends_with_the_same_record(
    undisturbed: Path, tmp_path: Path
) -> None:
    """Killed -9 in front of each write, or behind each, and started again on the same desk: nothing lost or twice."""

    def life(where: str) -> Path:
        desk = tmp_path / where
        for nth in LIVES[where]:
            assert _killed(desk, nth, where) == -signal.SIGKILL
        assert _killed(desk, 0, where) == 0
        return desk

    with ThreadPoolExecutor(len(LIVES)) as pool:
        before, behind = pool.map(life, LIVES)
    once = _writes(undisturbed)
    assert _writes(before) == once
    assert _writes(behind) == [*once[:6], *once[5:]], "What was refused, and the refusal lost, is asked once more."
    for desk in (before, behind):
        assert _record(desk) == _record(undisturbed) and _told(desk) == _told(undisturbed)
        assert (desk / "finished").exists()


def test_killed_and_started_again_by_its_own_command(undisturbed: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    assert _killed(desk, 7, "behind") == -signal.SIGKILL
    done = _demo(tmp_path, "--desk", str(desk))
    assert done.returncode == 0 and _record(desk) == _record(undisturbed)
    assert "Look around" in done.stdout and (desk / "finished").exists()


def test_a_finished_story_is_told_anew(undisturbed: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    shutil.copytree(undisturbed, desk)
    before = (desk / "keys").read_text()
    done = _demo(tmp_path, "--json", "--desk", str(desk))
    assert done.returncode == 0 and [step["step"] for step in json.loads(done.stdout)] == STEPS
    assert len(_record(desk)["authorizations"]) == 1 and (desk / "keys").read_text() != before


def test_a_folder_that_is_no_demo_desk_is_refused_untouched(tmp_path: Path) -> None:
    desk = tmp_path / "somebodys"
    desk.mkdir()
    (desk / "desk.sqlite3").write_text("mine")
    done = _demo(tmp_path, "--desk", str(desk))
    assert done.returncode == 5 and "no demo desk" in done.stderr
    assert [(each.name, each.read_text()) for each in desk.iterdir()] == [("desk.sqlite3", "mine")]


@pytest.mark.parametrize("after", ["the start", "the first line"])
def test_ctrl_c_stops_it_with_a_sentence_and_leaves_nothing_behind(tmp_path: Path, after: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "valetkey", "demo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(tmp_path, PYTHONUNBUFFERED="1"),
    )  # fmt: skip
    assert process.stdout is not None
    if after == "the first line":
        process.stdout.readline()
    else:
        _wait_for_a_folder(tmp_path)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "Traceback" not in said and said.strip()
    assert [each.name for each in tmp_path.iterdir() if each.name != "a-real-desk"] == []


def _wait_for_a_folder(home: Path) -> None:
    """The moment in which a folder is there and the story has not begun."""
    end = time.monotonic() + 20
    while not any(each.name.startswith("valetkey-demo-") for each in home.iterdir()):
        assert time.monotonic() < end
        time.sleep(0.001)
