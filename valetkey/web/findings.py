"""Findings as pages show them: in words, with the page of what they are about and the way to put them right.

Decides nothing about them: the rules say what there is, and the services who may see it and decide.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization
from valetkey.findings.finding import About, Group, Severity, Told
from valetkey.findings.models import Finding
from valetkey.findings.rule import Rule
from valetkey.findings.rules import BY_ID
from valetkey.findings.services import Line
from valetkey.register.models import Exposure
from valetkey.web.diagnosis import Button, guide_button, step_button

SEVERITIES: Final[dict[Severity, tuple[str, str]]] = {
    Severity.URGENT: ("urgent", "danger"),
    Severity.IMPORTANT: ("important", "warn"),
    Severity.SOON: ("soon", "accent"),
    Severity.NOTE: ("good to know", ""),
}
"""In words, and the look of the badge that says them."""
GROUPS: Final[dict[Group, str]] = {
    Group.TIME: "Time: what ends, and what is overdue",
    Group.USE: "Use: codes and what is done with them",
    Group.PEOPLE: "People: who left, and who answers",
    Group.OWNERSHIP: "Ownership: whose things are",
    Group.SCOPE: "Scope: more than the work needs",
    Group.PROOF: "Proof: what nobody has looked at",
}
SOURCES: Final[dict[str, str]] = {
    Told.AGREED.value: "agreed by the two sides",
    Told.RECORDED.value: "written down here",
    Told.OBSERVED.value: "seen on the platform",
}
_PAGES: Final[dict[About, str]] = {
    About.AUTHORIZATION: "authorization",
    About.ACCESS: "record_access",
    About.ASSET: "record_asset",
    About.EXPOSURE: "exposure",
    About.ENGAGEMENT: "history_about",
    About.REVIEW: "review",
}
_STOPS: Final = {About.AUTHORIZATION: "stops_authorization", About.ASSET: "stops_asset"}
_MOST_OF_ONE: Final = 5


@dataclass(frozen=True)
class Row:
    """One line of a list. `address`: of the finding, or where there is none yet, of what it is about."""

    reference: str
    rule: str
    about: str
    subject: str
    severity: str
    badge: str
    title: str
    sentence: str
    party: str
    whose: str
    by: datetime | None
    stops: int
    is_mine: bool
    address: str
    stands: str = ""
    may_decide: bool = False


def row_of(finding: Finding, at: datetime, hands: Collection[int] = ()) -> Row:
    """`hands`: the keys of the parties that the reader acts for."""
    words, badge = SEVERITIES[Severity(finding.severity)]
    whose = finding.handed_to or finding.owner
    return Row(
        finding.reference, finding.rule, finding.about, finding.subject, words, badge, title_of(finding.rule),
        finding.sentence, finding.party.name, whose.name if whose else "", finding.by, finding.stops,
        bool(getattr(finding, "is_mine", False)), reverse("finding", args=[finding.reference]), stands(finding, at),
        finding.closed_at is None and finding.party_id in hands,
    )  # fmt: skip


def row_of_line(line: Line) -> Row:
    """Of another day."""
    words, badge = SEVERITIES[line.severity]
    address = reverse("finding", args=[line.reference]) if line.reference else subject_address(line.about, line.subject)
    return Row(
        line.reference, line.rule, line.about, line.subject, words, badge, title_of(line.rule), line.sentence,
        line.party_name, line.owner_name, line.by, line.stops, line.is_mine, address,
    )  # fmt: skip


def stands(finding: Finding, at: datetime) -> str:
    """What was decided about it, or that it is over; "" while it only waits."""
    if finding.closed_at is not None:
        return "over"
    if finding.let_end_at is not None:
        return "left to its end"
    if finding.snoozed_until is not None and finding.snoozed_until > at:
        return "put off"
    if finding.acknowledged_at is not None:
        return "acknowledged"
    return "handed on" if finding.handed_to_id else ""


def title_of(rule: str) -> str:
    """A rule of an older version has no title any more."""
    return BY_ID[rule].title if rule in BY_ID else rule.replace("_", " ")


def subject_address(about: str, subject: str) -> str:
    kind = About(about)
    return reverse(_PAGES[kind], args=[subject]) if kind in _PAGES else reverse("connections")


def stops_address(finding: Finding) -> str:
    """What stops if its subject went; "" for what no code hangs on."""
    name = _STOPS.get(About(finding.about))
    return reverse(name, args=[finding.subject]) if name else ""


def guide_of(rule: Rule, finding: Finding, language: str, row: Authorization | None) -> Button:
    """Its step in the guide, filled in where it is about an authorization."""
    return guide_button(rule.guide, rule.step, language, row)


def step_of(rule: Rule, finding: Finding, row: Authorization | None, allowed: Collection[Verb]) -> Button | None:
    """What this desk itself offers for it; None where that is not this reader's, or not possible now."""
    if rule.verb in set(Verb):
        return step_button(Verb(rule.verb), row) if row is not None and Verb(rule.verb) in allowed else None
    subject = finding.subject
    if finding.about == About.EXPOSURE and rule.verb.startswith("asset_"):
        asset = Exposure.objects.filter(reference=subject).values_list("asset__reference", flat=True).first()
        subject = asset or ""
        if not subject:
            return Button("Look at it", subject_address(finding.about, finding.subject))
    label = LABELS.get(rule.verb, "Put it right")
    try:
        return Button(label, reverse(rule.verb, args=[subject]))
    except NoReverseMatch:
        return Button(label, reverse(rule.verb)) if rule.verb else None


LABELS: Final[dict[str, str]] = {
    "access_change": "Change the access",
    "access_confirm": "Say that it was looked at",
    "access_end": "End the access",
    "ad_account": "Look at the ad account",
    "asset_ownership": "Say who owns it",
    "authorization_campaigns": "Say which campaigns use it",
    "authorization_owner": "Say who answers for it",
    "connect": "Connect again",
    "diagnose_authorization": "Find out why",
    "engagement_change": "Change the engagement",
    "engagement_end": "End the engagement",
    "exposure_close": "It was changed",
    "ownership_confirm": "Confirm the ownership",
    "record_asset": "Look at the asset",
    "review": "Go on with the review",
    "review_new": "Open a review",
}


def findings_of(about: About, reference: str, actor: Actor) -> list[Finding]:
    """The most pressing open ones of one subject, for its own page. One query for them."""
    found = Finding.objects.visible_to(actor).open().filter(about=about.value, subject=reference)
    found = found.select_related("party", "owner", "handed_to").order_by(
        "-severity", F("by").asc(nulls_last=True), "pk"
    )
    return list(found[:_MOST_OF_ONE])


def mine_waiting(at: datetime) -> CombinedExpression:
    """For a query of users: how many findings wait for each, by what they answer for and what was handed to them."""
    waiting = Finding.objects.waiting(at).order_by()
    handed = waiting.filter(handed_to__user=OuterRef("pk")).values("handed_to__user")
    owned = waiting.filter(handed_to=None, owner__user=OuterRef("pk")).values("owner__user")
    return _number(handed) + _number(owned)


def _number(found: Any) -> Coalesce:
    return Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0)
