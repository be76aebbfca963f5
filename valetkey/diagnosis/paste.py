"""PURE. What a person pasted where a code was asked for: a code, a damaged one, or something else entirely.

Compares with the record's code where there is one. Never returns the text nor a mended code: whoever mends in silence
hands on a code that nobody has ever seen. How codes look is not documented, so with nothing to compare with it hints.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from valetkey import credential, lookalikes
from valetkey.authorizations.code_text import QUOTES, UNSEEN
from valetkey.secret import Secret


class Kind(StrEnum):
    NOTHING = "nothing"
    CODE = "code"
    DAMAGED = "damaged"
    OTHER_CODE = "other_code"
    LINK = "link"
    LOGIN_CODE = "login_code"
    CREDENTIAL = "credential"
    MESSAGE = "message"
    POST_ID = "post_id"
    SEVERAL = "several"


class Damage(StrEnum):
    """What happened to a code on its way. QUOTES_AROUND is harmless: the desk takes them off."""

    PLUS_LOST = "plus_lost"
    PLUS_TO_SPACE = "plus_to_space"
    SPACE_INSIDE = "space_inside"
    LINE_BREAK = "line_break"
    HASH_MISSING = "hash_missing"
    QUOTES_INSIDE = "quotes_inside"
    QUOTES_AROUND = "quotes_around"
    LOOKALIKE = "lookalike"
    UNSEEN = "unseen"
    TRUNCATED = "truncated"
    PERCENT_ENCODED = "percent_encoded"
    CASE_CHANGED = "case_changed"
    DOUBLED = "doubled"
    CHANGED = "changed"
    ODD_LENGTH = "odd_length"


HARMLESS: Final = frozenset({Damage.QUOTES_AROUND})
HINTS: Final = frozenset({Damage.HASH_MISSING, Damage.ODD_LENGTH, Damage.TRUNCATED})
"""Damages that, without a code to compare with, rest on samples alone (unconfirmed)."""


@dataclass(frozen=True)
class Paste:
    """`is_same`: whether it is the record's code, damaged or not; None where that cannot be known."""

    kind: Kind
    damages: tuple[Damage, ...] = ()
    is_same: bool | None = None

    @property
    def harms(self) -> tuple[Damage, ...]:
        return tuple(damage for damage in self.damages if damage not in HARMLESS)


def read(text: str, *, known: Secret | None = None) -> Paste:
    """What `text` is, and how it differs from `known`, the record's own code. Refuses nothing."""
    bare, quoted = _bare(text)
    if not bare:
        return Paste(Kind.NOTHING)
    if known:
        found = _compared(bare, quoted, known.reveal())
        if found is not None:
            return found
    kind = _kind(bare)
    if kind is not Kind.CODE:
        return Paste(kind)
    damages = (*quoted, *_by_look(bare))
    if known:
        return Paste(Kind.OTHER_CODE, damages, is_same=False)
    return Paste(Kind.DAMAGED if set(damages) - HARMLESS else Kind.CODE, damages)


_QUOTES: Final = QUOTES | {"´"}
_LONGEST: Final = 2000
"""Longer than several codes in a message; comparing letter by letter stays cheap."""


def _bare(text: str) -> tuple[str, tuple[Damage, ...]]:
    """The text without what surrounds it, and whether quotes were among that."""
    inner = _stripped(text)
    if inner[-1:] in {".", ","} and not inner.endswith(".."):
        inner = _stripped(inner[:-1])
    start = text.find(inner)
    outside = text[:start] + text[start + len(inner) :]
    return inner, (Damage.QUOTES_AROUND,) if any(one in _QUOTES for one in outside) else ()


def _stripped(text: str) -> str:
    around = {one for one in set(text) if one in _QUOTES or unicodedata.category(one) in UNSEEN}
    return text.strip("".join(around))


# ── With the record's code ────────────────────────────────────────────────────────────────────────────────────────────

_ENOUGH: Final = 5
"""A piece of fewer characters may be a piece of anything."""
_SLIPPED_IN: Final = 3
"""So many characters more are a slip of the hand; beyond that, something else stands beside the code."""


def _compared(bare: str, quoted: tuple[Damage, ...], known: str) -> Paste | None:
    """The record's code, whole or damaged; None when it is something else."""
    if bare == known or bare == f"#{known}":
        return Paste(Kind.CODE, quoted, is_same=True)
    if len(bare) > _LONGEST:
        return None
    damages, rest = _peeled(bare, known)
    damages += _left_over(rest, known)
    if _is_same(rest, known):
        return Paste(Kind.DAMAGED, (*quoted, *damages), is_same=True)
    if _core(known) in bare and len(bare) > len(known) + _SLIPPED_IN:
        # The whole code with more around it: a message, or several codes of which it is one.
        return Paste(Kind.SEVERAL if _kind(bare) is Kind.SEVERAL else Kind.MESSAGE, is_same=True)
    if _is_piece(rest, known):
        is_same = True if len(_core(_CUT.sub("", rest))) >= _ENOUGH else None
        return Paste(Kind.DAMAGED, (*quoted, *damages, Damage.TRUNCATED), is_same)
    if _is_near(_core(rest), _core(known)):
        return Paste(Kind.DAMAGED, (*quoted, *damages, _change(_core(rest), _core(known))), is_same=True)
    return None


