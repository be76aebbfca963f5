"""What the record says of parties and people, for the timeline. Does not write: services keep what is made here."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from valetkey.accounts.models import Party, Person
from valetkey.timeline.said import Kind, Said, plain


def of_party(row: Party) -> Said:
    facts = {"name": row.name, "kind": str(row.kind)}
    return Said(Kind.PARTY, row.reference, facts, kept_by=row.reference, party=row.reference, holds_from=row.created_at)


def of_person(row: Person) -> Said:
    """They are there from the day they joined until the end of their last day, where those are known."""
    names = ("name", "mail", "work", "note", "joined_on", "left_on")
    facts = {name: plain(getattr(row, name)) for name in names} | {"is_user": row.user_id is not None}
    left = row.left_on
    return Said(
        kind=Kind.PERSON,
        reference=row.reference,
        facts=facts,
        kept_by=row.kept_by.reference,
        party=row.party.reference,
        person=row.reference,
        holds_from=datetime.combine(row.joined_on, time(), tzinfo=UTC) if row.joined_on else None,
        holds_until=datetime.combine(left, time(), tzinfo=UTC) + timedelta(days=1) if left else None,
    )
