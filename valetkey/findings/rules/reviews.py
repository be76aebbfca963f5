"""PURE. Relations and reviews whose day has passed: to be looked at again, over and still open, begun and left open.

The review day of a single access is judged with that access.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import EngagementFacts, ReviewFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import answering, is_over, later, recorded
from valetkey.register.days import end_of_day


def engagement_review_overdue(engagement: EngagementFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if engagement.review_on is None or is_over(engagement.ended_at, at):
        return
    due = end_of_day(engagement.review_on, "UTC")
    if at >= due:
        sentence = f"The work with {engagement.party.name} was to be looked at again; the day has passed."
        evidence = recorded("The day set for its review", due)
        yield _of_engagement("engagement_review_overdue", engagement, at, sentence, evidence)


def engagement_past_end(engagement: EngagementFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    if engagement.ends_on is None or is_over(engagement.ended_at, at):
        return
    over = end_of_day(engagement.ends_on, "UTC")
    if at >= later(over, limits.unclosed_after):
        sentence = f"The work with {engagement.party.name} is past its last day, and still open in the record."
        yield _of_engagement("engagement_past_end", engagement, at, sentence, recorded("Its last day", over))


def review_due_again(review: ReviewFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if review.next_on is None or not is_over(review.closed_at, at):
        return
    due = end_of_day(review.next_on, "UTC")
    if at >= due:
        sentence = f"A review is due again: {review.scope}."
        evidence = (
            recorded("The day set for the next one", due),
            recorded("The last one was closed", review.closed_at),
        )
        yield _of_review("review_due_again", review, Severity.SOON, sentence, *evidence)


def review_left_open(review: ReviewFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    if not is_over(review.closed_at, at) and at >= later(review.opened_at, limits.review_open_after):
        sentence = f"A review was begun and is still open: {review.scope}."
        evidence = recorded("Begun", review.opened_at)
        yield _of_review("review_left_open", review, Severity.NOTE, sentence, evidence)


def _of_engagement(rule: str, engagement: EngagementFacts, at: datetime, sentence: str, *evidence: Evidence) -> Found:
    owner, party = answering(engagement.owner, at), engagement.kept_by.reference
    return Found(rule, engagement.reference, party, Severity.SOON, sentence, evidence, owner)


def _of_review(rule: str, review: ReviewFacts, severity: Severity, sentence: str, *evidence: Evidence) -> Found:
    return Found(rule, review.reference, review.kept_by.reference, severity, sentence, evidence)


ON_REVIEWS: Final = (
    Rule(
        "engagement_review_overdue", About.ENGAGEMENT, Group.TIME,
        "Work with a partner to be looked at again",
        "What was agreed and what is there drift apart.",
        "keep-access-in-order", "end_or_review", engagement_review_overdue, "engagement_change",
    ),
    Rule(
        "engagement_past_end", About.ENGAGEMENT, Group.TIME,
        "Work past its last day, still open",
        "The access that came with it stays until somebody ends it.",
        "keep-access-in-order", "end_or_review", engagement_past_end, "engagement_end",
    ),
    Rule(
        "review_due_again", About.REVIEW, Group.TIME,
        "A review is due again",
        "What changed since the last one nobody has looked at.",
        "keep-access-in-order", "confirmed", review_due_again, "review_new",
    ),
    Rule(
        "review_left_open", About.REVIEW, Group.TIME,
        "A review was left open",
        "Its lines are as they were when it was begun; the longer it takes, the less they say.",
        "keep-access-in-order", "confirmed", review_left_open, "review",
    ),
)  # fmt: skip
