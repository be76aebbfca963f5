"""PURE. Roles that reach further than what the record says they are for, and seats that give nothing.

Accuses nobody: says what a role can do by the catalogue, and what the record does not say. A purpose in words is taken
as it stands. What an authorization gives is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AccessFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import holder, is_live, is_outside, of_access, place, recorded


def wider_than_the_job(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if is_live(access, at) and access.is_wide and not access.owns_asset and not access.purpose:
        sentence = f"{holder(access)} is {place(access)}, a role that reaches far; what it is for is not on record."
        evidence = recorded(f"“{access.role}” counts as wide in the catalogue of roles; no purpose is written down")
        yield of_access("wider_than_the_job", access, at, _severity(access), sentence, evidence)


def money_on_a_general_role(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """A role for money alone is as it should be; and so is the owner."""
    if is_live(access, at) and access.is_wide and access.has_money and not access.owns_asset:
        sentence = f"{holder(access)} is {place(access)}, a general role that can spend or move money as well."
        evidence = recorded(f"“{access.role}” counts as wide and as touching money in the catalogue of roles")
        yield of_access("money_on_a_general_role", access, at, _severity(access), sentence, evidence)


def seat_without_asset(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if is_live(access, at) and access.is_seat and not access.has_asset:
        sentence = f"{holder(access)} is {place(access)}, and the record knows nothing that they work on there."
        evidence = recorded("No access to an asset inside is on record for them")
        yield of_access("seat_without_asset", access, at, Severity.NOTE, sentence, evidence)


def _severity(access: AccessFacts) -> Severity:
    return Severity.SOON if is_outside(access) else Severity.NOTE


ON_SCOPE: Final = (
    Rule(
        "wider_than_the_job", About.ACCESS, Group.SCOPE,
        "A wide role without a written purpose",
        "The wider a role, the more a mistake or a stolen phone can do. If it is needed, one line says why.",
        "keep-access-in-order", "role", wider_than_the_job, "access_change",
    ),
    Rule(
        "money_on_a_general_role", About.ACCESS, Group.SCOPE,
        "Money rights on a general role",
        "Somebody who works with ads or people every day can move money by mistake.",
        "keep-access-in-order", "role", money_on_a_general_role, "access_change",
    ),
    Rule(
        "seat_without_asset", About.ACCESS, Group.SCOPE,
        "A seat without an asset",
        "It gives nothing today, and somebody may give it something later without thinking of it.",
        "keep-access-in-order", "role", seat_without_asset, "access_end",
    ),
)  # fmt: skip
