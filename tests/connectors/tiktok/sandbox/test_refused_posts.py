"""Checklist 15 and 16: every row of TikTok's table of code errors can be met, in the form it may take."""

from __future__ import annotations

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok import wire

_POSTS = {
    "story": ("story_video_not_supported", 4027),
    "carousel_duet": ("carousel_duet_not_supported", 4042),
    "multi_duet": ("multi_duet_stitch_refus", 900003),
    "two_mentions": ("mention_multiple_videos", 930002),
    "deleted": ("video_deleted", 4002),
    "unavailable": ("video_unavailable", 4002),
    "illegal": ("illegal_item_status_error", 900012),
    "under_review": ("illegal_item_status_error", 900012),
}


def _code(caller: Caller, post: str) -> str:
    caller.switch_on(post)  # refused for those whose owner made a code while they were well
    return str(caller.status(post).told["auth_code"])


@pytest.mark.parametrize("number", ["40002", "help_center"])
@pytest.mark.parametrize("post", _POSTS)
def test_checklist_15_and_16_a_post_that_cannot_be_used_is_named(caller: Caller, post: str, number: str) -> None:
    caller.switch(code_error_number=number)
    name, help_center = _POSTS[post]
    reply = caller.authorize(_code(caller, post))
    assert reply.code == (help_center if number == "help_center" else 40002)
    assert reply.message.startswith(f"{name}: ")
    recognised = wire.recognise_spark_error(reply.code, reply.message)
    assert recognised is not None and recognised.value == name


def test_checklist_15_a_code_that_expired(caller: Caller) -> None:
    code = caller.code_of()
    caller.control("clock", advance_seconds=30 * 24 * 3600)
    assert caller.authorize(code).message.startswith("auth_code_expired: ")


def test_checklist_15_a_code_its_owner_deleted(caller: Caller) -> None:
    code = caller.code_of()
    assert caller.delete().code == 0
    assert caller.authorize(code).message.startswith("auth_code_not_found: ")
    assert caller.look(code).message.startswith("auth_code_not_found: ")


@pytest.mark.parametrize(
    "text", ["", "#", "#short=", "no-hash-in-front-of-it", "#" + "A" * 500, "#ab cd/efgh=ijkl", "#ünïcödé/abcdefgh="]
)
def test_checklist_15_a_text_that_is_no_code(caller: Caller, text: str) -> None:
    assert caller.authorize(text).message.startswith("auth_code_format_error: ")


def test_checklist_15_a_code_nobody_made(caller: Caller) -> None:
    assert caller.authorize("#AbC+dEf/12345678=").message.startswith("auth_code_not_found: ")


def test_checklist_15_tiktoks_own_fault_on_order(caller: Caller) -> None:
    code = caller.code_of()
    caller.control("fail-next", path="/tt_video/authorize/", fault="refuse", code=-500, message="call_rpc_fail: reload")
    reply = caller.authorize(code)
    assert (reply.code, reply.message) == (-500, "call_rpc_fail: reload")
    assert caller.authorize(code).code == 0


def test_no_refusal_repeats_the_code(caller: Caller) -> None:
    sent = "#AbC+dEf/12345678="
    for reply in (caller.authorize(sent), caller.look(sent), caller.authorize(sent[1:])):
        assert "AbC" not in reply.message


@pytest.mark.parametrize("post", ["private", "friends"])
def test_switch_private_post_usable(caller: Caller, post: str) -> None:
    assert caller.switch_on(post).message.startswith("illegal_item_status_error: ")
    caller.switch(private_post_usable="yes")
    code = caller.code_of(post)
    assert caller.authorize(code).code == 0
    caller.switch(private_post_usable="no")
    assert caller.authorize(code, caller.us).message.startswith("illegal_item_status_error: ")


def test_a_post_deleted_after_its_code_was_made(caller: Caller) -> None:
    code = caller.code_of()
    caller.control("post", item_id=caller.mara.posts["public"], status="USER_DELETE")
    assert caller.authorize(code).message.startswith("video_deleted: ")
    assert caller.switch_on("public").message.startswith("video_deleted: ")
