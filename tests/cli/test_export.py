"""Export, import, backup and restore as a person types them; and a desk of its own that loses everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.export.stage import empty_the_desk


def test_out_and_back_in(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    row = desk.issued()
    assert row.code is not None
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    told = vk("export", first, who="otto")
    assert told.code == 0 and "rows of" in told.out and "codes" not in told.out
    assert row.code.reveal() not in first.read_text()
    empty_the_desk()
    ran = vk("import", first)
    assert ran.code == 0 and "made anew" in ran.out
    assert vk("export", second, is_json=True).json()["form"] == "jsonl"
    assert second.read_bytes() == first.read_bytes()


def test_codes_go_along_when_asked_for_and_are_never_shown(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    row = desk.issued()
    assert row.code is not None
    target = tmp_path / "with.jsonl"
    ran = vk("export", target, "--with-codes", "--reason", "Moving.", who="ada")
    assert ran.code == 0 and "Keep it like a key" in ran.out and row.code.reveal() not in ran.said
    assert row.code.reveal() in target.read_text()


def test_a_broken_file_is_one_sentence_with_its_line(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "desk.jsonl"
    vk("export", target)
    target.write_bytes(target.read_bytes()[:-30])
    empty_the_desk()
    ran = vk("import", target)
    assert ran.code == 2 and "Line " in ran.err and "Nothing was changed" in ran.err


class Own:
    """A desk of its own, in a folder of its own, by processes of its own, as somebody would run it."""

    def __init__(self, home: Path, keys: str = "") -> None:
        self.home = home
        left = ("VALETKEY_", "DJANGO_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
        self.environment = {**kept, "VALETKEY_HOME": str(home), **({"VALETKEY_KEYS": keys} if keys else {})}

    def __call__(self, *words: object) -> Any:
        command = [sys.executable, "-m", "valetkey", *map(str, words), "--json"]
        ran = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert "Traceback" not in ran.stderr
        return {"exit": ran.returncode, **dict(told=json.loads(ran.stdout))}


def test_a_desk_that_lost_everything_but_its_keys(tmp_path: Path) -> None:
    """SQLite, from the first command on: backup, the folder is gone, restore, and the desk is as it was."""
    old = Own(tmp_path / "old")
    old("party", "add", "Northwind", "--kind", "brand")
    made = old("backup", tmp_path / "desk.backup")
    exported = old("export", tmp_path / "before.jsonl")
    assert made["exit"] == exported["exit"] == 0
    keys = (tmp_path / "old" / "keys").read_text().strip()

    without_keys = Own(tmp_path / "without-keys")("restore", tmp_path / "desk.backup")
    assert without_keys["exit"] == 5 and without_keys["told"]["refused"]["code"] == "backup_of_other_keys"

    new = Own(tmp_path / "new", keys)
    restored = new("restore", tmp_path / "desk.backup")
    assert restored["exit"] == 0 and restored["told"]["holds"]
    assert restored["told"]["head"] == made["told"]["head"]
    assert new("audit", "verify", "--head", made["told"]["head"])["exit"] == 0
    new("export", tmp_path / "after.jsonl")
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()
    assert new("restore", tmp_path / "desk.backup")["told"]["refused"]["code"] == "desk_holds_something"
    assert new("restore", tmp_path / "desk.backup", "--replace")["exit"] == 0
    assert [one["name"] for one in new("party", "list")["told"]] == ["Northwind"]
