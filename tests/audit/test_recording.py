"""Writing to the history: inside the change it tells of, or not at all; in one chain, whoever writes at once."""

from __future__ import annotations

import tracemalloc
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections, transaction

from tests.desk import AT, HOST, Desk
from valetkey.accounts.models import Party
from valetkey.audit import services
from valetkey.audit.entry import Actor, Door, Draft, digest
from valetkey.audit.models import Entry
from valetkey.audit.services import record, verify, writing
from valetkey.secret import Secret
from valetkey.vault import keyring


def note(**given: Any) -> Entry:
    return record(**{"event": "test.happened", "subject": "test", "actor": HOST, "at": AT, **given})


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(committed_desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        note()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_entry(committed_desk: Desk) -> None:
    head = verify().head
    with pytest.raises(ZeroDivisionError), writing():
        Party.objects.create(name="Nobody", kind="brand", created_at=AT)
        note()
        1 / 0  # noqa: B018  # what goes wrong
    assert verify().head == head
    assert not Party.objects.filter(name="Nobody").exists()
    with writing():
        note()
    assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_a_durable_write_refuses_to_be_nested(committed_desk: Desk) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), writing(durable=True):
        note()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "detail", [{"code": Secret("#q7Zr+K/29xW==")}, {"deep": [{"code": Secret("#q7Zr+K/29xW==")}]}, {"share": 0.5}]
)
def test_a_secret_in_a_detail_is_refused_and_nothing_is_written(desk: Desk, detail: dict[str, object]) -> None:
    head = verify().head
    with pytest.raises(TypeError) as refused, transaction.atomic():
        note(detail=detail)
    assert "q7Zr" not in str(refused.value)
    assert verify().head == head


@pytest.mark.django_db
def test_a_moment_without_a_zone_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="zone"):
        note(at=datetime(2026, 11, 2, 9))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"text": 'quoted " \\ \n ✓ 😀 \u2028', "deep": {"b": [1, None, True, {"a": []}], "a": ""}},
        {"platform": "half \ud83d and \0 nothing"},
        {"\0": 10**25, "minus": -(10**25)},
    ],
)
def test_what_is_written_is_what_is_read_back(desk: Desk, detail: dict[str, object]) -> None:
    """A platform's raw text with a NUL in it could not be stored on PostgreSQL, and the verb it told of stayed open."""
    written = note(detail=detail)
    assert Entry.objects.get(pk=written.pk).detail == written.detail
    assert verify().holds


@pytest.mark.django_db
def test_a_name_longer_than_its_column_does_not_stop_the_verb(desk: Desk) -> None:
    written = note(actor=Actor(name="Bo\0" + "o" * 300, door=Door.API, user_id=7))
    assert len(Entry.objects.get(pk=written.pk).actor_name) == 200
    assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_eight_who_write_at_once_leave_one_chain_that_holds(committed_desk: Desk) -> None:
    start, errors = Barrier(8), list[BaseException]()
    before = Entry.objects.count()

    def write(who: int) -> None:
        try:
            start.wait(timeout=20)
            for count in range(6):
                with writing(durable=True):
                    Party.objects.create(name=f"{who} {count}", kind="brand", created_at=AT)
                    note(subject=f"writer {who}", detail={"count": count})
                    if count == 3:
                        note(subject=f"writer {who}", detail={"again": count})
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    verdict = verify()
    assert verdict.holds and verdict.entries == before + 8 * 7
    for who in range(8):
        own = Entry.objects.filter(subject=f"writer {who}", detail__has_key="count").order_by("seq")
        assert [entry.detail["count"] for entry in own] == list(range(6))


@pytest.mark.django_db(transaction=True)
def test_whoever_verifies_keeps_nobody_from_writing(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifying held SQLite's write lock for as long as it read; a long history kept every writer out meanwhile."""
    real, wrote = services._fault, list[int]()

    def write() -> None:
        with writing(durable=True):
            wrote.append(note().seq)
        connections.close_all()

    def fault(entry: Entry | None, expected: int, previous: str) -> str:
        if not wrote:
            writer = Thread(target=write)
            writer.start()
            writer.join(timeout=5)
            assert wrote, "the writer waited"
        return real(entry, expected, previous)

    before = Entry.objects.count()
    monkeypatch.setattr(services, "_fault", fault)
    assert verify().holds
    assert wrote == [before + 1]


def grow(count: int) -> None:
    """Lines in bulk, chained and sealed as `record` does it."""
    seq, previous = Entry.objects.order_by("-seq").values_list("seq", "digest")[0]
    entries = []
    for _ in range(count):
        seq += 1
        draft = Draft(at=AT, event="test.happened", actor=HOST, subject="test", detail={"text": "x" * 200})
        own = digest(seq, previous, draft)
        entries.append(
            Entry(
                seq=seq, at=AT, event=draft.event, actor_name=HOST.name, door=HOST.door.value, subject="test",
                detail=draft.detail, previous=previous, digest=own, seal=keyring().seal(own),
            )
        )  # fmt: skip
        previous = own
    Entry.objects.bulk_create(entries, batch_size=1000)


@pytest.mark.django_db
def test_verifying_reads_once_and_keeps_little_in_memory(desk: Desk, django_assert_num_queries: Any) -> None:
    def peak() -> int:
        tracemalloc.start()
        with django_assert_num_queries(1):
            assert verify().holds
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    grow(1500)
    short = peak()
    grow(3000)
    assert peak() < short * 1.3, "three times the lines, the same memory"
