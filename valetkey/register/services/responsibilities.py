"""Who must do what, and within how many days, when something changes.

Whether it was done is told by the steps of a change (valetkey.changes).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import F, QuerySet

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import Asset, Responsibility
from valetkey.register.occasions import Occasion
from valetkey.register.said import of_responsibility
from valetkey.register.services.on_record import refuse_left, refuse_not_on_record
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

MOST_DAYS: Final = 365


def give_responsibility(
    *,
    kept_by: Party,
    person: Person,
    occasion: str,
    what: str,
    within_days: int,
    backup: Person | None = None,
    asset: Asset | None = None,
    actor: Actor,
    at: datetime,
) -> Responsibility:
    """`asset` None: whichever it concerns. Raises Invalid for people or an asset of another record, Conflict for
    somebody who has left.
    """
    require_hand(actor, kept_by)
    what = line(what, what="What is to be done", longest=300)
    _refuse_terms(occasion, within_days)
    _refuse_people(kept_by, person, backup, at)
    if asset is not None and asset.held_by_id != kept_by.pk:
        raise Invalid("not_on_record", f"{asset} is not on the record of {kept_by}.", "Choose one that is, or none.")
    row = Responsibility(
        kept_by=kept_by, person=person, backup=backup, occasion=occasion, asset=asset, what=what,
        within_days=within_days, created_at=at,
    )  # fmt: skip
    with writing():
        row.save()
        keep(of_responsibility(row), at=at)
        more = {"backup": str(backup or ""), "within_days": within_days, "asset": str(asset or "")}
        _record("responsibility.given", row, actor, at, person=person.name, **more)
    return row


def pass_on_responsibility(*, responsibility: Responsibility, to: Person, actor: Actor, at: datetime) -> Responsibility:
    """From now on it is another's. Passed on to their backup, it has none until one is named with a new one."""
    require_hand(actor, responsibility.kept_by)
    with writing():
        row = _current(responsibility)
        if row.person_id == to.pk:
            raise Conflict("theirs_already", f"This is for {to} to do already.", "Nothing needs to be done.")
        backup = None if row.backup_id == to.pk else row.backup
        refuse_not_on_record(to, row.kept_by)
        refuse_left(to, at)
        before, row.person, row.backup = row.person, to, backup
        row.save(update_fields=["person", "backup"])
        keep(of_responsibility(row), at=at)
        told = {"person": {"from": before.name, "to": to.name}}
        _record("responsibility.passed_on", row, actor, at, person=to.name, changes=told)
    return row


def end_responsibility(*, responsibility: Responsibility, reason: str, actor: Actor, at: datetime) -> Responsibility:
    """Nobody has to do it any more. Raises Conflict once it is over."""
    require_hand(actor, responsibility.kept_by)
    reason = tidy(reason, what="The reason", longest=300)
    with writing():
        row = _current(responsibility)
        row.ended_at, row.ended_reason = at, reason
        row.save(update_fields=["ended_at", "ended_reason"])
        keep(of_responsibility(row), at=at)
        _record("responsibility.ended", row, actor, at, person=row.person.name, reason=reason)
    return row


def find_responsibility(*, text: str, actor: Actor) -> Responsibility:
    found = responsibilities(actor=actor).filter(reference=text.strip().upper()).first()
    if found is None:
        raise NotFound(
            "no_such_responsibility", f"There is no responsibility {text} that you can see.", "Look it up among yours."
        )
    return found


def responsibilities(*, actor: Actor) -> QuerySet[Responsibility]:
    """What the actor can see, those that hold first."""
    visible = Responsibility.objects.visible_to(actor).select_related("kept_by", "person", "backup", "asset")
    return visible.order_by(F("ended_at").desc(nulls_first=True), "occasion", "pk")


def _refuse_terms(occasion: str, within_days: int) -> None:
    if occasion not in set(Occasion):
        offered = ", ".join(Occasion)
        raise Invalid("occasion", f"“{occasion}” is no occasion of the record.", f"There are: {offered}.")
    if not 0 <= within_days <= MOST_DAYS:
        raise Invalid(
            "within_days", f"{within_days} days is not possible.", f"Give 0 (the same day) to {MOST_DAYS} days."
        )


def _refuse_people(kept_by: Party, person: Person, backup: Person | None, at: datetime) -> None:
    if backup == person:
        raise Invalid("backup_is_the_same", f"{person} cannot stand in for themselves.", "Name somebody else, or none.")
    for each in (person, backup):
        refuse_not_on_record(each, kept_by)
        refuse_left(each, at)


def _current(responsibility: Responsibility) -> Responsibility:
    """Inside the writing transaction. Raises Conflict once it is over."""
    row = Responsibility.objects.select_related("kept_by", "person", "backup", "asset").get(pk=responsibility.pk)
    if row.ended_at is not None:
        raise Conflict("responsibility_over", "This responsibility has ended.", "Give a new one.")
    return row


def _record(event: str, row: Responsibility, actor: Actor, at: datetime, **more: object) -> None:
    detail = {
        "what": row.what,
        "occasion": row.occasion,
        **{name: value for name, value in more.items() if value != ""},
    }
    record(event=event, subject=row.subject, actor=actor, at=at, detail=detail)
