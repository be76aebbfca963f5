"""Versions as an actor may see them, and what things were called then. The one way from the timeline to a look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from valetkey.accounts.models import Party, sees_everything
from valetkey.audit.entry import Actor
from valetkey.errors import NotFound
from valetkey.register.looking import Names, mentions
from valetkey.timeline.models import Version, VersionQuerySet
from valetkey.timeline.said import Kind, Said

Eyes = frozenset[str] | None
"""The parties whose records somebody sees, by reference; None: all of them."""

NAMED = (Kind.PARTY, Kind.PERSON, Kind.ASSET, Kind.SURFACE)
"""What has a name of its own."""


def eyes_of(actor: Actor) -> Eyes:
    if sees_everything(actor):
        return None
    return frozenset(Party.objects.acted_for_by(actor).values_list("reference", flat=True))


def seen(eyes: Eyes, kind: Kind) -> VersionQuerySet:
    """Every version of that kind that they may see. A party is seen by whoever has it on record, from then on: what it
    was called before is its own affair."""
    found = Version.objects.filter(kind=kind.value)
    if eyes is None:
        return found
    if kind is not Kind.PARTY:
        return found.seen_by(eyes)
    beside = Version.objects.seen_by(eyes).exclude(kind=Kind.PARTY.value).filter(known_from__lt=OuterRef("known_until"))
    named = Exists(beside.filter(Q(party=OuterRef("reference")) | Q(kept_by=OuterRef("reference"))))
    return found.filter(on_record(eyes)).filter(Q(reference__in=eyes) | Q(known_until=None) | named)


def on_record(eyes: frozenset[str]) -> Q:
    """Parties: their own, those on their record, and those that share an authorization with them."""
    known = Version.objects.seen_by(eyes).order_by()
    beside = known.exclude(kind=Kind.PARTY.value)
    return (
        Q(reference__in=eyes)
        | Q(reference__in=beside.exclude(party="").values("party"))
        | Q(reference__in=beside.values("kept_by"))
    )


def said_by(version: Version) -> Said:
    return Said(
        kind=Kind(version.kind),
        reference=version.reference,
        facts=version.facts,
        kept_by=version.kept_by,
        shared_with=version.shared_with,
        party=version.party,
        person=version.person,
        asset=version.asset,
        surface=version.surface,
        holds_from=version.holds_from,
        holds_until=version.holds_until,
    )


def names_of(saids: Iterable[Said], known_at: datetime) -> Names:
    """What everything that they mention was called then; what had no version yet, as it was first called."""
    kinds = {kind.value for kind in NAMED}
    references = {reference for said in saids for kind, reference in mentions(said) if kind in kinds}
    told = Version.objects.filter(kind__in=kinds, reference__in=references)
    columns = ("kind", "reference", KT("facts__name"))
    names = {(kind, reference): name for kind, reference, name in told.known_at(known_at).values_list(*columns)}
    later = references - {reference for _, reference in names}
    for kind, reference, name in told.filter(reference__in=later).order_by("-known_from").values_list(*columns):
        names[kind, reference] = name
    return names


def in_order(accesses: VersionQuerySet, known_at: datetime) -> QuerySet[Version]:
    """By asset, surface, party and person, as these were called then; those of one name by reference."""
    columns = ("asset", "surface", "party", "person")
    named = accesses.annotate(**{f"called_{each}": _called(each, known_at) for each in columns})
    return named.order_by(*(part for each in columns for part in (f"called_{each}", each)), "reference")


def by_name(found: VersionQuerySet) -> QuerySet[Version]:
    return found.order_by(Lower(KT("facts__name")), "reference")


def _called(column: str, known_at: datetime) -> Subquery:
    named = Version.objects.known_at(known_at).filter(kind=column, reference=OuterRef(column))
    return Subquery(named.order_by().values(name=Lower(KT("facts__name")))[:1])


def not_there(kind: Kind, text: str) -> NotFound:
    word = kind.value
    quoted = f" “{text}”" if kind in NAMED else f" {text}"
    return NotFound(f"no_such_{word}", f"There is no {word}{quoted} that you can see.", "Search the record for it.")
