"""The form of every answer: routes, envelope, ids, headers."""

from __future__ import annotations

import re

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok import wire


def test_checklist_1_a_path_without_its_slash_is_the_404_text(caller: Caller) -> None:
    reply = caller.raw("GET", "/open_api/v1.3/tt_video/list")
    assert (reply.status, reply.body) == ("404 Not Found", b"404 page not found")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/open_api/v1.3/",
        "/open_api/v1.2/tt_video/list/",
        "/tt_video/list/",
        "/open_api/v1.3/tt_video/authorized/get/",
    ],
)
def test_a_path_that_tiktok_does_not_have_is_the_404_text(caller: Caller, path: str) -> None:
    assert caller.raw("GET", path).status == "404 Not Found"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_wrong_method_is_a_405_text_and_not_an_envelope(caller: Caller, method: str) -> None:
    reply = caller.raw(method, "/open_api/v1.3/tt_video/authorize/")
    assert (reply.status, reply.body) == ("405 Method Not Allowed", b"405 method not allowed")


def test_head_answers_no_body(caller: Caller) -> None:
    assert caller.raw("HEAD", "/open_api/v1.3/tt_video/list/").body == b""


def test_checklist_2_an_error_of_the_api_is_http_200_with_the_envelope(caller: Caller) -> None:
    reply = caller.get("/tt_video/list/")
    assert reply.status == "200 OK"
    assert reply.headers["Content-Type"] == "application/json"
    assert set(reply.json) == {"code", "message", "request_id", "data"}
    assert reply.headers["X-TT-LOGID"] == reply.json["request_id"]


def test_checklist_2_request_ids_look_like_tiktoks_and_never_repeat(caller: Caller) -> None:
    ids = [caller.get("/tt_video/list/").json["request_id"] for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(re.fullmatch(r"\d{14}[0-9A-F]{20}", each) for each in ids)


def test_checklist_19_every_answer_says_that_this_is_not_tiktok(caller: Caller) -> None:
    replies = [
        caller.get("/tt_video/list/"),
        caller.raw("GET", "/nowhere"),
        caller.raw("GET", "/_sandbox/clock"),
        caller.switch_on(),
    ]
    assert all(each.headers["X-Valetkey-Sandbox"] == "This is not TikTok." for each in replies)


def test_every_known_path_answers_an_envelope_without_a_token(caller: Caller) -> None:
    for endpoint in wire.ENDPOINTS:
        reply = caller.raw(endpoint.method, endpoint.full_path)
        assert reply.status == "200 OK", endpoint.path
        assert reply.code != 0, endpoint.path
