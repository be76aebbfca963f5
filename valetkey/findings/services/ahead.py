"""PURE. What the clock alone will have done by an instant to come: codes and the access they give are over then.

For looking ahead. A sweep writes the same into the record before it judges.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import LIVE, State
from valetkey.findings.facts import AccessFacts, AuthorizationFacts, Facts

_BY_AUTHORIZATION: Final = "authorization"


def by_then(facts: Facts, at: datetime) -> Facts:
    if isinstance(facts, AuthorizationFacts):
        is_over = facts.ends_at is not None and facts.ends_at <= at and facts.state in LIVE
        # While nobody knows whether a step was done, nothing is written down as over.
        return replace(facts, state=State.EXPIRED.value) if is_over and not facts.is_uncertain else facts
    if isinstance(facts, AccessFacts) and facts.way == _BY_AUTHORIZATION and facts.ended_at is None:
        is_over = facts.until is not None and facts.until <= at
        return replace(facts, ended_at=facts.until) if is_over else facts
    return facts