def _core(code: str) -> str:
    return code.removeprefix("#")


def _loose(code: str) -> str:
    """What is left of a code when all that gets lost or changed on the way is left out."""
    return code.casefold().replace("#", "").replace("+", "")


def _is_same(rest: str, known: str) -> bool:
    return _loose(rest) == _loose(known) and _core(known) != ""


def _peeled(text: str, known: str) -> tuple[list[Damage], str]:
    """Layer by layer what came upon the code, and the text without it."""
    damages: list[Damage] = []

    def take(damage: Damage, peeled: str) -> None:
        nonlocal text
        if peeled != text:
            damages.append(damage)
            text = peeled

    take(Damage.PERCENT_ENCODED, _decoded(text))
    take(Damage.LINE_BREAK, "".join(line.strip() for line in text.splitlines()))
    take(Damage.UNSEEN, "".join(one for one in text if unicodedata.category(one) not in {"Cc", "Cf"}))
    strangers = frozenset(lookalikes.strangers(text))
    take(Damage.LOOKALIKE, "".join(lookalikes.fold(one) if one in strangers else one for one in text))
    take(Damage.QUOTES_INSIDE, "".join(one for one in text if one not in _QUOTES))
    lost = known.count("+") - text.count("+")
    spaces = sum(one.isspace() for one in text)
    if spaces and lost > 0:
        damages.append(Damage.PLUS_TO_SPACE)
    if spaces > max(lost, 0):
        damages.append(Damage.SPACE_INSIDE)
    if lost > spaces and _loose(known) == _loose("".join(text.split())):
        damages.append(Damage.PLUS_LOST)
    return damages, "".join(text.split())


def _decoded(text: str) -> str:
    for _ in range(2):
        text = unquote(text)
    return text


def _left_over(rest: str, known: str) -> list[Damage]:
    damages = []
    if known.startswith("#") and not rest.startswith("#"):
        damages.append(Damage.HASH_MISSING)
    if _is_same(rest, known):
        plain, whole = _core(rest).replace("+", ""), _core(known).replace("+", "")
        if plain != whole:
            damages.append(Damage.CASE_CHANGED if plain.casefold() == whole.casefold() else Damage.CHANGED)
        elif rest.count("+") >= known.count("+") and _core(rest) != _core(known):
            damages.append(Damage.CHANGED)
    return damages


_CUT: Final = re.compile(r"…+|\.{2,}|\*{2,}|•{2,}")
"""How programs show a text that they have shortened."""


def _is_piece(rest: str, known: str) -> bool:
    whole = _core(known)
    pieces = [_core(piece) for piece in _CUT.split(rest) if _core(piece)]
    if not pieces or sum(map(len, pieces)) < 3:
        return False
    if len(pieces) == 1:
        return pieces[0] in whole or _loose(pieces[0]) in _loose(whole) and len(pieces[0]) >= _ENOUGH
    return whole.startswith(pieces[0]) and whole.endswith(pieces[-1])


