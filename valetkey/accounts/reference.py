"""PURE. References: short names for rows that people read out, type and paste; and where an invitation leads."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U: characters that are mistaken for one another on paper or said aloud."""

LENGTH: Final = 7

INVITATION_PATH: Final = "i"
"""The first part of an invitation's address, before the link's own secret."""


def new_reference() -> str:
    """Seven characters of thirty: about 2 × 10^10 names. It is a name and opens nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
