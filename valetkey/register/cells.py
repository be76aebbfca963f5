"""PURE. Lines of access as the cells of a sheet, the same at every door. No cell becomes a formula."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from valetkey.register.looking import AccessLine, Named

COLUMNS: Final = (
    "access", "on record of", "asset", "asset reference", "surface", "surface reference", "party", "party reference",
    "person", "person reference", "role", "since", "until", "purpose", "basis", "way", "owner", "review on",
    "how to remove", "note", "source", "recorded at", "confirmed at", "confirmed by", "confirmed how", "let end at",
)  # fmt: skip
_FORMULA: Final = re.compile(r"""(^|[;\t\r\n])(["'\s;]*+)([=+\-@＝＋－＠])?""")
"""The sign of a formula where a cell begins: in a spreadsheet that parts cells at semicolons, or at the end of a line
that it does not take for the cell's own, that may be in the middle of a text."""
_BEGINS_BLANK: Final = re.compile(r"'*[\t\r]")


def cells(line: AccessLine) -> list[str]:
    """Instants in UTC. An end is an instant, “never” or “unknown”: never an empty cell."""
    values = (
        line.reference, line.kept_by, line.asset, line.asset.reference, line.surface, line.surface.reference,
        line.party, line.party.reference, line.person, line.person.reference if line.person else "", line.role,
        line.since or "unknown", ending(line), line.purpose, line.basis, line.way, line.owner, line.review_on,
        line.removal, line.note, line.source, line.recorded_at, line.confirmed_at, line.confirmed_by,
        line.confirmed_how, line.let_end_at,
    )  # fmt: skip
    return [harmless(_text(value)) for value in values]


def ending(line: AccessLine) -> datetime | str:
    """Three different things: an instant, that it never ends, that nobody knows."""
    if line.until is not None:
        return line.until
    return "never" if line.end == "none" else "unknown"


def harmless(text: str) -> str:
    """With a mark before what a spreadsheet would take for a formula."""
    marked = _FORMULA.sub(lambda found: found[1] + found[2] + (f"'{found[3]}" if found[3] else ""), text)
    return f"'{marked}" if _BEGINS_BLANK.match(marked) else marked


def as_it_was(text: str) -> str:
    """The other way round, of what `harmless` has made."""
    text = text[1:] if text.startswith("'") and _BEGINS_BLANK.match(text) else text
    return _FORMULA.sub(lambda found: found[1] + found[2].removesuffix("'") + found[3] if found[3] else found[0], text)


def _text(value: Named | datetime | date | str | None) -> str:
    if isinstance(value, Named):
        return value.name
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value) if value is not None else ""
