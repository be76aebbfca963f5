"""PURE. A text as an eye reads it: look-alikes plain, spelled letters and numbers put together, Spark codes left out.

Judges nothing. A Spark code is random letters, in which any short word may turn up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from valetkey.credential import words
from valetkey.lookalikes import fold

_AHEAD: Final = 180
_BACK: Final = 90


@dataclass(frozen=True)
class Text:
    """What was typed as an eye reads it, and the same in small letters without accents, sign for sign."""

    raw: str
    plain: str

    @classmethod
    def of(cls, text: str) -> Text:
        raw = _SPARK.sub(_without_spark, fold(text))
        raw = _SHOUTED.sub(lambda found: found[0].lower(), raw)
        raw = _SPELLED.sub(lambda found: found[0].replace(" ", ""), raw)
        raw = _DASHED.sub(lambda found: found[0].replace("-", ""), raw)
        raw = _COUNTED_OUT.sub(_in_figures, raw)
        raw = _GROUPS.sub(lambda found: "".join(filter(None, found.groups())), raw)
        return cls(raw, "".join(map(_plain_sign, raw)))

    def after(self, end: int) -> str:
        """The stretch after a word; what hangs on to it, as in a file's name, is taken apart."""
        stretch = self.raw[end : end + _AHEAD]
        hanging = _HANGING.match(stretch)
        if hanging is None:
            return stretch
        parts = FILE.sub("", hanging[0])
        if parts != hanging[0] and not any(one.isdigit() for one in _YEAR.sub("", parts)):
            return stretch[hanging.end() :]  # the name of a file about passwords
        return (f": {parts[1:].replace('_', ' / ')}" if parts[0] == "_" else f" {parts[1:]}") + stretch[hanging.end() :]

    def before(self, start: int) -> str:
        return self.plain[max(0, start - _BACK) : start]


FILE: Final = re.compile(r"\.[A-Za-z]\w{1,3}$")
_HANGING: Final = re.compile(r"[_-][^\s_-]\S*")
_SHOUTED: Final = re.compile(r"(?m)^(?=(?:[^a-z\n]{0,80}(?<!\S)[A-Z]{2,}(?!\S)){2})[^a-z\n]+$")
"""“LA CLAVE ES TORMENTA77”; letters in groups are no words."""
_YEAR: Final = re.compile(r"(?<![A-Za-z])20\d\d(?![A-Za-z])")
_SPELLED: Final = re.compile(r"(?<!\S)\S(?: {1,2}\S){3,}(?!\S)")
"""“p a s s w o r d”."""
_DASHED: Final = re.compile(r"(?<![\w-])\d(?:-\d){3,7}(?![\w-])")
"""“9-2-0-6-7-3”."""
_GROUPS: Final = re.compile(r"(?<![\w.,+/-])(?<!\d )(?:(\d{3})[ -](\d{3})|(\d\d) (\d\d) (\d\d))(?![\w/]|[.,-]\d| \d)")
"""“483 920”, “48 39 20”."""

_SPARK: Final = re.compile(
    r"\A\s*#[\w+/= ]{17,600}=\s*\Z|"
    r"#[\w+/=-]{1,600}(?:(?: (?!pw|pass|psw|mdp|otp|pin|tan)[\w+/=-]{1,4})?"
    r" (?=[\w+/]{0,99}[a-z\d+/][A-Z])(?=[^\sa-z]{0,99}[a-z])[\w+/=-]{3,600}){0,20}"
    r"|\A\s*[A-Za-z\d]{3,99}[+/][A-Za-z\d+/]{9,600}={0,2}\s*\Z"
)
_SHORTEST_SPARK: Final = 18


def _without_spark(found: re.Match[str]) -> str:
    """Spaces may have slipped into it on its way."""
    return "#" if len(found[0]) >= _SHORTEST_SPARK else found[0]


_FIGURE: Final = {word: str(figure) for figure, several in enumerate(words.FIGURES) for word in several}
_ONE_FIGURE: Final = "|".join(sorted(_FIGURE, key=len, reverse=True))
_COUNTED_OUT: Final = re.compile(
    rf"(?i)\b(?:{_ONE_FIGURE})(?:(?:[ -](?:{_ONE_FIGURE})\b){{3,11}}|(?:, ?(?:{_ONE_FIGURE})\b){{3,11}})"
)
"""“six two zero nine”."""


def _in_figures(found: re.Match[str]) -> str:
    figures = "".join(_FIGURE[one] for one in re.findall(r"\w+", found[0].lower()))
    is_count = all(int(b) == int(a) + 1 for a, b in pairwise(figures))
    return found[0] if is_count else figures


def _plain_sign(one: str) -> str:
    return one.lower()[0] if one.isascii() else unicodedata.normalize("NFD", one)[0].lower()[0]
