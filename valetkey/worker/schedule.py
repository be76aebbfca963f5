"""What is repeated, and how often; and what becomes of a task whose worker died.

Any number of workers ask at once, and each run is enqueued by one of them: by whoever moves its `Due` on. Runs that
were missed while no worker was there are not made up for: the next one does all that is to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from valetkey.notices.models import Delivery, Endpoint
from valetkey.worker import presence, tasks
from valetkey.worker.models import Due

AGAIN_AFTER: Final = timedelta(minutes=5)
"""After a fault, where the next run is not due sooner anyway."""
_UNFINISHED: Final = ("READY", "RUNNING")


class WorkerLost(Exception):
    """Noted at a task whose worker died under it."""


@dataclass(frozen=True)
class Repeated:
    """`says`: what it does, for people. `is_needed` False: nothing is enqueued, and no row is written for it."""

    task: Task[[], tasks.Counts]
    every: timedelta
    says: str
    is_needed: Callable[[], bool] = lambda: True


def _anybody_listens() -> bool:
    waiting = Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    return Endpoint.objects.live().exists() or waiting.exists()


REPEATED: Final = {
    "sweep": Repeated(tasks.sweep, timedelta(hours=1), "look for findings"),
    "notify": Repeated(tasks.notify, timedelta(minutes=10), "tell people and send mails"),
    "deliver": Repeated(tasks.deliver, timedelta(seconds=10), "call webhooks", _anybody_listens),
    "prune": Repeated(tasks.prune, timedelta(days=1), "clear away what is old and said elsewhere"),
}


def enqueue_due(*, at: datetime) -> list[str]:
    """The names of what this caller enqueued. Nothing is, while the same waits or is being done; it has its turn again
    when its time comes round.
    """
    next_at = dict(Due.objects.values_list("name", "next_at"))
    due = [name for name in REPEATED if name not in next_at or next_at[name] <= at]
    return [name for name in due if REPEATED[name].is_needed() and _enqueue(name, at)]


def _enqueue(name: str, at: datetime) -> bool:
    repeated = REPEATED[name]
    with transaction.atomic():
        seen, _ = Due.objects.get_or_create(name=name, defaults={"next_at": at})
        mine = Due.objects.filter(name=name, next_at=seen.next_at, next_at__lte=at)
        if not mine.update(next_at=at + repeated.every):
            return False  # another was faster
        if DBTaskResult.objects.filter(task_path=repeated.task.module_path, status__in=_UNFINISHED).exists():
            return False
        repeated.task.enqueue()
    return True


def again(*, name: str, at: datetime) -> None:
    """The task is due then, if not sooner."""
    Due.objects.filter(name=name, next_at__gt=at).update(next_at=at)


def settle_lost(*, at: datetime, idle: str = "") -> list[str]:
    """Tasks that no living worker is at any more are failed, and due again at once; their names.

    `idle`: a worker that knows of itself that it is at none. A worker that was only stopped for a while, as by a closed
    lid, is taken for dead too: it goes on with its task while another does it, which tasks may do.
    """
    running = list(DBTaskResult.objects.running())
    if not running:
        return []
    at_work = set(presence.alive(at=at).values_list("name", flat=True)) - {idle}
    lost = [each for each in running if not at_work & set(each.worker_ids[-1:])]
    return [task_name(each.task_path) for each in lost if _settle(each, at)]


def _settle(result: DBTaskResult[..., Any], at: datetime) -> bool:
    said = {"exception_class_path": f"{__name__}.{WorkerLost.__name__}", "traceback": ""}
    with transaction.atomic():
        mine = DBTaskResult.objects.filter(pk=result.pk, status="RUNNING", started_at=result.started_at)
        if not mine.update(status="FAILED", finished_at=at, **said):
            return False
        again(name=task_name(result.task_path), at=at)
    return True


def task_name(path: str) -> str:
    """“sweep” of “valetkey.worker.tasks.sweep”."""
    return path.rpartition(".")[2]
