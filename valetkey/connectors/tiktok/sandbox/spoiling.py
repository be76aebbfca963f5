"""How an ordered fault spoils a call: instead of it, before it, or after it.

Decides what was done by then. Which faults there are stands in `faults`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from valetkey.connectors.tiktok import wire

from . import answers
from .answers import Answer, Dropped
from .faults import Due, Fault

_INSTEAD: Final = frozenset({Fault.REFUSE, Fault.THROTTLE, Fault.SERVER_ERROR, Fault.HTTP_500, Fault.NOT_JSON})


def answer(due: Due, call: Callable[[], Answer]) -> Answer:
    """Dropped when no answer is to arrive."""
    return _instead(due) if due.fault in _INSTEAD else _around(due, call)


def _around(due: Due, call: Callable[[], Answer]) -> Answer:
    if due.fault is Fault.DROP_BEFORE:
        raise Dropped("dropped on order of a test, nothing was done")
    if due.fault is Fault.HANG_BEFORE:
        time.sleep(due.seconds)
    told = call()
    if due.fault is Fault.HANG_AFTER:
        time.sleep(due.seconds)
    if due.fault is Fault.DROP_AFTER:
        raise Dropped("dropped on order of a test, after it was done")
    return told.cut_short() if due.fault is Fault.TRUNCATED else told


def _instead(due: Due) -> Answer:
    match due.fault:
        case Fault.HTTP_500:
            return answers.text("500 Internal Server Error", "500 internal server error")
        case Fault.NOT_JSON:
            return answers.text("200 OK", "<html><body>Service temporarily unavailable</body></html>", "text/html")
        case Fault.SERVER_ERROR:
            return answers.refused(wire.ErrorCode.SERVER_ERROR, "Server error. Please retry later.")
        case Fault.THROTTLE:
            return answers.refused(due.code, "Too many requests. Please retry later: QPS limit.")
        case _:
            return answers.refused(due.code, due.message)
