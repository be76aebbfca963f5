"""PURE. Judges an odd piece of a text by the company it keeps: what few write in talk, beside words of entry.

The shapes know how a credential follows its name; this knows neither order nor distance within one line. Whatever is a
number of something, or the name of something, is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from valetkey.credential import words
from valetkey.credential.reading import FILE, Text
from valetkey.credential.values import Looks, bare, is_chain, is_talk, is_year, looks, plain_word

_WIDE: Final = 110
_TIGHT: Final = 28


def _said(*several: tuple[str, ...]) -> re.Pattern[str]:
    one = "|".join(word.replace("*", "[a-z]*") for word in sorted({*sum(several, ())}, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9])(?:{one})(?![a-z0-9])")


_ENTERING: Final = _said(words.ENTERING, words.OWN)
_ARRIVED: Final = _said(words.ARRIVED)
_TEXTED: Final = _said(words.TEXTED)
_CODE: Final = _said(words.CODE)
_SIGNING_IN: Final = _said(tuple(words.SIGNING_IN))
_NUMBERED: Final = _said(words.NUMBERED, tuple(words.NO_CODE))
_NAMED: Final = _said(words.NAMED, tuple(words.NO_CODE))


@dataclass(frozen=True)
class _Company:
    """What stands around a piece, on its line. `near`: what could say of what it is the number or the name."""

    before: str
    after: str

    @classmethod
    def of(cls, text: Text, start: int, end: int) -> _Company:
        before = text.plain[max(0, start - _WIDE) : start].rpartition("\n")[2]
        return cls(before, text.plain[end : end + _WIDE].partition("\n")[0])

    def is_talk(self) -> bool:
        """Rather than a name of several words."""
        return sum(is_talk(one) for one in re.findall(r"[a-z']+", f"{self.before[-60:]} {self.after[:60]}")) >= 2

    def has(self, said: re.Pattern[str]) -> bool:
        return bool(said.search(self.before) or said.search(self.after))

    def has_near(self, said: re.Pattern[str]) -> bool:
        return bool(said.search(self.before[-_TIGHT:]) or said.search(self.after[:_TIGHT]))


# Digits.

_DIGITS: Final = re.compile(r"(?<![\w.,/#€$£+-])(?<!\d )(?:[a-z]-)?(\d{4}|\d{6})(?![\w€%$£]|[.,/-]\d| \d| ?[€%$£])")
_MIXED_CODE: Final = re.compile(r"(?<![\w.,/#+-])(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z\d]{3,4}-?[A-Z\d]{3,4}(?![\w/-])")
_COUNTED: Final = re.compile(
    r"\s*(?:[€$£%]|eur|usd|euro|dollar|pesos|reais|yen|views|likes|follow|people|personas|char|zeichen|clicks|aufrufe"
    r"|vistas|visitas|visualiza|vues|abonn|seguidores|times|words|worter|palabras|mots|palavras|units|stuck|unidades)"
)


def one_time_code(text: Text) -> bool:
    """Six digits that came or run out; four, too, where they were texted."""
    for found in _DIGITS.finditer(text.plain):
        digits = found[1]
        company = _Company.of(text, *found.span())
        if _COUNTED.match(company.after) or company.has_near(_NUMBERED) or digits.endswith("00"):
            continue
        if company.has(_ARRIVED if len(digits) == 6 else _TEXTED) and not is_year(digits):
            return True
    return any(_is_mixed_code(_Company.of(text, *found.span())) for found in _MIXED_CODE.finditer(text.raw))


def _is_mixed_code(company: _Company) -> bool:
    return company.has(_CODE) and company.has(_SIGNING_IN) and not company.has_near(_NUMBERED)


# Secrets.

_PIECE: Final = re.compile(r"\S{6,80}")
_STRANGE: Final = re.compile(r"[^\W\d]{2,}\d*[!$%*][^\W_]*\d|[^\W\d]+\d[^\W\d]+\d[^\W\d]+!")
"""“Flamengo!81”: a sign amid letters and digits."""
_WORDY: Final = re.compile(r"[^\W\d_]{4,}(?:[!#$%&*._-][^\W\d_]{2,})*(?:[!#$%&*_-]?\d{1,4}|\.\d{2,4})[!*]*")
"""“Snowflake9”, “Velvet&Moss4”."""
_NAME_BEFORE: Final = re.compile(
    r"(?:handle|user|username|usuario|benutzername|nutzer|nutzername|identifiant|account|konto|cuenta|compte|conta|insta|ig"
    r"|profil\w?|perfil|pseudo| as| als)"
    r"(?:[\s:=]{1,3}|(?:\s[a-z]{2,10})?(?:\s?[:=]|\s(?:is|ist|es|est|e|named|called|heisst))\s)$"
)
_PRODUCT: Final = re.compile(
    r"^(?:iphone|ipad|ios|android|windows|office|galaxy|pixel|firefox|chrome|macos|version|video|part|teil|parte|look"
    r"|http|clip|take|post|final|img|dsc|gopro|hero|sony|canon|covid|photoshop|premiere|page|seite|step|day|tag|room)[\W_]?\d+$"
)


def password(text: Text, named: list[int]) -> bool:
    """A made-up word beside words of entry, or of a password, which stands at one of the places `named`."""
    return any(_is_password(text, found, named) for found in _PIECE.finditer(text.raw))


def _is_password(text: Text, found: re.Match[str], named: list[int]) -> bool:
    piece, (start, end) = found[0], found.span()
    strength = _strength(piece)
    if not strength:
        return False
    company = _Company.of(text, start, end)
    if strength == _ALONE:
        return True
    if company.has_near(_NAMED) or _NAME_BEFORE.search(company.before):
        return False
    if _WORDY.fullmatch(bare(piece)) and company.is_talk():
        return True
    is_idiom = is_chain(piece) and not is_chain(piece, talk=0)
    return (
        company.has(_ENTERING)
        and not is_idiom
        or _stand_near(named, start - len(company.before), end + len(company.after))
    )


def _stand_near(places: list[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


_ALONE: Final = 2


def _strength(piece: str) -> int:
    """Nothing, something that needs company, or what nobody writes but as a password."""
    text = bare(piece)
    if piece[0] in "@#" or "://" in piece or FILE.search(text) or "@" in text[1:] and "." in text:
        return 0
    if is_chain(text) and "_" not in text:
        return 1
    seems = looks(piece)
    if seems < Looks.MIXED or sum(one.isalpha() for one in text) < 3 or not any(one.islower() for one in text):
        return 0
    if not any(one.isdigit() for one in text) or not text[0].isalnum() or _PRODUCT.match(plain_word(text)):
        return 0
    if re.match(r"\d+[^\W\d]+$", text):
        return 0
    return _ALONE if _STRANGE.match(text) else 1


# What is written in words.


def in_words(text: Text, named: list[int]) -> bool:
    """“type three small dogs, with spaces”."""
    for found in _SPACED.finditer(text.plain):
        company = _Company.of(text, *found.span())
        is_named = _stand_near(named, found.start() - len(company.before), found.end() + len(company.after))
        if not company.has(_NAMED) and not company.has(_CODE) and (is_named or company.has(_ENTERING)):
            return True
    return False


_SPACED: Final = re.compile(
    r"(?<![a-z])(?:with|without|mit|ohne|con|sin|avec|sans|com|sem) (?:[a-z]{2,4} )?"
    rf"(?:{'|'.join(words.SPACES)})(?![a-z])"
)
_ROW: Final = re.compile(r"(?<!\S)[a-z]{3,9}(?: [a-z]{3,9}){10,24}(?!\S)")


def phrase(text: Text) -> bool:
    """Eleven words in a row, none of them talk."""
    for found in _ROW.finditer(text.raw):
        run = 0
        for word in found[0].split():
            run = 0 if is_talk(word) else run + 1
            if run >= 11:
                return True
    return False


# Alone.

_ONE: Final = r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{4,6}"
_BIG: Final = r"[A-Z2-7]{4}"
_GROUPED: Final = re.compile(rf"(?<![\w/.@-]){_ONE}-{_ONE}(?![\w/@]|[.-]\w)")
_SETUP: Final = re.compile(
    rf"(?<![\w-])(?=[A-Z\d]{{4}}[ -])(?=[A-Z -]{{0,40}}\d[A-Z -]{{0,40}}\d){_BIG}(?:[ -]{_BIG}){{3,7}}(?![\w-])"
)
_KEY: Final = re.compile(r"(?<![\w/#.-])[A-Z\d]{4,5}(?:[ -][A-Z\d]{4,5}){3,9}(?![\w/-])")
_RESCUE: Final = re.compile(
    r"backup|back up|emergen|recover|notfall|ersatz|wiederherst|respaldo|recuper|secours|reserv"
)
_PAIR: Final = re.compile(r"(?<![\w/.-])(?=[A-Z-]{0,8}\d)[A-Z\d]{4}-[A-Z\d]{4}(?![\w/-])")
_LICENCE: Final = re.compile(r"(?<![\w/#.-])(?=[A-Z-]*\d)(?=[\d-]*[A-Z])(?:[A-Z\d]{4,5}-){2,7}[A-Z\d]{4,5}(?![\w/-])")
_SECRET_OF: Final = re.compile(r"(?i)otpauth://|[?&;](?:secret|token|session(?:id)?|access_token)=[\w%.~-]{12,}")


def recovery_code(text: Text) -> bool:
    """“k7dq-m2xp”, “NQ4T 7WSL KD2P VV6E”, and addresses that hold a secret."""
    if any(shape.search(text.raw) for shape in (_SECRET_OF, _GROUPED, _SETUP, _TWO)):
        return True
    if any(_is_key(text, found) for found in _KEY.finditer(text.raw)):
        return True
    return any(_is_spare(text, found) for shape in (_LICENCE, _PAIR) for found in shape.finditer(text.raw))


def _is_key(text: Text, found: re.Match[str]) -> bool:
    """“B7QW 4ZNE 88LT XC2M”; an account number of a bank mixes letters and digits in its first group alone."""
    mixed = [one for one in re.split("[ -]", found[0]) if not one.isdigit() and not one.isalpha()]
    return len(mixed) >= 2 and not _Company.of(text, *found.span()).has_near(_NUMBERED)


def _is_spare(text: Text, found: re.Match[str]) -> bool:
    company = _Company.of(text, *found.span())
    return not company.has_near(_NUMBERED) and (found.re is _LICENCE or company.has(_RESCUE))


_TWO: Final = re.compile(r"(?<![\w-])\d{4}-\d{4}[^\w-]{1,5}(?:\w{1,3}\W{1,2})?\d{4}-\d{4}(?![\w-])")
_HEX: Final = re.compile(r"(?<![\w/#.-])(?=[a-f]*\d)(?=\d*[a-f])[a-f\d]{32,128}(?![\w/])")


def session(text: Text) -> bool:
    """A long row of hexadecimal digits: nobody types one."""
    return bool(_HEX.search(text.raw))
