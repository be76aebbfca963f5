"""The driver of the tests that kill a sweep: like tests.authorizations.killed, whose children sweep here.

A beat is a place and how often it is passed: “committing 2” is in front of the second commit of findings.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.authorizations import killed

SMALL = 15
"""Rows of a batch, so that a test need not make very many."""


def sweep(order: dict[str, Any]) -> None:
    from django.conf import settings

    from valetkey.audit.entry import Actor, Door
    from valetkey.findings import services
    from valetkey.findings.gather import batches

    settings.VALETKEY_SANDBOX_STATE = Path(order["state"])
    batches.BATCH = SMALL  # type: ignore[misc]
    if order["beat"]:
        place, _, times = order["beat"].partition(" ")
        _stand_at(place, int(times))
    services.sweep(
        actor=Actor(name="the desk", door=Door.WORKER), at=datetime.fromisoformat(order["at"]), look=order["look"]
    )


def _stand_at(place: str, times: int) -> None:
    sweeping = vars(sys.modules["valetkey.findings.services.sweep"])
    reconciling = vars(sys.modules["valetkey.findings.services.reconcile"])
    where = {
        "begun": (sweeping, "_begin"),
        "looked": (sweeping, "look_again"),
        "expired": (sweeping, "expire"),
        "committing": (reconciling, "record_many"),
        "committed": (reconciling, "_write"),
        "judged": (sweeping, "reconcile"),
        "finishing": (sweeping, "_finish"),
    }
    names, name = where[place]
    names[name] = _kill if place == "finishing" else _killing(names[name], times)


def _kill(*given: Any, **named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _killing(function: Callable[..., Any], times: int) -> Callable[..., Any]:
    passed = count(1)

    def run(*given: Any, **named: Any) -> Any:
        answer = function(*given, **named)
        if next(passed) == times:
            _kill()
        return answer

    return run


if __name__ == "__main__":
    killed._do = sweep
    killed.main()
