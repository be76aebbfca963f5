"""The named unknowns: shown, set, kept, refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import Sandbox, switches

HERE = Path(__file__).parent


def test_a_switch_is_shown_with_what_is_known_about_it(caller: Caller) -> None:
    shown = caller.raw("GET", "/_sandbox/switches").json
    assert set(shown) == set(switches.BY_NAME)
    assert shown["extend_policy"] == {
        "choice": "add",
        "choices": ["add", "reset"],
        "default": "add",
        "confidence": "U",
        "doubt": 6,
        "sentence": "Days are added to what is left, or counted from now.",
    }


def test_a_choice_is_kept_over_a_restart(caller: Caller, state: Path) -> None:
    assert caller.control("switches", extend_policy="reset")["extend_policy"] == "reset"
    caller.sandbox.close()
    again = Caller(Sandbox(state), state)
    assert again.raw("GET", "/_sandbox/switches").json["extend_policy"]["choice"] == "reset"
    again.sandbox.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"no_such": "yes"}',
        b'{"reapply": "maybe"}',
        b'{"reapply": "refuse", "no_such": "yes"}',
        b'{"throttle_app": "-1"}',
    ],
)
def test_an_unknown_switch_or_choice_is_refused_and_nothing_is_set(caller: Caller, body: bytes) -> None:
    reply = caller.raw("POST", "/_sandbox/switches", body=body)
    assert reply.status == "400 Bad Request"
    assert caller.raw("GET", "/_sandbox/switches").json["reapply"]["choice"] == "ok"


@pytest.mark.parametrize("switch", switches.ALL, ids=lambda each: each.name)
def test_a_switch_is_well_formed_and_tested(switch: switches.Switch) -> None:
    assert switch.default in switch.choices
    assert switch.confidence in {"C", "C2", "U"}
    assert switch.sentence.endswith(".")
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    assert re.search(rf"\b{switch.name}\b", tests), f"{switch.name} is not in any test"
