"""What every command has: who acts, at what time, and how the answer is shown."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin
from zoneinfo import ZoneInfo

import typer
from django.utils import timezone
from rich.console import RenderableType

from valetkey.accounts.services import actor_by_mail, actor_by_token
from valetkey.audit.entry import Actor, Door
from valetkey.cli import answer
from valetkey.cli.prepare import prepare_embedded
from valetkey.credential import Insisted, refuse
from valetkey.errors import Forbidden, Invalid
from valetkey.secret import Secret
from valetkey.text import refuse_no_text

_OPERATOR = "the desk's host"
_LONGEST_INPUT: Final = 100_000
_NOT_FREE: Final = frozenset(
    {
        "access", "ad_account", "ad_account_id", "advertiser", "agreed_until", "app_id", "asset", "base_url",
        "campaign", "code", "days", "ends_on", "ends_within", "error", "head", "host", "joined_on", "language", "lead",
        "mail", "number", "on", "owner", "party", "person", "post", "quiet", "reference", "references", "request",
        "review_on", "rule", "since", "somebody", "starts_on", "surface", "text", "time_zone", "until", "url", "view",
        "within", "words", "works_for", "zone",
    }
)  # fmt: skip
"""Parameters that name something, or look for it. Every other text is one's own, and might carry a credential."""
_YEARS: Final = range(2000, 2200)
"""Days and moments outside are typing mistakes, and arithmetic at the edge of the calendar fails."""


@dataclass
class Session:
    as_mail: str | None = None
    at_text: str | None = None
    is_json: bool = False

    def actor(self) -> Actor:
        """`--as` names a user; VALETKEY_TOKEN is one; without either it is the host of this desk."""
        if self.as_mail is not None:
            return actor_by_mail(email=self.as_mail, door=Door.CLI)
        token = os.environ.get("VALETKEY_TOKEN")
        # Set and empty is a token that was not found, and no reason to act as the host.
        if token is not None:
            return actor_by_token(token=Secret(token.strip()), door=Door.CLI, at=self.at())
        return Actor(name=_OPERATOR, door=Door.CLI)

    def at(self) -> datetime:
        """Now, or `--at`: for the host alone, since a moment of one's choice would outlast every end."""
        if self.at_text is None:
            return timezone.now()
        if "VALETKEY_TOKEN" in os.environ:
            raise Forbidden("at_is_the_hosts", "--at is for the host of this desk.", "Leave it out.")
        return _instant(self.at_text)

    def show(self, result: object, *parts: RenderableType) -> None:
        """One JSON document with `--json`, else lines (with rich's markup) and tables."""
        if self.is_json:
            answer.document(result)
        else:
            answer.lines(*parts)


SESSION = Session()
"""One command runs in one process, so there is one session."""


class DeskTyper(typer.Typer):
    """Commands that all have the session's options and check what all of them must."""

    def add(
        self, name: str, command: Callable[..., None], *, panel: str | None = None, needs_desk: bool = True
    ) -> None:
        self.command(name, rich_help_panel=panel)(_with_session(command, needs_desk=needs_desk))


def _with_session(command: Callable[..., None], *, needs_desk: bool) -> Callable[..., None]:
    signature = inspect.signature(command, eval_str=True)

    takes_texts = any(_is_free(parameter) for parameter in signature.parameters.values())

    def run(*, as_mail: str | None, at_text: str | None, is_json: bool, **given: Any) -> None:
        SESSION.as_mail, SESSION.at_text, SESSION.is_json = as_mail, at_text, is_json
        insists = given.pop(_INSISTS, False)
        try:
            for text in (as_mail, at_text, *_texts(given)):
                refuse_no_text(text or "", what="What you typed")
            _refuse_no_file_name(given.values())
            given = {name: _insisted(value) if insists else _judged(name, value) for name, value in given.items()}
            SESSION.at()  # a command that reads needs neither time nor actor, and refuses wrong ones all the same
            if needs_desk:
                prepare_embedded()
                SESSION.actor()
            command(**given)
            sys.stdout.flush()
        except Forbidden as refused:
            raise _with_hint(refused) from None
        except BrokenPipeError:
            raise typer.Exit(answer.unread()) from None
        except KeyboardInterrupt:
            raise typer.Abort from None  # Typer itself would end without a word

    own = [_NOT_A_CREDENTIAL] if takes_texts else []
    parameters = [*signature.parameters.values(), *own, *_SESSION_OPTIONS]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _texts(given: dict[str, Any]) -> list[str]:
    values = [value for one in given.values() for value in (one if isinstance(one, list) else [one])]
    return [str(value) for value in values if value is not None]


