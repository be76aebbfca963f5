"""PURE. How something came to be as it is: from version to version, what changed from what to what.

Does not know who did it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from valetkey.register.looking import Named, Names, facts_of, knowers_of
from valetkey.timeline.said import Kind, Said

_LABELS: Final = {
    "mail": "mail address",
    "is_user": "signs in here",
    "joined_on": "first day",
    "left_on": "last day",
    "platform_id": "id",
    "within": "belongs to",
    "path": "where it is found",
    "until": "ends",
    "end": "kind of end",
    "basis": "basis",
    "review_on": "look at it again on",
    "removal": "how it is removed",
    "owner": "answered for by",
    "let_end_at": "decided to let it end",
    "let_end_by": "let it end, decided by",
    "ended_how": "what was seen",
    "confirmed_how": "how it was confirmed",
    "how_confirmed": "how the change was confirmed",
    "owned_by": "owned by",
    "within_days": "within days",
    "party": "for",
    "knowers": "known to",
}
_WORDS: Final = {
    "end": {"at": "on a day", "none": "never ends", "unknown": "not known"},
    "source": {"stated": "somebody said so", "observed": "the platform showed it"},
    "platform": {"tiktok": "TikTok", "instagram": "Instagram", "facebook": "Facebook", "youtube": "YouTube"},
}
_NAMES: Final = frozenset({"kind", "occasion", "shared"})
"""Whose values are names of the code, with a line between words."""
_UNSAID: Final = frozenset({"created_at", "recorded_at", "way"})
"""Never changes, or says nothing to people."""


@dataclass(frozen=True)
class Difference:
    """Texts, instants or days; "" is nothing."""

    label: str
    before: str | datetime | date
    after: str | datetime | date


def differences(before: Said | None, after: Said, names_before: Names, names_after: Names) -> tuple[Difference, ...]:
    """In the order in which the facts are kept. Without a version before, everything that is not empty."""
    old = _told(before, names_before) if before is not None else {}
    new = _told(after, names_after)
    same = {name for name in new if before is not None and _raw(before, name) == _raw(after, name)}
    return tuple(
        Difference(_label(name, after.kind), old.get(name, ""), new.get(name, ""))
        for name in [*new, *(name for name in old if name not in new)]
        if name not in same and old.get(name, "") != new.get(name, "")
    )


def _raw(said: Said, name: str) -> object:
    """As it is kept: somebody who is called otherwise since is no change of this."""
    return getattr(said, name) if name in {"party", "person", "asset"} else said.facts.get(name)


def _told(said: Said, names: Names) -> dict[str, str | datetime | date]:
    told = {name: _text(name, value) for name, value in facts_of(said, names).items() if name not in _UNSAID}
    if said.kind is not Kind.PARTY:
        for kind, reference in _about(said):
            told[kind] = names.get((kind, reference), reference)
    if "knowers" in said.facts:
        told["knowers"] = ", ".join(str(each["name"]) for each in knowers_of(said))
    return told


def _about(said: Said) -> Iterator[tuple[str, str]]:
    """Whom and what it is about, where that can change or is worth saying."""
    for kind, reference in (("party", said.party), ("person", said.person), ("asset", said.asset)):
        if reference and kind != said.kind and not (said.kind is Kind.OWNERSHIP and kind == "party"):
            yield kind, reference


def _label(name: str, kind: Kind) -> str:
    if kind is Kind.OWNERSHIP and name == "owner":
        return "owner"
    return _LABELS.get(name, name.replace("_", " "))


def _text(name: str, value: object) -> str | datetime | date:
    if isinstance(value, Named):
        return value.name
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, date):
        return value
    text = str(value)
    return text.replace("_", " ") if name in _NAMES else _WORDS.get(name, {}).get(text, text)
