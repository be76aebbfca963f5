"""`valetkey serve`: the pages of this desk, from this process."""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from rich.text import Text

from valetkey.cli.beside import WorkerBeside
from valetkey.cli.port import refuse_taken
from valetkey.cli.session import SESSION
from valetkey.errors import Conflict

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Where to listen.")]


def serve(
    host: Annotated[str, typer.Option("--host", help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes; more than 1 with PostgreSQL.")
    ] = 1,
    worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help="Do the background work beside the pages; without saying so, the embedded desk alone does.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the pages. Ctrl-C stops."""
    _refuse_unfit(workers)
    refuse_taken(host, port)
    is_beside = settings.VALETKEY_IS_EMBEDDED if worker is None else worker

    def ready() -> None:
        SESSION.show(
            {"url": _url(port), "host": host, "port": port, "workers": workers, "worker": is_beside},
            Text(f"The desk is at {_url(port)}. Ctrl-C stops it."),
        )

    listen(host, port, workers=workers, ready=ready, with_worker=is_beside)


def listen(host: str, port: int, *, workers: int, ready: Callable[[], None], with_worker: bool) -> None:
    """Until interrupted. `ready` is called when the address answers. `with_worker`: the background work is done too."""
    from granian.constants import Interfaces  # late: no other command needs it
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.setdefault("VALETKEY_URL", _url(port))
    # The workers read the settings anew, with that address in them, and share no connection with this process.
    multiprocessing.set_start_method("spawn", force=True)
    connections.close_all()
    server = Server(
        "valetkey.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    )
    beside = WorkerBeside()

    def answering() -> None:
        ready()
        if with_worker:
            beside.start()

    # It starts its workers and goes on: they listen a moment later, and on a busy machine not so soon.
    server.on_startup(Thread(target=_when_it_answers, args=(host, port, answering), daemon=True).start)
    try:
        server.serve()
    finally:
        beside.stop()


def _when_it_answers(host: str, port: int, ready: Callable[[], None]) -> None:
    while True:
        with suppress(OSError), socket.create_connection((host, port), timeout=5):
            break
        time.sleep(0.05)
    ready()


def _refuse_unfit(workers: int) -> None:
    """What a person should know before the first stranger reaches the desk."""
    if settings.VALETKEY_IS_EMBEDDED:
        if workers > 1:
            raise Conflict(
                "one_process", "The embedded desk is one process.", "Set VALETKEY_DATABASE_URL to use several."
            )
        return
    try:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
    except SystemCheckError as fault:
        raise Conflict(
            "not_safe_to_serve",
            f"The settings are not fit for others to reach this desk: {fault}",
            "Set VALETKEY_URL to the https address people use; docs/settings.md lists the rest.",
        ) from None


def _url(port: int) -> str:
    """The address in the settings; without one, the port on this machine (passkeys need a name, not a number)."""
    return os.environ.get("VALETKEY_URL") or f"http://localhost:{port}"
