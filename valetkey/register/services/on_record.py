"""Who may be named on a party's record: a person whom that party keeps there, and for a task one who is still there."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import Party, Person
from valetkey.errors import Conflict, Invalid


def refuse_not_on_record(person: Person | None, party: Party) -> None:
    """Nobody at all is fine. Raises Invalid for somebody whom another party keeps on record."""
    if person is not None and person.kept_by_id != party.pk:
        raise Invalid(
            "not_on_record", f"{person} is not on the record of {party}.", "Enter them there first, then name them."
        )


def refuse_left(person: Person | None, at: datetime) -> None:
    """Raises Conflict for somebody whose last day is past: nothing new is theirs to do."""
    if person is not None and person.left_on is not None and person.left_on < at.date():
        raise Conflict(
            "person_left", f"The last day of {person} was {person.left_on}.", "Name somebody who is still there."
        )
