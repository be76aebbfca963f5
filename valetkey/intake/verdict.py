"""PURE. What a row of a sheet would do to the record: new, update, duplicate, look at this, or refused, and why.

A row that a person has to look at does nothing. What is found or made for it is decided in `people`, `places` and
`rights`; here they are put together. Nothing is guessed, and an empty cell changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from valetkey.intake.acts import Act, Cells, Draft
from valetkey.intake.columns import Field
from valetkey.intake.known import Known
from valetkey.intake.people import company_of, keep_up, owner_of, person_of
from valetkey.intake.places import asset_of, surface_of
from valetkey.intake.rights import right_of


class Verdict(StrEnum):
    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    LOOK = "look"
    REFUSED = "refused"


DOES: Final = (Verdict.NEW, Verdict.UPDATE)
REJECTED: Final = (Verdict.LOOK, Verdict.REFUSED)


@dataclass(frozen=True)
class Given:
    """A row as it is kept. None: a cell that looked as if it carried a login or a code; nothing of it is anywhere."""

    number: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Judged:
    number: int
    verdict: Verdict
    reason: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Way:
    """How the sheet is read: a field for each column, which of day and month comes first (None: nobody said), and the
    zone whose days they are.
    """

    mapping: tuple[str, ...]
    day_first: bool | None
    zone: str


_OF_ACCESS: Final = (Field.SINCE, Field.UNTIL, Field.PURPOSE, Field.BASIS, Field.OWNER, Field.REVIEW_ON, Field.REMOVAL)
_NOT_KEPT: Final = "A cell of it looks as if it carried a password or a code. Nothing of that cell was kept."


def judge(rows: Sequence[Given], way: Way, known: Known) -> Iterator[Judged]:
    """One after the other; `known` grows by what each would bring."""
    before: dict[tuple[str, ...], int] = {}
    for row in rows:
        cells = _cells(row, way.mapping)
        if cells is None:
            yield Judged(row.number, Verdict.REFUSED, _NOT_KEPT)
            continue
        whole = tuple(cells.values())
        if any(whole) and whole in before:
            yield Judged(row.number, Verdict.DUPLICATE, f"It says the same as row {before[whole]}.")
            continue
        before.setdefault(whole, row.number)
        yield _judged(row.number, cells, way, known)


def digest_of(judged: Sequence[Judged]) -> str:
    """Two tries with one digest would do exactly the same."""
    return hashlib.sha256("\n".join(map(repr, judged)).encode()).hexdigest()


def _cells(row: Given, mapping: Sequence[str]) -> dict[Field, str] | None:
    """By what their columns say. None where a cell was not kept, whatever its column says."""
    if None in row.cells:
        return None
    found = dict.fromkeys(Field, "")
    for field, text in zip(mapping, row.cells, strict=False):
        if field and text:
            found[Field(field)] = text
    return found


def _judged(number: int, texts: Mapping[Field, str], way: Way, known: Known) -> Judged:
    if not any(texts.values()):
        return Judged(number, Verdict.LOOK, "Nothing in it is about people or access, as the columns are named now.")
    draft = Draft(number, known, way.zone)
    cells = Cells(texts, way.day_first, draft)
    company = company_of(cells, draft)
    person = person_of(cells, company, draft)
    asset = asset_of(cells, draft)
    surface = surface_of(cells, asset, draft)
    owner = owner_of(cells, draft)
    if cells[Field.ROLE] or cells[Field.SURFACE]:
        right_of(cells, person, company, asset, surface, owner, draft)
    elif any(cells[field] for field in _OF_ACCESS):
        draft.look("It says something of an access, but not which list and role. Add them, or leave those columns out.")
    keep_up(cells, person, draft, note_is_theirs=not (cells[Field.ROLE] or asset))
    if not draft.acts and not draft.faults and not draft.doubts and not (person or asset):
        draft.look("It names neither a person nor an asset.")
    return _said(draft)


def _said(draft: Draft) -> Judged:
    if draft.faults:
        return Judged(draft.number, Verdict.REFUSED, " ".join([*draft.faults, *draft.doubts]))
    if draft.doubts:
        return Judged(draft.number, Verdict.LOOK, " ".join(draft.doubts))
    draft.take_over()
    if not draft.acts:
        return Judged(draft.number, Verdict.DUPLICATE, "All of it is on record already.")
    verdict = Verdict.NEW if any(act.makes for act in draft.acts) else Verdict.UPDATE
    return Judged(draft.number, verdict, " ".join(draft.told), tuple(draft.acts))
