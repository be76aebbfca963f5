"""A review by commands: opened, decided, closed, and compared with the next."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.reviews.scope import center, give, somebody, staffed
from valetkey.changes.models import Change
from valetkey.register import services as register

pytestmark = pytest.mark.django_db


def test_from_opened_to_closed_and_the_next_one(desk: Desk, vk: Terminal) -> None:
    asset, (jo, *_) = staffed(desk)
    give(desk, center(desk, "Shop"), somebody(desk, "Zoe"))
    assert "`valetkey review open" in vk("review", "list", who="bo").out
    opened = vk("review", "open", "--party", "Northwind", "--asset", "Northwind BC", who="bo", is_json=True).json()
    reference = opened["reference"]
    assert [line["person"] for line in opened["lines"]] == ["Jo", "Lea", "Max", "Nia", "Pia"]
    assert [line["ends"] for line in opened["lines"]].count("never") == 1
    assert vk("review", "decide", reference, "1-2", "keep", who="bo").code == 0
    no_note = vk("review", "decide", reference, "3", "change", who="bo")
    assert no_note.code == 2 and "what is to be different" in no_note.err
    assert vk("review", "decide", reference, "4", "l", who="bo").code == 0
    early = vk("review", "close", reference, "--next", "2027-05-03", who="bo")
    assert early.code == 5 and "`valetkey review show REVIEW --undecided`" in early.err
    left = vk("review", "show", reference, "--undecided", who="vera", is_json=True).json()
    assert [line["line"] for line in left["lines"]] == [3, 5]
    assert vk("review", "decide", reference, "3", "change", "--note", "Analyst", who="bo").code == 0
    ended = vk("review", "decide", reference, "5", "end", who="bo")
    assert "5 of 5 decided." in ended.out
    closed = vk("review", "close", reference, "--next", "2027-05-03", who="bo", is_json=True).json()
    change = Change.objects.get()
    assert closed["work"] == change.reference and closed["next_on"] == "2027-05-03"
    assert vk("review", "decide", reference, "1", "end", who="bo").code == 5

    register.end_access(access=jo, reason="Left.", actor=desk.bo, at=desk.at)
    again = vk("review", "open", "--party", "Northwind", "--asset", asset.reference, who="bo")
    assert "Gone since the last review: 1." in again.out and "Jo: Operator" in again.out
    (row, _) = vk("review", "list", who="otto", is_json=True).json()
    assert row["previous"] == reference and row["undecided"] == 4


def test_of_what_a_party_holds(desk: Desk, vk: Terminal) -> None:
    staffed(desk)
    made = vk("review", "open", "--party", "Northwind", "--holder", "Northwind", who="bo", is_json=True).json()
    assert len(made["lines"]) == 5 and made["scope"] == "what Northwind holds"
    for lines in ("x", "3-900", "0", "6"):
        refused = vk("review", "decide", made["reference"], lines, "keep", who="bo")
        assert refused.code in {2, 3} and "None" not in refused.err
    both = vk("review", "decide", made["reference"], "1-5", "e", "--note", "All", who="bo", is_json=True).json()
    assert both["undecided"] == 0
