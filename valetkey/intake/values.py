"""PURE. What one cell means: a day, an end, an id, a platform, a mail address. Never guesses.

Raises Doubt where a person has to look, Unfit where it cannot be used as it is. Does not know the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from valetkey.register.days import end_of_day, start_of_day


class Doubt(Exception):
    """A sentence for the person who looks."""


class Unfit(Exception):
    """The same, of what cannot be used."""


@dataclass(frozen=True)
class Moment:
    """An instant; or a day, which says no more than the day. `starts_at` and `ends_at` span it in the desk's zone."""

    starts_at: datetime
    ends_at: datetime
    day: date | None = None

    def is_start(self, at: datetime | None) -> bool:
        """Whether the record's instant, as a start, says the same."""
        return at is not None and (self.starts_at <= at < self.ends_at if self.day else at == self.starts_at)

    def is_end(self, at: datetime | None) -> bool:
        return at is not None and (self.starts_at < at <= self.ends_at if self.day else at == self.ends_at)


NEVER: Final = frozenset(
    ["never", "no end", "no end date", "does not end", "never ends", "unlimited", "permanent", "indefinite", "forever"]
)
UNKNOWN: Final = frozenset(["unknown", "not known", "?", "??", "nobody knows", "unclear"])
_FAULTS: Final = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NUM|NULL|SPILL)[!?]?", re.IGNORECASE)
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_SERIAL: Final = re.compile(r"\d{5}(?:[.,]\d+)?")
_NUMBERS: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]0?0:00(?::00)?)?")
_LONG: Final = 15
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_WORDS: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_WORDS_DAY: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_YEARS: Final = range(1990, 2100)
_EPOCH: Final = date(1899, 12, 30)
"""From which spreadsheets count days."""
_MAIL: Final = re.compile(r"[^\s@<>,;\"']+@[^\s@<>,;\"']+\.[^\s@<>,;\"'.]{2,}")
_NAMED_MAIL: Final = re.compile(r"(.*\S)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>")

_PLATFORMS: Final = {
    "tiktok": "tiktok tt tik tok", "instagram": "instagram ig insta", "facebook": "facebook fb meta",
    "youtube": "youtube yt", "other": "other anotherplatform",
}  # fmt: skip
_KINDS: Final = {
    "account": "account profile tiktokaccount instagramaccount",
    "business_center": "businesscenter businesscentre bc businessmanager businessportfolio",
    "ad_account": "adaccount advertiseraccount adsaccount",
    "shop": "shop tiktokshop store", "page": "page facebookpage", "channel": "channel youtubechannel", "post": "post",
}  # fmt: skip


def refuse_fault(text: str) -> None:
    if _FAULTS.fullmatch(text):
        raise Doubt(f"The spreadsheet shows a fault of its own here: {text}.")


def moment(text: str, *, day_first: bool | None, zone: str) -> Moment:
    """A day, or an instant written with its zone, or an hour, which is one of the desk's zone."""
    exact = _instant(text, zone)
    if exact is not None:
        return Moment(exact, exact)
    found = day(text, day_first=day_first)
    return Moment(start_of_day(found, zone), end_of_day(found, zone), found)


def day(text: str, *, day_first: bool | None) -> date:
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        found = _of_numbers(text, numbers, day_first)
    elif match := _DAY_WORDS.fullmatch(text):
        found = _made(text, int(match[3]), _month(text, match[2]), int(match[1]))
    elif match := _WORDS_DAY.fullmatch(text):
        found = _made(text, int(match[3]), _month(text, match[1]), int(match[2]))
    elif _SERIAL.fullmatch(text):
        meant = _EPOCH + timedelta(days=int(text[:5]))
        raise Doubt(f"“{text}” is a number. A spreadsheet may mean {meant:%d %b %Y} by it: write it as {meant}.")
    else:
        raise Doubt(f"“{text[:40]}” is no day. Write it as 2027-03-01.")
    if found.year not in _YEARS:
        raise Doubt(f"{found} is too far away: look at the year.")
    return found


