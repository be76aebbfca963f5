"""The whole way of one post by commands alone: over a sandbox server, and by hand."""

from __future__ import annotations

import json

import pytest

from tests.cli.cast import CODE, Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import SHORT, Desk
from valetkey.authorizations.models import Authorization
from valetkey.connectors.models import Connection

pytestmark = pytest.mark.django_db


def test_a_post_goes_the_whole_way_by_commands(desk: Desk, vk: Terminal) -> None:
    eu, post = desk.eu.platform_id, desk.seeded.creators[0].posts["public_two"]
    days = {"from": "2026-11-03", "to": "2026-12-08"}
    assert vk("posts", "Mara Lindt", who="mara").code == 0
    campaign = vk(
        "campaign",
        "add",
        "Boots",
        "--ad-account",
        eu,
        "--from",
        days["from"],
        "--to",
        days["to"],
        who="bo",
        is_json=True,
    ).json()["reference"]
    why = ("--short-reason", SHORT)
    asked = vk(
        "request", post, "--creator", "Mara Lindt", "--for", "Northwind", "--campaign", campaign, *why, who="bo",
        is_json=True,
    ).json()  # fmt: skip
    row = asked["reference"]
    assert asked["next"] == {"whose": "the creator's side", "command": f"valetkey authorize --request {row}"}

    issued = vk("authorize", "--request", row, *why, who="mara", is_json=True).json()
    assert issued["state"] == "issued" and issued["coverage"][0]["verdict"] == "ends_before"
    link = vk("handover", row, "--to", "Bo", who="mara", is_json=True).json()["link"]
    code = vk("open", row, "--link", who="bo", typed=link).out.strip()
    assert code.startswith("#")
    assert "in use" in vk("apply", row, "--ad-account", eu, who="bo").out
    shown = vk("show", row, who="bo", is_json=True).json()
    assert shown["state"] == "in_use" and shown["next"]["command"] == f"valetkey extend {row} --days 7"
    covered = vk("extend", row, "--days", "7", who="mara", is_json=True).json()
    assert covered["coverage"][0]["verdict"] == "covers" and covered["next"] is None

    for command, who in (
        (("end", "ask", row, "--reason", "The season is over."), "mara"),
        (("end", "acknowledge", row), "bo"),
        (("end", "pause", row), "bo"),
        (("end", "switch-off", row), "mara"),
        (("end", "confirm", row), "mara"),
        (("end", "tell", row, "--how", "by mail"), "mara"),
    ):
        assert vk(*command, who=who).code == 0
    assert vk("show", row, is_json=True).json()["state"] == "ended"
    events = [entry["event"] for entry in vk("history", row, is_json=True).json()]
    assert events[0] == "authorization.request" and events[-1] == "authorization.tell_advertiser"
    verdict = vk("audit", "verify", is_json=True).json()
    assert verdict["holds"] and vk("audit", "verify", "--head", verdict["head"]).code == 0


def test_the_next_step_that_is_shown_can_be_typed(desk: Desk, vk: Terminal, cast: Cast) -> None:
    """From a request to in use: nobody has to look anything up."""
    given = {"NAME": "Bo", "ID": desk.eu.platform_id}
    who = {"the creator's side": "mara", "the advertiser's side": "bo", "either side": "mara"}
    row, states = cast.issued.reference, []
    for _ in range(3):
        shown = vk("show", row, is_json=True).json()
        states.append(shown["state"])
        command = [given.get(word, word) for word in shown["next"]["command"].split()[1:]]
        ran = vk(*command, who=who[shown["next"]["whose"]])
        assert ran.code == 0, (command, ran.err)
    assert states == ["issued", "handed_over", "opened"]
    assert vk("show", row, is_json=True).json()["state"] == "in_use"


