"""What of somebody's notices is still to be told by mail when it comes to it: the newest of each, if it still holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from valetkey.findings.finding import Group, Severity
from valetkey.findings.models import Finding
from valetkey.findings.rules import BY_ID
from valetkey.notices.models import Notice
from valetkey.notices.schedule import is_decided, is_pressing
from valetkey.notices.services.audience import Audience


def group_of(finding: Finding) -> Group | None:
    """None for a rule that is no more: nobody has muted it."""
    rule = BY_ID.get(finding.rule)
    return rule.group if rule else None


def decided(finding: Finding, at: datetime) -> bool:
    """Whether somebody has decided that nobody is to be told of it now."""
    said = finding.acknowledged_as
    return is_decided(
        at=at,
        severity=Severity(finding.severity),
        is_let_end=finding.let_end_at is not None,
        snoozed_until=finding.snoozed_until,
        is_acknowledged=finding.acknowledged_at is not None,
        acknowledged_as=Severity(said) if said is not None else None,
    )


def still_to_tell(notices: Iterable[Notice], audience: Audience, at: datetime) -> list[Notice]:
    """Of one person's: what was not settled since, is still theirs, and was not muted; the newest of each finding.

    Their findings come with them. What matters most is first.
    """
    newest: dict[int, Notice] = {}
    for each in sorted(notices, key=lambda each: (each.at, each.pk)):
        newest[each.finding_id] = each
    found = list(newest.values())
    audience.load(each.finding for each in found)
    return sorted((each for each in found if _holds(each, audience, at)), key=_by_weight)


def any_pressing(notices: Iterable[Notice], at: datetime) -> bool:
    return any(is_pressing(Severity(each.finding.severity), each.finding.by, at) for each in notices)


def _holds(notice: Notice, audience: Audience, at: datetime) -> bool:
    finding, user = notice.finding, notice.user_id
    if notice.spell.closed_at is not None or decided(finding, at):
        return False
    return user in audience.of(finding) and audience.reader(user).wishes.wants_mail(group_of(finding))


def _by_weight(notice: Notice) -> tuple[int, bool, str, int]:
    finding = notice.finding
    return -finding.severity, finding.by is None, finding.by.isoformat() if finding.by else "", finding.pk
