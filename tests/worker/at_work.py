"""What the tests of a worker share: one that works in this very process until it is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from valetkey.worker.running import work
from valetkey.worker.schedule import task_name


def worked(*, until: int = 1, drain: float = 20) -> list[str]:
    """Its sentences. `until`: so many tasks are done or have failed."""
    said: list[str] = []
    with _stopping_after(until):
        work(drain=drain, tell=said.append)
    return said


@contextmanager
def _stopping_after(number: int) -> Iterator[None]:
    ended: list[object] = []

    def count(*, task_result: Any, **_: object) -> None:
        ended.append(task_result)
        if len(ended) == number:
            stop()

    task_finished.connect(count)
    try:
        yield
    finally:
        task_finished.disconnect(count)


def stop(how: signal.Signals = signal.SIGTERM) -> None:
    os.kill(os.getpid(), how)


def results() -> dict[str, list[str]]:
    """Task → how each of its runs ended, the oldest first."""
    found: dict[str, list[str]] = {}
    for row in DBTaskResult.objects.order_by("enqueued_at"):
        ending = f"{row.status} {task_name(row.exception_class_path)}".strip()
        found.setdefault(task_name(row.task_path), []).append(ending)
    return found
