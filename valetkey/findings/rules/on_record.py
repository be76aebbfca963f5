"""PURE. What the rules of the record share: what is open at an instant, and how somebody is named in a sentence.

Finds nothing wrong by itself. Days of the record are days in UTC: no zone is on record for them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from valetkey.findings.facts import AccessFacts, AssetFacts, Who
from valetkey.findings.finding import Evidence, Found, Severity, Told


def is_open(access: AccessFacts, at: datetime) -> bool:
    """Not ended, whatever its dates say. What an authorization gives is never: the rules of codes speak of it."""
    return access.way != "authorization" and (access.ended_at is None or at < access.ended_at)


def is_live(access: AccessFacts, at: datetime) -> bool:
    """Open, begun, and not past a known end."""
    begun = access.since is None or access.since <= at
    return is_open(access, at) and begun and (access.until is None or at < access.until)


def is_over(ended_at: datetime | None, at: datetime) -> bool:
    return ended_at is not None and ended_at <= at


def later(moment: datetime, days: int) -> datetime:
    """So many times 24 hours later: a clock that is set forward or back in between moves nothing."""
    return moment.astimezone(UTC) + timedelta(days=days)


def has_gone(who: Who | None, at: datetime) -> bool:
    """From the end of their last day."""
    gone_at = who.gone_at() if who else None
    return gone_at is not None and gone_at <= at


def answering(who: Who | None, at: datetime) -> str:
    """The reference of somebody who can be told of it; "" where there is nobody, or they have left."""
    return "" if who is None or has_gone(who, at) else who.reference


def gone(who: Who) -> Evidence:
    return recorded(f"{who.name}'s last day", who.gone_at())


def recorded(what: str, at: datetime | None = None) -> Evidence:
    return Evidence(what, Told.RECORDED, at)


def holder(access: AccessFacts) -> str:
    """Kim Lee; Kim Lee of Brightside; Brightside."""
    if access.person is None:
        return access.holder.name
    return f"{access.person.name} of {access.holder.name}" if is_outside(access) else access.person.name


def place(access: AccessFacts) -> str:
    """“Admin” on Business Center people of Northwind BC."""
    return f"“{access.role}” on {access.surface.name} of {access.asset.name}"


def is_outside(access: AccessFacts) -> bool:
    """Held by another party than the one whose asset it is."""
    return access.holder.reference != access.kept_by.reference


def written_down(access: AccessFacts) -> Evidence:
    return recorded(f"{holder(access)} as {place(access)}", access.recorded_at)


def of_access(
    rule: str, access: AccessFacts, at: datetime, severity: Severity, sentence: str, *evidence: Evidence
) -> Found:
    owner = answering(access.owner, at)
    told = (*evidence, written_down(access))
    return Found(rule, access.reference, access.kept_by.reference, severity, sentence, told, owner)


def of_asset(
    rule: str, asset: AssetFacts, at: datetime, severity: Severity, sentence: str, *evidence: Evidence
) -> Found:
    owner = answering(asset.owner, at) or answering(asset.backup_owner, at)
    return Found(rule, asset.reference, asset.kept_by.reference, severity, sentence, evidence, owner)
