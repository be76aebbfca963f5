"""Checklist 7: what a code looks like, and how it survives its way."""

from __future__ import annotations

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller
from valetkey.connectors.tiktok.sandbox import Sandbox


def test_checklist_7_a_code_holds_the_characters_that_break_careless_clients(caller: Caller) -> None:
    for post in ("public", "public_two", "carousel", "story"):
        code = caller.code_of(post)
        assert code[0] == "#"
        assert {"+", "/", "="} <= set(code)


def test_codes_and_tokens_differ_from_state_to_state(caller: Caller, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("other") / "sandbox.sqlite3"
    other = Caller(Sandbox(path), path)
    assert other.cast.app_secret != caller.cast.app_secret
    assert {each.token for each in other.cast.creators}.isdisjoint(each.token for each in caller.cast.creators)
    assert other.code_of() != caller.code_of()
    other.sandbox.close()


def test_checklist_7_a_body_may_write_plus_as_percent_2b_by_switch(caller: Caller) -> None:
    code = caller.code_of()
    assert caller.authorize(code.replace("+", "%2B")).code == 0
    caller.switch(body_percent_2b="no")
    assert caller.authorize(code.replace("+", "%2b")).message.startswith("auth_code_format_error")
    assert caller.authorize(code).code == 0


def test_a_query_takes_ordinary_percent_encoding_and_no_second_one(caller: Caller) -> None:
    code = caller.code_of()
    assert caller.look(code).code == 0
    assert caller.look(code.replace("+", "%2B")).message.startswith("auth_code_format_error")
    assert caller.look(code.replace("+", " ")).message.startswith("auth_code_format_error")


@pytest.mark.parametrize(
    "change", [str.swapcase, lambda code: code[1:], lambda code: code + "A", str.strip, lambda code: code[:-1]]
)
def test_only_the_code_itself_is_the_code(caller: Caller, change: object) -> None:
    code = caller.code_of()
    assert callable(change)
    changed = change(code)
    if changed != code:
        assert caller.authorize(changed).code == 40002


def test_a_post_has_one_code_at_a_time(caller: Caller) -> None:
    assert caller.code_of() == caller.code_of()
