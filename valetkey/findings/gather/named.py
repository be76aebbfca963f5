"""Rows of the record as the rules name them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Protocol

from valetkey.accounts.models import Person
from valetkey.findings.facts import Thing, Who
from valetkey.register import catalogue


class Named(Protocol):
    reference: str
    name: str


def thing(row: Named) -> Thing:
    return Thing(row.reference, row.name)


def who(row: Person | None) -> Who | None:
    return None if row is None else Who(row.reference, row.name, row.left_on)


def everybody(rows: Collection[Person]) -> tuple[Who, ...]:
    """Each once, in the order of their references."""
    unique = {row.reference: Who(row.reference, row.name, row.left_on) for row in rows}
    return tuple(unique[reference] for reference in sorted(unique))


@cache
def far_reaching() -> frozenset[str]:
    """Names of roles that are wide or touch money somewhere, in capitals: whoever is found by one is looked up anew."""
    kinds = (kind for assets in catalogue.catalogue().values() for found in assets.values() for kind in found)
    return frozenset(role.name.upper() for kind in kinds for role in kind.roles if role.is_wide or role.has_money)
