"""That parties work with one another: `valetkey engagement`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party, find_person
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment
from valetkey.register import services
from valetkey.register.models import Engagement

Reference = Annotated[str, typer.Argument(metavar="ENGAGEMENT", help="Its reference, as `engagement list` shows it.")]


def start(
    other: Annotated[str, typer.Argument(metavar="WITH", help="The other party, exactly as it is named here.")],
    party: Annotated[str, typer.Option("--party", help="On whose record it is kept.")],
    purpose: Annotated[str, typer.Option("--purpose", help="What they do together.")],
    starts_on: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, as 2027-03-01.")],
    review_on: Annotated[str | None, typer.Option("--review", metavar="DAY", help="When to look again.")] = None,
    ends_on: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, if it is agreed.")] = None,
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON", help="Who answers for it.")] = "",
    note: Annotated[str, typer.Option("--note", help="What else is to be known.")] = "",
) -> None:
    """Write down that a party works with another."""
    actor = SESSION.actor()
    row = services.start_engagement(
        kept_by=find_party(name=party, actor=actor),
        party=services.find_knowers_party(other),
        purpose=purpose,
        starts_on=parse_day(starts_on),
        review_on=parse_day(review_on) if review_on else None,
        ends_on=parse_day(ends_on) if ends_on else None,
        owner=find_person(text=owner, actor=actor) if owner else None,
        note=note,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_engagements() -> None:
    """Who works with whom, those that go on first."""
    rows = list(services.engagements(actor=SESSION.actor()))
    SESSION.show(
        [_values(row) for row in rows],
        table(
            ("Reference", "Record of", "With", "Purpose", "Since", "Review", "Last day", "State"),
            [
                (
                    row.reference,
                    row.kept_by,
                    row.party,
                    row.purpose,
                    row.starts_on,
                    row.review_on or "-",
                    row.ends_on or "-",
                    "ended" if row.ended_at else "goes on",
                )
                for row in rows
            ],
            empty="No engagement is on record. `valetkey engagement start` writes one down.",
        ),
    )


def show(reference: Reference) -> None:
    """One engagement: since when, until when, when it is looked at again."""
    _show(_find(reference))


def change(
    reference: Reference,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Another purpose.")] = None,
    starts_on: Annotated[str | None, typer.Option("--from", metavar="DAY", help="Another first day.")] = None,
    review_on: Annotated[str | None, typer.Option("--review", metavar="DAY", help="Another; empty for none.")] = None,
    ends_on: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Another; empty for none.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="PERSON", help="Another; empty for none.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Another note.")] = None,
) -> None:
    """Correct an engagement. What you leave out stays as it is."""
    actor = SESSION.actor()
    row = _find(reference)
    days = {"starts_on": starts_on, "review_on": review_on, "ends_on": ends_on}
    changes: dict[str, object] = {
        name: parse_day(text) if text else None for name, text in days.items() if text is not None
    }
    changes |= {name: text for name, text in (("purpose", purpose), ("note", note)) if text is not None}
    if owner is not None:
        changes["owner"] = find_person(text=owner, actor=actor) if owner else None
    _show(services.change_engagement(engagement=row, changes=changes, actor=actor, at=SESSION.at()))


def end(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", help="Why it ends. It stays in the history.")],
) -> None:
    """End an engagement. The access that came with it is ended one by one, by you."""
    _show(services.end_engagement(engagement=_find(reference), reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def _find(reference: str) -> Engagement:
    return services.find_engagement(text=reference, actor=SESSION.actor())


def _show(row: Engagement) -> None:
    SESSION.show(_values(row), Text(f"{row.reference}  {row.kept_by} with {row.party}"), _facts(row))


def _values(row: Engagement) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "kept_by": row.kept_by.name,
        "party": row.party.name,
        "purpose": row.purpose,
        "starts_on": row.starts_on,
        "review_on": row.review_on,
        "ends_on": row.ends_on,
        "owner": row.owner.name if row.owner else None,
        "note": row.note,
        "ended_at": row.ended_at,
        "ended_reason": row.ended_reason or None,
    }


def _facts(row: Engagement) -> RenderableType:
    pairs = [
        ("purpose", row.purpose),
        ("since", str(row.starts_on)),
        ("review", str(row.review_on or "no day is set")),
        ("last day", str(row.ends_on or "none is agreed")),
        ("answers", str(row.owner or "nobody is named")),
        ("note", row.note),
    ]
    if row.ended_at:
        pairs.append(("ended", f"{moment(row.ended_at)}: {row.ended_reason}"))
    return facts([pair for pair in pairs if pair[1]])
