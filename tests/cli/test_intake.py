"""Sheets, by commands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.intake.sheets import HEADER, JO, book, text
from tests.intake.test_try import changed
from valetkey.register.models import Access

pytestmark = pytest.mark.django_db


def test_from_the_file_to_the_record_and_back(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    assert "`valetkey intake try" in vk("intake", "list", who="bo").out
    sheet = tmp_path / "people.xlsx"
    sheet.write_bytes(book(HEADER, JO, changed(JO, Role="")))
    tried = vk("intake", "try", sheet, "--party", "Northwind", who="bo", is_json=True).json()
    assert tried["counts"]["new"] == tried["counts"]["look"] == 1
    assert [row["row"] for row in tried["rows"]] == [2, 3]
    reference = tried["reference"]
    shown = vk("intake", "show", reference, "--verdict", "look", who="vera").out
    assert "It names no role." in shown and "Puts Jo Berg" not in shown
    assert reference in vk("intake", "list", who="bo").out

    rest = list(csv.reader(io.StringIO(vk("intake", "rejected", reference, who="bo").out)))
    assert rest[0][-1] == "Reason" and rest[1][-2:] == ["3", "It names no role."]

    assert vk("intake", "do", reference, who="bo", is_json=True).json()["state"] == "done"
    assert Access.objects.get().role == "Standard"
    again = vk("intake", "do", reference, who="bo", is_json=True)
    assert (again.code, again.refused()["code"]) == (5, "intake_over")
    assert vk("intake", "undo", reference, who="bo", is_json=True).json()["state"] == "undone"
    assert not Access.objects.exists()
    twice = vk("intake", "undo", reference, who="bo", is_json=True)
    assert (twice.code, twice.refused()["code"]) == (5, "intake_not_done")


def test_columns_and_the_order_of_days_are_told(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_text(text(("Wer", *HEADER[1:]), changed(JO, Since="03/05/2026")))
    asked = vk("intake", "try", sheet, "--party", "Northwind", who="bo", is_json=True).json()
    assert asked["counts"]["look"] == 1 and asked["columns"][0] == {"column": "Wer", "says": ""}
    told = ("--map", "Wer=person", "--map", "10=", "--day-first")
    judged = vk("intake", "columns", asked["reference"], *told, who="bo", is_json=True).json()
    assert judged["counts"]["new"] == 1 and [each["says"] for each in judged["columns"]][::9] == ["person", ""]
    at_once = vk("intake", "try", sheet, "--party", "Northwind", *told, who="bo", is_json=True).json()
    assert at_once["counts"]["new"] == 1


def test_a_folder_and_a_file_that_is_too_large_are_refused(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"Name\n" * 2_000_000)
    for source, code in ((tmp_path, "no_such_file"), (large, "sheet_too_large")):
        ran = vk("intake", "try", source, "--party", "Northwind", who="bo", is_json=True)
        assert (ran.code, ran.refused()["code"]) == (2, code)
