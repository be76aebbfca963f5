"""Access as a whole: found, listed, told to the history and the timeline; and opened, moved and closed by a basis that
keeps it in step, an authorization. What somebody enters by hand is in access_by_hand.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, QuerySet

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Forbidden, NotFound
from valetkey.register.models import Access, Asset, Source
from valetkey.register.said import of_access
from valetkey.register.services.surfaces import surface_of
from valetkey.timeline.said import plain
from valetkey.timeline.services import keep, keep_many

_BATCH = 200
_BESIDE = ("surface__asset__held_by", "holder", "person", "owner")


def record_access(
    *,
    asset: Asset,
    surface: str,
    holder: Party,
    role: str,
    since: datetime,
    until: datetime | None,
    basis: str,
    source: Source,
    owner: Person | None = None,
    actor: Actor,
    at: datetime,
) -> Access:
    """Open the access that a basis gives, or bring the open one up to date. One live access per basis.

    For services that have asked whether the actor may.
    """
    with writing():
        end = Access.End.UNKNOWN if until is None else Access.End.AT
        row = _of_basis(basis).first()
        if row is None:
            list_ = surface_of(asset, surface, actor, at)
            row = Access.objects.create(
                surface=list_, holder=holder, role=role, since=since, end=end, until=until, basis=basis, owner=owner,
                way=Access.Way.AUTHORIZATION, source=source, recorded_at=at,
            )  # fmt: skip
            tell("access.opened", row, actor, at)
        elif (row.until, row.owner) != (until, owner):
            is_moved = row.until != until
            row.end, row.until, row.owner = end, until, owner
            row.source = source if is_moved else row.source
            if is_moved:
                # What was decided about the end before is no decision about this one.
                row.let_end_at, row.let_end_by = None, ""
            row.save(update_fields=["end", "until", "owner", "source", "let_end_at", "let_end_by"])
            tell("access.moved" if is_moved else "access.passed_on", row, actor, at)
    return row


def close_access(*, basis: str, reason: str, actor: Actor, at: datetime) -> None:
    """Close the live access of a basis; nothing happens where there is none."""
    with writing():
        for row in _of_basis(basis):
            row.ended_at, row.ended_reason = at, reason[:200]
            row.save(update_fields=["ended_at", "ended_reason"])
            tell("access.closed", row, actor, at, reason=row.ended_reason)


def look_again_on(*, accesses: Iterable[Access], day: date, at: datetime) -> None:
    """All of them get that day of review, those that were ended meanwhile excepted. One of many lines of a review is no
    entry of its own: for services that have asked whether the actor may, and tell the history what was decided.
    """
    with writing():
        keys = [access.pk for access in accesses]
        for first in range(0, len(keys), _BATCH):
            rows = Access.objects.filter(pk__in=keys[first : first + _BATCH], ended_at=None)
            rows.update(review_on=day)
            keep_many([of_access(row) for row in rows.select_related(*_BESIDE).order_by("pk")], at=at)


def find_access(*, text: str, actor: Actor) -> Access:
    """By reference, among those the actor can see."""
    row = accesses(actor=actor).filter(reference=text.strip().upper()).first()
    if row is None:
        raise no_such_access(text)
    return row


def accesses(*, actor: Actor) -> QuerySet[Access]:
    """What the actor can see: those that are open first, the one that ends soonest on top."""
    found = Access.objects.visible_to(actor).select_related(*_BESIDE)
    return found.order_by(F("ended_at").desc(nulls_first=True), F("until").asc(nulls_last=True), "pk")


def fresh(access: Access) -> Access:
    """Inside the writing transaction: as it is now, not as it was when the caller read it."""
    return Access.objects.select_related(*_BESIDE).get(pk=access.pk)


def require_keeper(actor: Actor, access: Access) -> None:
    """A hand of the party whose asset it is on. Who holds it by an authorization sees it, and reads only."""
    if not Access.objects.visible_to(actor).filter(pk=access.pk).exists():
        raise no_such_access(access.reference)
    keeper = access.surface.asset.held_by
    try:
        require_hand(actor, keeper)
    except NotFound:
        raise Forbidden(
            "kept_by_another", f"This access is on the record of {keeper}.", "Ask those who act for them."
        ) from None


def no_such_access(text: str) -> NotFound:
    return NotFound(
        "no_such_access",
        f"There is no access “{text}” that you can see.",
        "Look at the person, the party or the asset for its reference.",
    )


def tell(event: str, row: Access, actor: Actor, at: datetime, **more: object) -> None:
    """In the transaction of the change: the line of the history, and what the record says from now on."""
    detail: dict[str, object] = {
        "name": str(row.person or row.holder),
        "person": row.person.name if row.person else None,
        "holder": row.holder.name,
        "role": row.role,
        "surface": row.surface.name,
        "asset": row.surface.asset.name,
        "kept_by": row.surface.asset.held_by.name,
        "since": plain(row.since),
        "end": str(row.end),
        "until": plain(row.until),
        "basis": row.basis,
        "owner": row.owner.name if row.owner else None,
        **more,
    }
    record(event=event, subject=row.subject, actor=actor, at=at, detail=detail)
    keep(of_access(row), at=at)


def _of_basis(basis: str) -> QuerySet[Access]:
    """What somebody entered by hand under the same words is not this one."""
    found = Access.objects.filter(basis=basis, way=Access.Way.AUTHORIZATION, ended_at=None)
    return found.select_related(*_BESIDE)
