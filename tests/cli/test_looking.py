"""`who`, `find`, `map`, `came`, `losing`: the record as a terminal shows it, today and on another day."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.register import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Recorded:
    return recorded(desk)


def test_who_has_what_on_an_asset(vk: Terminal, record: Recorded) -> None:
    said = vk("who", "--asset", "Northwind BC", who="bo").out
    assert "Jo Weber" in said and "never ends" in said and "Fabrikam Media" in said
    (line,) = vk("who", "--person", "jo weber", who="bo", is_json=True).json()
    assert (line["reference"], line["state"], line["end"]) == (record.jos.reference, "holds", "none")


def test_a_past_day_says_that_it_is_one(vk: Terminal, record: Recorded) -> None:
    day = record.at.date().isoformat()
    record.desk.later(days=5)
    services.end_access(access=record.jos, reason="over", actor=record.keeper, at=record.at)
    assert vk("who", "--asset", record.center.reference, who="bo").out.count("Jo Weber") == 0
    then = vk("who", "--asset", record.center.reference, "--on", day, who="bo").out
    assert then.startswith(f"As the record stood on {day}.") and "Jo Weber" in then
    known = vk("who", "--asset", record.center.reference, "--on", day, "--known-now", who="bo").out
    assert known.startswith(f"On {day}, as far as is known now.") and "Jo Weber" in known


def test_a_sheet_has_every_line_and_no_formula(vk: Terminal, record: Recorded) -> None:
    services.change_access(access=record.jos, changes={"note": "=1+1"}, actor=record.keeper, at=record.at)
    rows = list(csv.DictReader(io.StringIO(vk("who", "--csv", who="bo").out)))
    assert {row["person"] for row in rows} == {"Jo Weber", ""}
    assert {row["until"] for row in rows} == {"never", "2027-05-04T00:00:00Z"}
    assert "'=1+1" in {row["note"] for row in rows}


def test_find_map_and_losing(vk: Terminal, record: Recorded) -> None:
    found = vk("find", "jo weber", who="bo").out
    assert "jo.weber@example.org" in found and record.jos.reference in found
    assert vk("find", "jo weber", who="sam").out == "Nothing on record has all these words.\n"
    drawn = vk("map", "Northwind BC", who="bo").out
    assert "owner, second factor" in drawn and "Partners" in drawn
    lost = vk("losing", "Jo Weber", who="bo").out
    assert "takes them off every list" in lost and "Northwind BC: owner, second factor" in lost
    assert "Fabrikam Media" in vk("losing", "Fabrikam Media", who="bo").out
    assert vk("losing", "Jo Weber", who="bo", is_json=True).json()["authorization_count"] == 0


def test_how_it_came_with_who_did_it(vk: Terminal, record: Recorded) -> None:
    record.desk.later(days=1)
    services.change_access(access=record.jos, changes={"role": "Standard"}, actor=record.desk.kim, at=record.at)
    said = vk("came", record.jos.reference, who="bo").out
    assert "Kim" in said and "role: Admin → Standard" in said
    both = vk("came", record.center.reference, who="bo", is_json=True).json()
    assert set(both) == {"asset", "ownership"}


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (["who", "--person", "Nobody"], 3, "no_such_person"),
        (["who", "--party", "Nobody"], 3, "no_such_party"),
        (["who", "--asset", "Nothing"], 3, "no_such_asset"),
        (["who", "--surface", "Nothing"], 3, "no_such_surface"),
        (["who", "--on", "yesterday"], 2, "day"),
        (["who", "--known-now"], 2, "known_now"),
        (["map", "Nothing"], 3, "no_such_asset"),
        (["came", "ZZZZZZZ"], 3, "nothing_on_record"),
        (["losing", "Nobody"], 3, "nobody_on_record"),
        (["find", "x" * 5000], 2, "text_too_long"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else str(value),
)
def test_what_cannot_be_looked_at_is_said(
    vk: Terminal, record: Recorded, words: list[str], exit_code: int, code: str
) -> None:
    ran = vk(*words, who="bo", is_json=True)
    assert (ran.code, ran.refused()["code"]) == (exit_code, code)


def test_the_stranger_hears_the_same_as_of_nothing(vk: Terminal, record: Recorded) -> None:
    for words in (["who", "--asset"], ["map"], ["losing"], ["came"]):
        for name in (record.center.reference, "ZZZZZZZ"):
            assert vk(*words, name, who="sam").code == 3
    assert vk("who", who="sam", is_json=True).json() == []


def test_two_of_one_name_are_told_apart_by_reference(vk: Terminal, record: Recorded) -> None:
    other = record.person("Jo Weber", mail="other@example.org")
    refused = vk("who", "--person", "Jo Weber", who="bo", is_json=True).refused()
    assert refused["code"] == "several_called_so"
    assert other.reference in refused["sentence"] and record.jo.reference in refused["sentence"]
