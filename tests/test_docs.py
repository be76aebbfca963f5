"""The docs name what there is, all of it, and nothing else: commands, exit codes, settings, verbs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from valetkey import errors
from valetkey.authorizations.lifecycle import Verb
from valetkey.cli import answer
from valetkey.cli.app import program
from valetkey.cli.views import COMMANDS

ROOT = Path(__file__).parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
README = (ROOT / "README.md").read_text()
PROGRAM: Final[Any] = program()

FOUND_OUT = {Verb.READ_BACK: "reads applications back", Verb.EXPIRE: "expire", Verb.SEEN_LIVE: "lives again",
             Verb.SEEN_GONE: "is gone"}  # fmt: skip
"""Nobody does these; `check` finds them out, and its section says so in these words."""

NO_SETTINGS = {"VALETKEY_TOKEN", "VALETKEY_CONFORMANCE_", "VALETKEY_PLATFORMS", "VALETKEY_IS_EMBEDDED",
               "VALETKEY_IS_DEMO"}  # fmt: skip
"""A token in the environment, the conformance run, and what the settings file finds out by itself."""


def _commands(inside: Any = PROGRAM, above: str = "") -> Iterator[str]:
    for name, command in inside.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} ")
        else:
            yield f"{above}{name}"


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^### `([^`]+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_heading_and_every_heading_a_command() -> None:
    assert sorted(_sections(CLI)) == sorted(_commands())


@pytest.mark.parametrize("command", list(_commands()))
def test_every_command_has_an_example_of_itself(command: str) -> None:
    examples = re.findall(r"^\$ valetkey (.+)$", _sections(CLI)[command], flags=re.MULTILINE)
    assert examples and all(example.split()[: len(command.split())] == command.split() for example in examples)


@pytest.mark.parametrize("example", re.findall(r"^\$ valetkey ((?:.+\\\n)*.+)$", CLI, flags=re.MULTILINE))
def test_every_option_in_an_example_exists(example: str) -> None:
    words = re.sub(r'"[^"]*"', "TEXT", example.replace("\\\n", " ")).split()
    command: Any = PROGRAM
    while words and hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_exit_code_is_told_once_and_no_other() -> None:
    table = CLI.partition("## Exit codes")[2].partition("\n## ")[0]
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", table, flags=re.MULTILINE)]
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refused)]
    kinds += [kind for kind in vars(answer).values() if isinstance(kind, type) and issubclass(kind, errors.Refused)]
    assert told == sorted({0, answer.BROKEN, answer.UNREAD, *(kind.exit_code for kind in kinds)})


def test_every_verb_of_the_life_is_in_the_docs() -> None:
    sections = _sections(CLI)
    for verb in Verb:
        if verb in FOUND_OUT:
            assert FOUND_OUT[verb] in sections["check"]
        else:
            assert COMMANDS[verb] in sections, f"{verb} has no heading"
    assert set(COMMANDS) | set(FOUND_OUT) == set(Verb)


def _settings_that_are_read() -> set[str]:
    tree = ast.parse((ROOT / "valetkey" / "settings.py").read_text())
    found = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {name for name in found if re.fullmatch(r"VALETKEY_[A-Z_]+", name)}
    return {name.removesuffix("_FILE") for name in names} - NO_SETTINGS


def test_every_setting_is_in_the_docs_and_no_other() -> None:
    told = set(re.findall(r"^\| `(VALETKEY_[A-Z_]+)` \|", SETTINGS, flags=re.MULTILINE))
    assert told == _settings_that_are_read()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    known = _settings_that_are_read() | NO_SETTINGS
    for name in re.findall(r"VALETKEY_[A-Z_]+[A-Z]", page.read_text()):
        assert name.removesuffix("_FILE") in known or name.startswith("VALETKEY_CONFORMANCE"), name


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda page: page.name
)
def test_no_page_names_a_command_that_does_not_exist(page: Path) -> None:
    names = set(_commands())
    groups = {name.split()[0] for name in names if " " in name}
    text = page.read_text()
    for line in re.findall(r"(?:`|^\$ |^)valetkey ([a-z][^`\n]*)", text, flags=re.MULTILINE):
        words = line.split()
        named = " ".join(words[:2]) if words[0] in groups and len(words) > 1 else words[0]
        assert named in names | groups, f"`valetkey {line}`"


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda page: page.name
)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_readme_leads_to_the_page(page: Path) -> None:
    assert f"docs/{page.name}" in README
