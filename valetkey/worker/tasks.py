"""The tasks: each is one or two calls of services, and reads the clock, since this is a door like the pages.

Each may be cut off anywhere, and may run twice at once: the services keep to that. So a task that was lost with its
worker is simply done again. None takes an argument, so that nothing of the record lies in the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from valetkey.audit.entry import Actor, Door
from valetkey.errors import Refused
from valetkey.findings import services as findings
from valetkey.notices import services as notices
from valetkey.worker import presence

DONE_IS_KEPT: Final = timedelta(days=1)
FAILED_IS_KEPT: Final = timedelta(days=30)
_THE_DESK: Final = Actor(name="the desk", door=Door.WORKER)

Counts = dict[str, int]


class TaskFailed(Exception):
    """What is kept of a fault: our own sentence, or its kind and where it happened. The text of a foreign exception may
    quote a code.
    """


def _told(function: Callable[[datetime], Counts]) -> Callable[[], Counts]:
    @wraps(function)
    def run() -> Counts:
        try:
            return function(timezone.now())
        except Refused as refused:
            raise TaskFailed(refused.sentence) from None
        except Exception as fault:
            raise TaskFailed(f"{type(fault).__name__}{_place(fault)}") from None

    return run


def _place(fault: Exception) -> str:
    place, trace = "", fault.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "valetkey" in file.parts:
            place = f" at {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


@task()
@_told
def sweep(at: datetime) -> Counts:
    swept = findings.sweep(actor=_THE_DESK, at=at)
    changed = {what.value: count for what, count in swept.counts.items()}
    return {"looked": swept.seen.looked, "expired": swept.expired, "judged": swept.judged, **changed}


@task()
@_told
def notify(at: datetime) -> Counts:
    """Planned first, so that what is due now goes out now. That may take long, and claims are of the moment."""
    planned = notices.plan_notices(at=at)
    sent = notices.send_digests(at=timezone.now())
    return {"planned": planned, "sent": sent.sent, "faults": sent.faults, "given_up": sent.given_up}


@task()
@_told
def deliver(at: datetime) -> Counts:
    collected = notices.collect_deliveries(at=at)
    called = notices.deliver(at=timezone.now())
    return {"collected": collected, "delivered": called.delivered, "faults": called.faults, "dead": called.dead}


@task()
@_told
def prune(at: datetime) -> Counts:
    """What is left of old tasks, workers, sweeps and calls of webhooks. Findings, notices and the history stay."""
    old = Q(status="SUCCESSFUL", finished_at__lte=at - DONE_IS_KEPT) | Q(finished_at__lte=at - FAILED_IS_KEPT)
    results, _ = DBTaskResult.objects.finished().filter(old).delete()
    return {
        "tasks": results,
        "workers": presence.forget(at=at),
        "sweeps": findings.prune_sweeps(at=at),
        "deliveries": notices.prune_deliveries(at=at),
    }
