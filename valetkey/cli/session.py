"""What every command has: who acts, at what time, and how the answer is shown."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console

from valetkey.accounts.services import actor_by_mail, actor_by_token
from valetkey.audit.entry import Actor, Door
from valetkey.errors import Invalid, Refused
from valetkey.secret import Secret

_OPERATOR = "the desk's host"
STORAGE = 9
"""Exit code: the desk's own files or database cannot be used."""
INTERRUPTED = 130


@dataclass
class Session:
    as_mail: str | None = None
    at_text: str | None = None
    is_json: bool = False

    def actor(self) -> Actor:
        """`--as` names a user; VALETKEY_TOKEN is one; without either it is the host of this desk."""
        if self.as_mail:
            return actor_by_mail(email=self.as_mail, door=Door.CLI)
        if os.environ.get("VALETKEY_TOKEN"):
            return actor_by_token(token=Secret(os.environ["VALETKEY_TOKEN"]), door=Door.CLI)
        return Actor(name=_OPERATOR, door=Door.CLI)

    def at(self) -> datetime:
        return timezone.now() if self.at_text is None else _instant(self.at_text)

    def show(self, result: object, *lines: str) -> None:
        """One JSON document with `--json`, else the lines."""
        if self.is_json:
            sys.stdout.write(json.dumps(result, indent=2, default=_plain, ensure_ascii=False) + "\n")
        else:
            console = Console(highlight=False, soft_wrap=True)
            for line in lines:
                console.print(line)

    def refuse(self, refused: Refused) -> None:
        if self.is_json:
            document = {"code": refused.code, "sentence": refused.sentence, "next_step": refused.next_step}
            sys.stdout.write(json.dumps({"refused": document}, indent=2, ensure_ascii=False) + "\n")
        else:
            console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
            console.print(refused.sentence)
            if refused.next_step:
                console.print(f"→ {refused.next_step}")


SESSION = Session()
"""One command runs in one process, so there is one session."""


class DeskTyper(typer.Typer):
    """Commands that all have the session's options, and whose refusals are a sentence and an exit code."""

    def add(self, name: str, command: Callable[..., None]) -> None:
        self.command(name)(_with_session(command))


def _with_session(command: Callable[..., None]) -> Callable[..., None]:
    signature = inspect.signature(command, eval_str=True)

    def run(*, as_mail: str | None, at_text: str | None, is_json: bool, **given: Any) -> None:
        SESSION.as_mail, SESSION.at_text, SESSION.is_json = as_mail, at_text, is_json
        try:
            command(**given)
        except Refused as refused:
            SESSION.refuse(refused)
            raise typer.Exit(refused.exit_code) from None
        except (DatabaseError, OSError) as fault:
            SESSION.refuse(_storage(fault))
            raise typer.Exit(STORAGE) from None
        except KeyboardInterrupt:
            SESSION.refuse(Refused("interrupted", "Stopped. What was not written yet was not done."))
            raise typer.Exit(INTERRUPTED) from None

    parameters = [*signature.parameters.values(), *_SESSION_OPTIONS]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _session_option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_SESSION_OPTIONS: Final = (
    _session_option(
        "as_mail",
        Annotated[str | None, typer.Option("--as", metavar="MAIL", help="Act as this user, not as the desk's host.")],
        None,
    ),
    _session_option(
        "at_text",
        Annotated[str | None, typer.Option("--at", metavar="WHEN", help="Act at this time, as 2027-03-01T09:00Z.")],
        None,
    ),
    _session_option("is_json", Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")], False),
)


def _storage(fault: Exception) -> Refused:
    return Refused(
        "storage",
        f"The desk cannot read or write its own files: {type(fault).__name__}: {fault}",
        "Look at free space and rights of its folder or server; nothing half-done was kept.",
    )


def read_secret(what: str) -> str:
    """A code or token from a hidden prompt or standard input; never from the command line, which others can see."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True))
    text = sys.stdin.read()
    if not text.strip():
        raise Invalid("nothing_given", f"No {what.lower()} was given.", "Type it when asked, or pipe it in.")
    return text


def read_secrets(*whats: str) -> list[Secret]:
    """Several of them: asked for one by one, or a line each from standard input."""
    if sys.stdin.isatty():
        return [Secret(str(typer.prompt(what, hide_input=True)).strip()) for what in whats]
    lines = sys.stdin.read().split()
    if len(lines) != len(whats):
        raise Invalid(
            "not_all_given", f"{len(whats)} lines are needed: {', '.join(whats).lower()}.", "Give a line each."
        )
    return [Secret(line) for line in lines]


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("at", f"“{text}” is no time.", "Write it as 2027-03-01T09:00Z.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Secret):
        return value.masked()
    return str(value)
