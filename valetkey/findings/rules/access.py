"""PURE. Access whose dates do not hold: past its end, without end or review, overdue, not looked at, ended unseen.

What an authorization gives is not judged here. Of an end that was decided on nothing is said before it has come.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AccessFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import (
    holder,
    is_live,
    is_open,
    is_outside,
    is_over,
    later,
    of_access,
    place,
    recorded,
)
from valetkey.register.days import end_of_day


def past_end(access: AccessFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Also where it was left to its end: that takes nobody off a list."""
    if not is_open(access, at) or access.until is None:
        return
    if at >= later(access.until, limits.unclosed_after):
        sentence = f"The access of {holder(access)} as {place(access)} is past its end, and still open in the record."
        severity = Severity.IMPORTANT if is_outside(access) else Severity.SOON
        yield of_access("access_past_end", access, at, severity, sentence, recorded("Its end", access.until))


def without_end(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if not is_live(access, at) or access.end == "at" or access.review_on is not None:
        return
    end = "has no end" if access.end == "none" else "has an end that nobody knows"
    sentence = f"The access of {holder(access)} as {place(access)} {end}, and no day on which it is looked at again."
    severity = Severity.SOON if is_outside(access) or access.end != "none" else Severity.NOTE
    yield of_access("access_without_end", access, at, severity, sentence)


def review_overdue(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if not is_live(access, at) or access.review_on is None or access.let_end_at is not None:
        return
    due = end_of_day(access.review_on, "UTC")
    if at >= due:
        sentence = f"The access of {holder(access)} as {place(access)} was to be looked at again; the day has passed."
        evidence = recorded("The day set for its review", due)
        yield of_access("access_review_overdue", access, at, Severity.SOON, sentence, evidence)


def unconfirmed(access: AccessFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Somebody who wrote it down is taken to have seen it then."""
    seen = access.confirmed_at or access.recorded_at
    if is_live(access, at) and at >= later(seen, limits.unconfirmed_after):
        sentence = f"Nobody has looked for long whether {holder(access)} still is {place(access)}."
        last = [Evidence("Last seen so on the platform", Told.OBSERVED, access.confirmed_at)]
        evidence = last if access.confirmed_at else []
        yield of_access("access_unconfirmed", access, at, Severity.NOTE, sentence, *evidence)


def ended_unseen(access: AccessFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if is_over(access.ended_at, at) and not access.ended_how and access.way != "authorization":
        sentence = (
            f"The access of {holder(access)} as {place(access)} was ended in the record,"
            " and nobody has written down that the platform shows it gone."
        )
        evidence = recorded("Ended in the record, without saying what was seen", access.ended_at)
        yield of_access("access_ended_unseen", access, at, Severity.SOON, sentence, evidence)


ON_ACCESS: Final = (
    Rule(
        "access_past_end", About.ACCESS, Group.TIME,
        "Past its end, still open",
        "Lists on the platform do not empty by themselves: whoever was to be off may still be on.",
        "remove-access", "look", past_end, "access_end",
    ),
    Rule(
        "access_without_end", About.ACCESS, Group.TIME,
        "No end and no review day",
        "Nobody will be reminded of it, and it stays when it is no longer needed.",
        "keep-access-in-order", "end_or_review", without_end, "access_change",
    ),
    Rule(
        "access_review_overdue", About.ACCESS, Group.TIME,
        "Review overdue",
        "Whether it is still needed is not known any more.",
        "keep-access-in-order", "end_or_review", review_overdue, "access_change",
    ),
    Rule(
        "access_unconfirmed", About.ACCESS, Group.PROOF,
        "Not looked at for long",
        "The record and the platform's list drift apart quietly.",
        "keep-access-in-order", "confirmed", unconfirmed, "access_confirm",
    ),
    Rule(
        "access_ended_unseen", About.ACCESS, Group.PROOF,
        "Ended here, not seen on the platform",
        "Ending it in the record takes nobody off a list: the access may still work.",
        "remove-access", "closed", ended_unseen, "access_confirm",
    ),
)  # fmt: skip
