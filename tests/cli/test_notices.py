"""What somebody was told and wants to be told, by commands."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.desk import HOST, Desk
from tests.notices.found import found
from valetkey.notices.models import Notice
from valetkey.notices.services import plan_notices, send_digests

pytestmark = pytest.mark.django_db


def test_what_they_were_told_is_listed_and_read(desk: Desk, vk: Terminal) -> None:
    assert "You were told nothing yet." in vk("notices", "list", who="bo").out
    rows = [found(desk), found(desk)]
    plan_notices(at=desk.at)
    send_digests(at=desk.at)
    told = vk("notices", "list", "--new", who="bo", is_json=True).json()
    assert {each["finding"] for each in told} == {row.reference for row in rows}
    assert {(each["way"], each["mail"], each["why"], each["lead_days"]) for each in told} == {
        ("mail", "sent", "manager", None)
    }
    assert "1 read." in vk("notices", "read", told[0]["reference"].lower(), who="bo").out
    assert len(vk("notices", "list", "--new", who="bo", is_json=True).json()) == 1
    assert (
        "1 read." in vk("notices", "read", who="bo").out and "Nothing was new." in vk("notices", "read", who="bo").out
    )
    assert vk("notices", "list", who="kim", is_json=True).json() == []
    refused = vk("notices", "read", told[0]["reference"], who="kim")
    assert refused.code == 3 and "`valetkey notices list`" in refused.err
    assert not Notice.objects.filter(read_at=None).exists()


def test_what_they_want_is_set_and_shown(desk: Desk, vk: Terminal) -> None:
    usual = {
        "by_mail": True, "muted": [], "lead_days": [30, 14, 7, 3, 1], "quiet": ["20:00", "08:00"],
        "on_weekends": False, "time_zone": "UTC",
    }  # fmt: skip
    assert vk("notices", "preferences", who="kim", is_json=True).json() == usual
    told = vk(
        "notices", "preferences", "--mute", "proof", "--mute", "time", "--lead", "14, 2", "--quiet", "19:00-08:30",
        "--weekends", who="kim",
    ).out  # fmt: skip
    assert "proof, time" in told and "14, 2" in told and "19:00 to 08:30 (UTC)" in told and "as other days" in told
    set_ = vk("notices", "preferences", "--unmute", "time", "--quiet", "never", who="kim", is_json=True).json()
    assert (set_["muted"], set_["quiet"]) == (["proof"], None)
    off = vk("notices", "preferences", "--no-mail", "--lead", "usual", who="kim")
    assert "none; your pages have everything" in off.out and "30, 14, 7, 3, 1" in off.out
    history = vk("history", who="otto").out
    assert "chose what to be told by mail" in history


def test_the_host_is_told_to_say_who_it_is_about(desk: Desk, vk: Terminal) -> None:
    assert HOST.user_id is None
    refused = vk("notices", "preferences")
    assert refused.code == 4 and "--as MAIL" in refused.err
