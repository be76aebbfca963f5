"""A worker at work: it does what is due, is found dead and stood in for, drains, outlives a database that is away."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.authorizations.driver import environment
from tests.desk import Desk
from tests.worker.at_work import results, stop, worked
from valetkey.audit.services import verify
from valetkey.errors import Conflict
from valetkey.findings import services as findings
from valetkey.findings.models import Finding, Sweep
from valetkey.worker import presence, schedule
from valetkey.worker.health import health
from valetkey.worker.models import Due, Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _only_sweeps() -> None:
    """The others are due much later."""
    later = timezone.now() + timedelta(days=1)
    Due.objects.bulk_create(Due(name=name, next_at=later) for name in ("notify", "deliver", "prune"))


def _instead(monkeypatch: pytest.MonkeyPatch, sweep: Any) -> None:
    monkeypatch.setattr(findings, "sweep", sweep)


def test_what_is_due_is_done(committed_desk: Desk) -> None:
    assert worked() == []
    assert results() == {"sweep": ["SUCCESSFUL"]}
    assert Sweep.objects.get().finished_at is not None
    row = Worker.objects.get()
    assert row.stopped_at is not None and (row.pid, row.done, row.failed) == (os.getpid(), 1, 0)


def test_all_tasks_are_done_one_after_the_other(committed_desk: Desk) -> None:
    Due.objects.exclude(name="deliver").delete()
    assert worked(until=3) == []
    assert results() == {name: ["SUCCESSFUL"] for name in ("sweep", "notify", "prune")}


def test_one_that_is_killed_in_a_sweep_is_stood_in_for_by_the_next(committed_desk: Desk) -> None:
    committed_desk.in_use()
    more = {"VALETKEY_SANDBOX_STATE": str(settings.VALETKEY_SANDBOX_STATE)}
    ended = subprocess.run([sys.executable, "-m", "tests.worker.killed"], env=environment() | more, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert results() == {"sweep": ["RUNNING"]}
    Worker.objects.update(seen_at=timezone.now() - presence.LOST_AFTER)  # a minute goes by
    assert worked() == ["A worker was lost while it was to look for findings. It is done again."]
    assert results() == {"sweep": ["FAILED WorkerLost", "SUCCESSFUL"]}
    assert [each.finished_at is not None for each in Sweep.objects.order_by("pk")] == [False, True]
    assert Finding.objects.open().count() == Finding.objects.count() > 0 and verify().holds


def test_the_task_at_hand_is_finished_and_no_other_begun(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    Due.objects.filter(name="notify").delete()
    real = findings.sweep

    def is_asked_to_leave(**given: Any) -> object:
        stop()
        time.sleep(0.3)
        return real(**given)

    _instead(monkeypatch, is_asked_to_leave)
    assert worked(until=9) == []
    assert results() == {"sweep": ["SUCCESSFUL"], "notify": ["READY"]}


@pytest.mark.parametrize("is_impatient", [False, True], ids=["out of time", "Ctrl-C twice"])
def test_a_task_that_takes_too_long_is_broken_off_and_due_at_once(
    committed_desk: Desk, monkeypatch: pytest.MonkeyPatch, is_impatient: bool
) -> None:
    def takes_too_long(**_: object) -> None:
        stop(signal.SIGINT)
        if is_impatient:
            stop(signal.SIGINT)
        time.sleep(60)

    _instead(monkeypatch, takes_too_long)
    assert worked(until=9, drain=60 if is_impatient else 0.2) == ["The worker could not look for findings."]
    assert results() == {"sweep": ["FAILED CutOff"]}
    assert Due.objects.get(name="sweep").next_at <= timezone.now()


def test_a_long_task_does_not_look_like_death(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "BEAT", timedelta(seconds=0.05))
    seen: list[object] = []

    def takes_long(**_: object) -> None:
        begun = time.monotonic()
        while len(seen) < 3 and time.monotonic() - begun < 20:
            row = Worker.objects.get()
            if row.task and row.seen_at not in seen:
                assert row.task == "sweep"
                seen.append(row.seen_at)
            time.sleep(0.02)
        raise Conflict("enough", "That is enough.", "Go on.")

    _instead(monkeypatch, takes_long)
    worked()
    assert len(seen) == 3


def test_a_fault_is_told_without_its_words_and_tried_again(
    committed_desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The text of a foreign exception may quote a code: it is neither printed nor kept."""

    real, tried = findings.sweep, []

    def fails_once(**given: Any) -> object:
        tried.append(given["at"])
        if len(tried) == 1:
            raise ValueError("#AbC+dEf/12345678=")
        return real(**given)

    _instead(monkeypatch, fails_once)
    monkeypatch.setattr(schedule, "AGAIN_AFTER", timedelta(seconds=0))
    assert worked(until=2) == ["The worker could not look for findings, and tries again."]
    kept = DBTaskResult.objects.failed().get()
    assert "AbC" not in kept.traceback and "ValueError at tasks.py" in kept.traceback
    assert "AbC" not in "".join(capfd.readouterr())
    found = health(actor=committed_desk.auditor, at=timezone.now())
    assert found.faults[0].sentence.startswith("ValueError at tasks.py:")
    assert not [each for each in found.troubles if "failed" in each], "the next try has put it right"


def test_a_database_that_is_away_for_a_while_does_not_end_it(
    committed_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite: somebody holds its lock for longer than we wait. PostgreSQL: the connection is cut."""
    presence_of_another = _locked if connection.vendor == "sqlite" else _cut
    real = presence.arrive

    def arrives(**given: Any) -> Worker:
        row = real(**given)
        presence_of_another()
        return row

    monkeypatch.setattr(presence, "arrive", arrives)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], *_SHORT)
    connection.close()
    said = worked()
    connection.close()
    assert said == ["The worker cannot use the database for the moment, and tries again."]
    assert results() == {"sweep": ["SUCCESSFUL"]}


_SHORT = ("timeout", 0.1) if connection.vendor == "sqlite" else ("connect_timeout", 10)


def _locked() -> None:
    holder = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    def let_go() -> None:
        time.sleep(1)
        holder.close()

    Thread(target=let_go).start()


def _cut() -> None:
    """By the server, as when it is restarted; the connection finds out when it is used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