def _refuse_no_file_name(values: Iterable[Any]) -> None:
    """Too long, or in a folder that may not be looked into: asked once, for every command that takes a file."""
    for path in values:
        if isinstance(path, Path):
            try:
                path.exists()
            except OSError as fault:
                name = f"{path.name[:60]}…" if len(path.name) > 60 else path.name
                raise Invalid("file", f"{name} cannot be used: {fault.strerror}.", "Look at the name.") from None


def _is_free(parameter: inspect.Parameter) -> bool:
    """Whether a text of one's own stands there."""
    kind = get_args(parameter.annotation)[0] if get_origin(parameter.annotation) is Annotated else parameter.annotation
    return parameter.name not in _NOT_FREE and str in {kind, *get_args(kind)}


def _judged(name: str, value: Any) -> Any:
    """Before anything is looked up by it, and quoted in a refusal. Raises Invalid without a word of the text."""
    if name not in _NOT_FREE:
        for text in value if isinstance(value, list) else [value]:
            if type(text) is str:
                refuse(text, what="What you typed")
    return value


def _insisted(value: Any) -> Any:
    if isinstance(value, list):
        return [_insisted(each) for each in value]
    return Insisted(value) if type(value) is str else value


def _with_hint(refused: Forbidden) -> Forbidden:
    """The host may act as anybody, and is told so where they may not act as themselves."""
    if SESSION.as_mail is not None or os.environ.get("VALETKEY_TOKEN"):
        return refused
    return Forbidden(refused.code, refused.sentence, "Act as one of them: add --as MAIL.")


def _session_option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_INSISTS: Final = "not_a_credential"
_NOT_A_CREDENTIAL: Final = _session_option(
    _INSISTS,
    Annotated[
        bool,
        typer.Option("--not-a-credential", help="What you typed only looks like a password or code: keep it as it is."),
    ],
    False,
)
_ALL: Final = "Options of every command"
_SESSION_OPTIONS: Final = (
    _session_option(
        "as_mail",
        Annotated[
            str | None,
            typer.Option(
                "--as", metavar="MAIL", help="Act as this user, not as the desk's host.", rich_help_panel=_ALL
            ),
        ],
        None,
    ),
    _session_option(
        "at_text",
        Annotated[
            str | None,
            typer.Option("--at", metavar="WHEN", help="Act at this time, as 2027-03-01T09:00Z.", rich_help_panel=_ALL),
        ],
        None,
    ),
    _session_option(
        "is_json",
        Annotated[bool, typer.Option("--json", help="Answer with one JSON document.", rich_help_panel=_ALL)],
        False,
    ),
)


def read_secret(what: str) -> str:
    """A code or token from a hidden prompt or standard input; never from the command line, which others can see."""
    if _is_terminal():
        return str(typer.prompt(what, hide_input=True, err=True))
    text = _piped()
    if not text.strip():
        raise Invalid("nothing_given", f"No {what.lower()} was given.", "Type it when asked, or pipe it in.")
    return text


def read_secrets(*names: str) -> list[Secret]:
    """Several of them: asked for one by one, or a line each from standard input."""
    if _is_terminal():
        return [Secret(str(typer.prompt(what, hide_input=True, err=True)).strip()) for what in names]
    lines = _piped().split()
    if len(lines) != len(names):
        raise Invalid(
            "not_all_given", f"{len(names)} lines are needed: {', '.join(names).lower()}.", "Give a line each."
        )
    return [Secret(line) for line in lines]


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _piped() -> str:
    if sys.stdin is None:
        return ""
    try:
        text = sys.stdin.read(_LONGEST_INPUT + 1)
    except UnicodeDecodeError:
        # The error itself carries the bytes, which may be a secret.
        text = None
    if text is None or len(text) > _LONGEST_INPUT:
        raise Invalid("not_text", "What was piped in is not a text of one line.", "Pipe in the code or token alone.")
    refuse_no_text(text, what="What was piped in")
    return text


def parse_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise Invalid("day", f"“{text}” is no day.", "Write it as 2027-03-01.")
    return day


def parse_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # unknown, not a name at all, or a folder of names
        raise Invalid(
            "time_zone", f"“{text}” is no time zone.", "Write it as Europe/Berlin or America/New_York."
        ) from None
    return text


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.year not in _YEARS:
        raise Invalid("at", f"“{text}” is no time.", "Write it as 2027-03-01T09:00Z.")
    return at if at.tzinfo else at.replace(tzinfo=UTC)
