"""That a party works with another: since when, until when, looked at again on which day, and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, QuerySet

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import known_only, refuse_far, take_over
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import Engagement
from valetkey.register.said import of_engagement
from valetkey.register.services.on_record import refuse_left, refuse_not_on_record
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

_FACTS: Final = ("purpose", "starts_on", "review_on", "ends_on", "owner", "note")


def start_engagement(
    *,
    kept_by: Party,
    party: Party,
    purpose: str,
    starts_on: date,
    review_on: date | None = None,
    ends_on: date | None = None,
    owner: Person | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Engagement:
    """Raises Invalid for a party with itself, days in the wrong order, or an owner of another record."""
    require_hand(actor, kept_by)
    if party == kept_by:
        raise Invalid("with_itself", f"{party} is not engaged with itself.", "Name the other party.")
    row = Engagement(kept_by=kept_by, party=party, created_at=at)
    given = {
        "purpose": purpose,
        "starts_on": starts_on,
        "review_on": review_on,
        "ends_on": ends_on,
        "owner": owner,
        "note": note,
    }
    take_over(row, _judged(row, given, at))
    with writing():
        row.save()
        keep(of_engagement(row), at=at)
        days = {name: str(day) for name in ("starts_on", "review_on", "ends_on") if (day := getattr(row, name))}
        _record("engagement.started", row, actor, at, purpose=row.purpose, person=str(owner or ""), **days)
    return row


def change_engagement(
    *, engagement: Engagement, changes: Mapping[str, object], actor: Actor, at: datetime
) -> Engagement:
    """Correct what is named: purpose, starts_on, review_on, ends_on, owner, note. Raises Conflict once it is over."""
    require_hand(actor, engagement.kept_by)
    known_only(changes, *_FACTS)
    with writing():
        row = _current(engagement)
        told = take_over(row, _judged(row, changes, at))
        if told:
            row.save()
            keep(of_engagement(row), at=at)
            _record("engagement.changed", row, actor, at, changes=told)
    return row


def end_engagement(*, engagement: Engagement, reason: str, actor: Actor, at: datetime) -> Engagement:
    """It ends now. The access that came with it is ended one by one: none ends by itself."""
    require_hand(actor, engagement.kept_by)
    reason = tidy(reason, what="The reason", longest=300)
    with writing():
        row = _current(engagement)
        row.ended_at, row.ended_reason = at, reason
        row.save(update_fields=["ended_at", "ended_reason"])
        keep(of_engagement(row), at=at)
        _record("engagement.ended", row, actor, at, reason=reason)
    return row


def find_engagement(*, text: str, actor: Actor) -> Engagement:
    found = engagements(actor=actor).filter(reference=text.strip().upper()).first()
    if found is None:
        raise NotFound(
            "no_such_engagement", f"There is no engagement {text} that you can see.", "Look it up among yours."
        )
    return found


def engagements(*, actor: Actor) -> QuerySet[Engagement]:
    """What the actor can see, those that go on first."""
    visible = Engagement.objects.visible_to(actor).select_related("kept_by", "party", "owner")
    return visible.order_by(F("ended_at").desc(nulls_first=True), "party__name", "pk")


def _judged(row: Engagement, changes: Mapping[str, object], at: datetime) -> dict[str, Any]:
    judged: dict[str, Any] = dict(changes)
    if "purpose" in judged:
        judged["purpose"] = line(judged["purpose"] or "", what="The purpose", longest=300)
    if "note" in judged:
        judged["note"] = tidy(judged["note"] or "", what="The note", longest=2000, needed=False)
    if judged.get("owner") is not None and judged["owner"] != row.owner:
        refuse_not_on_record(judged["owner"], row.kept_by)
        refuse_left(judged["owner"], at)
    _refuse_days(*(judged.get(name, getattr(row, name)) for name in ("starts_on", "review_on", "ends_on")))
    return judged


def _refuse_days(starts_on: date | None, review_on: date | None, ends_on: date | None) -> None:
    if starts_on is None:
        raise Invalid("engagement_days", "The first day is missing.", "Give the day it began or will begin.")
    for day in (starts_on, review_on, ends_on):
        refuse_far(day, what="One of the days")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("engagement_days", "It ends before it starts.", "Swap the two days, or correct one.")
    if review_on is not None and review_on < starts_on:
        raise Invalid("engagement_days", "The review is before the first day.", "Give a later day for the review.")


def _current(engagement: Engagement) -> Engagement:
    """Inside the writing transaction. Raises Conflict once it is over."""
    row = Engagement.objects.select_related("kept_by", "party", "owner").get(pk=engagement.pk)
    if row.ended_at is not None:
        raise Conflict("engagement_over", f"{row} is over already.", "Where they work together again, start a new one.")
    return row


def _record(event: str, row: Engagement, actor: Actor, at: datetime, **more: object) -> None:
    detail = {"party": row.party.name, **{name: value for name, value in more.items() if value}}
    record(event=event, subject=row.subject, actor=actor, at=at, detail=detail)
