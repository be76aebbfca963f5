"""PURE. What is on one party's record, as far as a sheet can speak of it: plain values, found as a sheet names them.

Grows by what the rows of a sheet would make, so that a later row meets what an earlier one brings; and finds as fast
in what has grown by twenty thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass
class Party:
    reference: str
    name: str


@dataclass
class Person:
    """`party`: the reference of whom they work for."""

    reference: str
    name: str
    mail: str
    party: str
    work: str = ""
    note: str = ""
    left_on: date | None = None


@dataclass
class Asset:
    reference: str
    name: str
    platform: str
    kind: str
    platform_id: str


@dataclass
class Surface:
    reference: str
    asset: str
    name: str
    kind: str = ""


@dataclass
class Access:
    """One that is open. Others are named by their references; `person` is "" where a party has it as a whole."""

    reference: str
    surface: str
    holder: str
    person: str
    role: str
    since: datetime | None
    end: str
    until: datetime | None
    purpose: str = ""
    basis: str = ""
    owner: str = ""
    review_on: date | None = None
    removal: str = ""
    note: str = ""
    is_kept_in_step: bool = False


@dataclass
class Known:
    """`keeper`: whose record it is."""

    keeper: Party
    _parties: dict[str, Party] = field(default_factory=dict)
    _people: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    _assets: dict[str, list[Asset]] = field(default_factory=lambda: defaultdict(list))
    _surfaces: dict[tuple[str, str], Surface] = field(default_factory=dict)
    _accesses: dict[tuple[str, str, str], dict[str, list[Access]]] = field(default_factory=lambda: defaultdict(dict))
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add_party(self.keeper)

    def add_party(self, row: Party) -> None:
        self._names[row.reference] = row.name
        for name in {same(row.name), same(row.reference)}:
            self._parties.setdefault(name, row)

    def add_person(self, row: Person) -> None:
        self._names[row.reference] = row.name
        for name in {same(row.name), same(row.mail), same(row.reference)} - {""}:
            self._people[name].append(row)

    def add_asset(self, row: Asset) -> None:
        self._names[row.reference] = row.name
        for name in {handle(row.name), handle(row.platform_id), handle(row.reference)}:
            self._assets[name].append(row)

    def add_surface(self, row: Surface) -> None:
        self._names[row.reference] = row.name
        for name in {same(row.name), same(row.reference), same(row.kind.replace("_", " "))} - {""}:
            self._surfaces.setdefault((row.asset, name), row)

    def add_access(self, row: Access) -> None:
        self._accesses[row.surface, row.holder, row.person].setdefault(same(row.role), []).append(row)

    def name(self, reference: str) -> str:
        return self._names.get(reference, "")

    def party(self, text: str) -> Party | None:
        return self._parties.get(same(text))

    def people(self, text: str) -> list[Person]:
        return self._people.get(same(text), [])

    def renamed(self, row: Person, mail: str) -> None:
        """They have a mail address now, and are found by it."""
        row.mail = mail
        self._people[same(mail)].append(row)

    def assets(self, text: str) -> list[Asset]:
        return self._assets.get(handle(text), [])

    def surface(self, asset: str, text: str) -> Surface | None:
        return self._surfaces.get((asset, same(text)))

    def accesses(self, surface: str, holder: str, person: str) -> Mapping[str, list[Access]]:
        """By the role, as `same` has it."""
        return self._accesses.get((surface, holder, person), {})


def same(text: str) -> str:
    """Names that differ in nothing but capitals and spaces are one name."""
    return " ".join(text.casefold().split())


def handle(text: str) -> str:
    """An account with or without the sign before it."""
    return same(text).removeprefix("@")
