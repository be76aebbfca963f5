"""PURE. What the record says of one thing, in plain JSON, with what it is found by and from when to when it holds.

Does not know the rows it was made from, nor what the facts mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum


class Kind(StrEnum):
    PARTY = "party"
    PERSON = "person"
    ASSET = "asset"
    SURFACE = "surface"
    ACCESS = "access"
    OWNERSHIP = "ownership"
    ENGAGEMENT = "engagement"
    RESPONSIBILITY = "responsibility"
    EXPOSURE = "exposure"


@dataclass(frozen=True)
class Said:
    """Everything is named by its reference, which stays what it is. `facts` hold values and references, no names of
    others: those are looked up as they were on the day.

    `kept_by`: the party whose record it is. `shared_with`: another party that may see it. `party`, `person`, `asset`,
    `surface`: whom and what it is about, "" where that does not fit. It holds from `holds_from` (None: since ever, or
    nobody knows) until before `holds_until` (None: no end that is known).
    """

    kind: Kind
    reference: str
    facts: Mapping[str, object]
    kept_by: str
    shared_with: str = ""
    party: str = ""
    person: str = ""
    asset: str = ""
    surface: str = ""
    holds_from: datetime | None = None
    holds_until: datetime | None = None


def plain(value: object) -> object:
    """A column's value for `facts`: instants in UTC, days as they are written, an enumeration's own value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
