"""What the tests of the sweep share: one small rule of their own, so that they say when it fires; short questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.desk import HOST, Desk
from valetkey.accounts.models import Party, Person
from valetkey.authorizations import services as codes
from valetkey.authorizations.models import Authorization
from valetkey.findings import rules, services
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.models import Finding, Spell
from valetkey.findings.rule import Rule
from valetkey.findings.services import Swept, decide, find
from valetkey.register.models import Access

REASON = "We know."
REAL = rules.RULES
"""All rules, as they are in a test that changes none."""


def ends(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """To both sides, from so many days before the end until the end."""
    if facts.ends_at is None or facts.is_let_end or facts.state in {"expired", "ended"}:
        return
    if facts.ends_at - timedelta(days=limits.ends_within) <= at < facts.ends_at:
        near = facts.ends_at - timedelta(days=limits.urgent_within) <= at
        evidence = (Evidence("The code ends", Told.OBSERVED, facts.ends_at),)
        for party, owner in ((facts.creator, facts.creator_owner), (facts.advertiser, facts.advertiser_owner)):
            yield Found(
                "test_ends", facts.reference, party.reference, Severity.URGENT if near else Severity.SOON,
                "The code ends.", evidence, owner.reference if owner else "", facts.ends_at, 0,
            )  # fmt: skip


ENDS = Rule(
    "test_ends", About.AUTHORIZATION, Group.TIME, "Ends", "It ends.", "extend-a-code", "counted", ends, may_end=True
)


@pytest.fixture(autouse=True)
def own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, ENDS)


def only(monkeypatch: pytest.MonkeyPatch, *which: Rule) -> None:
    """These rules and no others: what the sweep does with what they say is as it is."""
    monkeypatch.setattr(rules, "RULES", which)
    monkeypatch.setattr(find, "RULES", which)
    monkeypatch.setattr(decide, "BY_ID", {rule.id: rule for rule in which})


def swept(desk: Desk, **given: object) -> Swept:
    asked = {"actor": HOST, "at": desk.at, "look": False, **given}
    return services.sweep(**asked)  # type: ignore[arg-type]


def state() -> dict[str, list[tuple[object, ...]]]:
    """Findings and spells, without the names and numbers that chance gives them."""
    of_finding = ("rule", "about", "subject", "party", "severity", "sentence", "evidence", "owner", "by", "stops",
                  "times", "first_opened_at", "opened_at", "changed_at", "closed_at")  # fmt: skip
    of_spell = ("finding__rule", "finding__subject", "finding__party", "opened_at", "closed_at", "severity", "by")
    return {
        "findings": sorted(Finding.objects.values_list(*of_finding), key=repr),
        "spells": sorted(Spell.objects.values_list(*of_spell), key=repr),
    }


def of(row: Authorization, party: Party) -> Finding:
    return Finding.objects.get(subject=row.reference, party=party)


def extended(desk: Desk, row: Authorization, days: int = 60) -> None:
    row.refresh_from_db()
    codes.extend(authorization=row, days=days, actor=desk.mara, at=desk.at)


def person(desk: Desk, name: str) -> Person:
    return Person.objects.get(name=name)


def let_end(row: Authorization) -> list[bool]:
    given = Access.objects.filter(basis__startswith=f"authorization {row.reference} ").order_by("pk")
    return [each.let_end_at is not None for each in given]
