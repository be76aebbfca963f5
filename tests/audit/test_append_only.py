"""The history is append-only in the database itself: whoever holds a connection can add, and can change nothing."""
# ruff: noqa: S608  # the statements are written out here, from our own names

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from tests.desk import AT, HOST
from valetkey.audit.models import Entry
from valetkey.audit.services import record, verify, writing

pytestmark = pytest.mark.django_db

COLUMNS = "seq, at, event, actor_name, user_id, door, subject, detail, previous, digest, seal"
ON_SQLITE = [
    f"INSERT OR REPLACE INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry WHERE seq = 2",
    f"REPLACE INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry",
    f"INSERT OR REPLACE INTO audit_entry ({COLUMNS}) SELECT {COLUMNS.replace('seq', '999', 1)} FROM audit_entry"
    " WHERE seq = 2",
    "UPDATE OR REPLACE audit_entry SET seq = 1 WHERE seq = 2",
    f"INSERT INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET event = 'other'",
]
ON_POSTGRESQL = [
    "TRUNCATE audit_entry",
    "TRUNCATE audit_entry CASCADE",
    f"INSERT INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET event = 'other'",
    "MERGE INTO audit_entry USING (SELECT 2 AS seq) AS other ON audit_entry.seq = other.seq WHEN MATCHED THEN DELETE",
]


@pytest.fixture
def history(db: None) -> None:
    with writing():
        for count in range(8):
            record(event="test.happened", subject="test", actor=HOST, at=AT, detail={"count": count})


def lines() -> list[tuple[object, ...]]:
    return list(Entry.objects.values_list())


def refused(write: Callable[[], object]) -> None:
    before = lines()
    assert len(before) > 5
    with pytest.raises(DatabaseError), transaction.atomic():
        write()
    assert lines() == before
    assert verify().holds


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def touched() -> Entry:
    entry = Entry.objects.order_by("seq")[1]
    entry.event = "other"
    return entry


@pytest.mark.parametrize(
    "write",
    [
        lambda: Entry.objects.update(event="other"),
        lambda: Entry.objects.update(seq=F("seq") + 1000),
        lambda: Entry.objects.filter(seq=2).update(detail={}),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.filter(seq=2).delete(),
        lambda: Entry.objects.all()._raw_delete("default"),
        lambda: Entry.objects.order_by("-seq")[0].delete(),
        lambda: touched().save(),
        lambda: Entry.objects.bulk_update([touched()], ["event"]),
        lambda: Entry.objects.bulk_create(
            [touched()], update_conflicts=True, update_fields=["event"], unique_fields=["seq"]
        ),
        lambda: Entry.objects.update_or_create(seq=2, defaults={"event": "other"}),
    ],
)
def test_the_orm_changes_and_removes_nothing(history: None, write: Callable[[], object]) -> None:
    refused(write)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET event = 'other'",
        "UPDATE audit_entry SET seal = seal WHERE seq = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)",
        *(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL),
    ],
)
def test_nor_does_any_statement(history: None, statement: str) -> None:
    refused(lambda: run(statement))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a pragma of SQLite")
@pytest.mark.parametrize("statement", ON_SQLITE[:3])
def test_nor_over_a_connection_that_does_not_know_our_pragmas(history: None, statement: str) -> None:
    """INSERT OR REPLACE deletes without a delete trigger unless recursive triggers are on, and a shell has them off."""
    run("PRAGMA recursive_triggers = OFF")
    try:
        refused(lambda: run(statement))
    finally:
        run("PRAGMA recursive_triggers = ON")


def test_two_entries_never_follow_the_same_one(history: None) -> None:
    fork = Entry.objects.order_by("seq")[3]
    fork.seq = 1000
    refused(lambda: Entry.objects.bulk_create([fork]))


def test_adding_is_what_remains(history: None) -> None:
    count = len(lines())
    with writing():
        record(event="test.happened", subject="test", actor=HOST, at=AT)
    assert len(lines()) == count + 1 and verify().holds
