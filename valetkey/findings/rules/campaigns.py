"""PURE. A code's window against the campaigns that use it: ends too early, ran out under one, starts too late.

Whether delivery stops at the very end of a code is unconfirmed, so ads “may” stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.coverage import days_between
from valetkey.authorizations.lifecycle import USABLE, State, Verb
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import at_stake, is_usable, nearness, said, uncarried, whom
from valetkey.findings.rules.on_record import later
from valetkey.findings.rules.words import campaigns, days, moment, named, post, window_end, window_start


def ends_before_campaign(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """From the moment it is so, however far off. Silent where a live successor carries on."""
    ends_at = facts.ends_at
    if ends_at is None or not is_usable(facts, at):
        return
    if short := uncarried(facts, ends_at, at):
        last = short[-1]
        more = f", and before {_more(len(short) - 1)}" if len(short) > 1 else ""
        when, early = moment(ends_at, last.time_zone), days(days_between(ends_at, last.ends_at))
        sentence = (
            f"The code for {post(facts)} ends on {when}, {early} before “{last.name}” does{more}."
            " Ads on the post may stop then."
        )
        evidence = (window_end(facts), *campaigns(short))
        yield from said(
            "ends_before_campaign", facts, at, nearness(ends_at, at, limits), sentence, *evidence, to=whom(facts),
            by=ends_at,
        )  # fmt: skip


def _more(more: int) -> str:
    return "1 more campaign" if more == 1 else f"{more} more campaigns"


def ran_out_under_campaign(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """What `ends_before_campaign` becomes at the very end."""
    ends_at = facts.ends_at
    over = facts.state == State.EXPIRED or (facts.state in USABLE and ends_at is not None and at >= ends_at)
    if not over:
        return
    if left := uncarried(facts, at, at):
        begun = min(each.starts_at for each in left)
        severity = Severity.URGENT if at >= later(begun, -limits.urgent_within) else Severity.IMPORTANT
        verb = "is" if len(left) == 1 else "are"
        sentence = f"The code for {post(facts)} has run out, and {named([each.name for each in left])} {verb} not over."
        evidence = (window_end(facts), *campaigns(left))
        yield from said("ran_out_under_campaign", facts, at, severity, sentence, *evidence, to=whom(facts))


def starts_after_campaign(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Until it starts. Silent where a code that it replaces lasts until then."""
    starts_at = facts.starts_at
    if starts_at is None or at >= starts_at or not is_usable(facts, at):
        return
    if any(each.ends_at is not None and each.ends_at >= starts_at for each in facts.succeeds):
        return
    if late := [each for each in at_stake(facts, at) if each.starts_at < starts_at]:
        first = min(late, key=lambda each: (each.starts_at, each.reference))
        sentence = (
            f"The code for {post(facts)} works from {moment(starts_at, first.time_zone)} on,"
            f" {days(days_between(first.starts_at, starts_at))} after “{first.name}” begins."
        )
        evidence = (window_start(facts, starts_at), *campaigns(late))
        severity = nearness(first.starts_at, at, limits)
        yield from said("starts_after_campaign", facts, at, severity, sentence, *evidence, by=first.starts_at)


ON_CAMPAIGNS: Final = (
    Rule(
        "ends_before_campaign", About.AUTHORIZATION, Group.TIME,
        "Ends before its campaign",
        "Ads on the post may stop while the campaign still runs.",
        "extend-a-code", "extended", ends_before_campaign, Verb.EXTEND.value, may_end=True,
    ),
    Rule(
        "ran_out_under_campaign", About.AUTHORIZATION, Group.TIME,
        "Run out under a campaign",
        "Ads on the post have probably stopped. Often the creator can still extend the same code.",
        "extend-a-code", "extended", ran_out_under_campaign, Verb.EXTEND.value, may_end=True,
        after="ends_before_campaign",
    ),
    Rule(
        "starts_after_campaign", About.AUTHORIZATION, Group.TIME,
        "Starts after its campaign",
        "The campaign begins without this post.",
        "agree-on-a-duration", "last_day", starts_after_campaign, "authorization_campaigns",
    ),
)  # fmt: skip