def _is_near(one: str, other: str) -> bool:
    """A few letters apart. Two codes that differ only so much by chance are as good as never met."""
    most = max(1, min(len(one), len(other)) // 8)
    return abs(len(one) - len(other)) <= most and min(len(one), len(other)) > 2 * most and _apart(one, other, most)


def _apart(one: str, other: str, most: int) -> bool:
    """Whether at most `most` letters must be put in, left out, exchanged or swapped with their neighbour."""
    before_that: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        new = [i]
        for j, right in enumerate(other, start=1):
            steps = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                steps = min(steps, before_that[j - 2] + 1)
            new.append(steps)
        if min(new) > most and min(row) > most:
            return False
        before_that, row = row, new
    return row[-1] <= most


def _change(rest: str, whole: str) -> Damage:
    return Damage.DOUBLED if re.sub(r"(.)\1", r"\1", rest) == re.sub(r"(.)\1", r"\1", whole) else Damage.CHANGED


# ── By its look alone ─────────────────────────────────────────────────────────────────────────────────────────────────

_SHORTEST_SEEN: Final = 12
_LINK: Final = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|(?:[a-z]+\.)?tiktok\.com\b", re.IGNORECASE)
_LOGIN: Final = re.compile(
    r"(?:^|[?&#\s])(?:auth_)?code=[^&\s]{8}(?:.*(?:state|scopes?|client_key|code)=)", re.IGNORECASE
)
# Seen in logs of TikTok logins: 40 digits and letters a-f, or an ending such as *1!4711.e1 (unconfirmed).
_LOGIN_LOOK: Final = re.compile(r"[0-9a-f]{40}|\S+\*[0-9]![0-9]+(?:\.\w+)?")
_TOKEN: Final = re.compile(r"(?:act|rft|clt)\.[\w!*.%-]{16,}")
_ID: Final = re.compile(r"[0-9]{15,20}|[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)
_SHORT_NUMBER: Final = re.compile(r"-?[0-9]{1,10}")
_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)+(?:\.{3}|…)?")
_PERCENT: Final = re.compile(r"%(?:25)?(?:23|2b|2f|3d)", re.IGNORECASE)
# A number sent to a phone has six digits, and so have some of the platform's own numbers: 900012, 930002.
_SIX_DIGITS: Final = re.compile(r"(?!9[0-9]00)[0-9]{6}")
_REFUSAL: Final = re.compile(r"\b9[0-9]00[0-9]{2}\b")


def _kind(bare: str) -> Kind:
    """CODE for whatever may be meant as one."""
    if _TOKEN.fullmatch(bare) or _SIX_DIGITS.fullmatch(bare):
        return Kind.CREDENTIAL
    if _LOGIN.search(bare) or _LOGIN_LOOK.fullmatch(unquote(bare)):
        return Kind.LOGIN_CODE
    if _LINK.match(bare) and len(bare.split()) == 1:
        return Kind.LINK
    if _ID.fullmatch(bare):
        return Kind.POST_ID
    if _SHORT_NUMBER.fullmatch(bare) or _NAME.fullmatch(bare):
        return Kind.MESSAGE
    parts = bare.split()
    if _are_several(bare, parts):
        return Kind.SEVERAL
    if _is_code_like(parts):
        return Kind.CODE
    return Kind.CREDENTIAL if _carries_credential(bare) else Kind.MESSAGE


def _carries_credential(bare: str) -> bool:
    found = credential.find(bare[:_LONGEST])
    # A platform's answer has codes too: `"code": 900012`, or a name such as auth_code_expired beside a number.
    is_answer = _NAME.search(bare) is not None or _REFUSAL.search(bare) is not None
    return found is not None and not (found is credential.Kind.ONE_TIME_CODE and is_answer)


def _are_several(bare: str, parts: Iterable[str]) -> bool:
    marked = [part for part in re.split(r"[\s,;|]+", bare) if part.startswith("#") and len(part) >= _SHORTEST_SEEN]
    lines = [line.strip() for line in bare.splitlines() if line.strip()]
    whole = [line for line in lines if len(line) >= _SHORTEST_SEEN and _is_code_like([line])]
    return len(marked) > 1 or bare.count("#") > 1 and len(lines) > 1 or len(whole) > 1 and not bare.startswith("#")


def _is_code_like(parts: list[str]) -> bool:
    """A #, or one long run of letters that is no word; in a few pieces at most."""
    joined = _CUT.sub("", lookalikes.fold(_decoded("".join(parts))))
    letters = re.sub(r"[^A-Za-z0-9+/=]", "", joined)
    if len(parts) > 4 or len(letters) < 0.7 * len(joined):
        return False
    is_mixed = re.search(r"[0-9+/=]", letters) is not None and re.search(r"[A-Z]", letters) is not None
    is_marked = joined.startswith("#")
    if len(parts) > 1:
        return is_marked and is_mixed or is_mixed and not any(re.fullmatch(r"[A-Za-z]?[a-z]+[,.:]?", p) for p in parts)
    return is_marked or is_mixed or len(joined) >= _SHORTEST_SEEN and "_" not in joined


def _by_look(bare: str) -> tuple[Damage, ...]:
    """What a look can tell of a code without the right one beside it."""
    encoded = _PERCENT.search(bare) is not None
    text = _decoded(bare) if encoded else bare
    plain = "".join(text.split())
    found = {
        Damage.PERCENT_ENCODED: encoded,
        Damage.LINE_BREAK: len(text.splitlines()) > 1,
        Damage.SPACE_INSIDE: any(part != line.strip() for line in text.splitlines() for part in line.split()),
        Damage.UNSEEN: any(unicodedata.category(one) in {"Cc", "Cf"} and not one.isspace() for one in text),
        Damage.LOOKALIKE: any(not one.isascii() and one not in _QUOTES for one in lookalikes.strangers(text)),
        Damage.QUOTES_INSIDE: any(one in _QUOTES for one in text),
        Damage.HASH_MISSING: not lookalikes.fold(plain).startswith("#"),
        Damage.TRUNCATED: len(plain) < _SHORTEST_SEEN or _CUT.search(plain) is not None,
    }
    damages = tuple(damage for damage, is_there in found.items() if is_there)
    odd = len(_core(plain)) % 4 != 0 and not set(damages) - {Damage.HASH_MISSING}
    return (*damages, Damage.ODD_LENGTH) if odd else damages
