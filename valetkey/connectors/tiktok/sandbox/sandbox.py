"""The stand-in as one object for the desk: seed it, set its clock, hand its application to a client, or serve it.

Decides nothing itself. It satisfies `connectors.base.Sandbox`; `wsgi` answers without a socket.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from valetkey.connectors.base import Seeded

from . import clock, seed, server
from .app import App
from .state import State


class Sandbox:
    """A stand-in of TikTok with its state in one file; never TikTok. StateUnusable when the file cannot be used."""

    def __init__(self, state: Path) -> None:
        self._state = State(state)
        self.wsgi = App(self._state)

    def seed(self) -> Seeded:
        with self._state.transaction() as rows:
            return seed.seed(rows, self._state.seal())

    def now(self) -> datetime:
        with self._state.transaction() as rows:
            return clock.now(rows)

    def set_clock(self, at: datetime) -> None:
        """ValueError for an instant without a zone."""
        with self._state.transaction() as rows:
            clock.stop_at(rows, at)

    def run_clock(self) -> None:
        with self._state.transaction() as rows:
            clock.run(rows)

    def serve(self, host: str, port: int, *, public: bool = False) -> None:
        """Answer HTTP until Ctrl-C or SIGTERM. OSError when the address is taken, or public and not asked for."""
        try:
            server.serve(self.wsgi, host, port, public=public)
        finally:
            self.close()

    def close(self) -> None:
        """Give the state file back; the next call opens it again."""
        self._state.close()
