"""Decide on findings: seen and in work, handed to somebody, later, may end, and all of that taken back.

Of several at once, all or none. Each decision is one of the history, with its reason, and may be changed by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.findings.finding import About
from valetkey.findings.models import Finding
from valetkey.findings.rules import BY_ID
from valetkey.findings.services.find import no_such_finding
from valetkey.findings.services.reconcile import UNDECIDED
from valetkey.register.models import Access
from valetkey.register.services import let_access_end, refuse_left
from valetkey.text import tidy

LONGEST_REASON: Final = 300
LONGEST_SNOOZE: Final = timedelta(days=366)

_NOT_SEEN: Final = {name: UNDECIDED[name] for name in ("acknowledged_at", "acknowledged_by", "acknowledged_as")}

Columns = Mapping[str, Any]


def acknowledge(*, findings: Sequence[Finding], reason: str, actor: Actor, at: datetime) -> list[Finding]:
    """Somebody has seen it and does something about it: nobody is told of it again, unless it gets worse."""

    def changes(row: Finding) -> Columns:
        return {"acknowledged_at": at, "acknowledged_by": actor.name[:200], "acknowledged_as": row.severity}

    return _decide("finding.acknowledged", findings, reason, changes, actor, at)


def hand_on(*, findings: Sequence[Finding], to: Person, reason: str, actor: Actor, at: datetime) -> list[Finding]:
    """It is theirs from now on. Refuses whoever has left, and whom the finding's party does not have on record."""
    refuse_left(to, at)

    def changes(row: Finding) -> Columns:
        if to.kept_by_id != row.party_id:
            raise Invalid("not_on_record", f"{to} is not on the record of {row.party}.", "Name somebody who is.")
        # Whoever gets it is told of it, whatever others have seen or put off.
        return {"handed_to": to, "snoozed_until": None, **_NOT_SEEN}

    return _decide("finding.handed_on", findings, reason, changes, actor, at, to=to.name)


def snooze(*, findings: Sequence[Finding], until: datetime, reason: str, actor: Actor, at: datetime) -> list[Finding]:
    """Nobody is told before that instant. Raises Invalid for one that is not to come, or more than a year away."""
    if until <= at:
        raise Invalid("not_to_come", f"{until:%Y-%m-%d} is not to come.", "Name a later day.")
    if until > at + LONGEST_SNOOZE:
        raise Invalid("snooze_too_long", "That is more than a year away.", "Name a day within a year.")

    def changes(row: Finding) -> Columns:
        return {"snoozed_until": until}

    return _decide("finding.snoozed", findings, reason, changes, actor, at, until=until.isoformat())


def let_end(*, findings: Sequence[Finding], reason: str, actor: Actor, at: datetime) -> list[Finding]:
    """It may end, and nobody of that party is to be told of this end. Raises Conflict where a finding is about no end.

    The access that ends with it is noted so too, where that is on the party's own record and no campaign would stop:
    else the other side would not be told any more of what it still runs.
    """

    def changes(row: Finding) -> Columns:
        rule = BY_ID.get(row.rule)
        if rule is None or not rule.may_end:
            raise Conflict("not_about_an_end", f"“{row}” is about no end.", "Put it right, hand it on, or put it off.")
        return {"let_end_at": at, "let_end_by": actor.name[:200]}

    with writing():
        rows = _decide("finding.let_end", findings, reason, changes, actor, at)
        for row in rows:
            _let_accesses_end(row, actor, at)
    return rows


def wake(*, findings: Sequence[Finding], reason: str, actor: Actor, at: datetime) -> list[Finding]:
    """Whatever was decided is taken back: it waits again, for whoever answers for it. An access that was noted as left
    to its end stays so. Raises Conflict where nothing was decided.
    """

    def changes(row: Finding) -> Columns:
        if not any((row.acknowledged_at, row.handed_to_id, row.snoozed_until, row.let_end_at)):
            raise Conflict("nothing_decided", f"About “{row}” nothing was decided.", "Nothing needs to be done.")
        return UNDECIDED

    return _decide("finding.woken", findings, reason, changes, actor, at)


def _decide(
    event: str,
    findings: Sequence[Finding],
    reason: str,
    changes: Callable[[Finding], Columns],
    actor: Actor,
    at: datetime,
    **told: object,
) -> list[Finding]:
    """All are asked for before the first is written."""
    reason = tidy(reason, what="The reason", longest=LONGEST_REASON)
    with writing():
        rows = _fresh(findings)
        for row in rows:
            _require(actor, row)
        taken = [(row, {**changes(row), "reason": reason}) for row in rows]
        for row, values in taken:
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            detail = {"sentence": row.sentence, "party": row.party.name, "of": row.subject, "reason": reason, **told}
            record(event=event, subject=row.entry_subject, actor=actor, at=at, detail=detail)
    return rows


def _fresh(findings: Sequence[Finding]) -> list[Finding]:
    """As they are now, not as they were when the page was opened. In the order of the caller."""
    rows = Finding.objects.select_related("party", "owner", "handed_to").in_bulk([each.pk for each in findings])
    return [rows[pk] for pk in dict.fromkeys(each.pk for each in findings)]


def _require(actor: Actor, row: Finding) -> None:
    try:
        require_hand(actor, row.party)
    except NotFound:
        raise no_such_finding(row.reference) from None
    if row.closed_at is not None:
        raise Conflict("finding_closed", f"“{row}” is over already.", "Nothing needs to be decided any more.")


def _let_accesses_end(row: Finding, actor: Actor, at: datetime) -> None:
    if row.stops:
        return
    if row.about == About.ACCESS:
        found = Access.objects.filter(reference=row.subject)
    elif row.about == About.AUTHORIZATION:
        # “authorization R7NMCVB on ad account …”, as Application.basis says it.
        basis = f"authorization {row.subject} on "
        found = Access.objects.filter(way=Access.Way.AUTHORIZATION, basis__startswith=basis)
    else:
        return
    open_ones = found.filter(ended_at=None, let_end_at=None, until__isnull=False, surface__asset__held_by=row.party)
    for access in open_ones.order_by("pk"):
        let_access_end(access=access, actor=actor, at=at)
