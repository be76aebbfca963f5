"""PURE. References: short names for rows that people read out, type and paste; and where an invitation leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random, SystemRandom
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U: characters that are mistaken for one another on paper or said aloud."""

LENGTH: Final = 7

INVITATION_PATH: Final = "i"
"""The first part of an invitation's address, before the link's own secret."""


_CHANCE: Final = SystemRandom()
_source: ContextVar[Random | None] = ContextVar("source", default=None)


def new_reference() -> str:
    """Seven characters of thirty: about 2 × 10^10 names. It is a name and opens nothing."""
    source = _source.get() or _CHANCE
    return "".join(source.choice(ALPHABET) for _ in range(LENGTH))


@contextmanager
def drawn_from(source: Random) -> Iterator[None]:
    """References made in the block come from `source`: for a desk of invented people, to be made again the same."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
