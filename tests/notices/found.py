"""Findings made by hand, so that what is told of them depends on no rule; and what people were told."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from tests.desk import Desk
from valetkey.accounts.models import Party, Person, User
from valetkey.findings.finding import Group, Severity
from valetkey.findings.models import Finding, Spell
from valetkey.findings.rules import RULES
from valetkey.notices.models import Digest, Notice

_numbers = count(1)


def rule_of(group: Group) -> str:
    """Some rule of that kind."""
    return next(rule.id for rule in RULES if rule.group is group)


def found(desk: Desk, *, by: datetime | None = None, group: Group = Group.TIME, **said: Any) -> Finding:
    """Open since now, told to the advertiser's side unless said otherwise."""
    number = next(_numbers)
    usual = {
        "rule": rule_of(group), "about": "authorization", "subject": f"SUBJ{number}", "party": desk.advertiser,
        "severity": Severity.SOON, "sentence": f"The code for post {number} ends before its campaign.",
    }  # fmt: skip
    row = Finding(by=by, first_opened_at=desk.at, opened_at=desk.at, changed_at=desk.at, **{**usual, **said})
    row.save()
    Spell.objects.create(
        finding=row, opened_at=desk.at, severity=row.severity, sentence=row.sentence, by=row.by, evidence=[]
    )
    return row


def close(row: Finding, at: datetime) -> None:
    Finding.objects.filter(pk=row.pk).update(closed_at=at)
    Spell.objects.filter(finding=row, closed_at=None).update(closed_at=at)


def reopen(row: Finding, at: datetime) -> None:
    nothing = {"acknowledged_at": None, "acknowledged_as": None, "snoozed_until": None, "let_end_at": None}
    Finding.objects.filter(pk=row.pk).update(closed_at=None, opened_at=at, **nothing)
    Spell.objects.create(finding=row, opened_at=at, severity=row.severity, sentence=row.sentence, evidence=[])


def person_of(name: str, party: Party) -> Person:
    return Person.objects.get(user__email=f"{name.lower()}@example.org", kept_by=party)


def user(name: str) -> User:
    return User.objects.get(email=f"{name.lower()}@example.org")


def told() -> list[tuple[str, str, int]]:
    """Name, why, lead: in the order in which they were told."""
    rows = Notice.objects.order_by("pk").values_list("user__first_name", "why", "lead")
    return [(name, why, lead) for name, why, lead in rows]


def mails() -> list[tuple[str, str, int]]:
    """Name, state, how many notices it holds."""
    return [
        (digest.user.first_name, digest.state, digest.notices.count())
        for digest in Digest.objects.select_related("user").order_by("day", "user__first_name")
    ]
