"""PURE. A code's own end: near, near with its successor not ready, not known, past and still open.

What outlasts it is for rules.campaigns to say. Of an end that the creator's side let come, they hear no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import LIVE, Verb
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import (
    at_stake,
    bound,
    is_usable,
    nearness,
    said,
    successors,
    uncarried,
    whom,
)
from valetkey.findings.rules.on_record import later
from valetkey.findings.rules.words import campaigns, moment, named, places, post, window_end


def ends_soon_in_use(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """While nothing known outlasts it, which `ends_before_campaign` says, and no successor takes over."""
    ends_at, there = facts.ends_at, bound(facts)
    if ends_at is None or not there or not _is_near(facts, at, limits) or successors(facts, ends_at):
        return
    if not uncarried(facts, ends_at, at):
        # With campaigns named and none of them longer, the end is as planned; without, nobody knows what runs.
        severity = Severity.NOTE if facts.campaigns else nearness(ends_at, at, limits)
        sentence = f"The code for {post(facts)} is in use and ends on {moment(ends_at)}."
        evidence = (window_end(facts), *places(there))
        yield from said("ends_soon_in_use", facts, at, severity, sentence, *evidence, to=whom(facts), by=ends_at)


def ends_soon_unused(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    ends_at = facts.ends_at
    if ends_at is None or bound(facts) or facts.is_let_end:
        return
    if not _is_near(facts, at, limits) or successors(facts, ends_at):
        return
    if not uncarried(facts, ends_at, at):
        severity = Severity.SOON if at_stake(facts, at) else Severity.NOTE
        sentence = f"The code for {post(facts)} ends on {moment(ends_at)}, and is applied to no ad account."
        yield from said("ends_soon_unused", facts, at, severity, sentence, window_end(facts), by=ends_at)


def _is_near(facts: AuthorizationFacts, at: datetime, limits: Limits) -> bool:
    if facts.ends_at is None or not is_usable(facts, at):
        return False
    return at >= later(facts.ends_at, -limits.ends_within)


def successor_not_applied(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """A new code that carries on helps only on the ad accounts it is applied on."""
    ends_at = facts.ends_at
    if ends_at is None or not _is_near(facts, at, limits):
        return
    nexts = successors(facts, ends_at)
    taken = {reference for each in nexts for reference in each.applied_on}
    waiting = [each for each in bound(facts) if each.ad_account.reference not in taken]
    if nexts and waiting:
        outlasts = any(each.ends_at > ends_at for each in at_stake(facts, at))
        severity = nearness(ends_at, at, limits) if outlasts else Severity.NOTE
        accounts = named([each.ad_account.name for each in waiting])
        sentence = (
            f"The code for {post(facts)} ends on {moment(ends_at)}. Authorization {nexts[0].reference} takes over,"
            f" and is not applied on {accounts} yet."
        )
        evidence = (window_end(facts), *places(waiting))
        yield from said("successor_not_applied", facts, at, severity, sentence, *evidence, to=whom(facts), by=ends_at)


def end_unknown(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """An end that nobody knows is not *never*."""
    if facts.ends_at is None and is_usable(facts, at) and (bound(facts) or at_stake(facts, at)):
        severity = Severity.SOON if at_stake(facts, at) else Severity.NOTE
        sentence = f"Nobody has written down when the code for {post(facts)} ends."
        evidence = (window_end(facts), *campaigns(at_stake(facts, at)))
        yield from said("end_unknown", facts, at, severity, sentence, *evidence)


def past_end(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """The clock closes it by itself, unless a step is in between whose outcome is not known."""
    if facts.ends_at is not None and facts.state in LIVE and at >= later(facts.ends_at, limits.unclosed_after):
        sentence = f"The code for {post(facts)} is past its end, and still open in the record."
        yield from said("code_past_end", facts, at, Severity.SOON, sentence, window_end(facts))


ON_ENDS: Final = (
    Rule(
        "ends_soon_in_use", About.AUTHORIZATION, Group.TIME,
        "Ends soon, in use",
        "Ads on the post may stop at its end. Nobody needs to do anything where that is the plan.",
        "extend-a-code", "counted", ends_soon_in_use, Verb.EXTEND.value, may_end=True,
    ),
    Rule(
        "ends_soon_unused", About.AUTHORIZATION, Group.TIME,
        "Ends soon, not in use",
        "The permission passes without having been used.",
        "extend-a-code", "counted", ends_soon_unused, Verb.APPLY.value, may_end=True,
    ),
    Rule(
        "successor_not_applied", About.AUTHORIZATION, Group.TIME,
        "The new code is not applied yet",
        "When the old code ends, ads on the post may stop although a new code is there.",
        "replace-a-code", "new_applied", successor_not_applied, Verb.APPLY.value, may_end=True,
    ),
    Rule(
        "end_unknown", About.AUTHORIZATION, Group.TIME,
        "Nobody knows its end",
        "It will end on a day for which nobody is prepared.",
        "extend-a-code", "end_seen", end_unknown, Verb.CHECK.value,
    ),
    Rule(
        "code_past_end", About.AUTHORIZATION, Group.TIME,
        "Past its end, not closed",
        "The record says that it works, and it probably does not.",
        "extend-a-code", "end_seen", past_end, Verb.CHECK.value,
    ),
)  # fmt: skip
