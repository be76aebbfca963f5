"""PURE. What is done against what the two sides agreed: the last day of use, the work, the ad account, whose hands a
code is in.

The last day of use is over when the next day begins in the zone in which it was agreed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import LIVE, USABLE, Verb
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import ADVERTISER, BOTH, CREATOR, bound, is_usable, said
from valetkey.findings.rules.on_record import recorded
from valetkey.findings.rules.words import last_day, named, places, post, window_end
from valetkey.register.days import end_of_day


def agreed_use_over(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """The creator's side: the code lives on. Nothing to do where it may run out by itself."""
    over_at = _over_at(facts)
    if over_at is None or at < over_at or not is_usable(facts, at) or facts.is_let_end:
        return
    severity = Severity.IMPORTANT if bound(facts) else Severity.NOTE
    sentence = f"The agreed last day for {post(facts)} has passed, and the code is still live."
    evidence = (_agreed(facts, over_at), window_end(facts))
    yield from said("agreed_use_over", facts, at, severity, sentence, *evidence, to=CREATOR)


def ads_past_agreed_use(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """The advertiser's side: ads may still run. Silent once they were paused."""
    over_at, there = _over_at(facts), bound(facts)
    if over_at is None or at < over_at or not is_usable(facts, at) or not there or facts.ads_paused_at:
        return
    sentence = f"The agreed last day for {post(facts)} has passed, and ads with it may still run."
    evidence = (_agreed(facts, over_at), *places(there))
    yield from said("ads_past_agreed_use", facts, at, Severity.IMPORTANT, sentence, *evidence, to=ADVERTISER)


def _over_at(facts: AuthorizationFacts) -> datetime | None:
    return end_of_day(facts.agreed_until, facts.agreed_zone) if facts.agreed_until else None


def _agreed(facts: AuthorizationFacts, over_at: datetime) -> Evidence:
    return Evidence(f"Agreed use until {last_day(over_at, facts.agreed_zone)}", Told.AGREED, over_at)


def code_after_engagement(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """To the creator's side, of a code that was there before the work ended: a later one was given without any."""
    ended_at = facts.engagement_ended_at
    if ended_at is None or at < ended_at or facts.created_at >= ended_at:
        return
    if is_usable(facts, at) and not facts.is_let_end:
        severity = Severity.IMPORTANT if bound(facts) else Severity.SOON
        name = facts.advertiser.name
        sentence = f"The work with {name} has ended, and the code for {post(facts)} is still live."
        evidence = (recorded(f"The engagement with {name} ended", ended_at), window_end(facts))
        yield from said("code_after_engagement", facts, at, severity, sentence, *evidence, to=CREATOR)


def other_ad_account(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    strange = [each for each in bound(facts) if not each.is_agreed]
    if not strange or facts.state not in LIVE:
        return
    foreign = any(each.held_by != facts.advertiser.reference for each in strange)
    severity = Severity.URGENT if foreign else Severity.IMPORTANT
    sentence = (
        f"The code for {post(facts)} is applied on {named([each.ad_account.name for each in strange])},"
        " which nobody agreed to."
    )
    yield from said("other_ad_account", facts, at, severity, sentence, *places(strange))


def code_elsewhere(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """The creator's side alone: who else works with them is nobody else's affair."""
    if facts.elsewhere and facts.state in LIVE:
        others = sorted(facts.elsewhere, key=lambda each: (each.name, each.reference))
        sentence = f"{named([facts.advertiser.name, *(each.name for each in others)])} hold one and the same code."
        evidence = [recorded(f"{each.name} holds it by authorization {each.reference}") for each in others]
        yield from said("code_elsewhere", facts, at, Severity.URGENT, sentence, *evidence, to=CREATOR)


def code_of_another_post(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Without naming the other post: it may be of somebody else's work with this creator."""
    if facts.code_is_of is not None and facts.state in LIVE:
        sentence = f"The code on record for {post(facts)} belongs to another post, as the platform showed it."
        evidence = Evidence("The platform showed this code with another post", Told.OBSERVED, facts.checked_at)
        severity = Severity.URGENT if bound(facts) else Severity.IMPORTANT
        yield from said("code_of_another_post", facts, at, severity, sentence, evidence)


def two_live_codes(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Said of the older one, which is in danger. To the advertiser only where both are theirs."""
    age = (facts.created_at, facts.reference)
    newer = [each for each in facts.beside if (each.created_at, each.reference) > age]
    if not newer or facts.state not in USABLE:
        return
    theirs = all(each.advertiser == facts.advertiser.reference for each in newer)
    sentence = (
        f"{post(facts)} has a newer code beside this one. As far as we know TikTok keeps one code per post,"
        " so this one may not work any more."
    )
    evidence = [
        recorded(f"A newer code for {each.name}: authorization {each.reference}", each.created_at)
        for each in sorted(newer, key=lambda each: (each.created_at, each.reference))
    ]
    to = BOTH if theirs else CREATOR
    yield from said("two_live_codes", facts, at, Severity.SOON, sentence, *evidence, to=to)


ON_AGREED: Final = (
    Rule(
        "agreed_use_over", About.AUTHORIZATION, Group.USE,
        "Agreed days over, code alive",
        "TikTok does not know the agreed day: the post can be advertised until the code itself ends.",
        "end-an-authorization", "asked", agreed_use_over, Verb.ASK_TO_END.value, may_end=True,
    ),
    Rule(
        "ads_past_agreed_use", About.AUTHORIZATION, Group.USE,
        "Agreed days over, ads may run",
        "Ads run longer than was agreed with the creator, which may have to be paid for.",
        "take-off-an-ad-account", "ads_paused", ads_past_agreed_use, Verb.UNBIND.value,
    ),
    Rule(
        "code_after_engagement", About.AUTHORIZATION, Group.PEOPLE,
        "Code alive after the work ended",
        "Permission that came with an agreement goes on without one.",
        "end-an-authorization", "asked", code_after_engagement, Verb.ASK_TO_END.value, may_end=True,
    ),
    Rule(
        "other_ad_account", About.AUTHORIZATION, Group.USE,
        "On an ad account nobody agreed to",
        "Ads with the post can be made where the creator did not want them.",
        "take-off-an-ad-account", "taken_off", other_ad_account, Verb.UNBIND.value,
    ),
    Rule(
        "code_elsewhere", About.AUTHORIZATION, Group.USE,
        "One code with two advertisers",
        "Both can run ads with the post, and as far as we know an end for one is an end for both.",
        "end-an-authorization", "asked", code_elsewhere, Verb.ASK_TO_END.value,
    ),
    Rule(
        "code_of_another_post", About.AUTHORIZATION, Group.USE,
        "The code is for another post",
        "Ads are made with a post that was not meant, or the code is refused.",
        "code-does-not-work", "other_post", code_of_another_post, "diagnose_authorization",
    ),
    Rule(
        "two_live_codes", About.AUTHORIZATION, Group.USE,
        "One post, two live codes",
        "Somebody works with a code that may have been replaced without their knowing.",
        "replace-a-code", "old_looked_at", two_live_codes, Verb.CHECK.value,
    ),
)  # fmt: skip
