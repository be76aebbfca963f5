"""PURE. The post behind a code, and the countries of those who use it.

Reasons that nobody has confirmed are told as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import USABLE, Verb
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import ADVERTISER, at_stake, bound, said
from valetkey.findings.rules.on_record import recorded
from valetkey.findings.rules.words import campaigns, named, post

_HIDDEN: Final = {
    "private": "can be seen by nobody but its owner",
    "friends": "can be seen by friends only",
    "under_review": "is being reviewed by the platform",
}
_GONE: Final = {"deleted": "was deleted", "removed": "was taken down or limited by the platform"}


def post_hidden(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Sources disagree whether ads go on with a private post, so it is no more than important."""
    if facts.state in USABLE and facts.visibility in _HIDDEN:
        severity = Severity.IMPORTANT if bound(facts) and facts.visibility != "under_review" else Severity.SOON
        unsure = "Sources disagree whether ads with such a post go on."
        sentence = f"The post {post(facts)} {_HIDDEN[facts.visibility]}. {unsure}"
        yield from said("post_hidden", facts, at, severity, sentence, _visible(facts), *campaigns(at_stake(facts, at)))


def post_gone(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if facts.state in USABLE and facts.visibility in _GONE:
        severity = Severity.URGENT if bound(facts) or at_stake(facts, at) else Severity.SOON
        ads = " Ads with it have probably stopped." if bound(facts) else ""
        sentence = f"The post {post(facts)} {_GONE[facts.visibility]}.{ads}"
        yield from said("post_gone", facts, at, severity, sentence, _visible(facts), *campaigns(at_stake(facts, at)))


def _visible(facts: AuthorizationFacts) -> Evidence:
    source = Told.OBSERVED if facts.visibility_source == "observed" else Told.RECORDED
    words = {**_HIDDEN, **_GONE}[facts.visibility]
    return Evidence(f"The post {words}", source, facts.visibility_seen_at)


def regions_differ(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """A cause that some guides name and nobody has confirmed. To the side that chooses the ad account."""
    others = [each for each in bound(facts) if each.region and facts.region and each.region != facts.region]
    if others and facts.state in USABLE:
        sentence = (
            f"The creator's country and that of {named([each.ad_account.name for each in others])} differ. Some people"
            " say that a code is then refused; TikTok's documents that we read do not say so."
        )
        evidence = [recorded(f"The creator's account: {facts.region}")]
        evidence += [recorded(f"“{each.ad_account.name}”: {each.region}") for each in others]
        yield from said("regions_differ", facts, at, Severity.NOTE, sentence, *evidence, to=ADVERTISER)


ON_POSTS: Final = (
    Rule(
        "post_hidden", About.AUTHORIZATION, Group.SCOPE,
        "The post is not public",
        "A code for it may be refused, and ads with it may stop.",
        "post-not-eligible", "made_public", post_hidden, Verb.CHECK.value,
    ),
    Rule(
        "post_gone", About.AUTHORIZATION, Group.SCOPE,
        "The post is gone",
        "There is nothing left to advertise, and a new code does not help.",
        "post-not-eligible", "not_deleted", post_gone, Verb.CHECK.value,
    ),
    Rule(
        "regions_differ", About.AUTHORIZATION, Group.SCOPE,
        "Countries that may not fit",
        "If a code is refused, this may be one cause among others. If it works, nothing.",
        "code-does-not-work", "region", regions_differ, "diagnose_authorization",
    ),
)  # fmt: skip
