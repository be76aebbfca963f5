"""Why a code does not work, as a command: over an authorization, or from what is pasted alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.authorizations import services as authorizations
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import facts
from valetkey.cli.guides import In
from valetkey.cli.session import SESSION, read_secret
from valetkey.cli.verbs import find_authorization
from valetkey.cli.views import COMMANDS
from valetkey.diagnosis import services
from valetkey.diagnosis.services import Diagnosis, Finding
from valetkey.errors import Invalid


def diagnose(
    reference: Annotated[
        str | None, typer.Argument(metavar="[AUTHORIZATION]", help="Its reference; without one, what you paste is all.")
    ] = None,
    error: Annotated[
        str, typer.Option("--error", metavar="TEXT", help="The message, or its number, as TikTok shows it.")
    ] = "",
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="-", help="Just a -: the code is asked for, or read from standard input."),
    ] = None,
    language: In = "en",
) -> None:
    """Why a code does not work: what is wrong, whose turn it is, what to do, and a message to send."""
    if code is not None and code != "-":
        raise Invalid(
            "code_on_command_line",
            "A code does not belong on the command line, where others can see it.",
            "Write --code - and it is asked for.",
        )
    row = find_authorization(reference) if reference else None
    # Taken as it comes: what happened to it on its way may be the answer.
    pasted = read_secret("Code") if code else ""
    if row is not None:
        found = services.diagnose(
            authorization=row, code=pasted, error=error, language=language, actor=SESSION.actor(), at=SESSION.at()
        )
    elif code or error.strip():
        found = services.diagnose_pasted(code=pasted, error=error, language=language, at=SESSION.at())
    else:
        raise Invalid(
            "nothing_to_diagnose", "There is nothing to look at.", "Give an authorization, --error, or --code -."
        )
    commands = _commands(row)
    values = [_values(each, commands) for each in (found.first, *found.others)]
    SESSION.show({"causes": values}, *_parts(found, values))


def _commands(row: Authorization | None) -> Mapping[str, str]:
    """The commands that this person may use on it now, by verb."""
    if row is None:
        return {}
    allowed = authorizations.allowed(authorization=row, actor=SESSION.actor())
    bare = {Verb.ISSUE: f"authorize --request {row.reference}", Verb.REQUEST: "request"}
    return {verb.value: f"valetkey {bare.get(verb) or f'{COMMANDS[verb]} {row.reference}'}" for verb in allowed}


def _values(finding: Finding, commands: Mapping[str, str]) -> dict[str, Any]:
    said = finding.said
    return {
        "name": finding.cause.name.value,
        "confidence": finding.cause.confidence.value,
        "title": said.title,
        "why": said.why,
        "evidence": list(said.evidence),
        "unknown": list(said.unknown),
        "turn": finding.cause.turn.value,
        "whose_turn": said.turn,
        "do": said.do,
        "fix": {
            "verb": said.fix.verb or None,
            "command": commands.get(said.fix.verb),
            "guide": said.fix.guide,
            "step": said.fix.step or None,
        },
        "messages": finding.messages,
    }


def _parts(found: Diagnosis, values: list[dict[str, Any]]) -> list[RenderableType]:
    first = values[0]
    how = first["fix"]["command"] or f"valetkey guides show {first['fix']['guide']}"
    pairs = [("! what", f"{first['title']} ({found.first.said.confidence.lower()})"), ("why", first["why"])]
    pairs += [("seen" if not place else "", each) for place, each in enumerate(first["evidence"])]
    pairs += [("not known" if not place else "", each) for place, each in enumerate(first["unknown"])]
    pairs += [("turn", first["whose_turn"]), ("do", first["do"]), ("how", how)]
    parts: list[RenderableType] = [facts(pairs)]
    for language, message in first["messages"].items():
        parts += [Text(""), Text(f"A message to send ({language}):"), Text(message)]
    if found.others:
        parts += [Text(""), Text("Other possible causes:")]
        parts += [facts([(each["confidence"], f"{each['title']} {each['why']}") for each in values[1:]])]
    return parts
