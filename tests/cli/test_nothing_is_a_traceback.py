"""Every command with every kind of nonsense: a documented exit code, one JSON document, no traceback, no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cast import Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.authorizations.models import Authorization
from valetkey.cli.app import program

pytestmark = pytest.mark.django_db

LONG_RUNNING = {"sandbox", "demo", "serve", "agency", "worker", "run", "simulate"}
"""They serve, start anew or fill a desk for minutes; their bad input is tried elsewhere."""

JUDGES = {"guides check"}
"""It leaves with 1 where it finds a fault, and at a moment of somebody's choice it does: facts not read yet by then."""

NONSENSE = [
    "",
    "-1",
    "99999999999999999999999999999",
    "2026-02-30",
    "9999-12-31",
    "x" * 5000,
    "😀" * 50,
    "[red]x[/red][/][",
    "%s%n{0}{x}",
    "'; DROP TABLE audit_entry;--",
    "https://www.tiktok.com/@mara.makes/video/7310000000000010007",
    "https://[::1",
    "nul\x00byte",
    "escape\x1b[2J",
    "half\udcff",
    "\u202eoverride",
    "line\nbreak",
    "--json",
]


def _commands(inside: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in inside.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} ")
        elif name not in LONG_RUNNING:
            yield f"{above}{name}", command


COMMANDS = dict(_commands(program()))


def _calls(name: str, text: str, row: str) -> Iterator[list[str]]:
    """All values nonsense; a real reference and all options nonsense; then who acts, and when."""
    parameters = [one for one in COMMANDS[name].params if one.name not in {"help", "is_json", "as_mail", "at_text"}]
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and not one.is_flag]
    needed = [word for one in options if one.required for word in (one.opts[0], text)]
    rest = [word for one in options if not one.required for word in (one.opts[0], text)]
    real = [*name.split(), *[row for _ in arguments], *needed]
    yield [*name.split(), *[text for _ in arguments], *needed]
    yield real
    if rest:
        yield [*real, *rest]
    yield [*real, "--as", text]
    yield [*real, "--at", text]


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of these commands write files, by whatever name."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("text", NONSENSE, ids=lambda text: ascii(text)[:30])
def test_nonsense_is_answered_with_a_documented_exit_code(desk: Desk, vk: Terminal, cast: Cast, text: str) -> None:
    row = advance(desk, cast.issued, "opened")
    assert row.code is not None
    code = row.code.reveal()
    for name in COMMANDS:
        for words in _calls(name, text, row.reference):
            ran = vk(*words, typed="#a-code+of/a-test123=", has_clock="--at" not in words, is_json=True)
            assert ran.code in {0, 2, 3, 4, 5, 6} or (ran.code == 1 and name in JUDGES), (words, ran.said)
            assert "Traceback" not in ran.said and not {"\x00", "\x1b"} & set(ran.said)
            json.loads(ran.out)
            assert ran.err == ""
            assert code not in ran.said
    assert Authorization.objects.filter(claim_id=None).count() == Authorization.objects.count()


SHOWS_A_SECRET = {"open", "handover", "token make", "sandbox"}


def test_only_the_commands_that_are_for_it_show_a_secret(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use")
    assert row.code is not None
    mara, northwind = desk.seeded.creators[0], desk.seeded.advertisers[0]
    secrets = {row.code.reveal(), mara.token.reveal(), mara.refresh_token.reveal(), northwind.token.reveal()}
    given = {"PARTY": "Mara Lindt", "CREATOR": "Mara Lindt", "MAIL": "bo@example.org", "AUTHORIZATION": row.reference}
    for name, command in COMMANDS.items():
        if name in SHOWS_A_SECRET:
            continue
        words = [
            *name.split(),
            *(given.get(str(one.metavar), "1") for one in command.params if one.param_type_name == "argument"),
        ]
        for is_json in (False, True):
            said = vk(*words, typed="\n".join(secrets), is_json=is_json).said
            assert not [secret for secret in secrets if secret in said], name
