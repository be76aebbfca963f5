"""Checklist 17: too frequent, per ad account on /tt_video/* and for the whole app. Seconds are real ones."""

from __future__ import annotations

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [1_790_000_000.0]
    monkeypatch.setattr("time.time", lambda: at[0])
    return at


def _list(caller: Caller, account: int = 0) -> int:
    advertiser_id = caller.northwind.ad_accounts[account].ad_account_id
    return caller.get("/tt_video/list/", caller.northwind.token.reveal(), advertiser_id=advertiser_id).code


def test_checklist_17_n_calls_a_second_and_ad_account(caller: Caller, second: list[float]) -> None:
    caller.switch(throttle_advertiser="2")
    assert [_list(caller) for _ in range(4)] == [0, 0, 40133, 40133]
    assert _list(caller, account=1) == 0
    second[0] += 1
    assert _list(caller) == 0


def test_checklist_17_the_text_speaks_of_the_qps_limit(caller: Caller, second: list[float]) -> None:
    caller.switch(throttle_advertiser="0")
    token = caller.northwind.token.reveal()
    reply = caller.get("/tt_video/list/", token, advertiser_id=caller.eu.ad_account_id)
    assert reply.status == "200 OK"
    assert "QPS limit" in reply.message
    assert "/tt_video/list/" in reply.message


def test_checklist_17_the_advertisers_limit_leaves_other_families_alone(caller: Caller, second: list[float]) -> None:
    caller.switch(throttle_advertiser="0")
    assert caller.ads() == []
    assert caller.status().code == 0


def test_checklist_17_the_app_as_a_whole(caller: Caller, second: list[float]) -> None:
    caller.switch(throttle_app="2")
    assert [_list(caller), caller.status().code, _list(caller, account=1)] == [0, 0, 40100]


def test_a_throttled_code_is_not_applied(caller: Caller, second: list[float]) -> None:
    code = caller.code_of()
    caller.switch(throttle_advertiser="0")
    assert caller.authorize(code).code == 40133
    assert caller.status().told["auth_code_status"] == "NOT_USED"


def test_a_stopped_clock_does_not_stop_the_throttle_from_ending(caller: Caller, second: list[float]) -> None:
    caller.switch(throttle_advertiser="1")
    assert [_list(caller), _list(caller)] == [0, 40133]
    second[0] += 1
    assert _list(caller) == 0
