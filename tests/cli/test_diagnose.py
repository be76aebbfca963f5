"""`diagnose`: over an authorization and without one; the code comes by standard input and goes nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import APPLY, order
from tests.cli.cast import CODE, Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import Desk

pytestmark = pytest.mark.django_db


def test_what_was_refused_names_the_command_that_tells_why(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "opened").reference
    order(desk, APPLY, "refuse", code=40002, message="auth_code_not_found: x", times=9)
    refused = vk("apply", row, "--ad-account", desk.eu.platform_id, who="bo")
    assert refused.code == 6 and "`valetkey diagnose AUTHORIZATION`" in refused.err
    said = vk("diagnose", row, who="bo")
    assert said.code == 0 and "! what" in said.out and "A message to send (de):" in said.out
    first = vk("diagnose", row, who="bo", is_json=True).json()["causes"][0]
    assert (first["name"], first["turn"], first["fix"]["verb"]) == ("code_deleted", "creator", "replace")
    assert first["fix"]["command"] is None and set(first["messages"]) == {"en", "de"}
    theirs = vk("diagnose", row, who="mara", is_json=True).json()["causes"][0]
    assert theirs["fix"]["command"] == f"valetkey replace {row}" and theirs["messages"] == {}


def test_nothing_changes_and_no_code_is_shown(
    desk: Desk, vk: Terminal, cast: Cast, unchanged: Callable[[], None]
) -> None:
    row = cast.issued.reference
    for words in (("diagnose", row, "--code", "-"), ("diagnose", "--code", "-"), ("diagnose", row)):
        for language in ("en", "de"):
            said = vk(*words, "--language", language, who="bo", typed=CODE)
            assert said.code == 0 and CODE not in said.said and CODE[1:] not in said.said
    unchanged()


def test_a_message_alone_is_enough_and_comes_in_german_too(vk: Terminal) -> None:
    english = vk("diagnose", "--error", "AUTH_CODE_EXPIRED")
    german = vk("diagnose", "--error", "AUTH_CODE_EXPIRED", "--language", "de")
    assert english.code == german.code == 0 and english.out != german.out
    assert "`" not in english.out and "valetkey guides show extend-a-code" in english.out


def test_a_code_on_the_command_line_is_refused_and_not_repeated(vk: Terminal) -> None:
    refused = vk("diagnose", "--code", CODE)
    assert refused.code == 2 and CODE not in refused.said
