"""PURE. The few shapes in which people write a credential down. Each looks at a short stretch of text beside a word.

Every stretch has a bound, so the time grows with the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from valetkey.credential import around, words
from valetkey.credential.reading import FILE, Text
from valetkey.credential.values import (
    Looks,
    bare,
    is_chain,
    is_code,
    is_recovery,
    is_talk,
    is_token,
    is_year,
    looks,
    plain_word,
)

_BACK: Final = 90
_FAR: Final = 8
"""So many words may stand between a word for a credential and the credential."""


class _Link(Enum):
    """How a piece hangs together with the word before it."""

    NONE = "password Sommer2024!"
    LINE = "the value stands alone on the next line"
    TO = "changed the password to …"
    IS = "the password is …"
    SIGN = "password: …"


@dataclass(frozen=True)
class _Piece:
    """A piece of the text after a word. `far`: so many words after the link, or without one, the word."""

    text: str
    link: _Link
    far: int
    rest: str
    between: tuple[str, ...]


# Words as people spell them.

_LEET: Final = {"a": "a4@", "e": "e3", "i": "i1!", "l": "l1", "o": "o0", "s": "s5$", "t": "t7"}
_GAP: Final = r"[\s._*'/-]"


def _spelled(word: str) -> str:
    """In leet, with signs between its letters; in a short word between all or none. Plurals inside are known."""
    parts = [[f"[{re.escape(_LEET.get(one, one))}]" for one in part] for part in word.split()]
    if sum(map(len, parts)) >= 6:
        return rf"(?:e?s)?{_GAP}?".join(f"{_GAP}?".join(part) for part in parts)
    together = f"{_GAP}?".join("".join(part) for part in parts)
    return f"(?:{together}|{_GAP.join(sign for part in parts for sign in part)})"


@cache
def _any_of(several: tuple[str, ...], *, ending: str = "") -> re.Pattern[str]:
    """One pattern for all, the longest first. `ending`: those of a longer word, as in “Kontopasswort”.

    Made when it is first asked for: that takes a while, and whoever only reads a desk asks for none.
    """
    spelled = "|".join(_spelled(word) for word in sorted(several, key=len, reverse=True))
    inside = f"|(?<=[a-z])(?:{ending})" if ending else ""
    return re.compile(rf"(?:(?<![a-z0-9@])(?:{spelled}){inside})(?:e?[sn]|er)?(?![a-z0-9])")


_LOGIN: Final = (*words.LOGIN, *words.LOGIN_DATA)


def _password() -> re.Pattern[str]:
    return _any_of(words.PASSWORD, ending="password|passwort|kennwort")


# What follows a word.

_LOOSE: Final = frozenset({_Link.NONE, _Link.SIGN})

_SIGN: Final = re.compile(r"[\s\"'“”„»«)\]*_]{0,4}(?:\([^()\n]{0,40}\)[ \t]*)?(?::|=|->|→|⇒|-+>|>)[:=>]*|\s[–—-]\s")
_SHORT_IS: Final = re.compile(r"['’]s\b")
_INNER_SIGN: Final = re.compile(r"[:=→]+")
_NEW_LINE: Final = re.compile(r"[ \t.!]{0,3}\r?\n\s*")
_STOP: Final = re.compile(r"[.?!;]$")


def _pieces(after: str) -> Iterator[_Piece]:
    """What stands after a word, piece by piece, up to the end of the sentence, and how each is linked to the word."""
    link, far, between = _Link.NONE, 0, list[str]()
    if sign := _SIGN.match(after):
        link, after = _Link.SIGN, after[sign.end() :]
    elif short := _SHORT_IS.match(after):
        link, after = _Link.IS, after[short.end() :]
    elif line := _NEW_LINE.match(after):
        link, after = _Link.LINE, after[line.end() :]
    after = after.lstrip()
    for found in re.finditer(r"\S+", after):
        said, rest = found[0], after[found.end() :]
        word = plain_word(said)
        yield _Piece(said, link, far, rest, tuple(between))
        if link is _Link.NONE and (inner := _INNER_SIGN.search(said)):
            link, far, between = _Link.SIGN, 0, [*between, plain_word(said[: inner.start()])]
            if said[inner.end() :]:
                yield _Piece(said[inner.end() :], link, far, rest, tuple(between))
                far = 1
        elif (word in words.IS or said.lower() == "é") and link is not _Link.SIGN:
            link, far = _Link.IS, 0
        elif word in words.TO and link is _Link.NONE:
            link, far = _Link.TO, 0
        elif link is _Link.NONE or word not in words.STILL:
            far += 1
            between.append(word)
        if far > _FAR or _STOP.search(said) and link is not _Link.SIGN or rest.startswith("\n\n"):
            return


def _follows(text: Text, named: re.Pattern[str], fits: Callable[[_Piece], bool]) -> bool:
    return any(fits(piece) for found in named.finditer(text.plain) for piece in _pieces(text.after(found.end())))


# One judgement for each kind of word.


def _is_password(piece: _Piece) -> bool:
    seems, near = looks(piece.text), piece.far == 0
    first = plain_word(re.split(r"[_-]", piece.text.lstrip("_-"))[0]) if piece.link in _LOOSE else ""
    if words.NO_PASSWORD & {*piece.between, first}:
        return False
    if is_chain(piece.text):
        return near or piece.link in {_Link.SIGN, _Link.IS}
    match piece.link:
        case _Link.SIGN | _Link.IS:
            if near and seems is Looks.WORD and _ends(piece):
                return not words.NOT & set(piece.between) and not is_talk(plain_word(piece.text))
            if near and seems is Looks.DIGITS or seems is Looks.MADE_UP:
                return True
            return seems is Looks.MIXED and piece.far <= 3 * (piece.link is _Link.SIGN) or near and _is_phrase(piece)
        case _Link.LINE:
            return _is_in_a_row(piece, seems)
        case _Link.TO:
            return seems is Looks.MADE_UP or near and seems is Looks.MIXED and _has_digit(piece.text)
        case _:
            long = len(bare(piece.text)) >= 6 and _has_digit(piece.text)
            is_owned = set(piece.between) <= words.OF
            return piece.far <= 4 and seems is Looks.MADE_UP or is_owned and seems is Looks.MIXED and long


_BESIDE_IT: Final = re.compile(
    r"(?<![a-z])(?:with|and|mit|und|con|y|avec|et|com|e|as|als) "
    r"(?:(?:the|my|dem|das|mein|la|el|mi|le|mon|a|o|minha) )?$"
)


def _with_a_word(text: Text) -> bool:
    """“sign in with mara and password kitten”."""
    for found in _password().finditer(text.plain):
        said = text.raw[found.end() : found.end() + 40].split()
        word = plain_word(said[0]) if said and _BESIDE_IT.search(text.before(found.start())) else ""
        if (
            len(word) >= 5
            and word.isalpha()
            and not is_talk(word)
            and word not in words.NO_PASSWORD | words.TO | words.IS
        ):
            return True
    return False


def _is_in_a_row(piece: _Piece, seems: Looks) -> bool:
    """Under its heading: “user | password”, and on the next line both of them."""
    is_second = piece.far == 2 and piece.between[-1] in {"", "/"} and _has_digit(piece.text)
    return seems >= Looks.MIXED and (piece.far == 0 or is_second)


def _is_maybe(piece: _Piece) -> bool:
    seems, near = looks(piece.text), piece.far == 0
    is_secret = seems >= Looks.MIXED and _has_digit(piece.text) and not piece.text.isupper() or is_chain(piece.text)
    match piece.link:
        case _Link.SIGN | _Link.IS:
            return near and is_secret
        case _Link.LINE:
            return is_secret and _is_in_a_row(piece, seems)
        case _:
            return piece.far <= 1 and seems is Looks.MADE_UP or near and is_secret and len(bare(piece.text)) >= 7


def _is_pin(piece: _Piece) -> bool:
    text = bare(piece.text).rstrip("!")
    return piece.far <= 3 and text.isdigit() and 4 <= len(text) <= 8 and not _is_counted(piece)


def _is_one_time(piece: _Piece) -> bool:
    if not is_code(piece.text) or _is_counted(piece):
        return False
    text = bare(piece.text)
    return piece.far == 0 and piece.link is not _Link.NONE or text.isdigit() and not is_year(text)


_FOUR_AND_FOUR: Final = re.compile(r"\d{4,5}-\d{4,5}$")


def _is_recovery(piece: _Piece) -> bool:
    if piece.far == 0 and piece.link in {_Link.SIGN, _Link.IS} and _is_phrase(piece):
        return True
    following = bare(piece.rest.split(maxsplit=1)[0]) if piece.rest.strip() else ""
    text = bare(piece.text)
    in_groups = text.isdigit() and following.isdigit() and len(text) >= 4 and len(following) >= 4
    is_plain = not any(one.isalpha() for one in text) and not _FOUR_AND_FOUR.match(text)
    return (
        is_recovery(piece.text) and not is_plain or text.isdigit() and len(text) == 8 or in_groups or _is_grouped(text)
    )


def _is_session(piece: _Piece) -> bool:
    return is_token(piece.text, least=12 if piece.far == 0 and piece.link is _Link.SIGN else 16) and (
        piece.link is not _Link.NONE or set(piece.between) <= words.OF
    )


def _is_cookie(piece: _Piece) -> bool:
    return piece.far == 0 and is_token(piece.text, least=16 if piece.link is _Link.NONE else 8)


def _is_grouped(text: str) -> bool:
    groups = text.split("-")
    return len(groups) >= 3 and all(4 <= len(one) <= 8 and one.isalnum() for one in groups)


_COUNTED: Final = re.compile(
    r"\s*(?:[€$£%]|eur|usd|euro|dollar|views|likes|followers|follower|people|char|zeichen|clicks|aufrufe|vistas|vues|times)"
)


def _is_counted(piece: _Piece) -> bool:
    return bool(_COUNTED.match(piece.rest.lower()))


def _has_digit(text: str) -> bool:
    return any(one.isdigit() for one in text)


def _ends(piece: _Piece) -> bool:
    """The line after a sign, the sentence after “is”."""
    return _ends_line(piece) or piece.link is _Link.IS and piece.text[-1] in ".,;!"


def _ends_line(piece: _Piece) -> bool:
    return not piece.rest.strip(" \t.,;!)\"'”“»") or bool(re.match(r"[ \t.,;!)]*(?:\n|$)", piece.rest))


_CLOSING: Final = {'"': '"', "“": "”", "„": "“", "«": "»"}


def _is_phrase(piece: _Piece) -> bool:
    """Small words on one line, hardly any of them talk: “correct horse battery staple”."""
    line = f"{piece.text}{piece.rest}".partition("\n")[0]
    line = (line[1:].partition(_CLOSING[line[0]])[0] if line[0] in _CLOSING else line).strip(" .!\"'”“»")
    several = line.partition("(")[0].rstrip("0123456789 ").split()
    if not 3 <= len(several) <= 24:
        return False
    if not all(3 <= len(one) <= 12 and one.isalpha() and one.islower() for one in several):
        return False
    return 4 * sum(is_talk(plain_word(one)) for one in several) <= len(several) + _has_digit(line[-1:])


# A name and a secret side by side.

_HEADED: Final = re.compile(r"[^\n:]{0,40}:")
_MAIL: Final = re.compile(r"[\w+-]@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_BESIDE: Final = re.compile(
    r"\s{0,3}(?:[:/|;,–—-]{1,2}|\n|(?:and|und|y|et|e|mit|with|con|avec|com)\s|\s)\s{0,3}(\S{5,64})"
)
_NAMED: Final = re.compile(
    r"(?:^|[\s:(\"“„'/])[\w.@+-]{3,64}[\"”“']?\s*(?:/{1,2}|[|:;,+&–—-]|\n|\s(?:and|und|y|et|e|mit|with|con|avec|com))\s*[\"“„']?$"
)


def _beside_a_mail_address(text: Text) -> bool:
    for found in _MAIL.finditer(text.raw):
        beside = _BESIDE.match(text.after(found.end()))
        if beside is None:
            continue
        is_close = beside[0].lstrip(" ")[0] in ":/|;\n" or bool(_any_of(_LOGIN).search(text.before(found.start())))
        if _is_secret_of_somebody(beside[1], is_close=is_close):
            return True
    return False


def _beside_a_name(text: Text) -> bool:
    """After a word about signing in."""
    for login in _any_of(_LOGIN).finditer(text.plain):
        after = text.after(login.end())
        is_data = bool(_any_of(words.LOGIN_DATA).fullmatch(login[0]) and _HEADED.match(after))
        for found in re.finditer(r"\S+", after):
            name, sign, last = found[0].rpartition("/") if "/" in found[0] else found[0].rpartition(":")
            if sign and last and len(name) >= 3 and _is_secret_of_somebody(last, is_close=is_data):
                return True
            if _is_secret_of_somebody(found[0], is_close=is_data) and _NAMED.search(after[: found.start()]):
                return True
    return False


def _is_secret_of_somebody(piece: str, *, is_close: bool = False) -> bool:
    if piece[0] in "@#" or FILE.search(bare(piece)):
        return False
    seems = looks(piece)
    is_plain_mix = seems is Looks.MIXED and _has_digit(piece) and any(one.islower() for one in piece)
    return seems is Looks.MADE_UP or is_close and is_plain_mix and len(bare(piece)) >= 6


_RUN_ON: Final = re.compile(rf"(?:{'|'.join(words.RUN_ON)})[a-z]{{2,30}}\d{{1,6}}(?![a-z0-9])")


def _in_one_word(text: Text) -> bool:
    """“mypasswordisbutterfly21”."""
    return bool(_RUN_ON.search(text.plain))


def _slips(word: str) -> Iterator[str]:
    """The word with a letter left out, doubled up by another, changed, or changed places with the next."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + one + tail for one in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + one + tail[1:] for one in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


