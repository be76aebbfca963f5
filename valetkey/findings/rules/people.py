"""PURE. People and parties who went, and what stayed: open access, and what they answer for.

Somebody has left from the end of their last day. What an authorization gives is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AccessFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import gone, holder, is_open, later, of_access, place, recorded


def left_with_access(access: AccessFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    person = access.person
    gone_at = person.gone_at() if person else None
    if person is None or gone_at is None or not is_open(access, at):
        return
    if at >= later(gone_at, limits.left_still_open_after):
        severity = Severity.URGENT if access.is_wide or access.has_money else Severity.IMPORTANT
        sentence = f"{holder(access)} has left, and in the record still is {place(access)}."
        yield of_access("left_with_access", access, at, severity, sentence, gone(person))


def held_after_engagement(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    ended_at = access.engagement_ended_at
    if ended_at is not None and at >= ended_at and is_open(access, at):
        partner = access.holder.name
        sentence = f"The work with {partner} has ended, and in the record {holder(access)} still is {place(access)}."
        evidence = recorded(f"The engagement with {partner} ended", ended_at)
        yield of_access("held_after_engagement", access, at, Severity.IMPORTANT, sentence, evidence)


def stays_after_partner(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Platforms' pages do not say that removing a partner removes those of its people who have seats of their own."""
    ended_at = access.partner_ended_at
    if access.person is not None and ended_at is not None and at >= ended_at and is_open(access, at):
        sentence = (
            f"{access.holder.name} was removed as a partner of {access.asset.name},"
            f" and in the record {holder(access)} still is {place(access)}."
        )
        evidence = recorded(f"{access.holder.name} as a whole was taken off {access.asset.name}", ended_at)
        yield of_access("stays_after_partner", access, at, Severity.IMPORTANT, sentence, evidence)


ON_ACCESS: Final = (
    Rule(
        "left_with_access", About.ACCESS, Group.PEOPLE,
        "Has left, and still has access",
        "They could go on working with it, or be asked to by somebody else.",
        "remove-access", "removed", left_with_access, "access_end",
    ),
    Rule(
        "held_after_engagement", About.ACCESS, Group.PEOPLE,
        "Held after the work ended",
        "Access that came with an agreement goes on without one.",
        "remove-access", "removed", held_after_engagement, "access_end",
    ),
    Rule(
        "stays_after_partner", About.ACCESS, Group.PEOPLE,
        "Partner removed, their people remain",
        "Who has a seat of their own probably keeps it when their company is removed: platforms do not say.",
        "remove-access", "look", stays_after_partner, "access_end",
    ),
)  # fmt: skip
