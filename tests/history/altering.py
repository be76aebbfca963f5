"""Changing the history behind the desk's back: straight in the database, its triggers dropped."""

from __future__ import annotations

from django.db import connection

from valetkey.audit import triggers
from valetkey.audit.entry import digest
from valetkey.audit.models import Entry


def drop_triggers() -> None:
    for name in triggers._SQLITE if connection.vendor == "sqlite" else triggers._POSTGRESQL:
        run(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON audit_entry"))


def run(statement: str, *values: str | int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def alter(seq: int) -> None:
    run("UPDATE audit_entry SET actor_name = %s WHERE seq = %s", "Somebody else", seq)


def delete(seq: int) -> None:
    run("DELETE FROM audit_entry WHERE seq = %s", seq)


def delete_and_move_up(seq: int) -> None:
    """The gap in the numbers closed, the links as they were."""
    delete(seq)
    for later in range(seq + 1, Entry.objects.order_by("-seq")[0].seq + 1):
        run("UPDATE audit_entry SET seq = %s WHERE seq = %s", later - 1, later)


def insert(seq: int) -> None:
    """One line put in, with a digest that fits, and everything after it chained anew: all but the desk's seals."""
    rows = list(Entry.objects.order_by("seq"))
    Entry.objects.filter(seq__gte=seq).delete()
    copy = Entry(**{field.attname: getattr(rows[seq - 2], field.attname) for field in Entry._meta.fields})
    previous = rows[seq - 2].digest
    for number, row in enumerate([copy, *rows[seq - 1 :]], seq):
        row.seq, row.previous = number, previous
        row.digest = previous = digest(row.seq, row.previous, row.draft())
        row.save(force_insert=True)


def insert_clumsily(seq: int) -> None:
    """One line put in between, and nothing else changed but the numbers."""
    middle = Entry.objects.get(seq=seq)
    for later in range(Entry.objects.order_by("-seq")[0].seq, seq - 1, -1):
        run("UPDATE audit_entry SET seq = %s WHERE seq = %s", later + 1, later)
    middle.previous, middle.event = "e" * 64, "invented"
    middle.digest = digest(seq, middle.previous, middle.draft())
    middle.save(force_insert=True)
