"""Whether the background work goes on: who is at work, the last sweep, what waits, what failed.

Changes nothing. Of mails and webhooks it says how many wait; whom they are for is told where they are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Min, QuerySet
from django_tasks_db.models import DBTaskResult

from valetkey.accounts.services import require_reader
from valetkey.audit.entry import Actor
from valetkey.findings.models import Sweep
from valetkey.notices.models import Delivery, Digest
from valetkey.worker import presence
from valetkey.worker.models import Worker
from valetkey.worker.schedule import REPEATED, WorkerLost, task_name
from valetkey.worker.tasks import TaskFailed

MISSED_AFTER: Final = timedelta(minutes=10)
"""Without a worker for so long, somebody should know: a restart takes less."""
SWEEP_LATE_AFTER: Final = timedelta(hours=3)
WAITS_LONG_AFTER: Final = timedelta(minutes=30)
_RECENT: Final = timedelta(days=1)
_TOLD: Final = 20
_COUNTED: Final = {
    "opened": "opened", "reopened": "opened again", "changed": "changed", "closed": "closed",
    "expired": "over by the clock", "looked": "looked at on the platform",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A task that failed. `says`: what it was to do."""

    name: str
    says: str
    at: datetime
    sentence: str


@dataclass(frozen=True)
class Queue:
    """What waits, and since when the oldest should have been done; None where nothing waits."""

    waiting: int
    since: datetime | None


@dataclass(frozen=True)
class Health:
    """`troubles`: a sentence for each thing that somebody should look at; none where all is well.

    `seen_at`: the last sign of any worker. `faults`: of the last day, the newest first.
    """

    at: datetime
    workers: tuple[Worker, ...]
    seen_at: datetime | None
    sweep: Sweep | None
    tasks: Queue
    mails: Queue
    deliveries: Queue
    faults: tuple[Fault, ...]
    troubles: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not self.troubles

    @property
    def swept(self) -> str:
        """What the last sweep changed, in words."""
        counts = self.sweep.counts if self.sweep else {}
        return ", ".join(f"{counts[name]:,} {words}" for name, words in _COUNTED.items() if counts.get(name))


def health(*, actor: Actor, at: datetime) -> Health:
    """For the desk's readers."""
    require_reader(actor)
    workers = tuple(presence.alive(at=at))
    seen_at = Worker.objects.aggregate(last=Max("seen_at"))["last"]
    sweep = _newest_sweep()
    ready = DBTaskResult.objects.ready().aggregate(since=Min("enqueued_at"))["since"]
    tasks = Queue(DBTaskResult.objects.ready().count(), ready)
    mails = _queue(Digest.objects.filter(state__in=[Digest.State.WAITING, Digest.State.SENDING]))
    deliveries = _queue(Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING]))
    faults = _faults(at)
    troubles = [
        *_of_workers(bool(workers), seen_at, at),
        *_of_sweeps(sweep, workers, at),
        *_of_queue("task", tasks, at),
        *_of_queue("mail", mails, at),
        *_of_queue("call of a webhook", deliveries, at),
        *_of_given_up(at),
        *_of_faults(faults),
    ]
    return Health(at, workers, seen_at, sweep, tasks, mails, deliveries, faults, tuple(troubles))


def in_short(*, at: datetime) -> str:
    """For the front: one sentence where nothing looks over the record; "" where all is well. At most two queries."""
    if not Worker.objects.filter(seen_at__gt=at - MISSED_AFTER).exists():
        return "No worker was seen lately, so nothing is looked over and nobody is told until one runs."
    newest = _newest_sweep()
    if newest is None:
        return "The record was not looked over yet. That begins within the hour."
    return "The last look over the record is some hours old." if at - newest.at > SWEEP_LATE_AFTER else ""


def _newest_sweep() -> Sweep | None:
    return Sweep.objects.filter(finished_at__isnull=False).order_by("-pk").first()


def _queue(rows: QuerySet[Digest] | QuerySet[Delivery]) -> Queue:
    return Queue(rows.count(), rows.aggregate(since=Min("next_try_at"))["since"])


def _faults(at: datetime) -> tuple[Fault, ...]:
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=at - _RECENT).order_by("-finished_at", "pk")
    return tuple(_fault(each) for each in failed[:_TOLD])


def _fault(result: DBTaskResult[..., Any]) -> Fault:
    name = task_name(result.task_path)
    says = REPEATED[name].says if name in REPEATED else name
    sentence = _sentence(result.exception_class_path, result.traceback)
    return Fault(name, says, result.finished_at or result.enqueued_at, sentence)


def _sentence(kind: str, traceback: str) -> str:
    """Our own words, which stand in the last line; of anything else its kind alone."""
    match task_name(kind):
        case WorkerLost.__name__:
            return "The worker was gone before it was done."
        case "CutOff":
            return "The worker had to leave before it was done."
        case TaskFailed.__name__:
            return traceback.strip().rpartition("\n")[2].partition(": ")[2]
        case other:
            return other


def _of_workers(is_any: bool, seen_at: datetime | None, at: datetime) -> list[str]:
    if is_any or (seen_at is not None and at - seen_at < MISSED_AFTER):
        return []
    missing = "has been seen yet" if seen_at is None else f"was seen for {_long(at - seen_at)}"
    return [f"No worker {missing}: nothing is looked for, and nobody is told of anything."]


def _of_sweeps(sweep: Sweep | None, workers: tuple[Worker, ...], at: datetime) -> list[str]:
    if sweep is None:
        is_early = bool(workers) and at - workers[0].started_at < MISSED_AFTER
        return [] if is_early else ["No sweep has been finished yet."]
    late = at - sweep.at
    return [f"The last sweep was {_long(late)} ago; it should be every hour."] if late > SWEEP_LATE_AFTER else []


def _of_queue(what: str, queue: Queue, at: datetime) -> list[str]:
    if queue.since is None or at - queue.since <= WAITS_LONG_AFTER:
        return []
    return [f"A {what} has been waiting for {_long(at - queue.since)}."]


def _of_given_up(at: datetime) -> list[str]:
    """Of webhooks that are still there; those of the others were ended by somebody."""
    dead = Delivery.objects.filter(state=Delivery.State.DEAD, settled_at__gt=at - _RECENT, endpoint__ended_at=None)
    if not (count := dead.count()):
        return []
    parties = ", ".join(
        dead.order_by("endpoint__party__name").values_list("endpoint__party__name", flat=True).distinct()
    )
    calls = "1 call of a webhook was" if count == 1 else f"{count:,} calls of webhooks were"
    return [
        f"{calls} given up within a day ({parties}). Whoever keeps the webhook can have what was given up sent again."
    ]


def _of_faults(faults: tuple[Fault, ...]) -> list[str]:
    """Those that nothing has put right since: a task whose newest run failed."""
    troubles = []
    for name in dict.fromkeys(each.name for each in faults):
        newest = next(each for each in faults if each.name == name)
        done = DBTaskResult.objects.successful().filter(task_path__endswith=f".{name}", finished_at__gt=newest.at)
        if not done.exists():
            troubles.append(f"The last try to {newest.says} failed. {newest.sentence}".strip())
    return troubles


def _long(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return f"{minutes} minutes"
