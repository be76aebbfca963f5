"""Checklist 20: codes and tokens open things; the state holds none in the clear, and no log or error tells one."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import Sandbox, spark
from valetkey.connectors.tiktok.sandbox.state import StateUnusable


def _secrets(caller: Caller) -> list[str]:
    order = caller.control("oauth-code", creator="mara.makes")["auth_code"]
    cast = caller.cast
    tokens = [each.token.reveal() for each in cast.creators] + [each.token.reveal() for each in cast.advertisers]
    tokens += [each.refresh_token.reveal() for each in cast.creators]
    return [caller.code_of(), caller.code_of("public_two"), cast.app_secret.reveal(), order, *tokens]


def test_checklist_20_the_state_holds_no_code_and_no_token_in_the_clear(caller: Caller, state: Path) -> None:
    secrets = _secrets(caller)
    caller.applied()
    for file in state.parent.iterdir():
        kept = file.read_bytes()
        for secret in secrets:
            assert secret.encode() not in kept, file.name


def test_checklist_20_state_and_key_are_for_their_owner_alone(caller: Caller, state: Path) -> None:
    names = {each.name for each in state.parent.iterdir()}
    assert {state.name, f"{state.name}.key"} <= names
    for file in state.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_closed_nothing_is_left_but_the_state_and_its_key(caller: Caller, state: Path) -> None:
    caller.applied()
    caller.sandbox.close()
    assert {each.name for each in state.parent.iterdir()} == {state.name, f"{state.name}.key"}


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 44])
def test_a_key_that_is_of_no_use_is_said_in_one_sentence(state: Path, content: bytes) -> None:
    state.with_name(f"{state.name}.key").write_bytes(content)
    with pytest.raises(StateUnusable, match="does not hold the key"):
        Sandbox(state).seed()


def test_nothing_is_logged_about_a_call(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caller.applied()
    assert caplog.text == ""


def test_a_mistake_of_our_own_is_logged_without_values(
    caller: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = caller.code_of()

    def stumble(*_: object) -> None:
        raise KeyError(code)

    monkeypatch.setattr(spark, "_check_source", stumble)
    reply = caller.authorize(code)
    assert (reply.status, reply.code) == ("200 OK", 50000)
    assert code not in reply.message
    assert "KeyError" in caplog.text
    assert code not in caplog.text
    assert caller.status().told["auth_code_status"] == "NOT_USED"
