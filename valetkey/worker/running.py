"""A worker at work: it enqueues what is due, does what waits, says that it lives, and leaves when it is asked to.

A task that is being done is finished first, unless that takes too long: then it is broken off, and its work is done by
the next run. A database that is locked or away for a while makes it wait, and does not end it.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from types import FrameType
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_tasks.signals import task_finished, task_started
from django_tasks_db.management.commands.db_worker import Worker as Engine
from django_tasks_db.models import DBTaskResult

from valetkey.worker import presence, schedule

POLL: Final = 1.0
"""Seconds between two looks at what waits."""
_LONGEST_PAUSE: Final = 30.0
_AT_ONCE: Final = 0.001
_STOPS: Final = (signal.SIGINT, signal.SIGTERM)

Tell = Callable[[str], None]


class CutOff(BaseException):
    """Raised inside a task that is not done in time when the worker has to leave."""


def work(*, drain: float, tell: Tell, leash: int | None = None) -> None:
    """In the main thread, until SIGTERM or SIGINT; then for `drain` seconds at most, and not at all at a second SIGINT.

    `leash`: a file that is closed when whoever started this worker is gone. `tell` gets a sentence where something is
    not as it should be. Raises what the database raises when it cannot be used at all from the start.
    """
    worker = _Worker(drain, tell, leash)
    with worker.listening():
        worker.run()


class _Worker:
    def __init__(self, drain: float, tell: Tell, leash: int | None) -> None:
        self._drain, self._tell = drain, tell
        self._heard, self._wake = os.pipe()
        self._ears = [self._heard] if leash is None else [self._heard, leash]
        self._is_leaving = self._is_cut_off = False
        self._task = ""
        self._done = self._failed = 0
        self._engine: Any = None
        self._looked_for_lost = float("-inf")

    def run(self) -> None:
        self._row = presence.arrive(at=timezone.now())
        self._engine = Engine(
            queue_names=["*"], excluded_queue_names=[], interval=POLL, batch=True, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=self._row.name,
        )  # fmt: skip
        if self._is_leaving:
            self._engine.running = False
        try:
            with self._signs_of_life(), suppress(CutOff):
                self._until_asked_to_leave()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            with suppress(OperationalError, InterfaceError):
                presence.leave(worker=self._row, done=self._done, failed=self._failed, at=timezone.now())
                schedule.settle_lost(at=timezone.now(), idle=self._row.name)

    def _until_asked_to_leave(self) -> None:
        pause = POLL
        while not self._is_leaving:
            try:
                self._turn()
                pause = POLL
            except (OperationalError, InterfaceError):
                # Locked for long, or away. What it was at is settled as lost when the database is back.
                connection.close()
                self._looked_for_lost = float("-inf")
                if pause == POLL:
                    self._tell("The worker cannot use the database for the moment, and tries again.")
                pause = min(2 * pause, _LONGEST_PAUSE)
            self._rest(pause)

    def _turn(self) -> None:
        if time.monotonic() - self._looked_for_lost > presence.BEAT.total_seconds():
            for name in schedule.settle_lost(at=timezone.now(), idle=self._row.name):
                self._tell(f"A worker was lost while it was to {_says(name)}. It is done again.")
            self._looked_for_lost = time.monotonic()
        schedule.enqueue_due(at=timezone.now())
        # Asked first without the lock that the engine takes on SQLite.
        if not self._is_leaving and DBTaskResult.objects.ready().exists():
            self._engine.run()

    def _rest(self, seconds: float) -> None:
        """Until then, or until a signal comes, or the leash is cut."""
        heard, _, _ = select.select(self._ears, [], [], seconds)
        if set(heard) - {self._heard}:
            self._leave_soon()

    @contextmanager
    def listening(self) -> Iterator[None]:
        before = {each: signal.signal(each, self._asked) for each in _STOPS}
        before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._cut_off)
        task_started.connect(self._on_started)
        task_finished.connect(self._on_finished)
        try:
            yield
        finally:
            task_started.disconnect(self._on_started)
            task_finished.disconnect(self._on_finished)
            for each, handler in before.items():
                signal.signal(each, handler)
            os.close(self._heard)
            os.close(self._wake)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        is_impatient = self._is_leaving and number == signal.SIGINT
        self._leave_soon()
        os.write(self._wake, b".")
        if is_impatient:
            signal.setitimer(signal.ITIMER_REAL, _AT_ONCE)

    def _leave_soon(self) -> None:
        if self._is_leaving:
            return
        self._is_leaving = True
        if self._engine is not None:
            self._engine.running = False
        signal.setitimer(signal.ITIMER_REAL, self._drain)

    def _cut_off(self, number: int, frame: FrameType | None) -> None:
        if not self._is_cut_off:
            self._is_cut_off = True
            raise CutOff

    @contextmanager
    def _signs_of_life(self) -> Iterator[None]:
        """From a thread of its own, so that a long task does not look like death."""
        is_over = Event()
        thread = Thread(target=self._sign, args=(is_over,), name="signs-of-life", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join(presence.BEAT.total_seconds())

    def _sign(self, is_over: Event) -> None:
        while not is_over.wait(presence.BEAT.total_seconds()):
            with suppress(OperationalError, InterfaceError):  # the next one gets through
                presence.sign(
                    worker=self._row, task=self._task, done=self._done, failed=self._failed, at=timezone.now()
                )
            connection.close()  # this thread's own

    def _on_started(self, *, task_result: Any, **_: object) -> None:
        self._task = schedule.task_name(task_result.task.module_path)

    def _on_finished(self, *, task_result: Any, **_: object) -> None:
        name, self._task = schedule.task_name(task_result.task.module_path), ""
        if str(task_result.status) == "SUCCESSFUL":
            self._done += 1
            return
        self._failed += 1
        schedule.again(name=name, at=self._next_try(timezone.now()))
        self._tell(f"The worker could not {_says(name)}{'' if self._is_leaving else ', and tries again'}.")

    def _next_try(self, at: datetime) -> datetime:
        """What was broken off because the worker leaves is no fault, and needs no pause."""
        return at + (timedelta(0) if self._is_leaving else schedule.AGAIN_AFTER)


def _says(name: str) -> str:
    repeated = schedule.REPEATED.get(name)
    return repeated.says if repeated else f"do “{name}”"
