"""What is wrong with the guides, beyond what keeps them from being read: facts that are too old, verbs and
placeholders that do not exist, guides nothing leads to. Decides nothing; whoever asks brings the day and the verbs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Final

from valetkey.guides.grammar import NAMES, PLACEHOLDERS, Fault, Guide
from valetkey.guides.library import LANGUAGES, Library

OLDEST: Final = 400
"""Days after which a fact has to be looked up anew."""

_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")


def faults(library: Library, *, at: date, oldest: int = OLDEST, verbs: Collection[str]) -> tuple[Fault, ...]:
    """All of them, those of the files' shape first. `verbs`: every verb that a guide may end in."""
    found = [*library.broken, *_ages(library, at, oldest), *_verbs(library, verbs), *_unreached(library)]
    for language in LANGUAGES:
        found += _placeholders(library, language)
    return tuple(found)


def _ages(library: Library, at: date, oldest: int) -> Iterator[Fault]:
    for fact in library.facts(LANGUAGES[0]).values():
        where, age = f"facts.toml: {fact.name}.read_on", (at - fact.read_on).days
        if age < 0:
            yield Fault(where, f"“{fact.read_on}” is in the future.")
        elif age > oldest:
            yield Fault(where, f"It was read {age} days ago; {oldest} is the most. Look it up anew.")


def _verbs(library: Library, verbs: Collection[str]) -> Iterator[Fault]:
    for guide in library.guides(LANGUAGES[0]):
        if guide.verb and guide.verb not in verbs:
            yield Fault(f"{_file(guide)}: verb", f"There is no verb “{guide.verb}”.")


def _unreached(library: Library) -> Iterator[Fault]:
    """A reader who is in the wrong place comes to any guide by another one, and not by the list alone."""
    guides = library.guides(LANGUAGES[0])
    for guide in guides:
        others = [other for other in guides if other.name != guide.name]
        if others and not any(guide.name in _leads_to(other) for other in others):
            yield Fault(_file(guide), "No other guide leads here, by a reroute or a step that fails.")


def _leads_to(guide: Guide) -> set[str]:
    return {reroute.to for reroute in guide.reroutes} | {step.fails_to for step in guide.steps}


def _placeholders(library: Library, language: str) -> Iterator[Fault]:
    for guide in library.guides(language):
        for place, text in _texts(guide):
            for braces in _BRACES.findall(text):
                if braces[1:-1] not in PLACEHOLDERS:
                    yield Fault(f"{_file(guide)}: {place}", f"There is no placeholder “{braces}”.")
    for fact in library.facts(language).values():
        for key, text in (("says", fact.says), ("disagreement", fact.disagreement)):
            if _BRACES.search(text):
                yield Fault(f"{language}/facts.toml: {fact.name}.{key}", "A fact is of no one case: no placeholders.")


def _texts(thing: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in it, with where it stands in the file."""
    if type(thing) is str:
        yield place, thing
    elif isinstance(thing, tuple):
        for one in thing:
            name = getattr(one, "name", "")
            yield from _texts(one, f"{place}.{name}" if name else place)
    elif is_dataclass(thing):
        for field in fields(thing):
            if field.name not in NAMES:
                inside = f"{place}.{field.name}" if place else field.name
                yield from _texts(getattr(thing, field.name), inside)


def _file(guide: Guide) -> str:
    return f"{guide.language}/{guide.name}.toml"
