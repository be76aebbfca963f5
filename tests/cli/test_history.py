"""The history by commands: of one thing, of the whole desk, and as a signed file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.cast import Cast
from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.history.altering import alter, drop_triggers
from tests.history.test_signed import checked
from valetkey.accounts import services as accounts
from valetkey.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_one_thing_is_told_in_sentences_oldest_first(desk: Desk, vk: Terminal) -> None:
    jo = accounts.enter_person(kept_by=desk.creator, name="Jo", actor=desk.mara, at=desk.at)
    accounts.change_person(person=jo, changes={"note": "On leave."}, actor=desk.mara, at=desk.at)
    ran = vk("history", jo.reference.lower(), who="mara")
    assert ran.code == 0 and ran.out.index("put Jo on the record") < ran.out.index("changed what the record")
    assert "note: nothing → On leave." in ran.out
    told = vk("history", jo.reference, who="mara", is_json=True).json()
    assert [each["event"] for each in told] == ["person.entered", "person.changed"]
    assert told[0]["sentence"] == f"Mara put Jo on the record of {desk.creator}"
    assert vk("history", jo.reference, who="bo").code == 3


def test_the_whole_desk_is_narrowed_and_says_when_there_is_more(desk: Desk, vk: Terminal, cast: Cast) -> None:
    assert vk("history", who="mara").code == 4
    told = vk("history", "--kind", "party", "--person", "host", is_json=True).json()
    assert told and {each["subject"].split()[0] for each in told} == {"party"}
    assert "These are the newest 2" in vk("history", "--limit", "2").out
    assert not vk("history", "--from", "2030-01-01", is_json=True).json()


def test_a_signed_file_is_written_whole_once_and_can_be_checked(desk: Desk, vk: Terminal, tmp_path: Path) -> None:
    desk.campaign()
    file = tmp_path / "history.jsonl"
    made = vk("audit", "export", str(file), is_json=True).json()
    assert made["last"] == Entry.objects.count() and made["fault"] is None
    key = vk("audit", "key", is_json=True).json()
    (tmp_path / "desk.pem").write_text(key["public_key"])
    assert key["fingerprint"] == made["fingerprint"] in vk("audit", "key").out
    assert checked(file, "--key", str(tmp_path / "desk.pem"), "--head", made["head"])[0] == 0
    before = file.read_bytes()
    assert vk("audit", "export", str(file)).code == 5 and file.read_bytes() == before
    assert vk("audit", "export", str(tmp_path / "none.jsonl"), "--from", "99999").code == 2
    assert sorted(each.name for each in tmp_path.glob("*.jsonl*")) == ["history.jsonl"], "no half file is left"
    assert oct(file.stat().st_mode & 0o777) == "0o600"


def test_a_history_that_does_not_hold_is_written_all_the_same_and_told(
    desk: Desk, vk: Terminal, tmp_path: Path
) -> None:
    drop_triggers()
    alter(5)
    ran = vk("audit", "export", str(tmp_path / "history.jsonl"))
    assert ran.code == 1 and "Entry 5 was altered after it was written." in ran.out
    code, said = checked(tmp_path / "history.jsonl")
    assert code == 1 and "entry 5 was altered after it was written" in said
