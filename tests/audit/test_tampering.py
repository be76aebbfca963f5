"""Somebody who holds the database and drops its triggers, but not the key: whatever they change is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection

from tests.desk import AT, HOST
from valetkey.audit import triggers
from valetkey.audit.entry import Actor, Door, digest
from valetkey.audit.models import Entry
from valetkey.audit.services import record, verify, writing
from valetkey.vault import Keyring, keyring, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(db: None) -> Iterator[int]:
    """A history without its triggers, and the number of its lines. The test's own transaction puts them back."""
    with writing():
        for count in range(12):
            actor = Actor(name="Bo", door=Door.CLI, user_id=12)
            record(event="test.happened", subject="test", actor=actor, at=AT, detail={"count": count})
    assert verify().holds
    for name in triggers._SQLITE if connection.vendor == "sqlite" else triggers._POSTGRESQL:
        run(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON audit_entry"))
    yield Entry.objects.count()


def run(statement: str, *values: str | int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rewrite(first: int, forger: Keyring | None = None) -> None:
    """Chain everything from `first` on again, as somebody without the desk's key can."""
    rows = list(Entry.objects.order_by("seq"))
    previous = rows[first - 2].digest if first > 1 else "0" * 64
    Entry.objects.filter(seq__gte=first).delete()
    for seq, row in enumerate(rows[first - 1 :], first):
        row.seq, row.previous = seq, previous
        row.digest = previous = digest(seq, row.previous, row.draft())
        if forger:
            row.seal = forger.seal(row.digest)
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-11-01 09:00:00+00:00"),
        ("event", "other"),
        ("actor_name", "Somebody else"),
        ("user_id", 999),
        ("user_id", None),
        ("door", "web"),
        ("door", "window"),
        ("subject", "authorization OTHER"),
        ("detail", "{}"),
        ("detail", '{"count": 7}'),
        ("detail", '["count"]'),
        ("digest", "f" * 64),
    ],
)
def test_an_altered_field_is_found(history: int, column: str, value: str | int | None) -> None:
    run(f"UPDATE audit_entry SET {column} = %s WHERE seq = %s", value, history - 2)  # noqa: S608  # our own names
    verdict = verify()
    assert verdict.fault == f"Entry {history - 2} was altered after it was written."
    assert verdict.entries == history - 3


def test_an_altered_link_is_found(history: int) -> None:
    run("UPDATE audit_entry SET previous = %s WHERE seq = %s", "f" * 64, history - 2)
    assert verify().fault == f"Entry {history - 2} does not follow the entry before it."


@pytest.mark.parametrize("seal", ["", "f" * 64, "ä"])
def test_an_altered_seal_is_found(history: int, seal: str) -> None:
    run("UPDATE audit_entry SET seal = %s WHERE seq = %s", seal, history - 2)
    assert verify().fault.startswith(f"Entry {history - 2} was not written by this desk")


def test_an_altered_number_is_found(history: int) -> None:
    run("UPDATE audit_entry SET seq = 1000 WHERE seq = %s", history - 2)
    assert verify().fault == f"Entry {history - 2} is missing."


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps only moments in a column of moments")
@pytest.mark.parametrize("moment", ["not a moment", "2026-13-45 99:00:00", "7"])
@pytest.mark.parametrize("back", [2, 4])
def test_a_moment_that_is_none_is_found(history: int, moment: str, back: int) -> None:
    run("UPDATE audit_entry SET at = %s WHERE seq = %s", moment, history - back)
    verdict = verify()
    assert verdict.fault.startswith(f"Entry {history - back} was altered")
    assert verdict.entries == history - back - 1


@pytest.mark.parametrize("gone", [1, 2, -3])
def test_a_removed_line_is_found(history: int, gone: int) -> None:
    seq = gone if gone > 0 else history + gone
    run("DELETE FROM audit_entry WHERE seq = %s", seq)
    assert verify().fault == f"Entry {seq} is missing."


def test_a_removed_line_is_found_when_the_rest_moves_up(history: int) -> None:
    run("DELETE FROM audit_entry WHERE seq = %s", history - 2)
    for seq in (history - 1, history):
        run("UPDATE audit_entry SET seq = %s WHERE seq = %s", seq - 1, seq)
    assert verify().fault == f"Entry {history - 2} does not follow the entry before it."


def test_a_removed_end_is_found_by_who_noted_the_head(history: int) -> None:
    noted = verify().head
    assert verify(known_head=noted).holds
    run("DELETE FROM audit_entry WHERE seq > %s", history - 2)
    assert verify().holds, "nothing in what is left tells it"
    assert "The head you noted is not in this history" in verify(known_head=noted).fault


def test_an_emptied_history_is_found_by_who_noted_the_head(history: int) -> None:
    noted = verify().head
    run("DELETE FROM audit_entry")
    assert not verify(known_head=noted).holds


def test_a_noted_head_is_still_in_a_longer_history(history: int) -> None:
    noted = verify().head
    with writing():
        record(event="test.happened", subject="test", actor=HOST, at=AT)
    assert verify(known_head=noted).holds and verify(known_head=noted).head != noted


def test_two_lines_in_another_order_are_found(history: int) -> None:
    for old, new in ((history - 2, 5000), (history - 1, history - 2), (5000, history - 1)):
        run("UPDATE audit_entry SET seq = %s WHERE seq = %s", new, old)
    assert verify().fault == f"Entry {history - 2} does not follow the entry before it."


def test_an_inserted_line_is_found(history: int) -> None:
    middle = Entry.objects.get(seq=history - 2)
    for seq in range(history, history - 2, -1):
        run("UPDATE audit_entry SET seq = %s WHERE seq = %s", seq + 1, seq)
    own = digest(history - 1, middle.digest, replace(middle.draft(), event="invented"))
    run("UPDATE audit_entry SET previous = %s WHERE seq = %s", own, history)
    middle.seq, middle.previous, middle.event, middle.digest = history - 1, middle.digest, "invented", own
    middle.save(force_insert=True)
    assert verify().fault.startswith(f"Entry {history - 1} was not written by this desk")


@pytest.mark.parametrize("with_a_key_of_their_own", [True, False])
def test_a_history_chained_again_without_the_key_is_found(history: int, with_a_key_of_their_own: bool) -> None:
    run("UPDATE audit_entry SET actor_name = 'Somebody else' WHERE seq = %s", history - 2)
    rewrite(history - 2, Keyring([new_key()]) if with_a_key_of_their_own else None)
    verdict = verify()
    assert verdict.fault == f"Entry {history - 2} was not written by this desk, or its key is missing."


def test_chained_again_with_the_key_it_holds_which_is_why_the_key_is_kept_elsewhere(history: int) -> None:
    """The limit of it, said: who has the database and the key can write any history. A noted head still tells."""
    noted = verify().head
    run("UPDATE audit_entry SET actor_name = 'Somebody else' WHERE seq = %s", history - 2)
    rewrite(history - 2, keyring())
    assert verify().holds
    assert not verify(known_head=noted).holds


def test_an_invented_last_line_is_found(history: int) -> None:
    last = Entry.objects.order_by("-seq")[0]
    last.previous, last.seq = last.digest, history + 1
    last.digest = digest(last.seq, last.previous, last.draft())
    last.save(force_insert=True)
    assert verify().fault.startswith(f"Entry {history + 1} was not written by this desk")
