"""docs/sandbox.md says what the code does: switches, faults, control paths, endpoints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.sandbox import app, faults, switches
from valetkey.connectors.tiktok.sandbox.cast import CREATORS

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "sandbox.md").read_text()
HERE = Path(__file__).parent


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _rows(title: str) -> list[list[str]]:
    lines = [line for line in _section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_table_of_switches_is_the_code() -> None:
    told = [
        [
            f"`{each.name}`",
            ", ".join(f"`{choice}`" for choice in each.choices),
            f"`{each.default}`",
            each.confidence,
            str(each.doubt or "–"),
            each.sentence,
        ]
        for each in switches.ALL
    ]
    assert _rows("Switches") == told


def test_the_table_of_faults_is_the_code() -> None:
    assert [row[0].strip("`") for row in _rows("Faults")] == list(faults.Fault)


def test_the_control_paths_are_the_code(caller: Caller) -> None:
    reply = caller.raw("POST", "/_sandbox/nowhere", body=b"{}").json["error"]
    assert [row[0].strip("`") for row in _rows("Control paths")] == reply.removeprefix("Control paths: ")[:-1].split(
        ", "
    )


def test_every_endpoint_is_listed_as_imitated_or_not() -> None:
    imitated, _, missing = _section("Endpoints").partition("Not imitated")
    known = {f"{each.method} {each.path}": each.path for each in wire.ENDPOINTS}
    assert set(re.findall(r"^- `(.+)`$", imitated, re.MULTILINE)) == {
        each for each, path in known.items() if path in app.RULES
    }
    assert set(re.findall(r"^- `(.+)`$", missing, re.MULTILINE)) == {
        each for each, path in known.items() if path in app.NOT_IMITATED
    }


def test_what_is_not_imitated_says_so(caller: Caller) -> None:
    token, account = caller.northwind.token.reveal(), caller.eu.ad_account_id
    assert caller.post("/identity/create/", token, advertiser_id=account, display_name="x").code == 40008


def test_the_cast_is_listed() -> None:
    for creator in CREATORS:
        assert f"@{creator.handle}" in PAGE
        for post in creator.posts:
            assert f"`{post.short_name}`" in PAGE


def test_checklist_19_the_page_says_that_it_is_not_tiktok() -> None:
    assert "**It is not TikTok.**" in PAGE


def test_every_point_of_the_checklist_has_a_test_that_names_it() -> None:
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    named = {int(each) for each in re.findall(r"def test_\w*?checklist_(\d+)_", tests)} | {
        int(each) for each in re.findall(r"_and_(\d+)_a_post_that_cannot_be_used", tests)
    }
    assert named >= set(range(1, 21))
