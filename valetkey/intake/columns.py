"""PURE. Which column of a sheet says what, by the names people give to columns.

What fits nothing, or fits twice, is left to a person. Knows nothing of what stands below the names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from valetkey.credential import find
from valetkey.errors import Invalid
from valetkey.intake.sheet import Line


class Field(StrEnum):
    """What a column can say, in the words of the page."""

    PERSON = "person"
    MAIL = "mail"
    COMPANY = "company"
    WORK = "work"
    LEFT_ON = "left on"
    PLATFORM = "platform"
    ASSET = "asset"
    ASSET_KIND = "asset kind"
    ASSET_ID = "asset id"
    SURFACE = "surface"
    ROLE = "role"
    SINCE = "since"
    UNTIL = "until"
    PURPOSE = "purpose"
    BASIS = "basis"
    OWNER = "owner"
    REVIEW_ON = "review on"
    REMOVAL = "how to remove"
    NOTE = "note"


_ALSO: Final[Mapping[Field, str]] = {
    Field.PERSON: "name, full name, person name, user, user name, employee, member, team member, who, contact, staff",
    Field.MAIL: "email, mail address, email address, user email, work email, contact email",
    Field.COMPANY: "party, works for, agency, brand, organisation, organization, employer, partner, holder, firm",
    Field.WORK: "job, job title, title, position, function",
    Field.LEFT_ON: "left, last day, leaving date, left date, exit date, leaves on",
    Field.PLATFORM: "network, social network",
    Field.ASSET: "account, account name, asset name, profile, page, page name, business center, handle",
    Field.ASSET_KIND: "kind, type, asset type, account type, kind of asset",
    Field.ASSET_ID: "account id, profile id, page id, platform id, business center id, id",
    Field.SURFACE: "list, access list, list of access, where, section",
    Field.ROLE: "permission, permissions, access, access level, rights, level, access role",
    Field.SINCE: "from, start, start date, granted, granted on, added, added on, date added, given on, access since",
    Field.UNTIL: "to, end, end date, ends, ends on, expires, expires on, expiry, expiry date, valid until,"
    " access until",
    Field.PURPOSE: "what for, why, used for",
    Field.BASIS: "contract, agreement",
    Field.OWNER: "responsible, answers for it, internal owner, access owner",
    Field.REVIEW_ON: "review, review date, next review, reviewed next",
    Field.REMOVAL: "removal, remove, how to end, offboarding",
    Field.NOTE: "notes, comment, comments, remark, remarks",
}
_CODES: Final = (
    "code, spark code, spark ad code, spark ads code, spark auth code, auth code, authorization code,"
    " authorisation code, ad code, ad authorization code, video code, post code, boost code, whitelisting code,"
    " whitelist code, allowlisting code, tt code"
)
_LOOKED_AT: Final = 40
"""So many lines may stand above the names of the columns."""
_AS_IF: Final = ("Kolibri47", "482913")
"""Stand for what a cell of a column of logins would hold."""


@dataclass(frozen=True)
class Head:
    """The names of the columns. `line`: its place among the lines. `is_found`: somebody would know them as names."""

    line: int
    names: tuple[str, ...]
    is_found: bool


def plain(name: str) -> str:
    """A name without what people write differently: case, spaces, punctuation."""
    return "".join(one for one in name.casefold() if one.isalnum())


_STRONG: Final[Mapping[str, Field]] = {plain(field): field for field in Field}
_WEAK: Final[Mapping[str, Field]] = {plain(name): field for field, names in _ALSO.items() for name in names.split(",")}
_OF_CODES: Final = frozenset(plain(name) for name in _CODES.split(","))


def head_of(lines: Sequence[Line], *, named: Sequence[str] = ()) -> Head:
    """The line that holds the most names we know, or that the person has told (`named`); the first of such lines."""
    known = _STRONG.keys() | _WEAK.keys() | {plain(name) for name in named}
    best, most = 0, 0
    for place, line in enumerate(lines[:_LOOKED_AT]):
        found = len({plain(cell) for cell in line.cells} & known)
        if found > most:
            best, most = place, found
    return Head(best, lines[best].cells, is_found=most > 0)


def mapped(names: Sequence[str]) -> list[str]:
    """A field for each column, "" where none is clear. Our own word for it goes before other words; two of a kind are
    both left open.
    """
    fields: list[str] = []
    for table in (_STRONG, _WEAK):
        once = [table.get(plain(name)) for name in names]
        found = [field.value if field and once.count(field) == 1 else "" for field in once]
        taken = set(fields) - {""}
        fields = [
            before or (now if now not in taken else "")
            for before, now in zip(fields or [""] * len(names), found, strict=True)
        ]
    return fields


def corrected(names: Sequence[str], before: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """`told`: the name of a column, or its number from 1, → a field; "" leaves the column out. Raises Invalid for a
    column or field that is not there, and for one field said of two columns.
    """
    fields = list(before)
    for column, field in told.items():
        place = _place(names, column)
        wanted = _field(field)
        if wanted:
            fields = ["" if each == wanted else each for each in fields]
        fields[place] = wanted
    wanted_twice = [each for each in {_field(field) for field in told.values()} - {""} if _times(told, each) > 1]
    if wanted_twice:
        raise Invalid("column_twice", f"Two columns cannot both be “{wanted_twice[0]}”.", "Leave one of them out.")
    return fields


def not_kept(names: Sequence[str]) -> dict[int, str]:
    """Columns of which no cell is kept, and why: codes have a place of their own, logins have none. Of columns that we
    know, cells are looked at one by one.
    """
    found = {}
    for place, name in enumerate(names):
        if plain(name) in _OF_CODES:
            found[place] = "codes are kept with their authorization, never in a sheet of people"
        elif plain(name) not in {*_STRONG, *_WEAK} and any(find(f"{name}: {each}") for each in _AS_IF):
            found[place] = "its name says that it holds what somebody signs in with"
    return found


def _times(told: Mapping[str, str], field: str) -> int:
    return sum(_field(each) == field for each in told.values())


def _place(names: Sequence[str], column: str) -> int:
    numbers = [str(number) for number in range(1, len(names) + 1)]
    if column.strip() in numbers:
        return numbers.index(column.strip())
    found = [place for place, name in enumerate(names) if plain(name) == plain(column) and plain(name)]
    if len(found) != 1:
        often = "More than one column is" if found else "No column is"
        raise Invalid("no_such_column", f"{often} called “{column[:60]}”.", "Name it by its number: the first is 1.")
    return found[0]


def _field(text: str) -> str:
    if not text.strip():
        return ""
    found = _STRONG.get(plain(text)) or _WEAK.get(plain(text))
    if found is None:
        raise Invalid("no_such_field", f"A column cannot be “{text[:60]}”.", f"It can be {', '.join(Field)}.")
    return found.value
