"""Who must do what when something changes: `valetkey responsibility`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType

from valetkey.accounts.services import find_person
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import days_words
from valetkey.register import services
from valetkey.register.models import Responsibility
from valetkey.register.occasions import Occasion

Reference = Annotated[
    str, typer.Argument(metavar="RESPONSIBILITY", help="Its reference, as `responsibility list` shows it.")
]
PersonText = Annotated[str, typer.Argument(metavar="PERSON", help="Reference, mail address or name; of your record.")]


def give(
    person: PersonText,
    occasion: Annotated[Occasion, typer.Option("--occasion", help="When it is to be done.")],
    what: Annotated[str, typer.Option("--what", help="What is to be done then.")],
    within: Annotated[int, typer.Option("--within", metavar="DAYS", help="Within so many days; 0 is the same day.")],
    backup: Annotated[str, typer.Option("--backup", metavar="PERSON", help="Who stands in.")] = "",
    asset: Annotated[str, typer.Option("--asset", help="Only for this asset; else for whichever it concerns.")] = "",
) -> None:
    """Say who must do what when something changes, on the record of those who keep that person."""
    actor = SESSION.actor()
    found = find_person(text=person, actor=actor)
    row = services.give_responsibility(
        kept_by=found.kept_by,
        person=found,
        occasion=occasion.value,
        what=what,
        within_days=within,
        backup=find_person(text=backup, actor=actor) if backup else None,
        asset=services.find_asset(text=asset, actor=actor) if asset else None,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_responsibilities() -> None:
    """Who must do what, those that hold first."""
    rows = list(services.responsibilities(actor=SESSION.actor()))
    SESSION.show(
        [_values(row) for row in rows],
        _table(rows, "Nobody has a responsibility yet. `valetkey responsibility give` gives one."),
    )


def pass_on(reference: Reference, person: PersonText) -> None:
    """From now on another person has to do it."""
    actor = SESSION.actor()
    row = _find(reference)
    to = find_person(text=person, actor=actor)
    _show(services.pass_on_responsibility(responsibility=row, to=to, actor=actor, at=SESSION.at()))


def end(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", help="Why nobody has to do it any more.")],
) -> None:
    """End a responsibility."""
    row = _find(reference)
    _show(services.end_responsibility(responsibility=row, reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def _find(reference: str) -> Responsibility:
    return services.find_responsibility(text=reference, actor=SESSION.actor())


def _show(row: Responsibility) -> None:
    SESSION.show(_values(row), _table([row], ""))


def _values(row: Responsibility) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "kept_by": row.kept_by.name,
        "person": row.person.name,
        "backup": row.backup.name if row.backup else None,
        "occasion": row.occasion,
        "asset": row.asset.name if row.asset else None,
        "what": row.what,
        "within_days": row.within_days,
        "ended_at": row.ended_at,
        "ended_reason": row.ended_reason or None,
    }


def _table(rows: list[Responsibility], empty: str) -> RenderableType:
    return table(
        ("Reference", "Who", "Backup", "When", "For", "What", "Within", "State"),
        [
            (
                row.reference,
                row.person,
                row.backup or "-",
                row.occasion.replace("_", " "),
                row.asset or "whichever it concerns",
                row.what,
                days_words(row.within_days) if row.within_days else "the same day",
                f"ended: {row.ended_reason}" if row.ended_at else "holds",
            )
            for row in rows
        ],
        empty=empty,
    )
