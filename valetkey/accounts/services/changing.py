"""Bring what a caller wants changed into a row, and say what it was before. Does not ask who may, and does not save."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import models

from valetkey.errors import Invalid
from valetkey.timeline.said import plain

_YEARS: Final = range(1900, 2200)


def known_only(changes: Mapping[str, object], *allowed: str) -> None:
    """Raises TypeError for a name that is no column a person may change: a mistake of the caller, not of the person."""
    unknown = set(changes) - set(allowed)
    if unknown:
        raise TypeError(f"Nobody changes {', '.join(sorted(unknown))} here.")


def take_over(row: models.Model, values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Set the columns that differ; answer with them as the history tells it: by name, each with `from` and `to`."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    told = {name: {"from": _told(getattr(row, name)), "to": _told(value)} for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    return told


def refuse_far(day: date | None, *, what: str) -> None:
    """Raises Invalid for a day or moment that is a typing mistake: arithmetic at the calendar's edge fails."""
    if day is not None and day.year not in _YEARS:
        raise Invalid("day_out_of_reach", f"{what} is too far from today: {day:%Y-%m-%d}.", "Look at the year.")


def _told(value: object) -> object:
    """Others by the name they have now."""
    if value is None or isinstance(value, str | int | date | datetime):
        return plain(value)
    return str(value)
