"""Refusals name no command below the doors, and whoever uses the commands is told the command all the same."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.authorizations.stage import APPLY, order
from tests.cli.cast import Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.cli import answer
from valetkey.cli.app import program
from valetkey.cli.hints import HINTS, next_step
from valetkey.connectors.tiktok import wire
from valetkey.errors import Conflict, NotFound

ROOT = Path(__file__).parent.parent.parent / "valetkey"
PROGRAM: Final[Any] = program()
_COMMAND = re.compile(r"`|\bvaletkey [a-z]|(?:^|\s)--[a-z]")
"""How a command or an option is written where people read it."""
_QUOTES = "code_text.py"
"""It strips quotation marks from a code, the back-tick among them."""
_OTHER_PROGRAMS = "postgresql.py"
"""It writes the options of PostgreSQL's programs."""


def _below_the_commands() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if (
            parts[0] != "cli"
            and "sandbox" not in parts
            and "migrations" not in parts
            and path.name not in {_QUOTES, _OTHER_PROGRAMS}
        ):
            yield path


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in a file but those for its reader, which stand alone as a statement."""
    tree = ast.parse(path.read_text())
    for_readers = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in for_readers:
            yield node.lineno, node.value


def test_no_text_outside_the_command_line_names_a_command() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in _below_the_commands()
        for line, text in _texts(path)
        if _COMMAND.search(text)
    ]
    assert found == []


def test_every_code_with_a_hint_is_one_that_is_raised_and_none_is_the_platforms() -> None:
    raised = {text for path in _below_the_commands() for _, text in _texts(path)}
    assert set(HINTS) <= raised
    theirs = {code.name.lower() for code in wire.ErrorCode} | {each.value for each in wire.SparkCodeError}
    assert not set(HINTS) & theirs, "a platform's own word must not bring a hint along"


def _commands(text: str) -> list[list[str]]:
    return [named.split() for named in re.findall(r"`valetkey ([^`]+)`", text)]


@pytest.mark.parametrize("code", sorted(HINTS))
def test_every_command_in_a_hint_exists_with_its_options(code: str) -> None:
    assert HINTS[code].endswith(".")
    assert _commands(HINTS[code]) or "--" in HINTS[code]
    for words in _commands(HINTS[code]):
        command: Any = PROGRAM
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        known = {option for one in command.params for option in one.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("code", sorted(HINTS))
def test_the_hint_stands_behind_the_next_step(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = NotFound(code, "There is nothing.", "Look elsewhere.")
    assert answer.refuse(refused, is_json=False) == answer.refuse(refused, is_json=True) == 3
    said = capsys.readouterr()
    assert said.err == f"There is nothing.\n→ Look elsewhere. {HINTS[code]}\n"
    assert json.loads(said.out)["refused"]["next_step"] == f"Look elsewhere. {HINTS[code]}"


def test_a_command_that_is_named_already_is_not_named_twice() -> None:
    assert next_step(NotFound("no_such_user", "None.", "`valetkey user list` has them.")) == (
        "`valetkey user list` has them."
    )
    assert next_step(Conflict("nothing_known_of", "No.", "Do this.")) == "Do this."
    assert next_step(Conflict("under_way", "No.")) == HINTS["under_way"]


@pytest.mark.django_db
def test_whoever_types_commands_is_told_the_next_one(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use").reference
    eu = desk.eu.platform_id
    for words, who, command in (
        (("show", "ZZZZZZZ"), "bo", "valetkey list"),
        (("apply", row, "--ad-account", eu), "bo", "valetkey check"),
        (("apply", row, "--ad-account", "1"), "bo", "valetkey ad-account list"),
        (("unbind", row, "--ad-account", desk.us.platform_id), "bo", "valetkey show"),
        (("authorize", "7399", "--for", "Northwind"), "mara", "valetkey posts"),
        (("posts", "Nobody"), "mara", "valetkey party list"),
        (("end", "confirm", row), "mara", "valetkey show"),
        (("list", "--view", "mine"), "bo", "valetkey views list"),
    ):
        said = vk(*words, who=who)
        assert said.code and f"`{command}" in said.err.splitlines()[1], words
        assert f"`{command}" in vk(*words, who=who, is_json=True).refused()["next_step"], words


@pytest.mark.django_db
def test_after_a_lost_answer_the_command_that_settles_it_is_told(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "opened").reference
    order(desk, APPLY, "drop_after")
    for _ in range(2):
        lost = vk("apply", row, "--ad-account", desk.eu.platform_id, who="bo")
        assert lost.err.splitlines()[1].startswith("→ Ask the platform what happened; never repeat the step. `valetkey")
    assert vk("check", row, who="bo").code == 0
