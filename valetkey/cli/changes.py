"""Something changes: `valetkey change` makes a checklist of the record and takes its proofs, step by step."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party, find_person
from valetkey.authorizations import services as authorizations
from valetkey.changes import services
from valetkey.changes.grammar import words
from valetkey.changes.models import Change, Step
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment
from valetkey.errors import Invalid
from valetkey.register.occasions import Occasion
from valetkey.register.services import find_asset, find_knowers_party

Reference = Annotated[str, typer.Argument(metavar="CHANGE", help="Its reference, as `change list` shows it.")]
Number = Annotated[int, typer.Argument(metavar="STEP", help="The step's number in its checklist.", min=1)]


def open_change(
    occasion: Annotated[Occasion, typer.Argument(help="What happens.")],
    party: Annotated[str, typer.Option("--party", help="Whose record it is.")],
    person: Annotated[str, typer.Option("--person", help="Whom it is about: name, mail or reference.")] = "",
    partner: Annotated[str, typer.Option("--partner", help="With which other party.")] = "",
    asset: Annotated[str, typer.Option("--asset", help="Which account or other asset it is about.")] = "",
    reference: Annotated[str, typer.Option("--authorization", help="Which authorization it is about.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="The day it is about; today, if not said.")] = "",
) -> None:
    """Make the checklist: what the plan says, for all that is on the record. Nothing is ended by that."""
    actor = SESSION.actor()
    row = services.open_change(
        occasion=occasion,
        kept_by=find_party(name=party, actor=actor),
        person=find_person(text=person, actor=actor) if person else None,
        party=find_knowers_party(partner) if partner else None,
        asset=find_asset(text=asset, actor=actor) if asset else None,
        authorization=authorizations.find(reference=reference, actor=actor) if reference else None,
        day=parse_day(on) if on else _today(),
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_changes(
    every: Annotated[bool, typer.Option("--all", help="Those that were closed, too.")] = False,
) -> None:
    """The changes you can see, the next one due first."""
    rows: list[Any] = list(services.changes(actor=SESSION.actor(), all_of_them=every))
    SESSION.show(
        [{**_values(row), "open_steps": row.steps_left, "next_due": row.next_due} for row in rows],
        table(
            ("Reference", "Change", "Record of", "Day", "Open steps", "Next due", "State"),
            [
                (row.reference, row.title, row.kept_by, row.day, f"{row.steps_left} of {row.steps_all}",
                 row.next_due or "", "open" if row.is_open else "closed")
                for row in rows
            ],
            empty="No change is open. `valetkey change open leaver --party NAME --person NAME` opens one.",
        ),
    )  # fmt: skip


def show(
    reference: Reference,
    number: Annotated[int | None, typer.Argument(metavar="[STEP]", help="One step, with how it is done.")] = None,
) -> None:
    """The checklist; with a number, one step: where, do, confirm, and what if it fails."""
    row = _find(reference)
    if number is None:
        _show(row)
    else:
        _show_step(services.find_step(change=row, number=number))


def refresh(reference: Reference) -> None:
    """Look at the record again. What is new is added; nothing is taken off."""
    row = _find(reference)
    services.refresh_change(change=row, actor=SESSION.actor(), at=SESSION.at())
    _show(row)


def do(
    reference: Reference,
    number: Number,
    proof: Annotated[str, typer.Option("--proof", help="What you saw.")] = "",
    picture: Annotated[Path | None, typer.Option("--picture", metavar="FILE", help="A picture of it.")] = None,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who has it from now on.")] = "",
    with_offer: Annotated[bool, typer.Option("--with-offer", help="Do what the step offers, too.")] = False,
) -> None:
    """Settle a step with its proof. What the desk can do for it in the record is done with it."""
    actor = SESSION.actor()
    step = services.find_step(change=_find(reference), number=number)
    services.do_step(
        step=step, proof=proof, picture=_read(picture) if picture else None,
        to=find_person(text=to, actor=actor) if to else None, with_offer=with_offer, actor=actor, at=SESSION.at(),
    )  # fmt: skip
    _show_step(services.find_step(change=step.change, number=number))


def skip(
    reference: Reference,
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why it is left out.")],
) -> None:
    """Leave a step out. The reason stands in the report."""
    step = services.find_step(change=_find(reference), number=number)
    services.skip_step(step=step, reason=reason, actor=SESSION.actor(), at=SESSION.at())
    _show_step(step)


def assign(
    reference: Reference,
    number: Number,
    person: Annotated[str, typer.Argument(metavar="[PERSON]", help="Whose step it is; nobody's yet without it.")] = "",
) -> None:
    """Say whose step it is."""
    actor = SESSION.actor()
    step = services.find_step(change=_find(reference), number=number)
    owner = find_person(text=person, actor=actor) if person else None
    services.assign_step(step=step, person=owner, actor=actor, at=SESSION.at())
    _show_step(step)


def close(reference: Reference) -> None:
    """Close it, once every step is done or left out."""
    _show(services.close_change(change=_find(reference), actor=SESSION.actor(), at=SESSION.at()))


def report(reference: Reference) -> None:
    """What was done, step by step, each with its proof."""
    found = services.report(change=_find(reference))
    row = found.change
    lines: list[RenderableType] = []
    for step in found.steps:
        lines += ["", Text(f"{step.number}. {step.title}", style="bold"), facts(_settled(step))]
    SESSION.show(
        {**_values(row), "steps": [_step_values(step) for step in found.steps]},
        Text(f"{row.reference}  {row.title}", style="bold"),
        facts(_facts(row)),
        *lines,
    )


def _find(reference: str) -> Change:
    return services.find_change(text=reference, actor=SESSION.actor())


def _read(path: Path) -> bytes:
    """No more of it than may be sent, and a byte to tell."""
    try:
        with path.open("rb") as file:
            return file.read(services.LARGEST + 1)
    except OSError:
        raise Invalid("no_file", "This file cannot be read.", "Look at its name.") from None


def _today() -> date:
    return SESSION.at().astimezone(ZoneInfo(settings.VALETKEY_TIME_ZONE)).date()


def _show(row: Change) -> None:
    steps = list(row.steps.select_related("owner", "to").order_by("number"))
    SESSION.show(
        {**_values(row), "intro": row.intro, "steps": [_step_values(step) for step in steps]},
        Text(f"{row.reference}  {row.title}", style="bold"),
        Text(row.intro),
        facts(_facts(row)),
        table(
            ("Step", "What", "Whose", "Due", "State"),
            [(step.number, step.title, step.owner or "", step.due_on, _state(step)) for step in steps],
            empty="No steps.",
        ),
    )


def _show_step(step: Step) -> None:
    pairs = [("where", step.where), ("do", step.do), ("confirm", step.confirm), ("if this fails", step.fails)]
    SESSION.show(
        {**_step_values(step), "where": step.where, "do": step.do, "confirm": step.confirm, "fails": step.fails},
        Text(f"{step.change}, step {step.number}: {step.title}", style="bold"),
        facts([*pairs, *_settled(step)]),
    )


def _settled(step: Step) -> list[tuple[str, str]]:
    pairs = [
        ("state", _state(step)),
        ("due", str(step.due_on) if step.is_open else ""),
        ("whose", str(step.owner or "")),
        ("guide", step.guide),
        ("done when the record shows", step.effect.replace("_", " ") if step.is_open else ""),
        ("offers", step.offer.replace("_", " ") if step.is_open else ""),
        ("reason" if step.state == Step.State.SKIPPED else "proof", step.proof),
        ("picture", step.picture.digest if hasattr(step, "picture") else ""),
        ("passed on to", str(step.to or "")),
        ("settled", f"{moment(step.settled_at)} by {step.settled_by}" if step.settled_at else ""),
    ]
    return [each for each in pairs if each[1]]


def _state(step: Step) -> str:
    return "left out" if step.state == Step.State.SKIPPED else step.state


def _values(row: Change) -> dict[str, Any]:
    named = row.person or row.party or row.asset or row.authorization
    return {
        "reference": row.reference,
        "occasion": row.occasion,
        "title": row.title,
        "party": row.kept_by.name,
        "about": named.reference if named is not None else None,
        "day": row.day,
        "plan_version": row.plan_version,
        "opened_at": row.opened_at,
        "opened_by": row.opened_by,
        "closed_at": row.closed_at,
        "closed_by": row.closed_by or None,
    }


def _step_values(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "title": step.title,
        "about": f"{step.thing} {step.subject}" if step.subject else None,
        "state": step.state,
        "owner": step.owner.name if step.owner else None,
        "due_on": step.due_on,
        "effect": step.effect or None,
        "offer": step.offer or None,
        "proof": step.proof or None,
        "passed_on_to": step.to.name if step.to else None,
        "settled_at": step.settled_at,
        "settled_by": step.settled_by or None,
    }


def _facts(row: Change) -> list[tuple[str, str]]:
    pairs = [
        ("what happens", words(row.occasion)),
        ("record of", str(row.kept_by)),
        ("day", str(row.day)),
        ("opened", f"{moment(row.opened_at)} by {row.opened_by}"),
        ("closed", f"{moment(row.closed_at)} by {row.closed_by}" if row.closed_at else ""),
    ]
    return [each for each in pairs if each[1]]
