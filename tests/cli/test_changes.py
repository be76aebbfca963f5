"""Changes and plans, by commands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.changes.leaving import leaver
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.changes.models import Picture

pytestmark = pytest.mark.django_db


def test_from_leaving_to_the_report(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    who = leaver(desk)
    assert "`valetkey change open leaver" in vk("change", "list", who="bo").out
    made = vk(
        "change", "open", "leaver", "--party", "Northwind", "--person", "jo@example.org", "--on", "2026-11-30",
        who="bo", is_json=True,
    ).json()  # fmt: skip
    reference, steps = made["reference"], made["steps"]
    assert made["title"] == "Jo leaves" and made["about"] == who.person.reference
    numbers = {step["about"]: step["step"] for step in steps}
    first = numbers[f"access {who.accesses[0].reference}"]
    assert "if this fails" in vk("change", "show", reference, first, who="vera").out
    done = vk("change", "do", reference, first, "--proof", "Gone from the list.", who="bo", is_json=True).json()
    assert (done["state"], done["proof"], done["settled_by"]) == ("done", "Gone from the list.", "Bo")
    who.accesses[0].refresh_from_db()
    assert who.accesses[0].ended_how == "Gone from the list."

    seen = tmp_path / "seen.png"
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    seen.write_bytes(out.getvalue())
    (looked,) = [step["step"] for step in steps if step["title"] == "Look at second factor and devices"]
    shown = vk("change", "do", reference, looked, "--picture", seen, who="bo")
    assert shown.code == 0 and Picture.objects.get().digest in shown.out

    mine = numbers[f"authorization {who.owned[0].reference}"]
    nobody = vk("change", "do", reference, mine, "--proof", "Told Kim.", who="bo")
    assert nobody.code == 2 and "--to" in nobody.err
    passed = vk("change", "do", reference, mine, "--proof", "Told Kim.", "--to", "Kim", who="bo", is_json=True).json()
    assert passed["passed_on_to"] == "Kim"
    assert vk("change", "assign", reference, looked + 1, "kim@example.org", who="bo").code == 0
    left_out = vk("change", "skip", reference, looked + 1, "--reason", "Not theirs.", who="bo")
    assert "left out" in left_out.out
    assert vk("change", "refresh", reference, who="bo").code == 0
    early = vk("change", "close", reference, who="bo")
    assert early.code == 5 and "`valetkey change do" in early.err
    (listed,) = vk("change", "list", who="otto", is_json=True).json()
    assert listed["open_steps"] == len(steps) - 4
    report = vk("change", "report", reference, who="bo")
    assert "Gone from the list." in report.out and "Not theirs." in report.out


def test_a_file_that_is_no_picture(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    made = vk("change", "open", "continuity_check", "--party", "Northwind", who="bo", is_json=True).json()
    letter = tmp_path / "letter.png"
    letter.write_text("not a picture")
    for file, code in ((letter, "no_picture"), (tmp_path / "nothing.png", "no_file")):
        ran = vk("change", "do", made["reference"], 1, "--picture", file, who="bo", is_json=True)
        assert ran.code == 2 and ran.refused()["code"] == code
    assert vk("change", "do", made["reference"], 99, "--proof", "x", who="bo").code == 3


def test_a_plan_is_printed_changed_and_put_into_use(vk: Terminal, tmp_path: Path) -> None:
    assert "leaver" in vk("plan", "list").out
    assert "Where" in vk("plan", "show", "leaver").out or "where" in vk("plan", "show", "leaver").out
    text = vk("plan", "show", "leaver", "--text").out
    file = tmp_path / "leaver.toml"
    file.write_text(text.replace("{person} leaves", "{person} goes"))
    made = vk("plan", "edit", "leaver", file, who="ada", is_json=True).json()
    assert (made["version"], made["title"], made["written_by"]) == (1, "{person} goes", "Ada")
    assert vk("plan", "edit", "leaver", file, who="ada").code == 5
    file.write_text(text.replace("{role}", "{rolle}"))
    broken = vk("plan", "edit", "leaver", file, who="ada")
    assert broken.code == 2 and "steps.off_the_list.title" in broken.err and "plan show PLAN --text" in broken.err
