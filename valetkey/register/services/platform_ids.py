"""How the ids of a platform look. Whether there is such a thing is not known here."""

from __future__ import annotations

from typing import Final

_LONGEST_ID: Final = 100


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID
