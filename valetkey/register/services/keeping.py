"""Rows from before there was a timeline get their first version, and members from before there were people are put on
record. Once, after the tables were brought up to date; a desk that has everything is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet

from valetkey.accounts.models import Membership, Party, Person
from valetkey.accounts.said import of_party, of_person
from valetkey.accounts.services.people import put_on_record
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import writing
from valetkey.register.models import Access, Asset, Engagement, Exposure, Ownership, Responsibility, Surface
from valetkey.register.said import (
    of_access,
    of_asset,
    of_engagement,
    of_exposure,
    of_ownership,
    of_responsibility,
    of_surface,
)
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind, Said
from valetkey.timeline.services import keep

_DESK: Final = Actor(name="Valetkey", door=Door.WORKER)


def keep_all(*, at: datetime) -> int:
    """What the record says of every row that has no version yet, known from `at` on. Answers how many there were."""
    with writing():
        for membership in _members_not_on_record():
            put_on_record(membership.user, membership.party, _DESK, at)
        return len([keep(said, at=at) for said in _unkept()])


def _members_not_on_record() -> QuerySet[Membership]:
    people = Person.objects.filter(kept_by=OuterRef("party"), user=OuterRef("user"))
    current = Membership.objects.current().filter(~Exists(people))
    return current.select_related("user", "party").order_by("pk")


def _unkept() -> Iterator[Said]:
    for kind, rows, said in _KEPT:
        versions = Version.objects.filter(kind=kind.value, reference=OuterRef("name_here"))
        named: Any = rows().annotate(name_here=F("asset__reference" if kind is Kind.OWNERSHIP else "reference"))
        for row in named.filter(~Exists(versions)).order_by("pk"):
            yield said(row)


_KEPT: Final[tuple[tuple[Kind, Callable[[], QuerySet[Any]], Callable[[Any], Said]], ...]] = (
    (Kind.PARTY, Party.objects.all, of_party),
    (Kind.PERSON, lambda: Person.objects.select_related("kept_by", "party"), of_person),
    (Kind.ASSET, lambda: Asset.objects.select_related("held_by", "within"), of_asset),
    (Kind.SURFACE, lambda: Surface.objects.select_related("asset__held_by"), of_surface),
    (
        Kind.ACCESS,
        lambda: Access.objects.select_related("surface__asset__held_by", "holder", "person", "owner"),
        of_access,
    ),
    (Kind.OWNERSHIP, lambda: Ownership.objects.select_related("asset__held_by"), of_ownership),
    (Kind.ENGAGEMENT, lambda: Engagement.objects.select_related("kept_by", "party", "owner"), of_engagement),
    (Kind.RESPONSIBILITY, lambda: Responsibility.objects.select_related("kept_by", "person"), of_responsibility),
    (Kind.EXPOSURE, lambda: Exposure.objects.select_related("held_by", "asset"), of_exposure),
)
