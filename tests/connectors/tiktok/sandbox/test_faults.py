"""Failing on order: each fault once, on its path alone, and what it leaves behind."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import faults

AUTHORIZE = "/tt_video/authorize/"


def _order(caller: Caller, fault: str, **more: Any) -> None:
    caller.control("fail-next", path=AUTHORIZE, fault=fault, **more)


def _applied(caller: Caller) -> int:
    return int(caller.listed()["page_info"]["total_number"])


@pytest.mark.parametrize(
    ("fault", "code"),
    [("refuse", 40002), ("throttle", 40100), ("server_error", 50000), ("disk_full", 50000)],
)
def test_an_envelope_says_no_once_and_nothing_was_done(caller: Caller, fault: str, code: int) -> None:
    spark_code = caller.code_of()
    _order(caller, fault)
    reply = caller.authorize(spark_code)
    assert (reply.status, reply.code) == ("200 OK", code)
    assert _applied(caller) == 0
    assert caller.authorize(spark_code).code == 0


def test_a_refusal_has_the_code_and_text_that_were_ordered(caller: Caller) -> None:
    _order(caller, "refuse", code=40001, message="no grant")
    reply = caller.authorize("#")
    assert (reply.code, reply.message) == (40001, "no grant")


@pytest.mark.parametrize("code", faults.THROTTLE_CODES)
def test_a_throttle_lasts_as_many_calls_as_ordered(caller: Caller, code: int) -> None:
    _order(caller, "throttle", code=code, times=2)
    spark_code = caller.code_of()
    assert [caller.authorize(spark_code).code for _ in range(3)] == [code, code, 0]


def test_http_500_is_a_text(caller: Caller) -> None:
    _order(caller, "http_500")
    assert caller.authorize("#").status == "500 Internal Server Error"


def test_not_json_is_a_page_at_http_200(caller: Caller) -> None:
    _order(caller, "not_json")
    reply = caller.authorize(caller.code_of())
    assert (reply.status, reply.body[:6]) == ("200 OK", b"<html>")
    assert _applied(caller) == 0


@pytest.mark.parametrize(("fault", "applied"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_call_raises_and_was_done_or_not(caller: Caller, fault: str, applied: int) -> None:
    code = caller.code_of()
    _order(caller, fault)
    with pytest.raises(ConnectionResetError):
        caller.authorize(code)
    assert _applied(caller) == applied


def test_a_refusal_can_be_lost_too(caller: Caller) -> None:
    _order(caller, "drop_after")
    with pytest.raises(ConnectionResetError):
        caller.authorize("no code")


def test_a_cut_answer_was_done(caller: Caller) -> None:
    code = caller.code_of()
    _order(caller, "truncated")
    reply = caller.authorize(code)
    assert len(reply.body) < int(reply.headers["Content-Length"])
    assert _applied(caller) == 1


@pytest.mark.parametrize("fault", ["hang_before", "hang_after"])
def test_a_hanging_call_answers_in_the_end_and_holds_up_nobody_else(caller: Caller, fault: str) -> None:
    code = caller.code_of()
    _order(caller, fault, seconds=0.2)
    begun = time.monotonic()
    assert caller.authorize(code).code == 0
    assert time.monotonic() - begun >= 0.2


def test_faults_strike_in_the_order_they_were_given_and_on_their_path_alone(caller: Caller) -> None:
    _order(caller, "server_error")
    _order(caller, "refuse", code=40202)
    assert caller.status().code == 0
    code = caller.code_of()
    assert [caller.authorize(code).code for _ in range(3)] == [50000, 40202, 0]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"path": "/nowhere/", "fault": "refuse"},
        {"path": AUTHORIZE, "fault": "explode"},
        {"path": AUTHORIZE, "fault": "throttle", "code": 1},
        {"path": AUTHORIZE, "fault": "hang_after", "seconds": -1},
        {"path": AUTHORIZE, "fault": "hang_after", "seconds": "long"},
        {"path": AUTHORIZE, "fault": "refuse", "times": 0},
        {"path": AUTHORIZE, "fault": "refuse", "code": 2**70},
        {"path": [AUTHORIZE], "fault": {}},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(caller: Caller, wanted: dict[str, Any]) -> None:
    reply = caller.raw("POST", "/_sandbox/fail-next", body=json.dumps(wanted).encode())
    assert reply.status == "400 Bad Request"
    assert caller.authorize(caller.code_of()).code == 0


def test_every_fault_has_a_meaning() -> None:
    assert set(faults.MEANINGS) == set(faults.Fault)
