"""PURE. What all codes of a party hang on: its connection to a platform, and room in its ad accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AssetFacts, ConnectionFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import answering, later, recorded
from valetkey.findings.rules.words import moment

_FULL: Final = 10_000
"""Spark ads in one ad account at most, by TikTok's help page (confirmed)."""


def ad_account_full(asset: AssetFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    if asset.posts_applied >= limits.posts_per_ad_account:
        severity = Severity.IMPORTANT if asset.posts_applied >= _FULL else Severity.SOON
        # Posts are on record, and TikTok counts ads: which of the two is more, nobody here knows.
        full = "may be full" if asset.posts_applied >= _FULL else "may soon be full"
        sentence = f"“{asset.name}” {full}: TikTok allows {_FULL:,} Spark Ads in one ad account."
        evidence = (recorded(f"{asset.posts_applied:,} posts are applied there, as far as this record knows"),)
        owner = answering(asset.owner, at)
        party = asset.kept_by.reference
        yield Found("ad_account_full", asset.reference, party, severity, sentence, evidence, owner)


def token_lapses(connection: ConnectionFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Of one that cannot renew itself."""
    ends_at = connection.token_ends_at
    if ends_at is None or connection.renews_itself or at < later(ends_at, -limits.token_lapses_within):
        return
    whose = f"{connection.party.name}'s connection to {connection.platform}"
    is_over = at >= ends_at
    sentence = f"{whose} has lapsed." if is_over else f"{whose} lapses on {moment(ends_at)}."
    evidence = (recorded(f"Its token ends on {moment(ends_at)}", ends_at),)
    severity, by = (Severity.IMPORTANT, None) if is_over else (Severity.SOON, ends_at)
    party = connection.party.reference
    yield Found("token_lapses", connection.reference, party, severity, sentence, evidence, by=by)


ON_CONNECTIONS: Final = (
    Rule(
        "ad_account_full", About.ASSET, Group.USE,
        "An ad account nearly full",
        "When it is full, no further post can be made into an ad there.",
        "code-does-not-work", "account_full", ad_account_full, "ad_account",
    ),
    Rule(
        "token_lapses", About.CONNECTION, Group.PROOF,
        "A connection lapses",
        "The desk can then neither look nor do anything on the platform for this party.",
        "code-does-not-work", "connection", token_lapses, "connect",
    ),
)  # fmt: skip
