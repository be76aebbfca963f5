"""Access that somebody enters: opened, changed, confirmed, ended, or left to end. One row is touched and no other.

What an authorization gives is confirmed and noted on here; its dates and its end belong to the authorization.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import known_only, refuse_far, take_over
from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.errors import Conflict, Invalid
from valetkey.register.models import Access, Source, Surface
from valetkey.register.services.access import fresh, require_keeper, tell
from valetkey.register.services.on_record import refuse_not_on_record
from valetkey.text import line, tidy

_OF_THE_AUTHORIZATION: Final = frozenset({"role", "since", "end", "until", "basis", "owner"})
_OF_WHAT_IS_OVER: Final = frozenset({"note"})
_CHANGEABLE: Final = (*_OF_THE_AUTHORIZATION, "purpose", "review_on", "removal", "note")

_LINES: Final = {"role": ("The role", 100), "purpose": ("What it is for", 300), "basis": ("What it rests on", 200)}
_TEXTS: Final = {"removal": ("How to remove it", 1000), "note": ("The note", 2000)}
_LONGEST_NAME: Final = 200


def open_access(
    *,
    surface: Surface,
    holder: Party | None = None,
    person: Person | None = None,
    role: str,
    since: datetime | None = None,
    end: str,
    until: datetime | None = None,
    purpose: str = "",
    basis: str = "",
    owner: Person | None = None,
    review_on: date | None = None,
    removal: str = "",
    note: str = "",
    source: Source = Source.STATED,
    actor: Actor,
    at: datetime,
) -> Access:
    """A person, or a party as a whole, on one list. Without `holder` it is the party that the person works for.

    Refuses people of another record, an end that is not clear (`end`: at, none or unknown; `until` with "at" alone),
    and the very same access a second time. Another one beside it, as in a renewal, is fine.
    """
    keeper = surface.asset.held_by
    require_hand(actor, keeper)
    if holder is None:
        if person is None:
            raise Invalid("nobody_named", "Nobody is named who would have this access.", "Name a person or a party.")
        holder = person.party
    said = {
        "role": role, "since": since, "end": end, "until": until, "purpose": purpose, "basis": basis, "owner": owner,
        "review_on": review_on, "removal": removal, "note": note,
    }  # fmt: skip
    values = _checked(said, keeper)
    refuse_not_on_record(person, keeper)
    row = Access(surface=surface, holder=holder, person=person, source=source, recorded_at=at, **values)
    _refuse_unclear(row)
    with writing():
        _refuse_double(row)
        row.save()
        tell("access.opened", row, actor, at, purpose=row.purpose)
    return row


def change_access(*, access: Access, changes: Mapping[str, object], actor: Actor, at: datetime) -> Access:
    """Role, since, end, until, purpose, basis, owner, review_on, removal, note. `until` alone says that it ends then.

    What an authorization gives keeps its role, dates, basis and owner; of what is over, the note alone is changed.
    A decision to let it end holds for the end it was made for.
    """
    known_only(changes, *_CHANGEABLE)
    require_keeper(actor, access)
    values = _checked(changes, access.surface.asset.held_by)
    if "until" in values and "end" not in values:
        values["end"] = Access.End.AT.value if values["until"] else Access.End.UNKNOWN.value
    elif "end" in values and "until" not in values and values["end"] != Access.End.AT:
        values["until"] = None
    with writing():
        row = fresh(access)
        if row.way == Access.Way.AUTHORIZATION and set(values) & _OF_THE_AUTHORIZATION:
            raise _of_authorization(row)
        if row.ended_at is not None and set(values) - _OF_WHAT_IS_OVER:
            raise _over(row)
        changed = take_over(row, values)
        _refuse_unclear(row)
        if {"end", "until"} & set(changed) and row.let_end_at is not None:
            changed |= take_over(row, {"let_end_at": None, "let_end_by": ""})
        if changed:
            row.save(update_fields=list(changed))
            tell("access.changed", row, actor, at, changed=changed)
    return row


def confirm_access(*, access: Access, how: str, actor: Actor, at: datetime) -> Access:
    """Somebody looked at the list on the platform, and it is so; `how` says what was seen.

    Of one that was ended while nobody looked: that it is gone. Refuses one whose end was seen.
    """
    require_keeper(actor, access)
    how = tidy(how, what="What was seen", longest=1000)
    with writing():
        row = fresh(access)
        if row.ended_at is not None:
            return _seen_gone(row, how, actor, at)
        row.confirmed_at, row.confirmed_by, row.confirmed_how = at, actor.name[:_LONGEST_NAME], how
        row.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_how"])
        tell("access.confirmed", row, actor, at, how=how)
    return row


def end_access(*, access: Access, reason: str, how: str = "", actor: Actor, at: datetime) -> Access:
    """In the record; `how` is what was seen on the platform, "" where nobody has looked. Refuses what is over, and what
    an authorization gives: that ends with it.
    """
    require_keeper(actor, access)
    reason = line(reason, what="The reason", longest=200)
    how = tidy(how, what="What was seen", longest=1000, needed=False)
    with writing():
        row = _open(access)
        if row.way == Access.Way.AUTHORIZATION:
            raise _of_authorization(row)
        row.ended_at, row.ended_reason, row.ended_how = at, reason, how
        row.save(update_fields=["ended_at", "ended_reason", "ended_how"])
        tell("access.ended", row, actor, at, reason=reason, how=how)
    return row


def let_access_end(*, access: Access, actor: Actor, at: datetime) -> Access:
    """Looked at, and decided: it may end by itself, and nobody is to be told. Refuses what has no known end."""
    require_keeper(actor, access)
    with writing():
        row = _open(access)
        if row.until is None:
            raise Conflict("no_known_end", "This access has no end that is known.", "Say when it ends, or end it now.")
        if row.let_end_at is not None:
            raise Conflict("let_end_already", f"{row.let_end_by} decided this already.", "Nothing needs to be done.")
        row.let_end_at, row.let_end_by = at, actor.name[:_LONGEST_NAME]
        row.save(update_fields=["let_end_at", "let_end_by"])
        tell("access.let_end", row, actor, at)
    return row


def _checked(said: Mapping[str, object], keeper: Party) -> dict[str, Any]:
    values: dict[str, Any] = dict(said)
    for name, (what, longest) in _LINES.items():
        if name in values:
            values[name] = line(values[name], what=what, longest=longest, needed=name == "role")
    for name, (what, longest) in _TEXTS.items():
        if name in values:
            values[name] = tidy(values[name], what=what, longest=longest, needed=False)
    if "end" in values and values["end"] not in Access.End.values:
        raise Invalid(
            "access_end", f"“{values['end']}” is no kind of end.", f"Use one of {', '.join(Access.End.values)}."
        )
    for name, what in (("since", "The start"), ("until", "The end"), ("review_on", "The day of the review")):
        refuse_far(values.get(name), what=what)
    refuse_not_on_record(values.get("owner"), keeper)
    return values


def _refuse_unclear(row: Access) -> None:
    """ "No end" sent as nothing was once read as "ended yesterday"."""
    if (row.end == Access.End.AT) is (row.until is None):
        raise Invalid(
            "end_not_clear",
            "It is not clear when this access ends.",
            "Say a day, or that it never ends, or that nobody knows.",
        )
    if row.since and row.until and row.until <= row.since:
        raise Invalid("ends_before_it_starts", "This access would end before it starts.", "Look at the two days.")


def _refuse_double(row: Access) -> None:
    same = Access.objects.filter(
        surface=row.surface, holder=row.holder, person=row.person, role=row.role, since=row.since, end=row.end,
        until=row.until, basis=row.basis, ended_at=None,
    ).first()  # fmt: skip
    if same is not None:
        raise Conflict("access_exists", f"This very access is on record, as {same.reference}.", "Use that one.")


def _seen_gone(row: Access, how: str, actor: Actor, at: datetime) -> Access:
    if row.ended_how or row.way == Access.Way.AUTHORIZATION:
        raise _over(row)
    row.ended_how = how
    row.save(update_fields=["ended_how"])
    tell("access.seen_gone", row, actor, at, how=how)
    return row


def _open(access: Access) -> Access:
    """Inside the writing transaction. Raises Conflict where it was ended before."""
    row = fresh(access)
    if row.ended_at is not None:
        raise _over(row)
    return row


def _over(row: Access) -> Conflict:
    return Conflict(
        "access_ended",
        f"This access was ended: {row.ended_reason}.",
        "What is new is an access of its own.",
    )


def _of_authorization(row: Access) -> Conflict:
    return Conflict(
        "access_of_authorization",
        f"This access is what an authorization gives: {row.basis}.",
        "It is moved, passed on and ended there, and this line follows.",
    )
