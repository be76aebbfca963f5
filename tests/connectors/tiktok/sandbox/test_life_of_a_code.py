"""Checklist 11, 13 and 14: made, applied, extended, ended, by call and by clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok import wire

DAY = 24 * 3600


def _end(caller: Caller) -> datetime:
    return wire.parse_instant(caller.status().told["auth_code_end_time"])


def _days_left(caller: Caller) -> float:
    return (_end(caller) - caller.sandbox.now()).total_seconds() / DAY


def _advance(caller: Caller, days: float) -> None:
    caller.control("clock", advance_seconds=days * DAY)
    caller.cast = caller.sandbox.seed()  # the creator's token lives a day


def _word(caller: Caller) -> str:
    return str(caller.status().told["auth_code_status"])


def test_a_window_is_exactly_its_days(caller: Caller) -> None:
    caller.switch_on(authorization_days=7)
    told = caller.status().told
    assert told["auth_code_start_time"] == "2026-11-22 10:00:00"
    assert told["auth_code_end_time"] == "2026-11-29 10:00:00"
    assert told["authorization_days"] == 7


def test_thirty_days_when_none_are_asked_for(caller: Caller) -> None:
    caller.switch_on()
    assert _days_left(caller) == 30


def test_checklist_11_not_used_then_in_use_then_expired_by_the_clock(caller: Caller) -> None:
    code = caller.code_of()
    assert _word(caller) == "NOT_USED"
    caller.authorize(code)
    assert _word(caller) == "IN_USE"
    _advance(caller, 30 - 1 / DAY)
    assert _word(caller) == "IN_USE"
    _advance(caller, 1 / DAY)
    assert _word(caller) == "EXPIRED"
    [entry] = caller.listed()["list"]
    assert entry["auth_info"]["ad_auth_status"] == "EXPIRED"


def test_checklist_11_deleted_by_call(caller: Caller) -> None:
    caller.switch_on()
    assert caller.delete().told == {"item_id": caller.mara.posts["public"], "auth_code_status": "DELETED"}
    assert _word(caller) == "DELETED"
    assert caller.delete().code == 40007


def test_checklist_11_unbind_takes_the_post_off_one_list_only(caller: Caller) -> None:
    code, item_id = caller.code_of(), caller.mara.posts["public"]
    for account in (caller.eu, caller.us):
        caller.authorize(code, account)
    assert caller.unbind(item_id).told == {}
    assert caller.listed()["list"] == []
    assert len(caller.listed(caller.us)["list"]) == 1
    assert _word(caller) == "IN_USE"
    assert caller.unbind(item_id).code == 40007


@pytest.mark.parametrize(("choice", "word"), [("yes", "IN_USE"), ("no", "NOT_USED")])
def test_checklist_11_switch_unbind_keeps_in_use(caller: Caller, choice: str, word: str) -> None:
    caller.switch(unbind_keeps_in_use=choice)
    caller.authorize(caller.code_of())
    caller.unbind(caller.mara.posts["public"])
    assert _word(caller) == word


def test_switch_unbind_while_live(caller: Caller) -> None:
    caller.switch(unbind_while_live="refuse")
    caller.authorize(caller.code_of())
    assert caller.unbind(caller.mara.posts["public"]).code == 40002
    _advance(caller, 30)
    assert caller.unbind(caller.mara.posts["public"]).code == 0


@pytest.mark.parametrize("call", ["setting_body", "extend_body", "delete_body"])
def test_checklist_13_bodies_are_echo_or_empty(caller: Caller, call: str) -> None:
    verbs: dict[str, Any] = {
        "setting_body": caller.switch_on,
        "extend_body": caller.extend,
        "delete_body": caller.delete,
    }
    for choice in ("echo", "empty"):
        caller.switch(**{call: choice})
        caller.switch_on()
        told = verbs[call]().told
        assert (told == {}) is (choice == "empty")
        assert choice == "empty" or told["item_id"] == caller.mara.posts["public"]


@pytest.mark.parametrize(("policy", "days"), [("add", 30 - 10 + 7), ("reset", 7)])
def test_checklist_14_extending_adds_or_resets(caller: Caller, policy: str, days: int) -> None:
    code = caller.code_of()
    _advance(caller, 10)
    caller.switch(extend_policy=policy)
    assert caller.extend(authorization_days=7).code == 0
    assert _days_left(caller) == days
    assert caller.status().told["auth_code"] == code


def test_checklist_14_an_expired_code_is_extended_from_now_or_refused(caller: Caller) -> None:
    code = caller.code_of()
    _advance(caller, 40)
    caller.switch(extend_expired="refuse")
    assert caller.extend().message.startswith("auth_code_expired")
    caller.switch(extend_expired="allow")
    assert caller.extend(authorization_days=60).code == 0
    assert _days_left(caller) == 60
    assert caller.authorize(code).code == 0


def test_checklist_14_a_deleted_code_stays_dead_or_another_is_made(caller: Caller) -> None:
    code = caller.code_of()
    caller.delete()
    assert caller.extend().message.startswith("auth_code_not_found")
    caller.switch(extend_deleted="regenerate")
    assert caller.extend().code == 0
    assert caller.status().told["auth_code"] != code
    assert _word(caller) == "NOT_USED"


def test_extending_a_post_without_a_code_is_refused(caller: Caller) -> None:
    assert caller.extend().code == 40007


@pytest.mark.parametrize(("choice", "is_same"), [("keep", True), ("new_code", False)])
def test_switch_setting_on_again(caller: Caller, choice: str, is_same: bool) -> None:
    caller.switch(setting_on_again=choice)
    first = caller.code_of()
    before = caller.status().told
    _advance(caller, 1)
    assert (caller.code_of() == first) is is_same
    assert (caller.status().told["auth_code_end_time"] == before["auth_code_end_time"]) is is_same
    assert caller.authorize(first).code == 0  # the old one lives until its own end


def test_switching_on_after_the_end_makes_another_code(caller: Caller) -> None:
    first = caller.code_of()
    _advance(caller, 31)
    assert caller.code_of() != first
    caller.switch_off()
    assert _word(caller) == "DELETED"
    assert caller.code_of() != first
    assert _word(caller) == "NOT_USED"


@pytest.mark.parametrize("choice", ["DELETED", "EXPIRED"])
def test_switch_status_after_off(caller: Caller, choice: str) -> None:
    caller.switch(status_after_off=choice)
    code = caller.code_of()
    assert caller.switch_off().code == 0
    assert _word(caller) == choice
    assert caller.authorize(code).message.startswith("auth_code_not_found")


def test_switching_off_a_post_that_was_never_on_is_harmless(caller: Caller) -> None:
    assert caller.switch_off().told == {"item_id": caller.mara.posts["public"]}


@pytest.mark.parametrize("choice", ["EXPIRED", "UNAUTHORIZED"])
def test_switch_ad_auth_status_of_deleted(caller: Caller, choice: str) -> None:
    caller.switch(ad_auth_status_of_deleted=choice)
    caller.applied()
    caller.delete()
    assert caller.listed()["list"][0]["auth_info"]["ad_auth_status"] == choice


def test_switch_status_without_code(caller: Caller) -> None:
    assert caller.status().told == {"item_id": caller.mara.posts["public"]}
    caller.switch(status_without_code="refuse")
    assert caller.status().code == 40007


@pytest.mark.parametrize(
    ("choice", "fine", "refused"),
    [
        ("confirmed", [7, 30, 60, 365], [0, 1, 180, 366, -7]),
        ("with_180", [7, 180], [90]),
        ("any", [1, 90, 365], [0, 366]),
    ],
)
def test_switch_term_days(caller: Caller, choice: str, fine: list[int], refused: list[int]) -> None:
    caller.switch(term_days=choice, setting_on_again="new_code")
    for days in fine:
        assert caller.switch_on(authorization_days=days).code == 0
        assert _days_left(caller) == days
    for days in refused:
        reply = caller.switch_on(authorization_days=days)
        assert (reply.code, reply.message.partition(":")[0]) == (40002, "authorization_days")
