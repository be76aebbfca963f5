"""Who has ever known a secret of an account, until it was changed. Never the secret.

Whether a text carries one is decided by valetkey.credential: every text here is tidied, and so refused if it does.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, F, QuerySet

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import no_such_party, require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.exposed import Shared, words
from valetkey.register.models import Asset, Exposure, ExposureKnower
from valetkey.register.said import of_exposure
from valetkey.register.services.on_record import refuse_not_on_record
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

_LONGEST_ACCOUNT: Final = 100
_EARLIEST_ZONE: Final = timedelta(hours=14)
"""Where a day begins first on earth: what has begun nowhere is a typing mistake."""


def open_exposure(
    *,
    held_by: Party,
    platform: str,
    account: str = "",
    asset: Asset | None = None,
    shared: Shared,
    since: date | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Exposure:
    """Write down that a secret of an account was shared. Refuses texts that carry one, and days to come.

    `asset`: the account where it is on the holder's record; it knows its platform, and a name where none is given.
    """
    require_hand(actor, held_by)
    if asset is not None:
        _refuse_foreign(asset, held_by)
        platform, account = asset.platform, account or asset.name[:_LONGEST_ACCOUNT]
    row = Exposure(
        held_by=held_by,
        platform=line(platform, what="The platform", longest=20),
        account=line(account, what="The account's name", longest=_LONGEST_ACCOUNT),
        asset=asset,
        shared=Shared(shared).value,
        since=_past(since, at),
        note=tidy(note, what="The note", longest=2000, needed=False),
        opened_at=at,
        opened_by=actor.name,
    )
    with writing():
        row.save()
        keep(of_exposure(row), at=at)
        detail: dict[str, object] = {
            "account": row.account,
            **({"asset": asset.name} if asset else {}),
            "platform_name": row.platform,
            "shared": words(row.shared),
            "since": _text(row.since),
        }
        record(event="exposure.opened", subject=row.subject, actor=actor, at=at, detail=detail)
    return row


def add_knower(
    *,
    exposure: Exposure,
    name: str = "",
    party: Party | None = None,
    person: Person | None = None,
    since: date | None = None,
    actor: Actor,
    at: datetime,
) -> ExposureKnower:
    """Name somebody who knows it. Refuses who is named already, and an exposure that is over.

    `person`: on the holder's record, which knows their name and whom they act for.
    """
    require_hand(actor, exposure.held_by)
    if person is not None:
        refuse_not_on_record(person, exposure.held_by)
        name, party = name or person.name, party or person.party
    name = line(name, what="The person's name", longest=200)
    since = _past(since, at)
    with writing():
        row = _still_open(exposure)
        if any(_is_same(known, name, person) for known in row.knowers.all()):
            raise Conflict("known_already", f"{name} is on this list already.", "Another person needs another name.")
        knower = ExposureKnower.objects.create(
            exposure=row, name=name, party=party, person=person, since=since, added_at=at
        )
        keep(of_exposure(row), at=at)
        detail: dict[str, object] = {"name": name, "party": party.name if party else None, "since": _text(since)}
        record(event="exposure.known", subject=row.subject, actor=actor, at=at, detail=detail)
    return knower


def close_exposure(*, exposure: Exposure, how: str, actor: Actor, at: datetime) -> Exposure:
    """Confirm that the secret was changed; `how` says what was done. Once: what was confirmed is not confirmed anew."""
    require_hand(actor, exposure.held_by)
    how = tidy(how, what="What was done", longest=1000)
    with writing():
        row = _still_open(exposure)
        row.changed_at, row.changed_by, row.how_confirmed = at, actor.name, how
        row.save(update_fields=["changed_at", "changed_by", "how_confirmed"])
        keep(of_exposure(row), at=at)
        record(
            event="exposure.changed",
            subject=row.subject,
            actor=actor,
            at=at,
            detail={"account": row.account, "how": how},
        )
    return row


def exposures(*, actor: Actor) -> QuerySet[Exposure]:
    """What the actor can see, open ones first, each group newest first; with the number of those who know."""
    found = Exposure.objects.visible_to(actor).select_related("held_by", "asset").annotate(known_to=Count("knowers"))
    return found.order_by(F("changed_at").desc(nulls_first=True), "-pk")


def find_exposure(*, text: str, actor: Actor) -> Exposure:
    found = Exposure.objects.visible_to(actor).filter(reference=text.upper()).select_related("held_by", "asset").first()
    if found is None:
        raise NotFound(
            "no_such_exposure", f"There is no exposure {text} that you can see.", "Look it up among your exposures."
        )
    return found


def find_knowers_party(text: str) -> Party:
    """A party of this desk by its exact name or reference; those who know a login are often of the other side."""
    parties = Party.objects.all()
    found = parties.filter(reference=text.strip().upper()).first() or parties.filter(name=text.strip()).first()
    if found is None:
        raise no_such_party(text)
    return found


def _still_open(exposure: Exposure) -> Exposure:
    """Inside the writing transaction. Raises Conflict once the change is confirmed."""
    row = Exposure.objects.select_related("held_by", "asset").get(pk=exposure.pk)
    if not row.is_open:
        raise Conflict(
            "exposure_over",
            f"{row.changed_by} confirmed already that it was changed.",
            "If the new one was shared as well, write that down as an exposure of its own.",
        )
    return row


def _is_same(known: ExposureKnower, name: str, person: Person | None) -> bool:
    """Two people on record may have one name; of anybody else the name is all there is."""
    if known.person_id is not None and person is not None:
        return known.person_id == person.pk
    return known.name.casefold() == name.casefold()


def _refuse_foreign(asset: Asset, held_by: Party) -> None:
    if asset.held_by_id != held_by.pk:
        raise Invalid("not_on_record", f"{asset} is not on the record of {held_by}.", "Choose one that is, or none.")


def _past(since: date | None, at: datetime) -> date | None:
    if since is not None and since > (at + _EARLIEST_ZONE).date():
        raise Invalid(
            "since_to_come", "That day has not begun yet.", "Give the day it was shared, or none if nobody knows."
        )
    return since


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
