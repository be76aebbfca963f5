"""PURE. Who there is: the people of the agency with their first and last days, its brands, partners and creators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.seed import names
from valetkey.seed.acts import DAY, Script

YEARS: Final = 730 * DAY
AGENCY: Final = "agency"
_SETTLING_IN: Final = 2 * DAY
_LAST_DAYS: Final = 5 * DAY


@dataclass(frozen=True)
class Size:
    people: int
    brands: int
    partners: int
    creators: int
    accesses: int
    authorizations: int


SIZES: Final = {
    "full": Size(60, 25, 6, 400, 9000, 3000),
    "small": Size(16, 6, 2, 30, 400, 130),
    "tiny": Size(6, 2, 1, 6, 60, 16),
}


@dataclass(frozen=True)
class Employee:
    """`left`: None while they are there. `is_orderly`: a checklist was made and done when they left."""

    key: str
    name: str
    mail: str
    work: str
    role: str
    joined: datetime
    left: datetime | None = None
    is_orderly: bool = True

    @property
    def user(self) -> str:
        return f"user {self.key}"

    def is_at_work(self, at: datetime) -> bool:
        """Not on the very first days, and not when they are about to go."""
        return self.joined + _SETTLING_IN <= at and (self.left is None or at < self.left - _LAST_DAYS)


@dataclass(frozen=True)
class Brand:
    """`ended`: when the agency lost it. `by_itself`: it asks creators itself, with an ad account of its own."""

    key: str
    name: str
    begun: datetime
    ended: datetime | None
    by_itself: bool

    @property
    def user(self) -> str:
        return f"user {self.key}"


@dataclass(frozen=True)
class Partner:
    """`people`: keys and names of those whom it brought."""

    key: str
    name: str
    kind: str
    begun: datetime
    ended: datetime | None
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Creator:
    """`signs_in`: they use the desk themselves."""

    key: str
    name: str
    signs_in: bool

    @property
    def user(self) -> str:
        return f"user {self.key}"


class Cast:
    def __init__(self, size: Size, script: Script) -> None:
        self.size, self.script = size, script
        self.begun = script.now - YEARS
        self.people = tuple(self._people())
        self.brands = tuple(self._brands())
        self.partners = tuple(self._partners())
        self.creators = tuple(self._creators())

    @property
    def head(self) -> Employee:
        """Who runs it, and stays."""
        return self.people[0]

    @property
    def deputy(self) -> Employee:
        return self.people[1]

    def hand(self, at: datetime) -> Employee:
        """Somebody who is at work then and may write."""
        return self.script.dice.choice(self.among(at, lambda one: one.role != "viewer"))

    def among(self, at: datetime, fit: Callable[[Employee], bool] = lambda one: True) -> list[Employee]:
        return [one for one in self.people if one.is_at_work(at) and fit(one)]

    def _people(self) -> Iterable[Employee]:
        script, dice, number = self.script, self.script.dice, self.size.people
        called = [f"{first} {last}" for first in names.FIRST for last in names.LAST]
        for index, name in enumerate(dice.sample(called, number)):
            stays = index < max(2, number // 12)
            joined = self.begun
            if not stays and script.often(0.45):
                joined = script.moment(self.begun + 20 * DAY, script.now - 40 * DAY)
            left = None
            if not stays and index % 4 == 3:
                left = script.moment(joined + 25 * DAY, script.now - 2 * DAY)
            role = "manager" if stays else "viewer" if index % 9 == 8 else "member"
            mail = f"{name.lower().replace(' ', '.')}@{names.MAIL}"
            yield Employee(f"p{index}", name, mail, dice.choice(names.WORKS), role, joined, left, index % 3 != 0)

    def _brands(self) -> Iterable[Brand]:
        script = self.script
        for index in range(self.size.brands):
            begun = script.moment(self.begun + DAY, self.begun + (30 if index % 3 else 200) * DAY)
            ended = script.moment(begun + 200 * DAY, script.now - 20 * DAY) if index % 8 == 7 else None
            yield Brand(f"b{index}", names.BRANDS[index], begun, ended, by_itself=index % 5 == 2)

    def _partners(self) -> Iterable[Partner]:
        script, dice = self.script, self.script.dice
        for index in range(self.size.partners):
            begun = script.moment(self.begun + 40 * DAY, self.begun + 300 * DAY)
            ended = script.moment(begun + 120 * DAY, script.now - 10 * DAY) if index % 2 == 0 else None
            name, kind = names.PARTNERS[index]
            brought = tuple(
                (f"t{index}.{each}", f"{dice.choice(names.FIRST)} {dice.choice(names.LAST)}-{name.split()[0]}")
                for each in range(2)
            )
            yield Partner(f"t{index}", name, kind, begun, ended, brought)

    def _creators(self) -> Iterable[Creator]:
        handles = [f"@{first.lower()}.{does}" for first in names.FIRST for does in names.HANDLES]
        for index, name in enumerate(self.script.dice.sample(handles, self.size.creators)):
            yield Creator(f"c{index}", name, signs_in=index % 4 == 0)
