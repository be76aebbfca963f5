"""Asked to slow down: waited out, asked again, and given up in good time, with the platform's own words kept."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
import stamina

from valetkey.connectors.base import PlatformFault, Says
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.client import CALL_LIMIT, Client, Patience
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.secret import Secret

APPLY = (wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest("7200000000000000011", "#AbC+dEf/12="))
NO_WAIT = Patience(attempts=4, first_wait=0, longest_wait=0, jitter=0)


class Slowing:
    """Throttles the first calls and answers the others."""

    def __init__(self, first: int, code: int = 40100, message: str = "Too many requests: QPS limit.") -> None:
        self.first = first
        self.code = code
        self.message = message
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls > self.first:
            return httpx.Response(200, json={"code": 0, "message": "OK", "data": {}})
        return httpx.Response(200, json={"code": self.code, "message": self.message, "request_id": f"r{self.calls}"})


def client_of(slowing: Slowing, patience: Patience = NO_WAIT) -> Client:
    return Client("https://platform.example", Secret("act.x7-9Qe_4zz"), httpx.MockTransport(slowing), patience)


@pytest.mark.parametrize("code", [40016, 40100, 40133])
def test_a_throttled_write_was_not_carried_out_so_it_is_sent_again(code: int) -> None:
    slowing = Slowing(3, code)
    with client_of(slowing) as client:
        assert client.call(*APPLY) == wire.Empty()
    assert slowing.calls == 4


def test_after_the_last_attempt_it_is_to_be_tried_later_with_the_platforms_own_words() -> None:
    slowing = Slowing(99, 40133, "the advertiser's QPS (11) reaches QPS limit 10")
    with client_of(slowing) as client, pytest.raises(PlatformFault) as caught:
        client.call(*APPLY)
    fault = caught.value
    assert (fault.says, fault.cause) == (Says.TRY_LATER, "throttled")
    assert fault.raw == "the advertiser's QPS (11) reaches QPS limit 10"
    assert fault.request_id == "r4"
    assert slowing.calls == 4


def test_the_number_of_attempts_is_the_callers_choice() -> None:
    slowing = Slowing(99)
    with client_of(slowing, Patience(attempts=1)) as client, pytest.raises(PlatformFault):
        client.call(*APPLY)
    assert slowing.calls == 1


def test_no_attempt_begins_after_the_limit_of_waiting() -> None:
    slowing = Slowing(99)
    patience = Patience(attempts=50, wait_limit=0.2, first_wait=0.05, longest_wait=0.05, jitter=0)
    began = time.monotonic()
    with client_of(slowing, patience) as client, pytest.raises(PlatformFault) as caught:
        client.call(*APPLY)
    assert time.monotonic() - began < 1
    assert 2 <= slowing.calls <= 6
    assert caught.value.says is Says.TRY_LATER


def test_waiting_never_outlasts_the_whole_call() -> None:
    """With too little left for the longest wait the throttled answer is given back, not a time-out of our own."""
    slowing = Slowing(99)
    ticking = iter(range(0, 10_000, 10))
    patience = Patience(attempts=50, wait_limit=50, first_wait=0, longest_wait=0, jitter=0)
    client = Client(
        "https://platform.example",
        Secret("act.x7-9Qe_4zz"),
        httpx.MockTransport(slowing),
        patience,
        now=lambda: float(next(ticking)),
    )
    with client, pytest.raises(PlatformFault) as caught:
        client.call(*APPLY)
    assert caught.value.cause == "throttled"
    assert slowing.calls <= CALL_LIMIT / 10


def test_the_waits_grow_from_a_full_second_which_clears_a_limit_per_second() -> None:
    patience = Patience()
    assert patience.first_wait >= 1
    waits = [min(patience.longest_wait, patience.first_wait * 2**n) for n in range(patience.attempts - 1)]
    assert sum(waits) + patience.jitter * len(waits) <= patience.wait_limit
    assert patience.wait_limit + patience.longest_wait < CALL_LIMIT


def test_a_throttle_that_turns_into_trouble_is_not_sent_again() -> None:
    """After a throttled answer the next attempt may meet anything; a write that met trouble is never repeated."""
    calls: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        if len(calls) == 1:
            return httpx.Response(200, json={"code": 40100, "message": "Too many requests"})
        raise httpx.ReadTimeout("late", request=request)

    client = Client("https://platform.example", Secret("act.x7-9Qe_4zz"), httpx.MockTransport(answer), NO_WAIT)
    with client, pytest.raises(PlatformFault) as caught:
        client.call(*APPLY)
    assert caught.value.says is Says.UNCERTAIN
    assert len(calls) == 2


def test_a_gateways_429_is_not_taken_for_the_platforms_word() -> None:
    calls: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(429, text="slow down")

    client = Client("https://platform.example", Secret("act.x7-9Qe_4zz"), httpx.MockTransport(answer), NO_WAIT)
    with client, pytest.raises(PlatformFault) as caught:
        client.call(*APPLY)
    assert (caught.value.says, caught.value.cause) == (Says.TRY_LATER, "http_429")
    assert len(calls) == 1


def test_switching_repeats_off_for_the_whole_process_is_respected() -> None:
    slowing = Slowing(99)
    stamina.set_active(False)
    try:
        with client_of(slowing) as client, pytest.raises(PlatformFault):
            client.call(*APPLY)
    finally:
        stamina.set_active(True)
    assert slowing.calls == 1


def test_a_stand_in_that_takes_one_call_a_second_is_waited_out(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "sandbox.sqlite3")
    cast = sandbox.seed()
    transport = httpx.WSGITransport(app=sandbox.wsgi)
    with httpx.Client(transport=transport, base_url="http://localhost") as control:
        assert control.post("/_sandbox/switches", json={"throttle_advertiser": "1"}).status_code == 200
    patience = Patience(attempts=5, first_wait=0.4, longest_wait=0.4, jitter=0)
    asked = wire.TtVideoListRequest(cast.advertisers[0].ad_accounts[0].ad_account_id)
    with Client("http://localhost", cast.advertisers[0].token, transport, patience) as client:
        for _ in range(2):
            assert client.call(wire.TT_VIDEO_LIST, asked).list == ()
