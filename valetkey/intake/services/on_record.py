"""What one party's record holds, read for a try: a handful of queries, however long the sheet is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from valetkey.accounts.models import Party, Person
from valetkey.intake import known
from valetkey.intake.columns import Field
from valetkey.intake.models import Batch
from valetkey.intake.verdict import Given
from valetkey.register.models import Access, Asset, Surface

_CHUNK = 500


def read_known(batch: Batch, rows: Sequence[Given]) -> known.Known:
    """As it is now. Of other parties only those that the sheet names, or that stand on this record already."""
    keeper = batch.kept_by
    found = known.Known(known.Party(keeper.reference, keeper.name))
    _add_parties(found, batch, rows)
    for person in Person.objects.filter(kept_by=keeper).select_related("party").order_by("pk").iterator():
        found.add_party(known.Party(person.party.reference, person.party.name))
        found.add_person(
            known.Person(
                person.reference, person.name, person.mail, person.party.reference, person.work, person.note,
                person.left_on,
            )
        )  # fmt: skip
    for asset in Asset.objects.filter(held_by=keeper).order_by("pk").iterator():
        found.add_asset(known.Asset(asset.reference, asset.name, asset.platform, asset.kind, asset.platform_id))
    lists = Surface.objects.filter(asset__held_by=keeper).order_by("pk")
    for surface in lists.values_list("reference", "asset__reference", "name", "kind"):
        found.add_surface(known.Surface(*surface))
    _add_accesses(found, keeper)
    return found


def _add_parties(found: known.Known, batch: Batch, rows: Sequence[Given]) -> None:
    places = [place for place, field in enumerate(batch.mapping) if field == Field.COMPANY]
    named = {row.cells[place] for row in rows for place in places if place < len(row.cells)}
    names = {" ".join(text.split()) for text in named if text}
    for some in _chunks(sorted(names)):
        for party in Party.objects.filter(name__in=some).order_by("pk"):
            found.add_party(known.Party(party.reference, party.name))


def _add_accesses(found: known.Known, keeper: Party) -> None:
    open_ones = Access.objects.filter(surface__asset__held_by=keeper, ended_at=None)
    for row in open_ones.select_related("surface", "holder", "person", "owner").order_by("pk").iterator():
        found.add_party(known.Party(row.holder.reference, row.holder.name))
        found.add_access(
            known.Access(
                row.reference, row.surface.reference, row.holder.reference, row.person.reference if row.person else "",
                row.role, row.since, row.end, row.until, row.purpose, row.basis,
                row.owner.reference if row.owner else "", row.review_on, row.removal, row.note,
                is_kept_in_step=row.way == Access.Way.AUTHORIZATION,
            )
        )  # fmt: skip


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    left = iter(texts)
    while some := list(islice(left, _CHUNK)):
        yield some
