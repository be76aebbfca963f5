"""PURE. A calendar as other programs read it (iCalendar), and what of it is news since it was last read.

Does not know what happens on which day, nor who may see it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, vText

REFRESH: Final = timedelta(hours=6)
"""How often programs are asked to look again; each does as it likes."""
_PRODUCT: Final = "-//Valetkey//Valetkey//EN"


@dataclass(frozen=True)
class Happening:
    """What stands in a calendar: on a `day`, or at an `instant`. `uid` stays the same when the rest changes."""

    uid: str
    title: str
    url: str
    day: date | None = None
    instant: datetime | None = None

    @property
    def digest(self) -> str:
        instant = self.instant.astimezone(UTC).isoformat() if self.instant else None
        return hashlib.sha256(repr((self.title, self.url, self.day, instant)).encode()).hexdigest()


@dataclass(frozen=True)
class Told:
    """What a calendar was last told of one happening: when it is, what it was, how often it changed."""

    uid: str
    sequence: int
    digest: str
    day: date | None
    instant: datetime | None
    is_cancelled: bool
    changed_at: datetime

    def is_between(self, at: datetime, reach: datetime | None) -> bool:
        """Still to come, and no later than `reach`."""
        if self.instant is not None:
            return at <= self.instant and (reach is None or self.instant <= reach)
        return self.day is not None and at.date() <= self.day and (reach is None or self.day <= reach.date())


def news(
    known: Mapping[str, Told], happenings: Iterable[Happening], *, at: datetime, reach: datetime | None = None
) -> Iterator[Told]:
    """What is new, otherwise than it was told, or gone: only that, so that reading twice says the same.

    What is past is left alone: it did happen. Behind `reach` nobody has looked, so nothing is gone there.
    """
    now = {each.uid: each for each in happenings}
    for uid, each in now.items():
        told = known.get(uid)
        if told is None or told.is_cancelled or told.digest != each.digest:
            sequence = told.sequence + 1 if told else 0
            yield Told(uid, sequence, each.digest, each.day, each.instant, is_cancelled=False, changed_at=at)
    for uid, told in known.items():
        if uid not in now and not told.is_cancelled and told.is_between(at, reach):
            yield replace(told, sequence=told.sequence + 1, is_cancelled=True, changed_at=at)


def written(name: str, happenings: Iterable[Happening], known: Mapping[str, Told], *, at: datetime) -> bytes:
    """The file. `known` has every happening, as `news` has brought it up to date, and what is gone.

    What is gone is told as cancelled until its day is over, without a word of what it was.
    """
    calendar = Calendar()
    called = vText(_line(name))  # the library knows neither of the two, and would write them as they are
    for label, value in (("prodid", _PRODUCT), ("version", "2.0"), ("name", called), ("x-wr-calname", called)):
        calendar.add(label, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    shown = {each.uid: each for each in happenings}
    for told in sorted(known.values(), key=lambda each: each.uid):
        if told.uid in shown:
            calendar.add_component(_event(told, shown[told.uid]))
        elif told.is_cancelled and told.is_between(at, None):
            calendar.add_component(_event(told, None))
    return bytes(calendar.to_ical())


def _line(text: str) -> str:
    return " ".join(text.split())


def _event(told: Told, happening: Happening | None) -> Event:
    event = Event()
    event.add("uid", told.uid)
    event.add("sequence", told.sequence)
    # Of the words, not of the reading: else every reading would be another file.
    event.add("dtstamp", told.changed_at)
    event.add("last-modified", told.changed_at)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED" if happening else "CANCELLED")
    event.add("summary", _line(happening.title) if happening else "Cancelled")
    if happening:
        event.add("url", happening.url)
    if told.day is not None:
        event.add("dtstart", told.day)
        event.add("dtend", told.day + timedelta(days=1))
    elif told.instant is not None:
        event.add("dtstart", told.instant.astimezone(UTC))
    return event
