"""What the tasks themselves do, and what is cleared away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.desk import HOST, Desk
from valetkey.audit.models import Entry
from valetkey.errors import Conflict
from valetkey.findings import services as findings
from valetkey.findings.models import Finding, Sweep
from valetkey.notices import services as notices
from valetkey.notices.models import Notice
from valetkey.worker import tasks


def _now_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: desk.at)


def test_a_sweep_and_then_the_notices(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _now_is(desk, monkeypatch)
    desk.in_use()
    desk.later(days=21)
    swept = tasks.sweep.call()
    assert swept["opened"] == Finding.objects.open().count() > 0
    entry = Entry.objects.get(event="sweep.done")
    assert (entry.actor_name, entry.door, entry.user_id) == ("the desk", "worker", None)
    assert tasks.sweep.call()["opened"] == 0
    assert tasks.notify.call()["planned"] == Notice.objects.count() > 0
    assert tasks.notify.call()["planned"] == 0, "nobody is told twice"
    assert tasks.deliver.call() == {"collected": 0, "delivered": 0, "faults": 0, "dead": 0}, "nobody wants to hear"


def test_what_goes_out_goes_by_the_clock_of_that_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying out may take minutes: claims of an hour ago would be over, and receivers refuse what was signed then."""
    _now_is(desk, monkeypatch)
    begun, sent_at = desk.at, list[datetime]()

    def takes_long(*, at: datetime) -> int:
        desk.later(hours=1)
        return 0

    def deliver(*, at: datetime) -> notices.Delivered:
        sent_at.append(at)
        return notices.Delivered()

    def send(*, at: datetime) -> notices.Sent:
        sent_at.append(at)
        return notices.Sent()

    for name, stand_in in (
        ("collect_deliveries", takes_long), ("plan_notices", takes_long), ("deliver", deliver), ("send_digests", send),
    ):  # fmt: skip
        monkeypatch.setattr(notices, name, stand_in)
    tasks.deliver.call()
    tasks.notify.call()
    assert sent_at == [begun + timedelta(hours=1), begun + timedelta(hours=2)]


def test_a_refusal_keeps_its_own_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**_: object) -> None:
        raise Conflict("busy", "Somebody else is at it.", "Wait.")

    monkeypatch.setattr(findings, "sweep", refuses)
    with pytest.raises(tasks.TaskFailed, match=r"^Somebody else is at it\.$"):
        tasks.sweep.call()


@pytest.mark.django_db
def test_results_of_tasks_go_and_what_they_did_stays(desk: Desk) -> None:
    now = timezone.now()
    findings.sweep(actor=HOST, at=now, look=False)
    Sweep.objects.create(at=now - timedelta(days=91), started_at=now - timedelta(days=91))
    Sweep.objects.create(at=now - timedelta(days=89), started_at=now - timedelta(days=89))
    for status, ago in (("SUCCESSFUL", 2), ("SUCCESSFUL", 0), ("FAILED", 29), ("FAILED", 31), ("READY", 40)):
        result(status, now - timedelta(days=ago))
    before = Entry.objects.count()
    assert tasks.prune.call() == {"tasks": 2, "workers": 0, "sweeps": 1, "deliveries": 0}
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY", "SUCCESSFUL"]
    assert Entry.objects.count() == before
    assert tasks.prune.call() == {"tasks": 0, "workers": 0, "sweeps": 0, "deliveries": 0}


def result(
    status: str, at: datetime, *, task: str = "sweep", kind: str = "", words: str = ""
) -> DBTaskResult[..., Any]:
    """As the engine leaves one behind."""
    row: DBTaskResult[..., Any] = DBTaskResult.objects.create(
        status=status, task_path=f"valetkey.worker.tasks.{task}", args_kwargs={"args": [], "kwargs": {}},
        backend_name="default", run_after=at, finished_at=None if status == "READY" else at,
        exception_class_path=kind, traceback=words,
    )  # fmt: skip
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=at)
    return row
