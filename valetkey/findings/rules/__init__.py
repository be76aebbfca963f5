"""PURE. All rules, and what they say of some facts at some instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from valetkey.findings.finding import About, Found
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules import (
    access,
    agreed,
    campaigns,
    connections,
    endings,
    ends,
    logins,
    owners,
    ownership,
    people,
    posts,
    proof,
    recovery,
    reviews,
    scope,
    steps,
)

RULES: Final[tuple[Rule, ...]] = (
    *campaigns.ON_CAMPAIGNS,
    *ends.ON_ENDS,
    *agreed.ON_AGREED,
    *steps.ON_STEPS,
    *endings.ON_ENDINGS,
    *proof.ON_PROOF,
    *posts.ON_POSTS,
    *connections.ON_CONNECTIONS,
    *access.ON_ACCESS,
    *people.ON_ACCESS,
    *owners.ON_OWNERS,
    *logins.ON_LOGINS,
    *ownership.ON_OWNERSHIP,
    *recovery.ON_RECOVERY,
    *scope.ON_SCOPE,
    *reviews.ON_REVIEWS,
)

BY_ID: Final = {rule.id: rule for rule in RULES}


def judge(about: About, facts: Iterable[object], at: datetime, limits: Limits) -> list[Found]:
    """What the rules about such a subject say, in an order that depends on what they say alone."""
    rules = [rule for rule in RULES if rule.about is about]
    found = [each for fact in facts for rule in rules for each in rule.judge(fact, at, limits)]
    return sorted(found, key=lambda each: (-each.severity, each.rule, each.subject, each.party))
