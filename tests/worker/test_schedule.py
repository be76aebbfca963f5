"""What is due is enqueued by one worker, once, and not while the same waits; what a dead one was at is done again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from tests.desk import AT, Desk
from valetkey.notices.models import Endpoint
from valetkey.worker import presence, tasks
from valetkey.worker.models import Due, Worker
from valetkey.worker.schedule import AGAIN_AFTER, REPEATED, again, enqueue_due, settle_lost

WITHOUT_WEBHOOKS = ["sweep", "notify", "prune"]


def waiting() -> list[str]:
    return sorted(path.rpartition(".")[2] for path in DBTaskResult.objects.values_list("task_path", flat=True))


def at_work(result: DBTaskResult[..., Any], name: str) -> None:
    result.claim(name)


def worker(name: str, *, seen_ago: float = 0, has_left: bool = False) -> Worker:
    seen_at = AT - timedelta(seconds=seen_ago)
    return Worker.objects.create(
        name=name, host="here", pid=1, started_at=seen_at, seen_at=seen_at, stopped_at=seen_at if has_left else None
    )


@pytest.mark.django_db
def test_on_a_new_desk_everything_is_due_but_what_nobody_needs() -> None:
    assert enqueue_due(at=AT) == WITHOUT_WEBHOOKS
    assert waiting() == sorted(WITHOUT_WEBHOOKS)
    assert enqueue_due(at=AT) == []


def test_webhooks_are_called_where_there_is_one(desk: Desk) -> None:
    enqueue_due(at=AT)
    endpoint = Endpoint.objects.create(party=desk.creator, url="https://example.org/", created_at=AT)
    assert enqueue_due(at=AT) == ["deliver"]
    Endpoint.objects.filter(pk=endpoint.pk).update(ended_at=AT)
    DBTaskResult.objects.all().delete()
    assert "deliver" not in enqueue_due(at=AT + timedelta(days=2))


@pytest.mark.django_db
def test_what_was_missed_is_done_once() -> None:
    enqueue_due(at=AT)
    DBTaskResult.objects.all().delete()
    later = AT + timedelta(days=9, minutes=1)
    assert enqueue_due(at=later) == WITHOUT_WEBHOOKS
    assert Due.objects.get(name="sweep").next_at == later + REPEATED["sweep"].every
    assert enqueue_due(at=later) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_running", [False, True])
def test_nothing_is_enqueued_while_the_same_waits_or_is_being_done(is_running: bool) -> None:
    enqueue_due(at=AT)
    if is_running:
        at_work(DBTaskResult.objects.get(task_path=tasks.sweep.module_path), "somebody")
    assert enqueue_due(at=AT + timedelta(hours=2)) == []
    assert waiting() == sorted(WITHOUT_WEBHOOKS)


@pytest.mark.django_db
def test_a_run_begins_at_its_very_instant() -> None:
    enqueue_due(at=AT)
    DBTaskResult.objects.all().delete()
    due = AT + REPEATED["notify"].every
    assert enqueue_due(at=due - timedelta(microseconds=1)) == []
    assert enqueue_due(at=due) == ["notify"]


@pytest.mark.django_db
def test_after_a_fault_it_is_due_sooner_and_never_later() -> None:
    enqueue_due(at=AT)
    again(name="sweep", at=AT + AGAIN_AFTER)
    again(name="sweep", at=AT + timedelta(days=1))
    assert Due.objects.get(name="sweep").next_at == AT + AGAIN_AFTER


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_enqueues() -> None:
    together = Barrier(4)

    def ask(number: int) -> list[str]:
        try:
            found = []
            for hour in range(5):
                together.wait(30)
                found += enqueue_due(at=AT + timedelta(hours=hour))
                together.wait(30)
                if number == 0:
                    DBTaskResult.objects.all().delete()
            return found
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [name for names in pool.map(ask, range(4)) for name in names]
    assert sorted(found) == sorted(["sweep"] * 5 + ["notify"] * 5 + ["prune"])


@pytest.fixture
def running(db: None) -> Iterator[DBTaskResult[..., Any]]:
    enqueue_due(at=AT)
    yield DBTaskResult.objects.get(task_path=tasks.sweep.module_path)


@pytest.mark.parametrize("state", ["left", "silent", "unknown"])
def test_what_a_dead_worker_was_at_is_due_again_at_once(running: DBTaskResult[..., Any], state: str) -> None:
    if state != "unknown":
        worker("gone", seen_ago=presence.LOST_AFTER.total_seconds(), has_left=state == "left")
    at_work(running, "gone")
    assert settle_lost(at=AT) == ["sweep"] and settle_lost(at=AT) == []
    running.refresh_from_db()
    assert (running.status, running.finished_at) == ("FAILED", AT)
    assert running.exception_class_path.endswith(".WorkerLost") and running.task_result.errors[0].exception_class
    assert enqueue_due(at=AT) == ["sweep"]


def test_what_a_living_worker_is_at_is_left_alone(running: DBTaskResult[..., Any]) -> None:
    worker("alive", seen_ago=presence.LOST_AFTER.total_seconds() - 1)
    at_work(running, "alive")
    assert settle_lost(at=AT) == []
    assert settle_lost(at=AT, idle="alive") == ["sweep"], "unless it knows that it is not at it"


@pytest.mark.django_db
def test_rows_of_workers_that_were_not_seen_for_a_week_go() -> None:
    worker("old", seen_ago=7 * 86_400)
    worker("new", seen_ago=6 * 86_400)
    assert presence.forget(at=AT) == 1
    assert list(Worker.objects.values_list("name", flat=True)) == ["new"]
