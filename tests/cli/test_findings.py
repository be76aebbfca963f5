"""Findings by commands: swept, looked at, decided, as of another day; and what stops if something went."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal, everything
from tests.desk import Desk
from valetkey.authorizations import services as codes
from valetkey.findings.limits import NAMES
from valetkey.findings.rules import RULES

pytestmark = pytest.mark.django_db


def test_swept_and_decided(desk: Desk, vk: Terminal) -> None:
    row = desk.in_use()
    before = everything()
    told = vk("sweep", "--dry-run", at="2026-12-01T09:00Z", is_json=True).json()
    assert told["dry_run"] and told["opened"] >= 2 and told["open"] == told["opened"] and everything() == before
    assert "Nothing was written." in vk("sweep", "--dry-run").out
    assert "Nothing waits." in vk("findings", "list", who="bo").out
    done = vk("sweep", "--no-look", is_json=True).json()
    assert done["opened"] == len(done["changes"]) > 0 and done["looked"] == 0
    again = vk("sweep")
    assert "nothing changed" in again.out and "1 looked at" not in again.out

    listed = vk("findings", "list", "--about", "authorization", who="bo", is_json=True).json()
    one = next(each for each in listed if each["rule"] == "ends_soon_in_use")
    assert one["subject"] == row.reference and one["party"] == "Northwind"
    name = one["finding"]
    shown = vk("findings", "show", name, who="vera")
    assert "evidence" in shown.out and "guide extend-a-code" in shown.out and "(open)" in shown.out
    assert vk("findings", "acknowledge", name, "--reason", "Seen.", who="vera").code == 4
    assert vk("findings", "acknowledge", name, "--reason", "Seen.", who="bo").code == 0
    assert vk("findings", "hand-on", name, "--to", "Kim", "--reason", "Hers.", who="bo").code == 0
    assert vk("findings", "list", "--at-least", "urgent", who="bo", is_json=True).json() == []
    mine = vk("findings", "list", "--mine", who="kim", is_json=True).json()
    assert [each["finding"] for each in mine] == [name]
    assert vk("findings", "snooze", name, "--until", "2026-11-10", "--reason", "Later.", who="kim").code == 0
    put_off = vk("findings", "list", "--which", "put_off", who="kim", is_json=True).json()
    assert [each["finding"] for each in put_off] == [name]
    assert vk("findings", "let-end", name, "--reason", "As agreed.", who="kim").code == 0
    woken = vk("findings", "wake", name, "--reason", "Not so.", who="kim", is_json=True).json()
    assert woken[0]["let_end_at"] is None and woken[0]["reason"] == "Not so."
    assert "Not so." in vk("findings", "show", name, who="kim").out
    gone = vk("findings", "show", name, who="sam")
    assert gone.code == 3 and "`valetkey findings list`" in gone.err


def test_as_of_another_day(desk: Desk, vk: Terminal) -> None:
    desk.in_use()
    vk("sweep", "--no-look")
    desk.later(days=2)
    past = vk("findings", "list", "--on", "2026-11-03", who="bo", is_json=True).json()
    ahead = vk("findings", "list", "--on", "2026-11-30", who="bo", is_json=True).json()
    today = vk("findings", "list", "--on", "2026-11-04", who="bo", is_json=True).json()
    assert (past["part"], today["part"], ahead["part"]) == ("past", "now", "ahead")
    for day in (past, today, ahead):
        assert day["findings"] and {each["party"] for each in day["findings"]} == {"Northwind"}
    assert "urgent" in vk("findings", "list", "--on", "2026-11-30", who="bo").out


def test_rules_and_thresholds(desk: Desk, vk: Terminal) -> None:
    rules = vk("findings", "rules", is_json=True).json()
    assert {each["rule"] for each in rules} == {rule.id for rule in RULES}
    limits = vk("findings", "limits", who="bo", is_json=True).json()
    assert tuple(each["limit"] for each in limits) == NAMES
    assert vk("findings", "limit", "ends_within", "14").code == 0
    assert "14" in vk("findings", "limits", who="bo").out
    again = vk("findings", "limit", "ends_within", is_json=True).json()
    assert next(each for each in again if each["limit"] == "ends_within")["value"] == 30


def test_what_stops(desk: Desk, vk: Terminal) -> None:
    row, campaign = desk.in_use(), desk.campaign()
    codes.set_campaigns(authorization=row, campaigns=[campaign], actor=desk.bo, at=desk.at)
    desk.ad(row)
    for what in (row.reference, desk.eu.reference, "Northwind"):
        found = vk("stops", what, who="bo", is_json=True).json()
        assert (found["authorizations"], found["campaigns"], found["ad_accounts"], found["running_ads"]) == (
            1,
            1,
            1,
            None,
        )
    asked = vk("stops", "Mara Lindt", "--ask", who="mara", is_json=True).json()
    assert asked["running_ads"] == 1 and asked["stops"][0]["ad_accounts"][0]["running"] == 1
    assert "Spring shoes" in vk("stops", row.reference, who="bo").out
    assert "would stop" in vk("stops", "Kim", who="bo").out
    assert vk("stops", row.reference, who="sam").code == 3