_MISSPELT: Final = frozenset(slip for word in words.MISSPELT for slip in _slips(word))
_BEFORE_SIGN: Final = re.compile(r"(?<![a-z0-9])[a-z0-9@$]{4,12}(?=\s?[:=])")
_UNLEET: Final = str.maketrans("4@31057$", "aaeiosts")


def _misspelt(text: Text) -> bool:
    """“passwrot: …”, where what follows is surely none but a password."""
    for found in _BEFORE_SIGN.finditer(text.plain):
        first = next(_pieces(text.after(found.end())), None) if found[0].translate(_UNLEET) in _MISSPELT else None
        if first and looks(first.text) >= Looks.MIXED:
            return True
    return False


_SIGNED: Final = re.compile(r"(?<!\w)eyJ[\w-]{10,}\.[\w-]{10,}")
"""The head of a signed token (JWT)."""


def _is_signed(text: Text) -> bool:
    return bool(_SIGNED.search(text.raw))


_SHAPES: Final[tuple[tuple[str, Callable[[Text], bool]], ...]] = (
    ("session", _is_signed),
    ("session", lambda text: _follows(text, _any_of(words.COOKIE), _is_cookie)),
    ("session", lambda text: _follows(text, _any_of(words.SESSION), _is_session)),
    ("recovery_code", lambda text: _follows(text, _any_of(words.RECOVERY), _is_recovery)),
    ("one_time_code", lambda text: _follows(text, _any_of(words.ONE_TIME), _is_one_time)),
    ("password", lambda text: _follows(text, _password(), _is_password)),
    ("password", _with_a_word),
    ("password", lambda text: _follows(text, _any_of(words.PIN), _is_pin)),
    ("password", lambda text: _follows(text, _any_of(words.MAYBE), _is_maybe)),
    ("password", _in_one_word),
    ("password", _misspelt),
    ("password", _beside_a_mail_address),
    ("password", _beside_a_name),
    ("session", around.session),
    ("recovery_code", around.recovery_code),
    ("one_time_code", around.one_time_code),
    ("password", lambda text: around.password(text, _places(text))),
    ("password", lambda text: around.in_words(text, _places(text))),
    ("password", around.phrase),
)


def _places(text: Text) -> list[int]:
    return [found.start() for found in _password().finditer(text.plain)]


def find(text: str) -> str | None:
    """The kind's value, or None."""
    if not text.strip():
        return None
    read = Text.of(text)
    return next((kind for kind, sees in _SHAPES if sees(read)), None)
