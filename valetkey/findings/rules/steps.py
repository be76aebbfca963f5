"""PURE. A code on its way that got stuck: not answered, not handed over, not opened, not applied, outcome not known.

Each step has its own clock, from the step before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import OVER, State, Verb
from valetkey.findings.facts import ApplicationFacts, AuthorizationFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import BOTH, CREATOR, at_stake, is_usable, owner_of, said, waited_for
from valetkey.findings.rules.on_record import gone, has_gone, later, recorded
from valetkey.findings.rules.words import campaigns, post


def request_unanswered(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    if facts.state == State.REQUESTED and at >= later(facts.created_at, limits.unanswered_after):
        sentence = f"{facts.advertiser.name} asked {facts.creator.name} for {post(facts)}, and nobody has answered."
        yield from _stuck("request_unanswered", facts, at, limits, sentence, recorded("Asked", facts.created_at))


def not_handed_over(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Only where a campaign waits for it: a code may be kept for later."""
    made_at = facts.window_told_at or facts.created_at
    if facts.state != State.ISSUED or not is_usable(facts, at) or not at_stake(facts, at):
        return
    if at >= later(made_at, limits.unopened_after):
        sentence = f"There is a code for {post(facts)}, and it has not been handed over to {facts.advertiser.name}."
        yield from _stuck("not_handed_over", facts, at, limits, sentence, recorded("The code was there", made_at))


def never_opened(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    given_at = facts.handed_over_at
    if facts.state != State.HANDED_OVER or given_at is None or not is_usable(facts, at):
        return
    if at >= later(given_at, limits.unopened_after):
        sentence = f"The code for {post(facts)} was handed over, and {facts.advertiser.name} has not opened it."
        yield from _stuck("never_opened", facts, at, limits, sentence, recorded("Handed over", given_at))


def never_applied(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    seen_at = facts.opened_at
    if facts.state != State.OPENED or seen_at is None or not is_usable(facts, at):
        return
    if any(each.applied_at for each in facts.applications):
        return  # taken off again: that was somebody's decision
    if at >= later(seen_at, limits.unapplied_after):
        sentence = f"{facts.advertiser.name} has opened the code for {post(facts)}, and applied it to no ad account."
        yield from _stuck("never_applied", facts, at, limits, sentence, recorded("Opened", seen_at))


def _stuck(
    rule: str, facts: AuthorizationFacts, at: datetime, limits: Limits, sentence: str, since: Evidence
) -> Iterator[Found]:
    severity, by = waited_for(facts, at, limits)
    to = CREATOR if rule == "not_handed_over" else BOTH
    yield from said(rule, facts, at, severity, sentence, since, *campaigns(at_stake(facts, at)), to=to, by=by)


def outcome_unknown(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """A step that went out and never came back, on the code itself or on one of its ad accounts."""
    evidence = []
    if _is_due(facts, at, limits):
        evidence.append(recorded("A step on the code had no clear answer", facts.claimed_until))
    for each in sorted(facts.applications, key=lambda each: (each.ad_account.name, each.ad_account.reference)):
        if _is_due(each, at, limits):
            evidence.append(recorded(f"A step on “{each.ad_account.name}” had no clear answer", each.claimed_until))
    if evidence:
        sentence = f"Whether a step with the code for {post(facts)} was carried out is still not known."
        yield from said("outcome_unknown", facts, at, Severity.IMPORTANT, sentence, *evidence)


def _is_due(claim: AuthorizationFacts | ApplicationFacts, at: datetime, limits: Limits) -> bool:
    if claim.claimed_until is None:
        return claim.is_uncertain
    return at >= later(claim.claimed_until, limits.uncertain_after)


def code_owner_left(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Each side hears of its own."""
    if facts.state in OVER or facts.state == State.EXPIRED:
        return
    for side in BOTH if facts.creator.reference != facts.advertiser.reference else CREATOR:
        owner = owner_of(facts, side)
        if owner is not None and has_gone(owner, at):
            severity = Severity.IMPORTANT if at_stake(facts, at) else Severity.SOON
            sentence = f"{owner.name}, who answers for the code for {post(facts)}, has left."
            yield from said("code_owner_left", facts, at, severity, sentence, gone(owner), to=(side,))


ON_STEPS: Final = (
    Rule(
        "request_unanswered", About.AUTHORIZATION, Group.TIME,
        "A request nobody answered",
        "The campaign waits for a code that nobody is making.",
        "authorize-a-post", "switched_on", request_unanswered, "issue",
    ),
    Rule(
        "not_handed_over", About.AUTHORIZATION, Group.USE,
        "A code nobody was given",
        "Its days run, and the campaign that waits for it cannot begin.",
        "hand-over-a-code", "named", not_handed_over, Verb.HAND_OVER.value,
    ),
    Rule(
        "never_opened", About.AUTHORIZATION, Group.USE,
        "Handed over, never opened",
        "Its days run while nobody uses it. The link may have gone to the wrong person, or have ended.",
        "hand-over-a-code", "opened", never_opened, Verb.HAND_OVER.value,
    ),
    Rule(
        "never_applied", About.AUTHORIZATION, Group.USE,
        "Opened, never applied",
        "A code has no effect until it is applied to an ad account, and its days run.",
        "apply-a-code", "applied", never_applied, Verb.APPLY.value,
    ),
    Rule(
        "outcome_unknown", About.AUTHORIZATION, Group.PROOF,
        "Outcome not known for long",
        "Nothing else can be done with the code until somebody has looked.",
        "code-does-not-work", "answer_unclear", outcome_unknown, Verb.CHECK.value,
    ),
    Rule(
        "code_owner_left", About.AUTHORIZATION, Group.PEOPLE,
        "Whoever answered for the code has left",
        "Notices about it go to nobody who knows it.",
        "keep-access-in-order", "owner", code_owner_left, "authorization_owner",
    ),
)  # fmt: skip
