"""PURE. Numbers of days on offer, each with where it leads and, in words, what it is short of or past.

Decides nothing about coverage (authorizations.coverage): it says what that found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from valetkey.authorizations.coverage import Need, Option, options


@dataclass(frozen=True)
class Said:
    sentence: str
    is_short: bool


@dataclass(frozen=True)
class Offer:
    """`is_best`: the shortest that lasts for the first need."""

    days: int
    ends_at: datetime
    said: tuple[Said, ...]
    is_best: bool


def offers(starts_at: datetime, terms: Iterable[int], needs: Sequence[Need]) -> list[Offer]:
    """Each number of days once, shortest first. What matters most is the first need."""
    days = tuple(terms)
    found = [options(starts_at, days, need.until) for need in needs] or [options(starts_at, days, None)]
    return [
        Offer(
            days=same_days[0].days,
            ends_at=same_days[0].ends_at,
            said=tuple(_said(option, need) for option, need in zip(same_days, needs, strict=False)),
            is_best=same_days[0].is_shortest_that_covers,
        )
        for same_days in zip(*found, strict=True)
    ]


def count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _said(option: Option, need: Need) -> Said:
    if option.days_short:
        return Said(f"{count(option.days_short)} short of {need.name}", is_short=True)
    past = f", and {count(option.days_past)} past it" if option.days_past else ""
    return Said(f"lasts for {need.name}{past}", is_short=False)
