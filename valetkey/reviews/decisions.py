"""PURE. What can be decided on a line of a review, what each needs to be said with it, and what becomes work.

Does not know whether the line is still as it was, nor who decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from valetkey.errors import Conflict, Invalid
from valetkey.register.looking import AccessLine


class Decision(StrEnum):
    """Not mine: somebody else has to say; whoever that is has to be found."""

    KEEP = "keep"
    END = "end"
    CHANGE = "change"
    NOT_MINE = "not_mine"
    LET_IT_END = "let_it_end"


LETTERS: Final[Mapping[str, Decision]] = {
    "k": Decision.KEEP,
    "e": Decision.END,
    "c": Decision.CHANGE,
    "n": Decision.NOT_MINE,
    "l": Decision.LET_IT_END,
}
"""The key that decides so. The digits 1 to 5 do the same, in this order."""
NEEDS_NOTE: Final = frozenset({Decision.CHANGE})
IS_WORK: Final = frozenset({Decision.END, Decision.CHANGE, Decision.NOT_MINE})
"""What closing the review does not settle by itself."""


def decision_of(text: str) -> Decision:
    """By its name or its letter. Raises Invalid."""
    text = text.strip().lower().replace(" ", "_").replace("-", "_")
    if text in LETTERS:
        return LETTERS[text]
    if text not in set(Decision):
        offered = ", ".join(Decision)
        raise Invalid("no_such_decision", "This is nothing that can be decided.", f"Use one of {offered}.")
    return Decision(text)


def words(decision: str) -> str:
    return decision.replace("_", " ")


def refuse_unfit(decision: Decision, line: AccessLine, note: str) -> None:
    """Raises Invalid where it needs to be said what is to change, Conflict where there is no end to be left to."""
    if decision in NEEDS_NOTE and not note:
        raise Invalid("note_missing", "It is not said what is to be different.", "Say it in a few words.")
    if decision is Decision.LET_IT_END and line.until is None:
        raise Conflict("no_known_end", "This access has no end that is known.", "Keep it, change it, or end it.")
