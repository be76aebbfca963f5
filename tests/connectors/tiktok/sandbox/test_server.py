"""The real server: where it listens, how it stops, and that it is quiet."""

from __future__ import annotations

import json
import logging
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from tests.connectors.tiktok.sandbox.running import ask, in_a_process, in_a_thread
from valetkey.connectors.tiktok.sandbox import server


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.0.2.1", "sandbox.example"])  # noqa: S104
def test_a_public_address_is_refused_unless_asked_for(caller: Caller, host: str) -> None:
    with pytest.raises(OSError, match="other machines"):
        caller.sandbox.serve(host, 0)


def test_a_public_address_is_taken_when_asked_for(caller: Caller) -> None:
    with server.listen(caller.sandbox.wsgi, "0.0.0.0", 0, public=True) as listener:  # noqa: S104
        assert listener.server_port > 0


def test_a_port_in_use_is_said_in_one_sentence(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}: another program uses this port"):
            caller.sandbox.serve("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(caller: Caller, port: int) -> None:
    with pytest.raises(OSError, match="is not a port"):
        caller.sandbox.serve("127.0.0.1", port)


def test_it_answers_over_http_and_logs_no_query(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with in_a_thread(caller.sandbox) as port:
        token = {"Access-Token": caller.northwind.token.reveal()}
        status, body = ask(port, "GET", "/open_api/v1.3/tt_video/info/?auth_code=%23secret", headers=token)
    assert (status, json.loads(body)["code"]) == (200, 40002)
    assert "/open_api/v1.3/tt_video/info/" in caplog.text
    assert "secret" not in caplog.text


def test_over_http_a_dropped_call_gets_no_answer(caller: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    caller.control("fail-next", path="/tt_video/list/", fault="drop_before")
    with in_a_thread(caller.sandbox) as port, socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"GET /open_api/v1.3/tt_video/list/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.recv(100) == b""
    assert capfd.readouterr() == ("", "")


def test_over_http_a_large_body_gets_its_answer(caller: Caller) -> None:
    headers = {"Access-Token": caller.northwind.token.reveal()}
    with in_a_thread(caller.sandbox) as port:
        status, body = ask(port, "POST", "/open_api/v1.3/tt_video/authorize/", "x" * 3_000_000, headers)
    assert (status, json.loads(body)["code"]) == (200, 40002)


def test_over_http_control_paths_see_where_a_caller_is(caller: Caller) -> None:
    with in_a_thread(caller.sandbox) as port:
        assert ask(port, "GET", "/_sandbox/clock")[0] == 200
        assert ask(port, "GET", "/_sandbox/clock", headers={"X-Forwarded-For": "203.0.113.9"})[0] == 403


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_it_cleanly_and_leaves_the_state_alone(state: Path, number: int) -> None:
    with in_a_process(state) as (process, port):
        assert ask(port, "POST", "/_sandbox/seed", "{}")[0] == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "stopped\n", "")
    assert {each.name for each in state.parent.iterdir()} == {state.name, f"{state.name}.key"}


def test_a_hanging_call_does_not_hold_up_the_end(state: Path) -> None:
    with in_a_process(state) as (process, port):
        ask(port, "POST", "/_sandbox/seed", "{}")
        order: dict[str, Any] = {"path": "/tt_video/list/", "fault": "hang_before", "seconds": 60}
        ask(port, "POST", "/_sandbox/fail-next", json.dumps(order))
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(b"GET /open_api/v1.3/tt_video/list/ HTTP/1.0\r\n\r\n")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
