"""PURE. A value that opens something: a code, a token, a key. It shows itself only when asked by name.

Decides how a secret looks when it is printed; does not decide who may see it.
"""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

MASK: Final = "…"


class Secret:
    """A text that is never printed by accident: `str`, `repr`, f-strings, logs and pickles show the mask.

    `reveal()` gives the text itself; call it only where the text leaves for the platform or for the person who asked.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def masked(self) -> str:
        """The first and last two characters, enough to tell two codes apart and too little to use one."""
        return f"{self._text[:2]}{MASK}{self._text[-2:]}" if len(self._text) >= 12 else MASK

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"Secret({self.masked()})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # surrogatepass: a text that is not quite Unicode must not end up whole in an encoding error.
        return hmac.compare_digest(
            self._text.encode(errors="surrogatepass"), other._text.encode(errors="surrogatepass")
        )

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled: a cache or a queue would keep it in the clear.")
