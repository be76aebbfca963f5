"""PURE. Who answers for an access, an asset, a relation or a shared login, and has left.

Told to nobody by name: whoever would be told is the one who left.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AccessFacts, AssetFacts, EngagementFacts, ExposureFacts, Thing, Who
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import gone, has_gone, holder, is_open, is_over, place


def access_owner_left(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if is_open(access, at):
        what = f"the access of {holder(access)} as {place(access)}"
        yield from _left("access_owner_left", access.reference, access.kept_by, access.owner, what, at)


def asset_owner_left(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    rule, severity = "asset_owner_left", Severity.IMPORTANT
    yield from _left(rule, asset.reference, asset.kept_by, asset.owner, asset.name, at, severity)


def engagement_owner_left(engagement: EngagementFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if not is_over(engagement.ended_at, at):
        what, rule = f"the work with {engagement.party.name}", "engagement_owner_left"
        yield from _left(rule, engagement.reference, engagement.kept_by, engagement.owner, what, at)


def exposure_owner_left(exposure: ExposureFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if not is_over(exposure.changed_at, at):
        what, rule = f"{exposure.account}, of which others know {exposure.shared}", "exposure_owner_left"
        yield from _left(rule, exposure.reference, exposure.held_by, exposure.owner, what, at)


def _left(
    rule: str,
    subject: str,
    party: Thing,
    owner: Who | None,
    what: str,
    at: datetime,
    severity: Severity = Severity.SOON,
) -> Iterator[Found]:
    if owner is not None and has_gone(owner, at):
        sentence = f"{owner.name}, who answers for {what}, has left."
        yield Found(rule, subject, party.reference, severity, sentence, (gone(owner),))


_WHY: Final = "Nobody is told of it in time, and nobody decides."

ON_OWNERS: Final = (
    Rule(
        "access_owner_left", About.ACCESS, Group.PEOPLE, "Whoever answers for it has left", _WHY,
        "keep-access-in-order", "owner", access_owner_left, "access_change",
    ),
    Rule(
        "asset_owner_left", About.ASSET, Group.PEOPLE, "Its owner has left", _WHY,
        "secure-an-asset", "owner", asset_owner_left, "asset_ownership",
    ),
    Rule(
        "engagement_owner_left", About.ENGAGEMENT, Group.PEOPLE, "Whoever looks after the work has left", _WHY,
        "keep-access-in-order", "owner", engagement_owner_left, "engagement_change",
    ),
    Rule(
        "exposure_owner_left", About.EXPOSURE, Group.PEOPLE, "Whoever answers for a shared login has left", _WHY,
        "secure-an-asset", "owner", exposure_owner_left, "asset_ownership",
    ),
)  # fmt: skip
