"""PURE. What the rules of codes share: what is at stake, what carries on after a code, and telling a side of it.

Finds nothing wrong by itself. Whatever order rows come in, what is said of them is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import USABLE
from valetkey.authorizations.turn import Whose
from valetkey.findings.facts import ApplicationFacts, AuthorizationFacts, CampaignFacts, OtherCode, Who
from valetkey.findings.finding import Evidence, Found, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rules.on_record import answering, later

CREATOR: Final = (Whose.CREATOR,)
ADVERTISER: Final = (Whose.ADVERTISER,)
BOTH: Final = CREATOR + ADVERTISER


def said(
    rule: str,
    facts: AuthorizationFacts,
    at: datetime,
    severity: Severity,
    sentence: str,
    *evidence: Evidence,
    to: Iterable[Whose] = BOTH,
    by: datetime | None = None,
) -> Iterator[Found]:
    """To each of these sides, with whoever answers there. A party that stands on both sides is told once."""
    due = by if by is not None and by > at else None
    stops, told = len(at_stake(facts, at)), set()
    for side in to:
        is_creator = side is Whose.CREATOR
        party = (facts.creator if is_creator else facts.advertiser).reference
        if party not in told:
            told.add(party)
            owner = answering(owner_of(facts, side), at)
            yield Found(rule, facts.reference, party, severity, sentence, evidence, owner, due, stops)


def whom(facts: AuthorizationFacts) -> tuple[Whose, ...]:
    """Of its end. That it may end is decided on the creator's record: whoever uses it hears of it all the same."""
    return ADVERTISER if facts.is_let_end else BOTH


def owner_of(facts: AuthorizationFacts, side: Whose) -> Who | None:
    return facts.creator_owner if side is Whose.CREATOR else facts.advertiser_owner


def is_usable(facts: AuthorizationFacts, at: datetime) -> bool:
    """The code works as far as the record knows: not being ended, and not past a known end."""
    return facts.state in USABLE and (facts.ends_at is None or at < facts.ends_at)


def at_stake(facts: AuthorizationFacts, at: datetime) -> list[CampaignFacts]:
    """Campaigns that use it and are not over, the next to end first. They stop without it, or cannot begin."""
    left = [each for each in facts.campaigns if each.ends_at > at]
    return sorted(left, key=lambda each: (each.ends_at, each.reference))


def bound(facts: AuthorizationFacts) -> list[ApplicationFacts]:
    """Where it is applied, by the ad accounts' names."""
    there = [each for each in facts.applications if each.is_bound]
    return sorted(there, key=lambda each: (each.ad_account.name, each.ad_account.reference))


def successors(facts: AuthorizationFacts, since: datetime) -> list[OtherCode]:
    """Live codes that take over at `since` without a gap. One without a known start works since it is on record."""
    nexts = [
        each
        for each in facts.succeeded_by
        if (each.starts_at or each.created_at) <= since and each.ends_at is not None and each.ends_at > since
    ]
    return sorted(nexts, key=lambda each: each.reference)


def uncarried(facts: AuthorizationFacts, since: datetime, at: datetime) -> list[CampaignFacts]:
    """Campaigns that outlast `since`, and that no successor carries: one that lasts as long, or names them as its own
    and so is judged for them itself."""
    nexts = successors(facts, since)
    return [
        campaign
        for campaign in at_stake(facts, at)
        if since < campaign.ends_at
        and not any(_lasts(each, campaign) or campaign.reference in each.campaigns for each in nexts)
    ]


def _lasts(code: OtherCode, campaign: CampaignFacts) -> bool:
    return code.ends_at is not None and code.ends_at >= campaign.ends_at


def nearness(by: datetime, at: datetime, limits: Limits) -> Severity:
    """Soon; important from `ends_within` days before on, and urgent from `urgent_within` days before on."""
    if at >= later(by, -limits.urgent_within):
        return Severity.URGENT
    return Severity.IMPORTANT if at >= later(by, -limits.ends_within) else Severity.SOON


def waited_for(facts: AuthorizationFacts, at: datetime, limits: Limits) -> tuple[Severity, datetime | None]:
    """How pressing a step is without which campaigns cannot begin, and when the next one does."""
    waiting = at_stake(facts, at)
    if not waiting:
        return Severity.SOON, None
    first = min(each.starts_at for each in waiting)
    if first <= at:
        return Severity.URGENT, None
    return (Severity.IMPORTANT if at >= later(first, -limits.urgent_within) else Severity.SOON), first
