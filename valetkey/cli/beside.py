"""A worker beside the pages: a process of its own, begun anew when it ends by itself, and stopped with them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from threading import Event, Lock, Thread
from typing import Final

from django.conf import settings

from valetkey.cli.worker import tell

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_LIVED_LONG: Final = 60.0
"""Seconds after which an end is a new trouble and not the same one again."""
_GRACE: Final = 10.0
"""Seconds more than it has for its task."""


class WorkerBeside:
    """`start` and `stop` may come in any order, and more than once."""

    def __init__(self) -> None:
        self._is_over = Event()
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._look_after, name="worker-beside", daemon=True)

    def start(self) -> None:
        with self._turn:
            if not self._is_over.is_set():
                self._thread.start()

    def stop(self) -> None:
        """The task at hand is finished first, within the time that the settings give it."""
        with self._turn:
            self._is_over.set()
        if not self._thread.is_alive():
            return
        if self._process is not None:
            self._process.terminate()
        self._thread.join(settings.VALETKEY_WORKER_DRAIN_SECONDS + _GRACE)
        if self._thread.is_alive() and self._process is not None:
            self._process.kill()
            self._thread.join()

    def _look_after(self) -> None:
        # Inherited by the worker: Ctrl-C is for this process, which then asks the worker to leave.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        pause = _FIRST_PAUSE
        while True:
            begun = time.monotonic()
            with self._turn:
                if self._is_over.is_set():
                    return
                self._process = _started()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            pause = _FIRST_PAUSE if time.monotonic() - begun > _LIVED_LONG else min(2 * pause, _LONGEST_PAUSE)
            if self._is_over.wait(pause):
                return
            tell("The background worker ended by itself and is started again.")


def _started() -> subprocess.Popen[bytes]:
    # As this process was started, word for word: `-m` would put the current folder on the path.
    program = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]
    return subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, *program, "worker", "run", "--beside"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
