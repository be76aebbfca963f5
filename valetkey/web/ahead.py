"""PURE. The days to come as columns to draw: how much ends on each, codes below and access on top of them.

Decides where things are drawn, not what ends (authorizations.services.ends_ahead). Places are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from valetkey.authorizations.services import DayAhead

WIDTH: Final = 20
"""Of a day, with the room beside its column."""
HEIGHT: Final = 100
_ROOM: Final = 3
_LEAST: Final = 8
"""One thing among hundreds is still seen."""


@dataclass(frozen=True)
class Block:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Timeline:
    """`marks`: the places of every seventh day, for a line to count by."""

    width: int
    codes: tuple[Block, ...]
    accesses: tuple[Block, ...]
    marks: tuple[int, ...]


def timeline(days: Sequence[DayAhead]) -> Timeline:
    most = max([each.codes + each.accesses for each in days], default=0) or 1
    codes, accesses = [], []
    for number, each in enumerate(days):
        x = number * WIDTH + _ROOM
        below = _height(each.codes, most)
        above = min(_height(each.accesses, most), HEIGHT - below)
        if below:
            codes.append(Block(x, HEIGHT - below, WIDTH - 2 * _ROOM, below))
        if above:
            accesses.append(Block(x, HEIGHT - below - above, WIDTH - 2 * _ROOM, above))
    return Timeline(
        len(days) * WIDTH, tuple(codes), tuple(accesses), tuple(range(7 * WIDTH, len(days) * WIDTH, 7 * WIDTH))
    )


def _height(number: int, most: int) -> int:
    return max(_LEAST, round(number / most * (HEIGHT - _LEAST))) if number else 0
