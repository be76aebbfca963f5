"""Somebody on a party's record: entered, changed, left, back. Whether they may sign in is decided elsewhere (join,
leave): who leaves keeps every access on record until it is ended, one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from valetkey.accounts.models import Membership, Party, Person, User, desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.said import of_person
from valetkey.accounts.services.changing import known_only, refuse_far, take_over
from valetkey.accounts.services.invite import mail_address
from valetkey.accounts.services.require import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

_CHANGEABLE: Final = ("name", "mail", "party", "work", "note", "joined_on")


def enter_person(
    *,
    kept_by: Party,
    name: str,
    mail: str = "",
    party: Party | None = None,
    work: str = "",
    note: str = "",
    joined_on: date | None = None,
    user: User | None = None,
    actor: Actor,
    at: datetime,
) -> Person:
    """Put somebody on a party's record; without `party` they work for it. Refuses a mail address or user that is on
    this record already, and a user who does not act for the party.
    """
    require_hand(actor, kept_by)
    said = {"name": name, "mail": mail, "party": party or kept_by, "work": work, "note": note, "joined_on": joined_on}
    row = Person(kept_by=kept_by, user=user, created_at=at, **_checked(said))
    with writing():
        _refuse_foreign(user, kept_by, actor)
        _refuse_double(row)
        row.save()
        _record("person.entered", row, actor, at, party=row.party.name, mail=row.mail, work=row.work)
    return row


def change_person(*, person: Person, changes: Mapping[str, object], actor: Actor, at: datetime) -> Person:
    """Name, mail, party (None: the one whose record it is), work, note, joined_on. Refuses a mail address of somebody
    else on this record.
    """
    known_only(changes, *_CHANGEABLE)
    require_hand(actor, person.kept_by)
    values = _checked(changes)
    if "party" in values:
        values["party"] = values["party"] or person.kept_by
    with writing():
        row = _fresh(person)
        changed = take_over(row, values)
        _refuse_backwards(row)
        if "mail" in changed:
            _refuse_double(row)
        if changed:
            row.save(update_fields=list(changed))
            _record("person.changed", row, actor, at, changed=changed)
    return row


def person_left(*, person: Person, on: date, actor: Actor, at: datetime) -> Person:
    """`on` is their last day, which may be to come. Refuses who has left already, and a day before they joined."""
    require_hand(actor, person.kept_by)
    refuse_far(on, what="The last day")
    with writing():
        row = _fresh(person)
        if row.left_on is not None:
            raise Conflict(
                "person_left", f"The last day of {row} is on record: {row.left_on}.", "Bring them back to correct it."
            )
        row.left_on = on
        _refuse_backwards(row)
        row.save(update_fields=["left_on"])
        _record("person.left", row, actor, at, on=on.isoformat())
    return row


def person_back(*, person: Person, actor: Actor, at: datetime) -> Person:
    """They are here again, or never left. Refuses who has no last day on record."""
    require_hand(actor, person.kept_by)
    with writing():
        row = _fresh(person)
        if row.left_on is None:
            raise Conflict("person_here", f"{row} has no last day on record.", "Nothing needs to be done.")
        return _return(row, actor, at)


def put_on_record(user: User, party: Party, actor: Actor, at: datetime) -> Person:
    """In the caller's transaction: whoever acts for a party is on its record, once, and has not left."""
    record_of = Person.objects.select_related("kept_by", "party").filter(kept_by=party)
    row = record_of.filter(user=user).first()
    if row is None:
        row = record_of.filter(mail=user.email, user=None).first()
        if row is None:
            row = Person(kept_by=party, party=party, name=str(user)[:200], mail=user.email, user=user, created_at=at)
            row.save()
            _record("person.entered", row, actor, at, party=party.name, mail=row.mail, work="")
        else:
            row.user = user
            row.save(update_fields=["user"])
            _record("person.linked", row, actor, at, user=str(user))
    if row.left_on is not None and row.left_on <= at.date():
        _return(row, actor, at)
    return row


