"""PURE. A cause as people read it, in their language: what it is, why, what to do, what it rests on, what nobody knows.

The texts are in `texts/`. Decides no cause; names the record's post, dates and sides where they are known, and no code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from valetkey.authorizations.turn import Whose
from valetkey.diagnosis.case import Case
from valetkey.diagnosis.causes import Cause, Evidence, Fix, Turn
from valetkey.guides.library import LANGUAGES

TEXTS: Final = Path(__file__).parent / "texts"

_OPTIONAL: Final = re.compile(r"\[([^\]]*)\]")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_BEGINS: Final = re.compile(r"(^|[.!?] )$")
_VARIANT: Final = re.compile(r"_(acc|dat)$")


@dataclass(frozen=True)
class Said:
    """`message`: ready to send to the side whose turn it is; "" where nobody else has to act."""

    title: str
    why: str
    do: str
    evidence: tuple[str, ...]
    unknown: tuple[str, ...]
    turn: str
    message: str
    confidence: str
    fix: Fix


def say(cause: Cause, case: Case, language: str) -> Said:
    """The cause in one of the guides' languages, the first for any other one that is asked for.

    Days and hours are in UTC and, where it differs, in the asker's zone.
    """
    words = _words(language)
    told = words["causes"][cause.name.value]
    known = _Known(words, _values(cause, case), case.zone)
    return Said(
        title=known.fill(told["title"]),
        why=known.fill(told["why"]),
        do=known.fill(told["do"]),
        evidence=tuple(_sourced(each, words, case.zone) for each in cause.evidence),
        unknown=tuple(words["unknown"][id] for id in cause.unknown),
        turn=known.fill(words["turn"][cause.turn.value]),
        message=message(cause, case, language),
        confidence=words["confidence"][cause.confidence.value],
        fix=cause.fix,
    )


_ASKERS: Final = {Whose.CREATOR: Turn.CREATOR, Whose.ADVERTISER: Turn.ADVERTISER}


def message(cause: Cause, case: Case, language: str) -> str:
    """What to send to the side whose turn it is, with its times in UTC; "" to whoever is of that side themselves."""
    if _ASKERS.get(case.asker) is cause.turn:
        return ""
    words = _words(language)
    return _Known(words, _values(cause, case), "").fill(words["causes"][cause.name.value]["message"])


def around(language: str) -> Mapping[str, str]:
    """What stands around a diagnosis on its pages."""
    words: Mapping[str, str] = _words(language)["page"]
    return words


@lru_cache
def _words(language: str) -> Mapping[str, Any]:
    name = language if language in LANGUAGES else LANGUAGES[0]
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def _values(cause: Cause, case: Case) -> dict[str, str | datetime]:
    """What the case knows, and over it what the cause itself rests on."""
    values: dict[str, str | datetime | None] = {
        "post": case.post.name,
        "creator": case.creator,
        "advertiser": case.advertiser,
        "starts": case.starts_at,
        "ends": case.ends_at,
        "newer": case.replaced_by,
        "agreed": case.agreed_ad_account,
        "ad_account": case.tried.ad_account if case.tried else "",
    }
    for evidence in cause.evidence:
        values.update(evidence.values)
    return {name: value for name, value in values.items() if value}


def _sourced(evidence: Evidence, words: Mapping[str, Any], zone: str) -> str:
    known = _Known(words, evidence.values, zone)
    sentence = known.fill(words["evidence"][evidence.id]).removesuffix(".")
    origin = words["origin"][evidence.origin.value]
    if evidence.at is None:
        return str(words["sourced"].format(sentence=sentence, origin=origin))
    return str(words["sourced_at"].format(sentence=sentence, origin=origin, at=_moment(evidence.at, words, "")))


@dataclass(frozen=True)
class _Known:
    """Fills a text. `[…]` is left out where a placeholder in it has no value; elsewhere its plain word stands."""

    words: Mapping[str, Any]
    values: Mapping[str, str | datetime]
    zone: str

    def fill(self, text: str) -> str:
        kept = _OPTIONAL.sub(lambda found: found[1] if self._are_known(found[1]) else "", text)
        return _PLACEHOLDER.sub(lambda found: self._word(found[1], kept[: found.start()]), kept).strip()

    def _are_known(self, text: str) -> bool:
        return all(_VARIANT.sub("", name) in self.values for name in _PLACEHOLDER.findall(text))

    def _word(self, name: str, before: str) -> str:
        value = self.values.get(_VARIANT.sub("", name))
        if isinstance(value, datetime):
            return _moment(value, self.words, self.zone)
        if value is None:
            return _begun(self.words["plain"][name], before)
        if name == "verb":
            return _begun(self.words["verbs"].get(value, self.words["plain"][name]), before)
        pattern: str = self.words["named"].get(name, "{}")
        # A name is left as its owner writes it; what stands before it begins a sentence like any word.
        return pattern.replace("{}", value) if pattern[0] == "{" else _begun(pattern, before).replace("{}", value)


def _begun(word: str, before: str) -> str:
    return word[:1].upper() + word[1:] if _BEGINS.search(before) else word


def _moment(moment: datetime, words: Mapping[str, Any], zone: str) -> str:
    here = _written(moment.astimezone(UTC), words)
    try:
        there = moment.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        there = None
    if there is None or not there.utcoffset():
        return f"{here} UTC"
    return str(words["elsewhere"].format(here=here, there=_written(there, words), zone=zone))


def _written(moment: datetime, words: Mapping[str, Any]) -> str:
    month = words["months"][moment.month - 1]
    return str(words["moment"].format(day=moment.day, month=month, year=moment.year, time=f"{moment:%H:%M}"))
