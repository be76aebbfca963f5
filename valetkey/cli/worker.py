"""`valetkey worker`: the background work of this desk, from this process; and whether it goes on anywhere."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.conf import settings
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import require_admin
from valetkey.cli import answer
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.worker.health import Health, Queue
from valetkey.worker.health import health as health_of_the_desk
from valetkey.worker.running import work


class Wanted(StrEnum):
    RUN = "run"
    STATUS = "status"


def worker(
    wanted: Annotated[Wanted, typer.Argument(help="run: work, until it is stopped. status: tell how it goes.")] = (
        Wanted.RUN
    ),
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
) -> None:
    """Do the background work: sweeps, mails, webhooks. Any number at once on PostgreSQL. Ctrl-C stops."""
    if wanted is Wanted.STATUS:
        _tell_status()
        return
    require_admin(SESSION.actor())
    if not beside:
        SESSION.show({"worker": "at work"}, "The worker is at work. Ctrl-C stops it.")
        sys.stdout.flush()
    # `serve` holds the other end of standard input: when that process is gone, so is this one.
    leash = sys.stdin.fileno() if beside else None
    work(drain=settings.VALETKEY_WORKER_DRAIN_SECONDS, tell=tell, leash=leash)


def tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _tell_status() -> None:
    found = health_of_the_desk(actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_values(found), *_parts(found))
    if not found.is_well:
        sys.stdout.flush()
        raise typer.Exit(answer.BROKEN)


def _values(found: Health) -> dict[str, Any]:
    return {
        "well": found.is_well,
        "troubles": list(found.troubles),
        "workers": [
            {"host": each.host, "pid": each.pid, "since": each.started_at, "seen_at": each.seen_at,
             "task": each.task, "done": each.done, "failed": each.failed}
            for each in found.workers
        ],
        "seen_at": found.seen_at,
        "last_sweep": {"at": found.sweep.at, **found.sweep.counts} if found.sweep else None,
        "tasks": _queue_values(found.tasks),
        "mails": _queue_values(found.mails),
        "deliveries": _queue_values(found.deliveries),
        "faults": [{"task": each.name, "at": each.at, "sentence": each.sentence} for each in found.faults],
    }  # fmt: skip


def _queue_values(queue: Queue) -> dict[str, Any]:
    return {"waiting": queue.waiting, "since": queue.since}


def _parts(found: Health) -> list[RenderableType]:
    rows = [
        (each.host, each.pid, moment(each.started_at), each.task or "waits", each.done, each.failed)
        for each in found.workers
    ]
    sweep = f"{moment(found.sweep.at)}: {found.swept or 'nothing changed'}" if found.sweep else "none yet"
    return [
        *(Text(each) for each in found.troubles or ("All is well.",)),
        table(("Machine", "Process", "Since", "At", "Done", "Failed"), rows, empty="No worker is at work."),
        facts(
            [
                ("Last sweep", sweep),
                ("Tasks", f"{found.tasks.waiting:,} waiting"),
                ("Mails", f"{found.mails.waiting:,} waiting"),
                ("Webhooks", f"{found.deliveries.waiting:,} calls waiting"),
                *(("Failed", f"{moment(each.at)}: {each.says}. {each.sentence}") for each in found.faults),
            ]
        ),
    ]
