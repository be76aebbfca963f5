"""PURE. What the platform shows otherwise than the record, and what it has not been asked for long.

A difference is named, never decided: which of the two is right is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import LIVE, Drift, Verb
from valetkey.authorizations.turn import Whose
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import ADVERTISER, CREATOR, at_stake, said
from valetkey.findings.rules.on_record import later, recorded
from valetkey.findings.rules.words import post

_DRIFTS: Final = {
    Drift.END_DIFFERS: Severity.SOON,
    Drift.OTHER_CODE: Severity.IMPORTANT,
    Drift.USED_ELSEWHERE: Severity.IMPORTANT,
    Drift.ENDED_ELSEWHERE: Severity.IMPORTANT,
    Drift.EXPIRED_EARLY: Severity.IMPORTANT,
    Drift.ALIVE_AFTER_END: Severity.IMPORTANT,
    Drift.STILL_ON: Severity.IMPORTANT,
}
_STOPS: Final = frozenset({Drift.OTHER_CODE, Drift.ENDED_ELSEWHERE, Drift.EXPIRED_EARLY})
"""With these, ads of a campaign that is not over may have stopped."""


def can_look(facts: AuthorizationFacts) -> tuple[Whose, ...]:
    """The sides over whose connection the desk can ask. The advertiser's shows ad accounts the code is applied on."""
    creator = CREATOR if facts.creator_connected else ()
    return creator + (ADVERTISER if facts.advertiser_connected and facts.applications else ())


def drift(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """In the record's own words for it. A look that finds none of it any more closes it."""
    found = [each for each in Drift if each.name in facts.drift]
    if not found:
        return
    severity = max(_DRIFTS[each] for each in found)
    if at_stake(facts, at) and _STOPS.intersection(found):
        severity = Severity.URGENT
    sentence = f"About the code for {post(facts)}: {' '.join(each.value for each in found)}"
    evidence = [Evidence(each.value, Told.OBSERVED, facts.checked_at) for each in found]
    yield from said("drift", facts, at, severity, sentence, *evidence)


def code_not_checked(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """The desk looks by itself where it can. Where that brings nothing for so long, something is in its way."""
    seen_at = facts.checked_at or facts.created_at
    sides = can_look(facts)
    if sides and facts.state in LIVE and at >= later(seen_at, limits.unchecked_after):
        severity = Severity.SOON if at_stake(facts, at) else Severity.NOTE
        sentence = f"The code for {post(facts)} has not been looked at on the platform for long."
        last = Evidence("Last looked at", Told.OBSERVED, facts.checked_at)
        evidence = last if facts.checked_at else recorded("On record, never looked at", facts.created_at)
        yield from said("code_not_checked", facts, at, severity, sentence, evidence, to=sides)


ON_PROOF: Final = (
    Rule(
        "drift", About.AUTHORIZATION, Group.PROOF,
        "The platform shows something else",
        "People act on a record that is not so.",
        "extend-a-code", "end_seen", drift, Verb.CHECK.value,
    ),
    Rule(
        "code_not_checked", About.AUTHORIZATION, Group.PROOF,
        "Not looked at for long",
        "If it was ended or changed on the platform, nobody here knows.",
        "code-does-not-work", "connection", code_not_checked, Verb.CHECK.value,
    ),
)  # fmt: skip
