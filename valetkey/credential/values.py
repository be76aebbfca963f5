"""PURE. What a single piece of text could be: a secret somebody made up, digits, a plain word, or none of these.

Knows nothing of the words around it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from typing import Final

from valetkey.credential.words import ENDINGS, MONTHS, NAMES, TALK


class Looks(IntEnum):
    """How much a piece looks like a secret; each is also all that stand before it."""

    NOTHING = 0
    WORD = 1
    DIGITS = 2
    MIXED = 3
    """Letters and digits, or letters and signs, as in hunter2."""
    MADE_UP = 4
    """Small letters, digits and a sign or a capital inside: Sommer2024!"""


_WRAPPING: Final = "\"'“”„‚‘’«»‹›*()[]<>{}|"
_TRAILING: Final = ".,;:…"
_MARKS: Final = frozenset("!$%&*?#^~+=@<>§|\\/")
_LINK: Final = re.compile(r"(?i)https?:|www\.|^[\w.-]+\.[a-z]{2,6}(?:[/?#]|$)|[\w.+-]@[\w-]+\.[a-z]")
_AMOUNT: Final = re.compile(
    r"(?i)^(?:[$€£#+~<>=±]*\d[\d.,:/+'’–-]*(?:[a-z]{1,3}\.?|st|nd|rd|th|[%€$£]|min|sec|days?|tage?|mb|gb|eur|usd|uhr)?[+)%!?]*"
    r"|v?\d+(?:\.\d+)+|[a-z]{1,4}\.?\d{1,2}|\d+x\d+|q[1-4][-/]?\d{2,4}|[a-z]{3,9}[-./]?\d{1,2}[-./,]?(?:\d{4})?)[!?]*$"
)
"""Prices, dates, times, versions, sizes, “3pm”, “v2.1”, “Q4/2026”, “iPhone15”."""
_MONTH: Final = re.compile(r"^\d{0,2}[-./]?([^\W\d_]{3,10})[-./]?\d{2,4}$")
_MASK: Final = re.compile(r"(?i)^[*•●xX._…\-–—#?]+$|^(?:hidden|redacted|masked|removed|secret|geheim)$")
_REFERENCE: Final = re.compile(r"^[A-Z]{1,12}(?:[-_/#:]?[A-Z0-9]{1,12}){1,6}$")
"""An order, an item, a campaign: capitals and digits alone."""
_HANDLE: Final = re.compile(r"^[@#]\w[\w.-]*$")
_POSSESSIVE: Final = re.compile(r"(?i)[a-z]['’](?:s|t|re|ll|ve|d|m)$|^(?:l|d|qu|c|n|s|j|m|t)['’]")


def bare(piece: str) -> str:
    """Without quotes, brackets, and the sentence's own signs around it. A “!” or “?” may belong to it."""
    piece = piece.strip(_WRAPPING)
    return piece.rstrip(_TRAILING).strip(_WRAPPING)


def looks(piece: str) -> Looks:
    """Of a piece without spaces, as it stands in the text."""
    piece = bare(piece)
    if len(piece) < 4 or len(piece) > 64 or _MASK.match(piece) or _LINK.search(piece):
        return Looks.NOTHING
    if piece.isdigit():
        return Looks.DIGITS if len(piece) <= 12 else Looks.NOTHING
    core = piece.rstrip("!?")
    if _AMOUNT.match(piece) or _is_month(core) or _POSSESSIVE.search(core) or core.lower() in NAMES:
        return Looks.MIXED if _could_be_made_up(piece, core) else Looks.NOTHING
    if core.replace("-", "").replace("_", "").isalpha():
        return _of_letters(piece, core)
    has_digit = any(one.isdigit() for one in piece)
    has_letter = any(one.isalpha() for one in piece)
    if not has_letter or _HANDLE.match(piece) and not has_digit:
        return Looks.NOTHING
    if _REFERENCE.match(core):
        return Looks.MIXED if has_digit else Looks.NOTHING
    if not has_digit:
        return Looks.MIXED if any(one in _MARKS - {"/"} for one in core) else Looks.NOTHING
    has_small, has_capital = any(one.islower() for one in piece), any(one.isupper() for one in core[1:])
    has_mark = any(one in _MARKS - {"/"} for one in piece)
    return Looks.MADE_UP if has_small and len(piece) >= 6 and (has_mark or has_capital) else Looks.MIXED


def _could_be_made_up(piece: str, core: str) -> bool:
    """“hunter2” and “Winter24!” look like “May24”, but are longer or carry a mark."""
    letters = sum(one.isalpha() for one in core)
    return (
        letters >= 4 and core[0].isalpha() and core[-1].isdigit() and not _is_month(core) and core.lower() not in NAMES
    )


def _is_month(core: str) -> bool:
    found = _MONTH.match(core)
    return found is not None and found[1].lower() in MONTHS


def _of_letters(piece: str, core: str) -> Looks:
    inner = core[1:]
    if any(one.isupper() for one in inner) and any(one.islower() for one in core) and "-" not in core:
        return Looks.WORD
    return Looks.WORD if len(core) >= 4 and "-" not in core else Looks.NOTHING


def is_year(text: str) -> bool:
    return len(text) == 4 and text[:2] in {"19", "20"}


def plain_word(piece: str) -> str:
    """In small letters without accents and signs around it."""
    word = bare(piece).lower().rstrip("!?")
    if word.isascii():
        return word
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))


def is_talk(word: str) -> bool:
    """A word that speaks about a password rather than being one; `word` is plain, in small letters."""
    return word in TALK or word.removesuffix("s") in TALK or len(word) > 4 and bool(ENDINGS.search(word))


_CHAIN: Final = re.compile(r"[^\W\d_]{2,12}(?:-[^\W\d_]{2,12}){2,5}|[^\W\d_]{3,12}(?:_[^\W\d_]{3,12}){1,5}")


def is_chain(piece: str, *, talk: float = 0.49) -> bool:
    """“blue-horse-staple”, of which no more than that part is talk; “step-by-step” never is one."""
    piece = bare(piece)
    if not piece.islower() or not _CHAIN.fullmatch(piece):
        return False
    several = re.split(r"[-_]", piece)
    return sum(is_talk(plain_word(one)) for one in several) <= talk * len(several)


_CODE: Final = re.compile(r"^(?:[a-z]{1,3}-)?(?:\d{4}|\d{6,8})$|^(?=[a-z]*\d)[a-z0-9]{6,8}$", re.I)


def is_code(piece: str) -> bool:
    """Four to eight digits, “G-483920”, or six to eight letters and digits in capitals."""
    piece = bare(piece).rstrip("!?")
    return bool(_CODE.match(piece)) and (piece.isdigit() or piece == piece.upper())


_RECOVERY: Final = re.compile(r"^[a-z0-9]{4,12}(?:[-_.][a-z0-9]{4,12}){0,9}$", re.I)


def is_recovery(piece: str) -> bool:
    """“a1b2-c3d4”, “48392014”: digits in it, or groups with a hyphen."""
    piece = bare(piece).rstrip("!?")
    return bool(_RECOVERY.match(piece)) and len(piece) >= 6 and sum(one.isdigit() for one in piece) >= 2


_TOKEN: Final = re.compile(r"^[\w.%~+/=|:;@!&,*-]+$")


def is_token(piece: str, *, least: int) -> bool:
    """Long, of letters and digits, and no address of a page."""
    piece = bare(piece)
    return (
        len(piece) >= least
        and bool(_TOKEN.match(piece))
        and "://" not in piece
        and sum(one.isdigit() for one in piece) >= 2
        and sum(one.isalpha() for one in piece) >= 2
    )
