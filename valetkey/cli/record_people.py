"""People on record: `valetkey person`. Who signs in is `valetkey user`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts import services
from valetkey.accounts.models import Person
from valetkey.cli.answer import facts, table
from valetkey.cli.record_access import access_table, access_values
from valetkey.cli.session import SESSION, parse_day
from valetkey.register.services import accesses, find_knowers_party

PersonText = Annotated[
    str, typer.Argument(metavar="PERSON", help="Reference, mail address or whole name, as `person list` shows it.")
]


def add(
    name: Annotated[str, typer.Argument(help="How they are called.")],
    party: Annotated[str, typer.Option("--party", help="On whose record they are put.")],
    mail: Annotated[str, typer.Option("--mail", help="Their mail address; each one is on a record once.")] = "",
    works_for: Annotated[
        str, typer.Option("--works-for", metavar="PARTY", help="For whom they work, if for another party.")
    ] = "",
    work: Annotated[str, typer.Option("--work", help="What they do.")] = "",
    joined_on: Annotated[str, typer.Option("--joined", metavar="DAY", help="Their first day, if it is known.")] = "",
    note: Annotated[str, typer.Option("--note", help="What else is to be known.")] = "",
) -> None:
    """Put somebody on a party's record, whether they use this desk or not."""
    actor = SESSION.actor()
    row = services.enter_person(
        kept_by=services.find_party(name=party, actor=actor),
        name=name,
        mail=mail,
        party=find_knowers_party(works_for) if works_for else None,
        work=work,
        note=note,
        joined_on=parse_day(joined_on) if joined_on else None,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_people(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="In the name, mail address or work.")] = "",
) -> None:
    """The people you can see."""
    rows = list(services.people(actor=SESSION.actor(), text=text))
    SESSION.show(
        [_values(row) for row in rows],
        table(
            ("Reference", "Name", "Works for", "Work", "Record of", "Last day"),
            [(row.reference, row.name, row.party, row.work, row.kept_by, row.left_on or "-") for row in rows],
            empty="Nobody is on record. `valetkey person add NAME --party PARTY` puts somebody there.",
        ),
    )


def show(person: PersonText) -> None:
    """One person, and the access that is open for them."""
    _show(_find(person))


def change(
    person: PersonText,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    mail: Annotated[str | None, typer.Option("--mail", help="Another mail address; empty for none.")] = None,
    works_for: Annotated[str | None, typer.Option("--works-for", metavar="PARTY", help="For whom they work.")] = None,
    work: Annotated[str | None, typer.Option("--work", help="What they do now.")] = None,
    joined_on: Annotated[str | None, typer.Option("--joined", metavar="DAY", help="Another; empty for none.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Another note.")] = None,
) -> None:
    """Correct what is on record of somebody. What you leave out stays; the access they have is not touched."""
    texts = {"name": name, "mail": mail, "work": work, "note": note}
    changes: dict[str, object] = {column: value for column, value in texts.items() if value is not None}
    if works_for is not None:
        changes["party"] = find_knowers_party(works_for)
    if joined_on is not None:
        changes["joined_on"] = parse_day(joined_on) if joined_on else None
    row = _find(person)
    _show(services.change_person(person=row, changes=changes, actor=SESSION.actor(), at=SESSION.at()))


def left(
    person: PersonText,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="Their last day, which may be to come.")],
) -> None:
    """Write down somebody's last day. Their access stays on record as it is until each is ended."""
    day = parse_day(on)
    _show(services.person_left(person=_find(person), on=day, actor=SESSION.actor(), at=SESSION.at()))


def back(person: PersonText) -> None:
    """Somebody is here again, or never left."""
    _show(services.person_back(person=_find(person), actor=SESSION.actor(), at=SESSION.at()))


def _find(text: str) -> Person:
    return services.find_person(text=text, actor=SESSION.actor())


def _show(row: Person) -> None:
    held = list(accesses(actor=SESSION.actor()).filter(person=row, ended_at=None))
    SESSION.show(
        {**_values(row), "accesses": [access_values(each) for each in held]},
        Text(f"{row.reference}  {row.name}"),
        _facts(row),
        access_table(held, empty="No access is open for them on this record."),
    )


def _values(row: Person) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "name": row.name,
        "mail": row.mail or None,
        "work": row.work,
        "works_for": row.party.name,
        "kept_by": row.kept_by.name,
        "is_user": row.user_id is not None,
        "joined_on": row.joined_on,
        "left_on": row.left_on,
        "note": row.note,
    }


def _facts(row: Person) -> RenderableType:
    pairs = [
        ("mail", row.mail),
        ("work", row.work),
        ("works for", str(row.party)),
        ("record of", str(row.kept_by)),
        ("user", "signs in here" if row.user_id else "does not use this desk"),
        ("first day", str(row.joined_on or "not known")),
        ("last day", str(row.left_on or "")),
        ("note", row.note),
    ]
    return facts([pair for pair in pairs if pair[1]])
