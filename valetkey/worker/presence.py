"""Which workers are there: a row for each, with its signs of life. What a dead one was at is schedule's to settle.

These rows are no part of the record: they are written outside of the history and its lock, so that a worker can say
that it lives while a long change is written.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from valetkey.worker.models import Worker

BEAT: Final = timedelta(seconds=10)
"""Between two signs of life."""
LOST_AFTER: Final = timedelta(minutes=1)
"""Longer than SQLite lets somebody wait for its lock (settings: 20 seconds), twice over."""
_FORGOTTEN_AFTER: Final = timedelta(days=7)
_LONGEST_NAME: Final = 40


def arrive(*, at: datetime) -> Worker:
    host, pid = socket.gethostname(), os.getpid()
    name = f"{host[:_LONGEST_NAME]}-{pid}-{secrets.token_hex(4)}"
    return Worker.objects.create(name=name, host=host[:200], pid=pid, started_at=at, seen_at=at)


def sign(*, worker: Worker, task: str, done: int, failed: int, at: datetime) -> None:
    """A sign of life, and what it is at."""
    Worker.objects.filter(pk=worker.pk).update(seen_at=at, task=task, done=done, failed=failed)


def leave(*, worker: Worker, done: int, failed: int, at: datetime) -> None:
    Worker.objects.filter(pk=worker.pk).update(seen_at=at, stopped_at=at, task="", done=done, failed=failed)


def alive(*, at: datetime) -> QuerySet[Worker]:
    """Those that gave a sign not long ago and did not say goodbye."""
    return Worker.objects.filter(stopped_at=None, seen_at__gt=at - LOST_AFTER).order_by("started_at", "pk")


def forget(*, at: datetime) -> int:
    """The rows of those that have not been seen for days."""
    forgotten, _ = Worker.objects.filter(seen_at__lte=at - _FORGOTTEN_AFTER).delete()
    return forgotten
