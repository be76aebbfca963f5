"""PURE. What a spreadsheet gets for a value. Does not decide what is exported; JSON lines need none of it."""

from __future__ import annotations

import json

from valetkey.register.cells import harmless


def cell(value: object) -> str | int | bool | None:
    """A column's plain value for one cell: a text is never a formula. Numbers stay numbers; lists become JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    return harmless(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
