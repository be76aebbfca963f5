"""A terminal: commands as a person types them, run in this process against the desk of the tests."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps

from tests.cli.cast import Cast, assembled
from tests.desk import Desk
from valetkey.cli import main
from valetkey.cli.session import SESSION, Session


@dataclass
class Ran:
    """What one command did: its exit code and what it said on each stream."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def json(self) -> Any:
        """The one document on standard output. Raises ValueError for none and for more than one."""
        return json.loads(self.out)

    def refused(self) -> dict[str, str]:
        found: dict[str, str] = self.json()["refused"]
        return found


Terminal = Callable[..., Ran]


class _Typed(io.TextIOWrapper):
    """Standard input as a pipe would be, decoded as strictly."""


@pytest.fixture
def vk(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """`vk("extend", reference, "--days", "30", who="mara")`: one command, at the desk's time unless told otherwise."""
    monkeypatch.delenv("VALETKEY_TOKEN", raising=False)

    def run(
        *words: object,
        who: str = "",
        typed: str | bytes = b"",
        at: str | None = None,
        is_json: bool = False,
        has_clock: bool = True,
    ) -> Ran:
        arguments = [str(word) for word in words]
        if who:
            arguments += ["--as", f"{who}@example.org"]
        if has_clock:
            arguments += ["--at", at or desk.at.isoformat()]
        if is_json:
            arguments.append("--json")
        raw = typed.encode() if isinstance(typed, str) else typed
        monkeypatch.setattr("sys.stdin", _Typed(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    yield run
    SESSION.__dict__.update(Session().__dict__)


@pytest.fixture
def cast(desk: Desk) -> Cast:
    return assembled(desk)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table: what a refusal must leave as it was."""
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in apps.get_models()}


@pytest.fixture
def unchanged() -> Callable[[], None]:
    """Called later, fails when any row of any table has changed since."""
    before = everything()

    def check() -> None:
        after = everything()
        assert {label for label in after if after[label] != before[label]} == set()

    return check