def find_person(*, text: str, actor: Actor) -> Person:
    """By reference, mail address or whole name, among those this actor can see. Refuses what fits several of them."""
    text = text.strip()
    visible = Person.objects.visible_to(actor).select_related("kept_by", "party")
    row = visible.filter(reference=text.upper()).first()
    if row is not None:
        return row
    found = list(visible.filter(Q(mail=text.lower()) & ~Q(mail="") | Q(name=text)).order_by("pk")[:4])
    if not found:
        raise no_such_person(text)
    if len(found) > 1:
        who = ", ".join(f"{each.reference} on the record of {each.kept_by}" for each in found)
        raise Conflict("several_people", f"More than one person is called so: {who}.", "Name them by the reference.")
    return found[0]


def people(*, actor: Actor, text: str = "") -> QuerySet[Person]:
    """Whom the actor can see, by name; with `text`, those in whose name, mail address, work or reference it stands."""
    found = Person.objects.visible_to(actor).select_related("kept_by", "party").order_by("name", "pk")
    text = text.strip()
    if not text:
        return found
    return found.filter(
        Q(name__icontains=text) | Q(mail__icontains=text) | Q(work__icontains=text) | Q(reference=text.upper())
    )


def no_such_person(text: str) -> NotFound:
    return NotFound(
        "no_such_person",
        f"There is no person “{text}” that you can see.",
        "Look at the list of people for the name or reference.",
    )


def _checked(said: Mapping[str, object]) -> dict[str, Any]:
    values: dict[str, Any] = dict(said)
    if "name" in values:
        values["name"] = line(values["name"], what="The person's name", longest=200)
    if "mail" in values:
        values["mail"] = mail_address(values["mail"]) if values["mail"] else ""
    if "work" in values:
        values["work"] = line(values["work"], what="Their work", longest=200, needed=False)
    if "note" in values:
        values["note"] = tidy(values["note"], what="The note", longest=2000, needed=False)
    refuse_far(values.get("joined_on"), what="The first day")
    return values


def _fresh(person: Person) -> Person:
    """Inside the writing transaction: as it is now, not as it was when the caller read it."""
    return Person.objects.select_related("kept_by", "party").get(pk=person.pk)


def _return(row: Person, actor: Actor, at: datetime) -> Person:
    before = row.left_on.isoformat() if row.left_on else None
    row.left_on = None
    row.save(update_fields=["left_on"])
    _record("person.returned", row, actor, at, had_left_on=before)
    return row


def _refuse_foreign(user: User | None, party: Party, actor: Actor) -> None:
    """Else somebody's leaving on one record would sign out a user who never worked there."""
    if user is None or desk_role_of(actor) is DeskRole.ADMIN:
        return
    if not Membership.objects.current().filter(user=user, party=party).exists():
        raise Conflict("user_elsewhere", "This user does not act for this party.", "Let them join it first.")


def _refuse_double(row: Person) -> None:
    same = Q(mail=row.mail) if row.mail else Q(pk=None)
    if row.user_id is not None:
        same |= Q(user=row.user_id)
    found = Person.objects.filter(same, kept_by=row.kept_by).exclude(pk=row.pk).first()
    if found is not None:
        raise Conflict(
            "person_exists", f"{found} is on this record already, as {found.reference}.", "Use that one, or change it."
        )


def _refuse_backwards(row: Person) -> None:
    if row.joined_on and row.left_on and row.left_on < row.joined_on:
        raise Invalid("left_before_joined", "Their last day would be before their first.", "Look at the two days.")


def _record(event: str, row: Person, actor: Actor, at: datetime, **more: object) -> None:
    """The line of the history and what the record says from now on, in the same transaction."""
    detail = {"name": row.name, "kept_by": row.kept_by.name, **more}
    record(event=event, subject=row.subject, actor=actor, at=at, detail=detail)
    keep(of_person(row), at=at)