def test_everything_can_be_done_by_hand(desk: Desk, vk: Terminal) -> None:
    desk.disconnect_all()
    post = desk.seeded.creators[0].posts["public_two"]
    eu = desk.eu.platform_id
    asked = vk("request", post, "--creator", "Mara Lindt", "--for", "Northwind", who="bo", is_json=True).json()
    row = asked["reference"]
    assert asked["next"]["command"] == f"valetkey record {row} --ends-on DAY"
    recorded = vk("record", row, "--ends-on", "2026-12-01", who="mara", typed=f" “{CODE}” \n", is_json=True).json()
    assert recorded["window"] == {
        "starts_at": "2026-11-02T09:00:00Z",
        "ends_at": "2026-12-02T00:00:00Z",
        "source": "stated",
    }
    assert vk("open", row, who="bo").out.strip() == CODE
    steps: list[tuple[tuple[object, ...], str]] = [
        (("handover", row, "--to", "Bo"), "mara"),
        (("apply", row, "--ad-account", eu, "--by-hand"), "bo"),
        (("check", row, "--saw", "in_use"), "mara"),
        (("extend", row, "--days", "30", "--by-hand"), "mara"),
        (("unbind", row, "--ad-account", eu, "--by-hand"), "bo"),
        (("end", "ask", row, "--reason", "Over."), "bo"),
        (("end", "pause", row, "--by-hand"), "bo"),
        (("end", "switch-off", row, "--by-hand"), "mara"),
        (("end", "confirm", row, "--seen", "The switch is off."), "mara"),
    ]
    for command, who in steps:
        ran = vk(*command, who=who)
        assert ran.code == 0, (command, ran.err)
    assert vk("show", row, is_json=True).json()["state"] == "ended"


def test_a_code_made_in_the_app_is_recorded_for_a_post_and_replaced_by_hand(desk: Desk, vk: Terminal) -> None:
    desk.disconnect_all()
    campaign = desk.campaign()
    ran = vk(
        "record", "--post", desk.post.platform_id, "--for", "Northwind", "--days", "30",
        "--campaign", campaign.reference, "--short-reason", SHORT, who="mara", typed=CODE, is_json=True,
    )  # fmt: skip
    assert ran.json()["coverage"][0]["days_short"] == 7
    words = ("replace", ran.json()["reference"], "--by-hand", "--days", 60)
    newer = vk(*words, who="mara", typed=CODE + "2", is_json=True).json()
    assert newer["replaces"] == ran.json()["reference"]
    assert "replaces" in vk("show", newer["reference"]).out
    assert "replaced by" in vk("show", ran.json()["reference"]).out


def test_a_request_is_declined_with_a_reason(vk: Terminal, cast: Cast) -> None:
    ran = vk("decline", cast.requested.reference, "--reason", "Not this one.", who="mara")
    assert ran.code == 0 and "Not this one." in ran.out


