"""Sends the mails that wait, in a process that is killed -9 at one beat of it. Run by test_digests alone."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

BEATS = {
    "after the claim is committed": "_claim",
    "after the mail was handed in": "hand_in",
    "after the settling is committed": "_settle_sent",
}


def main(beat: str, at: str) -> None:
    django.setup()
    from valetkey.notices.services import digests

    if beat:
        kill_after(digests, BEATS[beat])
    digests.send_digests(at=datetime.fromisoformat(at))


def kill_after(place: Any, name: str) -> None:
    """The process dies once that function of the module has come back."""
    function: Callable[..., object] = getattr(place, name)

    def run(*given: Any, **named: Any) -> None:
        function(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, run)


if __name__ == "__main__":
    main(*sys.argv[1:])
