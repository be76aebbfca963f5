"""/tcm/tt_video/*: asking a marketplace creator for a code, and the answer a test gives for the creator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller, Reply


def _apply(caller: Caller, post: str = "public", **more: Any) -> Reply:
    asked = {"video_id": caller.mara.posts.get(post, post), "tcm_account_id": "701", **more}
    return caller.post("/tcm/tt_video/apply/", caller.northwind.token.reveal(), **asked)


def _status(caller: Caller) -> Reply:
    asked = {"video_id": caller.mara.posts["public"], "tcm_account_id": "701"}
    return caller.get("/tcm/tt_video/status/", caller.northwind.token.reveal(), **asked)


def _settle(caller: Caller, **answer: Any) -> None:
    caller.control("marketplace", video_id=caller.mara.posts["public"], tcm_account_id="701", **answer)


def test_a_request_waits_for_the_creator(caller: Caller) -> None:
    assert _status(caller).code == 40007
    assert _apply(caller, authorization_days=60).told == {}
    told = _status(caller).told
    assert (told["auth_status"], told["requested_authorization_days"]) == ("WAITING", 60)
    assert told["num_remaining_request"] == 29
    assert "auth_code" not in told


def test_accepted_with_another_term_than_was_asked_for(caller: Caller) -> None:
    _apply(caller, authorization_days=60)
    _settle(caller, status="ACCEPTED", days=7)
    told = _status(caller).told
    assert (told["auth_status"], told["auth_code_status"]) == ("ACCEPTED", "NOT_USED")
    assert told["auth_code_end_time"] == "2026-11-29 10:00:00"
    assert caller.authorize(told["auth_code"]).code == 0


def test_rejected_there_is_no_code(caller: Caller) -> None:
    _apply(caller)
    _settle(caller, status="REJECTED")
    assert _status(caller).told["auth_status"] == "REJECTED"
    assert "auth_code" not in _status(caller).told


def test_a_code_can_exist_while_the_request_still_waits(caller: Caller) -> None:
    _apply(caller)
    code = caller.code_of()
    told = _status(caller).told
    assert (told["auth_status"], told["auth_code"]) == ("WAITING", code)


def test_more_time_is_asked_for_and_given(caller: Caller) -> None:
    assert _apply(caller, action="EXTEND").code == 40007
    _apply(caller)
    _settle(caller, status="ACCEPTED")
    assert _apply(caller, action="EXTEND", authorization_days=7).code == 0
    _settle(caller, status="ACCEPTED")
    assert _status(caller).told["auth_code_end_time"] == "2026-12-29 10:00:00"


def test_after_thirty_requests_there_are_no_more(caller: Caller) -> None:
    assert [_apply(caller).code for _ in range(31)] == [0] * 30 + [40002]


@pytest.mark.parametrize(("post", "code"), [("7300000000000000000", 40053), ("deleted", 40002)])
def test_a_post_that_is_not_there_is_refused(caller: Caller, post: str, code: int) -> None:
    assert _apply(caller, post).code == code


@pytest.mark.parametrize(("style", "end"), [("space", "2026-12-22 10:00:00"), ("iso", "2026-12-22T10:00:00Z")])
def test_checklist_10_switch_time_style_marketplace(caller: Caller, style: str, end: str) -> None:
    caller.switch(time_style_marketplace=style)
    _apply(caller)
    _settle(caller, status="ACCEPTED")
    assert _status(caller).told["auth_code_end_time"] == end
