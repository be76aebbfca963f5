"""PURE. What a row would have the services do, gathered while it is judged; and its cells, read as they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from valetkey.errors import Invalid
from valetkey.intake import values
from valetkey.intake.columns import Field
from valetkey.intake.known import Known
from valetkey.intake.values import Doubt, Moment, Unfit
from valetkey.text import line, tidy

Read = TypeVar("Read")


class Do(StrEnum):
    """Named like the services that do it."""

    ENTER_PERSON = "enter_person"
    CHANGE_PERSON = "change_person"
    PERSON_LEFT = "person_left"
    ENTER_ASSET = "enter_asset"
    ENTER_SURFACE = "enter_surface"
    OPEN_ACCESS = "open_access"
    CHANGE_ACCESS = "change_access"


@dataclass(frozen=True)
class Act:
    """`target`: a reference, or the name that what is made goes by among the rows of the sheet (it begins with +).
    `values`: plain ones; others on record by their references.
    """

    do: Do
    target: str
    values: tuple[tuple[str, object], ...]

    @property
    def makes(self) -> bool:
        return self.do in {Do.ENTER_PERSON, Do.ENTER_ASSET, Do.ENTER_SURFACE, Do.OPEN_ACCESS}


@dataclass
class Draft:
    """`zone`: whose days its days are. `told`: what is done, a sentence for each. `later`: what the record holds then,
    if the row is carried out.
    """

    number: int
    known: Known
    zone: str
    acts: list[Act] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    def look(self, why: str) -> None:
        if why not in self.doubts:
            self.doubts.append(why)

    def refuse(self, why: str) -> None:
        if why not in self.faults:
            self.faults.append(why)

    def do(self, do: Do, target: str, told: str, then: Callable[[], None], **given: object) -> None:
        self.acts.append(Act(do, target, tuple(given.items())))
        self.told.append(told)
        self.later.append(then)

    def new(self, what: str) -> str:
        return f"+{self.number}.{what}"

    def take_over(self) -> None:
        for then in self.later:
            then()


@dataclass(frozen=True)
class Cells:
    """What cannot be read becomes a doubt or fault of the row, and reads as an empty cell."""

    texts: Mapping[Field, str]
    day_first: bool | None
    draft: Draft

    def __getitem__(self, column: Field) -> str:
        return self.texts[column]

    def line(self, column: Field, what: str, longest: int) -> str:
        return self._fitting(column, lambda text: line(text, what=what, longest=longest))

    def text(self, column: Field, what: str, longest: int) -> str:
        return self._fitting(column, lambda text: tidy(text, what=what, longest=longest))

    def word(self, column: Field, read: Callable[[str], str]) -> str:
        return self._read(column, read) or ""

    def day(self, column: Field) -> date | None:
        return self._read(column, lambda text: values.day(text, day_first=self.day_first))

    def moment(self, column: Field) -> Moment | None:
        return self._read(column, lambda text: values.moment(text, day_first=self.day_first, zone=self.draft.zone))

    def _fitting(self, column: Field, fit: Callable[[str], str]) -> str:
        def fitted(text: str) -> str:
            try:
                return fit(text)
            except Invalid as refused:
                raise Unfit(refused.sentence) from None

        return self._read(column, fitted) or ""

    def _read(self, column: Field, read: Callable[[str], Read]) -> Read | None:
        text = self.texts[column]
        if not text:
            return None
        try:
            values.refuse_fault(text)
            return read(text)
        except Doubt as doubt:
            self.draft.look(f"{column.capitalize()}: {doubt}")
        except Unfit as unfit:
            self.draft.refuse(f"{column.capitalize()}: {unfit}")
        return None