def test_a_code_is_applied_twice_taken_off_once_and_checked(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use").reference
    second = vk("apply", row, "--ad-account", desk.us.platform_id, who="bo")
    assert second.code == 0 and "! warning" in second.out
    off = vk("unbind", row, "--ad-account", desk.us.reference, who="bo", is_json=True).json()
    assert off["state"] == "unbound"
    assert vk("check", row, who="bo", is_json=True).json()["state"] == "in_use"


def test_a_duet_takes_the_code_of_its_source_too(desk: Desk, vk: Terminal) -> None:
    desk.note("duet")
    row = vk("authorize", desk.seeded.creators[0].posts["duet"], "--for", "Northwind", who="mara", is_json=True).json()[
        "reference"
    ]
    assert vk("apply", row, "--ad-account", desk.eu.platform_id, who="bo").code == 6
    asked = vk("apply", row, "--ad-account", desk.eu.platform_id, "--source-code", who="bo", is_json=True)
    assert asked.code == 2 and asked.refused()["code"] == "nothing_given"


def test_parties_people_and_what_they_hold_are_entered_and_listed(vk: Terminal) -> None:
    assert vk("party", "add", "Fabrikam", "--kind", "agency").code == 0
    assert vk("user", "add", "zoe@example.org", "--name", "Zoe").code == 0
    assert vk("user", "join", "zoe@example.org", "--party", "Fabrikam", "--role", "manager").code == 0
    assert vk("ad-account", "add", "7200000000000000099", "--party", "Fabrikam", "--name", "Fab UK", "--zone",
              "Europe/London", who="zoe").code == 0  # fmt: skip
    assert vk("campaign", "add", "Hats", "--ad-account", "7200000000000000099", "--from", "2026-11-10", "--to",
              "2026-11-20", who="zoe").code == 0  # fmt: skip
    assert "Fabrikam" in vk("party", "list", who="zoe").out and "Northwind" not in vk("party", "list", who="zoe").out
    assert [one["name"] for one in vk("ad-account", "list", who="zoe", is_json=True).json()] == ["Fab UK"]
    assert [one["name"] for one in vk("campaign", "list", who="zoe", is_json=True).json()] == ["Hats"]
    people = {one["mail"]: one["acts_for"] for one in vk("user", "list", is_json=True).json()}
    assert people["zoe@example.org"] == [{"party": "Fabrikam", "role": "manager"}]
    assert vk("user", "leave", "zoe@example.org", "--party", "Fabrikam").code == 0
    assert vk("party", "list", who="zoe", is_json=True).json() == []


def test_a_post_is_entered_by_hand_and_its_privacy_stops_an_authorization(desk: Desk, vk: Terminal) -> None:
    link = f"https://www.tiktok.com/@mara.makes/video/{desk.seeded.creators[0].posts['private']}"
    entered = vk("post", "add", link, "--creator", "Mara Lindt", "--visibility", "private", who="mara", is_json=True)
    refused = vk("authorize", entered.json()["reference"], "--for", "Northwind", who="mara")
    assert refused.code == 2 and "private" in refused.err


def test_a_connection_is_made_listed_and_ended(desk: Desk, vk: Terminal) -> None:
    token = desk.seeded.advertisers[0].token.reveal()
    made = vk("connect", "Northwind", "--level", "advertiser_token", "--url", "sandbox:", typed=token)
    assert made.code == 0 and "not TikTok" in made.out and token not in made.said
    rows = vk("connections", who="bo", is_json=True).json()
    assert [(row["party"], row["level"]) for row in rows] == [("Northwind", "advertiser_token")]
    assert vk("disconnect", "Northwind", "--level", "advertiser_token", who="bo").code == 0
    assert vk("connections", who="bo", is_json=True).json() == []
    assert "by hand" in vk("connections", who="bo").out


def test_a_creator_is_connected_with_what_renews_the_token(desk: Desk, vk: Terminal) -> None:
    mara = desk.seeded.creators[0]
    lines = "\n".join(one.reveal() for one in (mara.token, mara.refresh_token, desk.seeded.app_secret))
    ran = vk(
        "connect", "Mara Lindt", "--level", "creator_token", "--account-id", mara.account_id,
        "--app-id", desk.seeded.app_id, "--url", "sandbox:", typed=lines,
    )  # fmt: skip
    assert ran.code == 0
    row = Connection.objects.creator_of(desk.creator, "tiktok")
    assert row is not None and row.renewal() is not None
    assert vk("posts", "Mara Lindt", who="mara").code == 0


def test_a_program_acts_by_a_token_until_it_is_ended(vk: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    made = vk("token", "make", "bo@example.org", "--label", "nightly", who="bo", is_json=True, has_clock=False)
    monkeypatch.setenv("VALETKEY_TOKEN", made.json()["token"])
    assert [one["name"] for one in vk("party", "list", is_json=True, has_clock=False).json()] == ["Northwind"]
    listed = vk("token", "list", "bo@example.org", is_json=True, has_clock=False).json()
    assert [(one["label"], one["ended_at"]) for one in listed] == [("nightly", None)]
    assert vk("token", "end", listed[0]["id"], has_clock=False).code == 0
    after = vk("party", "list", has_clock=False)
    assert after.code == 4 and made.json()["token"] not in after.said


def test_a_program_does_not_choose_its_time(vk: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    made = vk("token", "make", "bo@example.org", "--label", "nightly", who="bo", is_json=True)
    for token in (made.json()["token"], ""):
        monkeypatch.setenv("VALETKEY_TOKEN", token)
        ran = vk("party", "list", is_json=True)
        assert ran.code == 4 and ran.refused()["code"] == "at_is_the_hosts"


def test_keys_are_rotated_and_tables_made(vk: Terminal, cast: Cast) -> None:
    rotated = vk("keys", "rotate", is_json=True).json()["rotated"]
    assert rotated["authorizations.Authorization"] >= 1
    assert vk("keys", "rotate").code == 0
    assert vk("migrate", is_json=True).json() == {"migrated": True}


def test_lists_are_filtered_and_limited(desk: Desk, vk: Terminal, cast: Cast) -> None:
    assert len(vk("list", is_json=True).json()) == 2
    assert [one["state"] for one in vk("list", "--state", "requested", is_json=True).json()] == ["requested"]
    assert [one["state"] for one in vk("list", "--live", is_json=True).json()] == ["issued"]
    assert len(vk("list", "--limit", "1", is_json=True).json()) == 1
    assert vk("list", who="sam", is_json=True).json() == []


def test_an_altered_history_is_told_and_exits_with_one(vk: Terminal, cast: Cast) -> None:
    ran = vk("audit", "verify", "--head", "0f" * 32, is_json=True)
    assert ran.code == 1 and not ran.json()["holds"]
    assert "does not hold" in vk("audit", "verify", "--head", "0f" * 32).out


def test_every_answer_says_the_same_to_people_and_to_programs(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = Authorization.objects.get(pk=cast.issued.pk)
    text, document = vk("show", row.reference).out, vk("show", row.reference, is_json=True).out
    assert json.loads(document)["code"] in text and row.code is not None
    assert row.code.reveal() not in text + document
