"""Keep what the record says of one thing from now on; what it said before stays, with its end. Or say nothing of it any
more, where it was entered by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind, Said

_BATCH: Final = 200


def keep(said: Said, *, at: datetime) -> Version:
    """In the transaction of the change it tells of. Nothing happens where the record says exactly this already.

    Time goes forward: what comes in with an earlier moment than the version before it is known from that moment on.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A version is kept in the transaction of the change it tells of.")
    fields = _fields(said)
    before = Version.objects.now().filter(kind=said.kind.value, reference=said.reference).first()
    if before is not None:
        if all(getattr(before, name) == value for name, value in fields.items()):
            return before
        at = max(at, before.known_from)
        before.known_until = at
        before.save(update_fields=["known_until"])
    return Version.objects.create(kind=said.kind.value, reference=said.reference, known_from=at, **fields)


def unsay(*, kind: Kind, reference: str, at: datetime) -> None:
    """The record says nothing of it from now on: its row was taken back. What it said on past days stays readable.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A version is closed in the transaction of the change it tells of.")
    last = Version.objects.now().filter(kind=kind.value, reference=reference).first()
    if last is not None:
        last.known_until = max(at, last.known_from)
        last.save(update_fields=["known_until"])


def keep_many(saids: Sequence[Said], *, at: datetime) -> None:
    """The same for many of one kind, in a few queries for each batch of them."""
    if not connection.in_atomic_block:
        raise RuntimeError("Versions are kept in the transaction of the change they tell of.")
    for first in range(0, len(saids), _BATCH):
        batch = saids[first : first + _BATCH]
        told = Version.objects.now().filter(kind=batch[0].kind.value, reference__in=[said.reference for said in batch])
        before = {version.reference: version for version in told}
        closed, new = [], []
        for said in batch:
            fields, version, known_from = _fields(said), before.get(said.reference), at
            if version is not None:
                if all(getattr(version, name) == value for name, value in fields.items()):
                    continue
                known_from = version.known_until = max(at, version.known_from)
                closed.append(version)
            new.append(Version(kind=said.kind.value, reference=said.reference, known_from=known_from, **fields))
        Version.objects.bulk_update(closed, ["known_until"])
        Version.objects.bulk_create(new)


def _fields(said: Said) -> dict[str, Any]:
    return {
        "kept_by": said.kept_by,
        "shared_with": said.shared_with,
        "party": said.party,
        "person": said.person,
        "asset": said.asset,
        "surface": said.surface,
        "holds_from": said.holds_from,
        "holds_until": said.holds_until,
        "facts": dict(said.facts),
    }
