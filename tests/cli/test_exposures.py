"""Logins that were shared, by commands."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal

pytestmark = pytest.mark.django_db


def test_from_writing_it_down_to_the_change(vk: Terminal) -> None:
    assert "`valetkey exposure open`" in vk("exposure", "list", who="mara").out
    made = vk(
        "exposure", "open", "@mara.makes", "--party", "Mara Lindt", "--shared", "password", "--since", "2026-10-03",
        "--note", "For the launch.", who="mara", is_json=True,
    ).json()  # fmt: skip
    assert (made["account"], made["shared"], made["since"], made["knowers"]) == (
        "@mara.makes",
        "password",
        "2026-10-03",
        [],
    )
    reference = made["reference"]
    named = vk("exposure", "known", reference, "--name", "Jo", "--party", "Northwind", who="mara")
    assert named.code == 0 and "Jo" in named.out and "Northwind" in named.out
    assert "Set a new password" in vk("exposure", "show", reference, who="otto").out
    (listed,) = vk("exposure", "list", who="mara", is_json=True).json()
    assert listed["known_to"] == 1 and listed["changed_at"] is None
    closed = vk("exposure", "close", reference, "--how", "Changed in the app.", who="mara", is_json=True).json()
    assert closed["how_confirmed"] == "Changed in the app." and closed["changed_by"] == "Mara"
    assert closed["knowers"] == [{"name": "Jo", "person": None, "party": "Northwind", "since": None}]
    again = vk("exposure", "close", reference, "--how", "Again.", who="mara")
    assert again.code == 5 and "`valetkey exposure open`" in again.err
    assert "changed" in vk("exposure", "list", who="mara").out


def test_the_stranger_is_told_that_there_is_none(vk: Terminal) -> None:
    opened = vk("exposure", "open", "@m", "--party", "Mara Lindt", "--shared", "session", is_json=True).json()
    for command in (("show",), ("known", "--name", "Sam"), ("close", "--how", "x")):
        ran = vk("exposure", command[0], opened["reference"], *command[1:], who="sam", is_json=True)
        assert ran.code == 3 and ran.refused()["code"] == "no_such_exposure"
    assert vk("exposure", "list", who="sam", is_json=True).json() == []


def test_a_secret_is_refused_and_not_echoed(vk: Terminal) -> None:
    ran = vk(
        "exposure", "open", "@m", "--party", "Mara Lindt", "--shared", "password",
        "--note", "The password is Sunflower88!", who="mara", is_json=True,
    )  # fmt: skip
    assert ran.code == 2 and ran.refused()["code"] == "credential_in_text" and "Sunflower" not in ran.said


def test_what_only_looks_like_one_is_kept_as_it_is_when_the_person_says_so(vk: Terminal) -> None:
    note = "The password is Sunflower88!"
    made = vk(
        "exposure", "open", "@m", "--party", "Mara Lindt", "--shared", "password", "--note", note,
        "--not-a-credential", who="mara", is_json=True,
    )  # fmt: skip
    assert made.json()["note"] == note
