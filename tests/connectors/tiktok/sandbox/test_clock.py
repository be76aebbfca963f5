"""The stand-in's own clock: real, stopped, moved on, and the same for every process on one state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.connectors.tiktok.sandbox.caller import AT, Caller
from valetkey.connectors.tiktok.sandbox import Sandbox


def test_it_shows_real_time_until_it_is_stopped(state: Path) -> None:
    sandbox = Sandbox(state)
    assert abs(sandbox.now() - datetime.now(UTC)) < timedelta(seconds=5)
    sandbox.close()


def test_stopped_it_stays_there(caller: Caller) -> None:
    assert caller.control("clock", now="2026-11-22T10:00:00Z") == {"now": "2026-11-22T10:00:00Z", "stopped": True}
    assert caller.sandbox.now() == AT
    assert caller.raw("GET", "/_sandbox/clock").json["now"] == "2026-11-22T10:00:00Z"


def test_it_is_set_from_python_and_keeps_microseconds(caller: Caller) -> None:
    at = datetime(2027, 1, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    caller.sandbox.set_clock(at)
    assert caller.sandbox.now() == at


def test_a_stopped_clock_moves_on_and_stays_stopped(caller: Caller) -> None:
    caller.sandbox.set_clock(AT)
    assert caller.control("clock", advance_seconds=90)["stopped"] is True
    assert caller.sandbox.now() == AT + timedelta(seconds=90)


def test_a_running_clock_moves_on_and_runs(caller: Caller) -> None:
    caller.control("clock", run=True)
    assert caller.control("clock", advance_seconds=3600)["stopped"] is False
    ahead = caller.sandbox.now() - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)


def test_run_goes_back_to_real_time(caller: Caller) -> None:
    caller.sandbox.set_clock(AT)
    caller.control("clock", run=True)
    assert abs(caller.sandbox.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_survives_a_restart_and_is_shared(caller: Caller, state: Path) -> None:
    caller.sandbox.set_clock(AT)
    other = Sandbox(state)
    assert other.now() == AT
    other.close()


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"now": "tomorrow"}',
        b'{"now": "2026-11-22T10:00:00"}',
        b'{"now": "0001-01-01T00:00:00+00:00"}',
        b'{"now": 5}',
        b'{"advance_seconds": "5"}',
        b'{"advance_seconds": true}',
        b'{"advance_seconds": 1e18}',
        b'{"advance_seconds": -1e18}',
        b'{"advance_seconds": 1e400}',
        b'{"run": false}',
        b'{"run": true, "advance_seconds": 5}',
    ],
)
def test_nonsense_is_refused_and_changes_nothing(caller: Caller, body: bytes) -> None:
    caller.sandbox.set_clock(AT)
    reply = caller.raw("POST", "/_sandbox/clock", body=body)
    assert reply.status == "400 Bad Request"
    assert reply.json["error"]
    assert caller.sandbox.now() == AT


def test_an_instant_without_a_zone_is_refused_from_python(caller: Caller) -> None:
    with pytest.raises(ValueError, match="zone"):
        caller.sandbox.set_clock(AT.replace(tzinfo=None))
