"""Add a line to the history; verify the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from valetkey.audit.entry import FIRST_DIGEST, Actor, Draft, digest, plain, text
from valetkey.audit.models import Entry
from valetkey.vault import keyring

# One number, known to nobody else: the lock that orders writers of the chain on PostgreSQL.
_CHAIN_LOCK = 0x56414C45544B4559  # "VALETKEY"
_LONGEST_NAME: Final = 200
_CHUNK: Final = 500
_UNREADABLE: Final = (ValueError, TypeError, AttributeError)


def record(
    *, event: str, subject: str, actor: Actor, at: datetime, detail: Mapping[str, object] | None = None
) -> Entry:
    """Write one entry inside the caller's transaction, so that a change and its line are kept or lost together.

    Raises TypeError when `detail` is not plain JSON (a `Secret` never is), ValueError when `at` has no zone,
    RuntimeError outside a transaction.
    """
    return record_many([Draft(at=at, event=event, actor=actor, subject=subject, detail=detail or {})])[0]


def record_many(drafts: Iterable[Draft]) -> list[Entry]:
    """The same for several entries at once, in their order, in two queries."""
    if not connection.in_atomic_block:
        raise RuntimeError("An entry is written in the transaction of the change it tells of.")
    last = Entry.objects.order_by("-seq").values_list("seq", "digest").first()
    seq, previous = last or (0, FIRST_DIGEST)
    entries = []
    for draft in drafts:
        entries.append(_entry(seq + 1, previous, draft))
        seq, previous = entries[-1].seq, entries[-1].digest
    return Entry.objects.bulk_create(entries)


def _entry(seq: int, previous: str, draft: Draft) -> Entry:
    if draft.at.utcoffset() is None:
        raise ValueError("An entry's moment has a zone.")
    # What is digested must be what the database will give back, and a name too long must not stop the verb it tells of.
    actor = replace(draft.actor, name=text(draft.actor.name)[:_LONGEST_NAME])
    kept = {text(name): plain(value) for name, value in draft.detail.items()}
    own = digest(seq, previous, replace(draft, actor=actor, detail=kept))
    return Entry(
        seq=seq,
        at=draft.at,
        event=draft.event,
        actor_name=actor.name,
        user_id=actor.user_id,
        door=actor.door.value,
        subject=draft.subject,
        detail=kept,
        previous=previous,
        digest=own,
        seal=keyring().seal(own),
    )


@contextmanager
def writing(*, durable: bool = False) -> Iterator[None]:
    """A transaction that changes the record and tells the history of it. Every service writes inside one.

    One at a time: the chain needs an order, and two transactions that read the same last digest could not both be kept.
    SQLite has one writer anyway (BEGIN IMMEDIATE); PostgreSQL gets the same from an advisory lock, taken first so that
    nobody waits for it while holding a row. `durable` refuses to be nested: after the block, it is on disk.
    """
    with transaction.atomic(durable=durable):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        yield


@dataclass(frozen=True)
class Verdict:
    """`entries` read; `head` the last digest; `fault` names the first line that does not hold, "" when all do."""

    entries: int
    head: str
    fault: str

    @property
    def holds(self) -> bool:
        return not self.fault


def verify(*, known_head: str = "") -> Verdict:
    """Read the whole history in order and check numbers, links, digests and seals.

    `known_head`: a digest noted earlier. It must still be in the chain, which proves that nothing was cut off after it.
    """
    previous, expected, seen_known = FIRST_DIGEST, 1, not known_head
    for entry in entries():
        fault = _fault(entry, expected, previous)
        if fault:
            return Verdict(expected - 1, previous, fault)
        previous, expected = entry.digest if entry else "", expected + 1
        seen_known = seen_known or previous == known_head
    fault = "" if seen_known else "The head you noted is not in this history: entries were removed or replaced."
    return Verdict(expected - 1, previous, fault)


def entries(*, first: int = 1) -> Iterator[Entry | None]:
    """Every entry from that number on, in order; None where one cannot be read as what it was, and then no more than
    what its chunk holds.

    One query is one snapshot. No transaction around it: on SQLite that would keep every writer out for as long.
    """
    last = first - 1
    try:
        for entry in Entry.objects.filter(seq__gte=first).order_by("seq").iterator(chunk_size=_CHUNK):
            yield entry
            last = entry.seq
    except _UNREADABLE:
        # SQLite keeps any text anywhere, and its driver gives up on the whole chunk.
        for seq in range(last + 1, last + 1 + _CHUNK):
            yield _line(seq)


def _line(seq: int) -> Entry | None:
    try:
        return Entry.objects.filter(seq=seq).first()
    except _UNREADABLE:
        return None


def _fault(entry: Entry | None, expected: int, previous: str) -> str:
    if entry is None:
        return f"Entry {expected} was altered: it cannot be read any more."
    if entry.seq != expected:
        return f"Entry {expected} is missing."
    if entry.previous != previous:
        return f"Entry {entry.seq} does not follow the entry before it."
    try:
        own = digest(entry.seq, entry.previous, entry.draft())
    except _UNREADABLE:
        own = ""  # a door there is none of, a text that is no text: nothing this desk has written
    if own != entry.digest:
        return f"Entry {entry.seq} was altered after it was written."
    if not keyring().seal_holds(own, str(entry.seal)):
        return f"Entry {entry.seq} was not written by this desk, or its key is missing."
    return ""
