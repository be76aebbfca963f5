"""Control paths: for this machine only, and what each changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import Sandbox


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_a_caller_on_this_machine_is_answered(caller: Caller, address: str) -> None:
    assert caller.raw("GET", "/_sandbox/clock", REMOTE_ADDR=address).status == "200 OK"


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": "2001:db8::1"},
        {"REMOTE_ADDR": "::ffff:203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "localhost.example"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"HTTP_HOST": "rebound.example:8099"},
        {"HTTP_HOST": "[::1"},
        {"HTTP_ORIGIN": "https://page.example"},
        {"HTTP_ORIGIN": "null"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/_sandbox/seed", "/_sandbox/clock", "/_sandbox/reset", "/_sandbox/nowhere"])
def test_anybody_else_is_refused_on_every_control_path(caller: Caller, path: str, environ: dict[str, str]) -> None:
    reply = caller.raw("POST", path, body=b"{}", **environ)
    assert reply.status == "403 Forbidden"
    assert caller.mara.token.reveal().encode() not in reply.body
    assert caller.status().code == 0


def test_a_stranger_still_reaches_the_endpoints(caller: Caller) -> None:
    reply = caller.raw("GET", "/open_api/v1.3/tt_video/list/", REMOTE_ADDR="203.0.113.9")
    assert reply.code == 40104


def test_seeding_again_gives_the_same_cast_with_the_same_tokens(caller: Caller, state: Path) -> None:
    told = caller.control("seed")
    assert told["creators"][0]["access_token"] == caller.mara.token.reveal()
    assert told["advertisers"][0]["access_token"] == caller.northwind.token.reveal()
    caller.sandbox.close()
    other = Sandbox(state)
    again = other.seed()
    assert [each.token for each in again.creators] == [each.token for each in caller.cast.creators]
    assert [each.refresh_token for each in again.creators] == [each.refresh_token for each in caller.cast.creators]
    assert (again.advertisers, again.app_secret) == (caller.cast.advertisers, caller.cast.app_secret)
    other.close()


def test_the_cast_is_who_it_should_be(caller: Caller) -> None:
    assert [(each.name, each.handle) for each in caller.cast.creators] == [
        ("Mara Lindt", "mara.makes"),
        ("Theo Park", "theo.tries"),
    ]
    assert set(caller.mara.posts) == {
        *("public", "public_two", "carousel", "private", "friends", "story", "duet", "stitch", "multi_duet"),
        *("carousel_duet", "two_mentions", "deleted", "unavailable", "illegal", "under_review"),
    }
    assert set(caller.theo.posts) == {"public"}
    assert {(each.name, each.time_zone) for each in caller.northwind.ad_accounts} == {
        ("Northwind EU", "Europe/Berlin"),
        ("Northwind US", "America/New_York"),
    }
    assert caller.contoso.name == "Contoso Ads"


def test_reset_empties_everything(caller: Caller) -> None:
    caller.applied()
    caller.switch(reapply="refuse")
    caller.control("fail-next", path="/tt_video/list/", fault="server_error")
    before = caller.cast
    caller.control("reset")
    assert caller.get("/tt_video/list/", before.advertisers[0].token.reveal(), advertiser_id="1").code == 40105
    caller.cast = caller.sandbox.seed()
    assert caller.cast.advertisers[0].token != before.advertisers[0].token
    assert caller.listed()["list"] == []
    assert caller.raw("GET", "/_sandbox/clock").json["stopped"] is False
    assert caller.raw("GET", "/_sandbox/switches").json["reapply"]["choice"] == "ok"


def test_an_unknown_control_path_lists_those_there_are(caller: Caller) -> None:
    reply = caller.raw("POST", "/_sandbox/nowhere", body=b"{}")
    assert reply.status == "404 Not Found"
    assert "POST /_sandbox/fail-next" in reply.json["error"]
    assert caller.raw("DELETE", "/_sandbox/clock").status == "405 Method Not Allowed"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("post", {"item_id": "1", "status": "USER_DELETE"}),
        ("post", {"item_id": "1", "status": "vanished"}),
        ("creator", {"handle": "nobody", "is_government": True}),
        ("creator", {"handle": "mara.makes", "is_government": "yes"}),
        ("oauth-code", {"creator": "nobody"}),
        ("oauth-code", {}),
        ("oauth-code", {"creator": "mara.makes", "scopes": [1]}),
        ("oauth-code", {"advertiser": "Northwind", "scopes": "690"}),
        ("marketplace", {"video_id": "1", "tcm_account_id": "1", "status": "ACCEPTED"}),
        ("marketplace", {"status": "MAYBE"}),
        ("marketplace", {"status": "ACCEPTED", "days": "many"}),
    ],
    ids=str,
)
def test_nonsense_is_refused_in_a_sentence(caller: Caller, name: str, body: dict[str, Any]) -> None:
    reply = caller.raw("POST", f"/_sandbox/{name}", body=json.dumps(body).encode())
    assert reply.status == "400 Bad Request"
    assert reply.json["error"]


def test_control_paths_take_json_objects_only(caller: Caller) -> None:
    assert caller.raw("POST", "/_sandbox/switches", body=b"[1]").status == "400 Bad Request"
    assert caller.raw("POST", "/_sandbox/reset", body=b"{").status == "400 Bad Request"
    assert caller.status().code == 0
