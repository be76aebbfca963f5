"""Failing on request: what the next calls of a path should suffer, so that a client meets a bad day in a test.

Decides which faults exist and when each strikes. Does not decide how an answer is written, nor what TikTok's real
faults look like: HTML from a gateway or a cut answer is a *choice*.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

THROTTLE_CODES: Final = (40100, 40016, 40133)
_LONGEST_HANG: Final = 600.0
_LARGEST_NUMBER: Final = 10_000_000


class Fault(StrEnum):
    """Each name to what happens. Before: nothing was done. After: it was done and kept."""

    REFUSE = "refuse"
    THROTTLE = "throttle"
    SERVER_ERROR = "server_error"
    HTTP_500 = "http_500"
    NOT_JSON = "not_json"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    TRUNCATED = "truncated"
    DISK_FULL = "disk_full"


MEANINGS: Final[Mapping[Fault, str]] = {
    Fault.REFUSE: "Nothing is done; answers the given `code` and `message`.",
    Fault.THROTTLE: "Nothing is done; answers `code` 40100 (default), 40016 or 40133.",
    Fault.SERVER_ERROR: "Nothing is done; answers 50000 in the envelope.",
    Fault.HTTP_500: "Nothing is done; answers HTTP 500 with a text.",
    Fault.NOT_JSON: "Nothing is done; answers HTTP 200 with an HTML page, as a gateway would.",
    Fault.DROP_BEFORE: "Nothing is done, and the connection closes without an answer.",
    Fault.DROP_AFTER: "It is done, and the connection closes without an answer.",
    Fault.HANG_BEFORE: "Waits `seconds`, then does it and answers.",
    Fault.HANG_AFTER: "Does it, waits `seconds`, then answers.",
    Fault.TRUNCATED: "It is done, and the answer stops half-way.",
    Fault.DISK_FULL: "The state cannot be written: all is rolled back and 50000 is answered.",
}


class UnknownFault(ValueError):
    """The order for a fault cannot be followed; the message says why."""


@dataclass(frozen=True)
class Due:
    fault: Fault
    code: int
    message: str
    seconds: float


def order(rows: sqlite3.Connection, wanted: Mapping[str, object], paths: frozenset[str]) -> None:
    """Remember a fault for the next `times` calls of a path. UnknownFault when it makes no sense."""
    path, fault = wanted.get("path"), wanted.get("fault")
    if not isinstance(path, str) or path not in paths:
        raise UnknownFault("`path` is one of the sandbox's paths, such as /tt_video/authorize/.")
    if fault not in [each.value for each in Fault]:
        raise UnknownFault(f"`fault` is one of: {', '.join(Fault)}.")
    seconds, times = _number(wanted, "seconds", 1.0), int(_number(wanted, "times", 1))
    code = int(_number(wanted, "code", 40100 if fault == Fault.THROTTLE else 40002))
    if not 0 <= seconds <= _LONGEST_HANG or times < 1:
        raise UnknownFault(f"`seconds` is 0 to {_LONGEST_HANG:.0f} and `times` at least 1.")
    if fault == Fault.THROTTLE and code not in THROTTLE_CODES:
        raise UnknownFault(f"`code` of a throttle is one of: {', '.join(map(str, THROTTLE_CODES))}.")
    rows.execute(
        "INSERT INTO faults (path, fault, code, message, seconds, times) VALUES (?, ?, ?, ?, ?, ?)",
        (path, fault, code, str(wanted.get("message", "Refused on request of a test.")), seconds, times),
    )


def strike(rows: sqlite3.Connection, path: str) -> Due | None:
    """Take the oldest fault of a path, once. Kept apart from the call it spoils, which may be rolled back."""
    row = rows.execute("SELECT * FROM faults WHERE path = ? ORDER BY fault_id LIMIT 1", (path,)).fetchone()
    if row is None:
        return None
    rows.execute("UPDATE faults SET times = times - 1 WHERE fault_id = ?", (row["fault_id"],))
    rows.execute("DELETE FROM faults WHERE times < 1")
    return Due(Fault(row["fault"]), row["code"], row["message"], row["seconds"])


def _number(wanted: Mapping[str, object], name: str, default: float) -> float:
    value = wanted.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST_NUMBER:
        raise UnknownFault(f"`{name}` is a number, and not a huge one.")
    return value
