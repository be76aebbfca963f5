"""`valetkey seed agency`: fills a new folder, says how to sign in, and leaves every other desk alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(
    "sqlite3" not in str(settings.DATABASES["default"]["ENGINE"]),
    reason="a new folder is always embedded; it is filled once, not once for each database",
)


def _valetkey(home: Path, *words: str, desk: str = "a-real-desk") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
    environment = {**kept, "VALETKEY_HOME": str(home / desk), "TMPDIR": str(home), "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-m", "valetkey", *words], capture_output=True, text=True, timeout=300, env=environment
    )


def test_it_fills_a_new_folder_and_no_other(tmp_path: Path) -> None:
    done = _valetkey(
        tmp_path, "seed", "agency", "--desk", str(tmp_path / "agency"), "--size", "tiny", "--until", "2026-11-01",
        "--json",
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == ""
    told = json.loads(done.stdout)
    assert told["desk"] == str(tmp_path / "agency") and told["until"] == "2026-11-01"
    assert [one["who"] for one in told["sign_ins"]] == ["manager", "member", "creator", "admin"]
    assert (tmp_path / "agency" / "this-is-a-demo-desk").exists()
    assert oct((tmp_path / "agency" / "sign-ins").stat().st_mode)[-3:] == "600"
    assert not (tmp_path / "a-real-desk" / "desk.sqlite3").exists()
    parties = json.loads(_valetkey(tmp_path, "party", "list", "--json", desk="agency").stdout)
    assert any(one["name"] == "Harborlight Studio" for one in parties)
    assert _valetkey(tmp_path, "audit", "verify", desk="agency").returncode == 0
    again = _valetkey(tmp_path, "seed", "agency", "--size", "tiny", "--until", "2026-11-01", "--json", desk="agency")
    assert again.returncode == 5 and json.loads(again.stdout)["refused"]["code"] == "desk_not_empty"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    refused = _valetkey(tmp_path, "seed", "agency", "--desk", str(tmp_path / "mine"), "--json")
    assert refused.returncode == 5 and json.loads(refused.stdout)["refused"]["code"] == "folder_not_empty"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
