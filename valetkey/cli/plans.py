"""The plans that checklists are made from: `valetkey plan`. The desk's admin may write them anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from valetkey.changes import services
from valetkey.changes.grammar import words
from valetkey.changes.plan import LONGEST
from valetkey.changes.services import Written
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.errors import Invalid

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="Its name, as `plan list` shows it.")]


def list_plans() -> None:
    """The plans of this desk."""
    rows = services.plans()
    SESSION.show(
        [_values(each) for each in rows],
        table(
            ("Plan", "When", "About", "Steps", "Version"),
            [
                (each.plan.name, words(each.plan.name), each.plan.about, len(each.plan.steps), _version(each))
                for each in rows
            ],
            empty="No plans.",
        ),
    )


def show(
    name: Plan,
    as_text: Annotated[bool, typer.Option("--text", help="Its text alone, to be changed and given to `edit`.")] = False,
) -> None:
    """What a plan says."""
    found = services.plan_of(name)
    if as_text and not SESSION.is_json:
        typer.echo(found.text, nl=False)
        return
    steps = [{key: getattr(step, key) for key in ("name", "title", "where", "do", "confirm", "fails")}
             | {"each": step.each.value, "days": step.days, "effect": step.effect, "offer": step.offer}
             for step in found.plan.steps]  # fmt: skip
    parts = []
    for number, step in enumerate(found.plan.steps, start=1):
        told = [("where", step.where), ("do", step.do), ("confirm", step.confirm), ("if this fails", step.fails)]
        parts += [Text(""), Text(f"{number}. {step.title}", style="bold"), facts(told)]
    SESSION.show(
        {**_values(found), "intro": found.plan.intro, "steps": steps, "text": found.text},
        Text(f"{found.plan.title}  ({_version(found)})", style="bold"),
        Text(found.plan.intro),
        *parts,
    )


def edit(
    name: Plan,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The whole plan, as `plan show --text` prints it.")],
) -> None:
    """Use this text from now on. Checklists that were made before stay as they are."""
    made = services.edit_plan(name=name, text=_read(file), actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_values(made), f"[bold]{made.plan.name}[/]  {_version(made)} is in use from now on.")


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError):
        raise Invalid("no_file", "This file cannot be read as text.", "Look at its name; save it as UTF-8.") from None


def _version(written: Written) -> str:
    return f"version {written.version}" if written.version else "as it came"


def _values(written: Written) -> dict[str, Any]:
    return {
        "plan": written.plan.name,
        "about": written.plan.about.value,
        "title": written.plan.title,
        "version": written.version,
        "written_at": written.written_at,
        "written_by": written.written_by or None,
    }
