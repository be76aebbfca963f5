"""People, assets, lists of access and who is on them, by commands."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.desk import Desk

pytestmark = pytest.mark.django_db


def people_list(vk: Terminal) -> str:
    """A Business Center with somebody to put on it; its list of people."""
    vk("person", "add", "Jo Berg", "--party", "Northwind", "--mail", "jo@example.org", who="kim")
    made = vk(
        "asset", "add", "Northwind BC", "--party", "Northwind", "--kind", "business_center", who="kim", is_json=True
    )
    (reference,) = [one["reference"] for one in made.json()["surfaces"] if one["kind"] == "people"]
    return str(reference)


def test_somebody_from_the_first_day_to_the_last_and_back(vk: Terminal) -> None:
    made = vk(
        "person", "add", "Jo Berg", "--party", "Northwind", "--mail", "jo@example.org", "--works-for", "Contoso",
        "--work", "Editor", "--joined", "2026-10-01", who="kim", is_json=True,
    ).json()  # fmt: skip
    assert (made["works_for"], made["kept_by"], made["joined_on"]) == ("Contoso", "Northwind", "2026-10-01")
    assert made["is_user"] is False and made["accesses"] == []
    changed = vk("person", "change", "Jo Berg", "--work", "Lead", "--joined", "", who="kim", is_json=True).json()
    assert (changed["work"], changed["joined_on"], changed["mail"]) == ("Lead", None, "jo@example.org")
    assert vk("person", "left", "jo@example.org", "--on", "2026-12-31", who="kim", is_json=True).json()["left_on"]
    assert "2026-12-31" in vk("person", "list", "lead", who="vera").out
    assert vk("person", "back", made["reference"], who="kim", is_json=True).json()["left_on"] is None
    assert "Jo Berg" not in vk("person", "list", who="mara").out
    shown = vk("person", "show", "Jo Berg", who="vera").out
    assert "does not use this desk" in shown and "Contoso" in shown


def test_an_asset_its_lists_and_where_they_are(vk: Terminal) -> None:
    made = vk("asset", "add", "Northwind BC", "--party", "Northwind", "--kind", "business_center", who="kim")
    assert "Users → Members" in made.out and "No access is open on it." in made.out
    bare = vk(
        "asset", "add", "Northwind Shop", "--party", "Northwind", "--kind", "shop", "--within", "Northwind BC",
        "--no-surfaces", who="kim", is_json=True,
    ).json()  # fmt: skip
    assert bare["surfaces"] == [] and bare["within"]
    own = vk("surface", "add", "Northwind Shop", "Shared mailbox", "--path", "Mail", who="kim", is_json=True).json()
    assert [one["path"] for one in own] == ["Mail"]
    usual = vk("surface", "add", "Northwind Shop", "--usual", who="kim", is_json=True).json()
    assert {one["kind"] for one in usual} == {None, "staff", "partners"}
    changed = vk("surface", "change", own[0]["reference"], "--name", "Mail", "--path", "", who="kim", is_json=True)
    assert {one["name"]: one["path"] for one in changed.json()}["Mail"] is None
    assert len(vk("surface", "list", "Northwind Shop", who="vera", is_json=True).json()) == 3
    told = ("--within", "", "--note", "Closed.", "--region", "de")
    loose = vk("asset", "change", "Northwind Shop", *told, who="kim", is_json=True).json()
    assert [loose[name] for name in ("within", "note", "region", "name")] == [None, "Closed.", "DE", "Northwind Shop"]
    assert {one["name"] for one in vk("asset", "list", "northwind", who="vera", is_json=True).json()} >= {
        "Northwind BC",
        "Northwind Shop",
    }


def test_access_from_its_first_day_to_its_end(vk: Terminal) -> None:
    surface = people_list(vk)
    opened = vk(
        "access", "open", surface, "--person", "Jo Berg", "--role", "admin", "--since", "2026-11-01",
        "--until", "2026-12-31", "--purpose", "Films", "--basis", "Contract 7", "--owner", "Kim",
        "--review", "2026-12-01", who="kim", is_json=True,
    ).json()  # fmt: skip
    reference = opened["reference"]
    assert (opened["end"], opened["until"], opened["owner"]) == ("at", "2027-01-01T00:00:00Z", "Kim")
    assert opened["removal"].startswith("Click the member")
    shown = vk("access", "show", reference, who="vera").out
    assert "wide:" in shown and "01 Jan 2027" in shown and "Click the member" in shown
    confirmed = vk("access", "confirm", reference, "--how", "Fourth in the list.", who="bo", is_json=True).json()
    assert confirmed["confirmed_by"] == "Bo"
    assert vk("access", "let-end", reference, who="kim", is_json=True).json()["let_end_at"]
    changed = vk("access", "change", reference, "--never-ends", "--owner", "", "--review", "", who="kim", is_json=True)
    assert changed.json()["end"] == "none" and changed.json()["let_end_at"] is None
    assert changed.json()["owner"] is None and changed.json()["review_on"] is None
    assert "never ends" in vk("access", "list", who="vera").out
    assert "Jo Berg" in vk("asset", "show", "Northwind BC", who="vera").out
    ended = vk("access", "end", reference, "--reason", "Left", who="kim")
    assert "Nobody has looked on the platform." in ended.out
    assert vk("access", "list", who="vera", is_json=True).json() == []
    assert len(vk("access", "list", "--all", who="vera", is_json=True).json()) == 1
    again = vk("access", "end", reference, "--reason", "Again", who="kim")
    assert again.code == 5 and "`valetkey access open" in again.err


@pytest.mark.parametrize("ends", [(), ("--never-ends", "--end-unknown"), ("--until", "2026-12-31", "--never-ends")])
def test_an_end_is_said_once(vk: Terminal, ends: tuple[str, ...]) -> None:
    """ "No end" sent as nothing was read as "ended yesterday"."""
    surface = people_list(vk)
    ran = vk("access", "open", surface, "--person", "Jo Berg", "--role", "Standard", *ends, who="kim", is_json=True)
    assert ran.code == 2 and ran.refused()["code"] == "end_not_clear" and "--end-unknown" in ran.refused()["next_step"]


def test_a_party_as_a_whole_and_an_end_that_nobody_knows(vk: Terminal) -> None:
    surface = people_list(vk)
    made = vk("access", "open", surface, "--party", "Contoso", "--role", "partner", "--end-unknown", who="kim")
    assert made.code == 0 and "not known" in made.out
    assert "the party as a whole" in vk("access", "list", who="vera").out


def test_what_an_authorization_gives_stands_among_them(desk: Desk, vk: Terminal) -> None:
    desk.in_use()
    (row,) = vk("access", "list", who="mara", is_json=True).json()
    assert row["by_authorization"] and row["surface_name"] == "Spark authorizations"
    ended = vk("access", "end", row["reference"], "--reason", "Over", who="mara")
    assert ended.code == 5 and "`valetkey end ask" in ended.err
    assert vk("access", "show", row["reference"], who="bo").code == 0
    assert vk("access", "confirm", row["reference"], "--how", "Seen.", who="bo").code == 4


def test_the_catalogue_says_where_each_word_was_read(vk: Terminal) -> None:
    said = vk("catalogue").out
    assert "Business Center people (people)" in said and "confirmed: TikTok help center" in said
    assert "unconfirmed:" in said and "money" in said
    (lists,) = [vk("catalogue", "youtube", "--kind", "channel", is_json=True).json()]
    assert {one["kind"] for one in lists} == {"permissions", "brand_account"}
    assert lists[0]["roles"][0]["source"]["read_on"]
    assert "knows nothing here" in vk("catalogue", "other").out


def test_the_stranger_is_told_that_there_is_none(vk: Terminal) -> None:
    surface = people_list(vk)
    access = vk(
        "access", "open", surface, "--person", "Jo Berg", "--role", "Standard", "--never-ends", who="kim", is_json=True
    ).json()["reference"]
    for command, code in (
        (("person", "show", "Jo Berg"), "no_such_person"),
        (("person", "left", "jo@example.org", "--on", "2026-12-31"), "no_such_person"),
        (("asset", "show", "Northwind BC"), "no_such_asset"),
        (("surface", "change", surface, "--name", "Mine"), "no_such_surface"),
        (("access", "open", surface, "--person", "Sam", "--role", "Admin", "--never-ends"), "no_such_surface"),
        (("access", "show", access), "no_such_access"),
        (("access", "end", access, "--reason", "Mine"), "no_such_access"),
    ):
        ran = vk(*command, who="sam", is_json=True)
        assert ran.code == 3 and ran.refused()["code"] == code, command