def identifier(text: str) -> str:
    """An id as it was typed. What a spreadsheet has rounded is lost, and nobody can tell the digits."""
    if _ROUNDED.fullmatch(text):
        raise Doubt(f"A spreadsheet has shortened this id to “{text}”. Copy it again into a column of the kind “text”.")
    return text


def looks_rounded(text: str) -> bool:
    """A number keeps fifteen digits; behind them a spreadsheet writes zeros."""
    return text.isdigit() and len(text) > _LONG and not text[_LONG:].strip("0")


def start_words(at: datetime, zone: str) -> str:
    """An instant as the day that begins with it, in the desk's zone; with the hour where it is none's beginning."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{here.date()}" if here.time() == time() else f"{here:%Y-%m-%d %H:%M} ({zone})"


def end_words(at: datetime, zone: str) -> str:
    """The same of an end, which is outside: midnight is the end of the day before."""
    here = at.astimezone(ZoneInfo(zone))
    return f"the end of {here.date() - timedelta(days=1)}" if here.time() == time() else start_words(at, zone)


def platform(text: str) -> str:
    return _word(text, _PLATFORMS, "platform known here", "TikTok, Instagram, Facebook, YouTube or other")


def asset_kind(text: str) -> str:
    return _word(text, _KINDS, "kind of asset", "account, Business Center, ad account, shop, page or channel")


def mail(text: str) -> str:
    text = text.removeprefix("mailto:").strip().lower()
    if not _MAIL.fullmatch(text) or len(text) > 254:
        raise Unfit(f"“{text[:60]}” is no mail address.")
    return text


def name_and_mail(text: str) -> tuple[str, str]:
    """“Jo Berg <jo@example.org>”, a bare address, or a name."""
    both = _NAMED_MAIL.fullmatch(text)
    if both:
        return both[1].strip('" '), both[2]
    return ("", text) if _MAIL.fullmatch(text) else (text, "")


def _of_numbers(text: str, numbers: re.Match[str], day_first: bool | None) -> date:
    first, sign, second, third = numbers[1], numbers[2], int(numbers[3]), numbers[4]
    if len(first) == 4:
        return _made(text, int(first), second, int(third))
    if len(third) != 4:
        raise Doubt(f"“{text}”: write the year with four digits.")
    one, year = int(first), int(third)
    # With full stops nobody writes the month first.
    if sign == "." or one > 12:
        return _made(text, year, second, one)
    if second > 12:
        return _made(text, year, one, second)
    if one == second:
        return _made(text, year, one, one)
    if day_first is None:
        either = _made(text, year, second, one), _made(text, year, one, second)
        raise Doubt(f"“{text}” is {either[0]:%-d %b} or {either[1]:%-d %b}. Say whether days come first in this sheet.")
    return _made(text, year, second, one) if day_first else _made(text, year, one, second)


def _made(text: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Doubt(f"There is no day “{text}”.") from None


def _month(text: str, word: str) -> int:
    if word[:3].casefold() not in _MONTHS:
        raise Doubt(f"“{text[:40]}” is no day. Write it as 2027-03-01.")
    return _MONTHS.index(word[:3].casefold()) + 1


def _instant(text: str, zone: str) -> datetime | None:
    if len(text) < len("2027-03-01 09:00") or not text[:4].isdigit():
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None and at.time() == time():
        return None
    if at.year not in _YEARS:
        raise Doubt(f"{at:%Y-%m-%d} is too far away: look at the year.")
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _word(text: str, table: dict[str, str], what: str, offered: str) -> str:
    wanted = "".join(one for one in text.casefold() if one.isalnum())
    for value, names in table.items():
        if wanted in names.split() or wanted == value.replace("_", ""):
            return value
    raise Doubt(f"“{text[:40]}” is no {what}. Write {offered}.")
