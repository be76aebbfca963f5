"""PURE. A line of access as it is frozen into a review: plain JSON, and read back as the very same line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Final

from valetkey.register.looking import AccessLine, Named, State
from valetkey.timeline.said import plain

_NAMED: Final = frozenset({"kept_by", "party", "person", "asset", "surface", "owner"})
_INSTANTS: Final = frozenset({"since", "until", "recorded_at", "confirmed_at", "let_end_at", "ended_at"})


def frozen(line: AccessLine) -> dict[str, object]:
    return {name: plain(value) for name, value in asdict(line).items()}


def thawed(facts: Mapping[str, Any]) -> AccessLine:
    """What an older version of Valetkey did not freeze yet is empty."""
    empty = {each.name: "" if each.type == "str" else None for each in fields(AccessLine)}
    known = {name: _value(name, value) for name, value in facts.items() if name in empty}
    return AccessLine(**{**empty, **known})  # type: ignore[arg-type]  # by name, as it was frozen


def _value(name: str, value: Any) -> object:
    if name == "state":
        return State(value)
    if value is None:
        return None
    if name in _NAMED:
        return Named(**value)
    if name in _INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "review_on" else value
