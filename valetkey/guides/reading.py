"""Reads guides, facts and words of a folder, and notes every fault of their shape with its file and place.

The first language is the original and has everything; the others have texts alone, under the same names. What can be
read is read, faults or not. Decides nothing about days, verbs and placeholders (check).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from valetkey.guides.grammar import (
    DIAGNOSIS,
    PLACEHOLDERS,
    Audience,
    Confidence,
    Elsewhere,
    Fact,
    Fault,
    Guide,
    Mistake,
    Precondition,
    Proof,
    Question,
    Reroute,
    Step,
)
from valetkey.guides.table import Table, opened

_GUIDE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NOT_GUIDES: Final = frozenset({"facts", "words"})
_STRAY: Final = "The original has no “{}”."


@dataclass(frozen=True)
class Shelf:
    """Everything in one language."""

    guides: Mapping[str, Guide]
    facts: Mapping[str, Fact]
    words: Mapping[str, str]
    plain: Mapping[str, str]


@dataclass(frozen=True)
class _Known:
    """What a guide may name. `facts` is None where they could not be read at all."""

    own: str
    guides: frozenset[str]
    facts: frozenset[str] | None


def _to(table: Table, known: _Known) -> str:
    value = table.one_of("to", known.guides, needed=True)
    if value == known.own:
        table.note("to", "It leads to the guide it stands in.")
    return value


def _fails_to(table: Table, known: _Known) -> str:
    return table.one_of("fails_to", known.guides | {DIAGNOSIS}, needed=False)


def _proof(table: Table, _: _Known) -> Proof | None:
    return table.choice("proof", Proof, needed=False)


def _facts(table: Table, known: _Known) -> tuple[str, ...]:
    names = table.texts("facts")
    if known.facts is not None:
        for name in names:
            if name not in known.facts:
                table.note("facts", f"There is no fact “{name}”.")
    return names


def _studio(table: Table, known: _Known) -> Elsewhere | None:
    inside = table.table("studio", needed=False)
    if inside is None:
        return None
    made = Elsewhere(where=inside.text("where"), do=inside.text("do"), facts=_facts(inside, known))
    inside.close()
    return made


@dataclass(frozen=True)
class _Section:
    """One list of a guide: what its items are, their texts, and what else they say."""

    kind: Callable[..., Any]
    texts: tuple[str, ...]
    more: Mapping[str, Callable[[Table, _Known], object]]


_SECTIONS: Final = {
    "reroutes": _Section(Reroute, ("situation",), {"to": _to}),
    "before": _Section(Precondition, ("says", "how"), {"proof": _proof, "facts": _facts}),
    "steps": _Section(
        Step,
        ("title", "where", "do", "confirm", "fails"),
        {"fails_to": _fails_to, "proof": _proof, "facts": _facts, "studio": _studio},
    ),
    "mistakes": _Section(Mistake, ("says", "why", "already"), {"facts": _facts}),
    "questions": _Section(Question, ("asks", "answer"), {"facts": _facts}),
}


def read(folder: Path, languages: Sequence[str]) -> tuple[dict[str, Shelf], tuple[Fault, ...]]:
    """Everything in the folder, a shelf for each language, and what is wrong with it."""
    faults: list[Fault] = []
    sources = _sources(folder, faults)
    words = _all_words(folder, languages, faults)
    original, *others = languages
    names = frozenset(path.stem for path in (folder / original).glob("*.toml")) - _NOT_GUIDES
    guides: dict[str, dict[str, Guide]] = {language: {} for language in languages}
    for name in sorted(names):
        table = opened(folder, f"{original}/{name}.toml", faults)
        if table is None:
            continue
        known = _Known(name, names, None if sources is None else frozenset(sources))
        guide = guides[original][name] = _guide(table, known, original, words[original][1])
        for language in others:
            texts = opened(folder, f"{language}/{name}.toml", faults)
            if texts is not None:
                guides[language][name] = _translated(guide, texts, language, words[language][1])
    for language in others:
        strays = {path.stem for path in (folder / language).glob("*.toml")} - _NOT_GUIDES - names
        faults += [
            Fault(f"{language}/{stray}.toml", f"There is no {original}/{stray}.toml.") for stray in sorted(strays)
        ]
    facts = _all_facts(folder, sources, languages, faults)
    return {one: Shelf(guides[one], facts[one], *words[one]) for one in languages}, tuple(faults)


def _guide(table: Table, known: _Known, language: str, plain: Mapping[str, str]) -> Guide:
    if not _GUIDE_NAME.fullmatch(known.own):
        table.note("", "The name of the file is no name of a guide: small letters with - between words.")
    guide = Guide(
        name=known.own,
        language=language,
        title=table.text("title"),
        summary=table.text("summary"),
        audience=table.choice("audience", Audience) or Audience.EITHER,
        verb=table.text("verb", needed=False),
        finds=table.texts("finds"),
        plain=plain,
        **{section: _items(table, section, known) for section in _SECTIONS},
    )
    if not guide.steps:
        table.note("steps", "A guide has at least one step.")
    table.close()
    return guide


def _items(table: Table, section: str, known: _Known) -> tuple[Any, ...]:
    shape, items = _SECTIONS[section], []
    for name, inside in table.named_tables(section):
        texts = {text: inside.text(text) for text in shape.texts}
        more = {key: take(inside, known) for key, take in shape.more.items()}
        items.append(shape.kind(name=name, **texts, **more))
        inside.close()
    return tuple(items)


def _translated(guide: Guide, table: Table, language: str, plain: Mapping[str, str]) -> Guide:
    sections: dict[str, Any] = {name: _texts_of(getattr(guide, name), table, name) for name in _SECTIONS}
    made = replace(
        guide,
        language=language,
        plain=plain,
        title=table.text("title"),
        summary=table.text("summary"),
        finds=table.texts("finds"),
        **sections,
    )
    table.close(_STRAY)
    return made


def _texts_of(items: Sequence[Any], table: Table, section: str) -> tuple[Any, ...]:
    """The same items with their texts from the table."""
    own = table.table(section, needed=bool(items))
    if own is None:
        return tuple(items)
    made = []
    for item in items:
        inside = own.table(item.name)
        if inside is None:
            continue
        texts: dict[str, Any] = {text: inside.text(text) for text in _SECTIONS[section].texts}
        if getattr(item, "studio", None) is not None and (studio := inside.table("studio")) is not None:
            texts["studio"] = replace(item.studio, where=studio.text("where"), do=studio.text("do"))
            studio.close(_STRAY)
        made.append(replace(item, **texts))
        inside.close(_STRAY)
    own.close(_STRAY)
    return tuple(made)


def _sources(folder: Path, faults: list[Fault]) -> dict[str, Fact | None] | None:
    """What holds in every language; None for a fact that cannot be used, and for a file that cannot be read."""
    table = opened(folder, "facts.toml", faults)
    if table is None:
        return None
    return {name: _source(name, inside) for name, inside in table.tables()}


def _source(name: str, table: Table) -> Fact | None:
    source, address = table.text("source"), table.text("address", needed=False)
    read_on, confidence = table.take("read_on", date), table.choice("confidence", Confidence)
    if address and not address.startswith("https://"):
        table.note("address", "An address starts with https://.")
    table.close()
    if read_on is None or confidence is None:
        return None
    return Fact(name, "", source, address, read_on, confidence)


def _all_facts(
    folder: Path, sources: Mapping[str, Fact | None] | None, languages: Sequence[str], faults: list[Fault]
) -> dict[str, dict[str, Fact]]:
    """Of each language. A disagreement is told in all of them or in none."""
    made: dict[str, dict[str, Fact]] = {language: {} for language in languages}
    for language in languages:
        table = opened(folder, f"{language}/facts.toml", faults)
        if table is None or sources is None:
            continue
        for name, source in sources.items():
            inside = table.table(name)
            if inside is None:
                continue
            says, disagreement = inside.text("says"), ""
            original = made[languages[0]].get(name)
            if original is None or original.disagreement:
                disagreement = inside.text("disagreement", needed=original is not None)
            inside.close(_STRAY)
            if source is not None:
                made[language][name] = replace(source, says=says, disagreement=disagreement)
        table.close("There is no “{}” in facts.toml.")
    return made


def _all_words(
    folder: Path, languages: Sequence[str], faults: list[Fault]
) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Of each language its labels, those in a table as `table.key`, and its plain words for the placeholders."""
    made: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    for language in languages:
        table = opened(folder, f"{language}/words.toml", faults)
        if table is None:
            made[language] = ({}, {})
            continue
        placeholders = table.table("placeholders")
        plain: dict[str, str] = {}
        if placeholders is not None:
            plain = {key: placeholders.text(key) for key in PLACEHOLDERS}
            placeholders.close("There is no placeholder “{}”.")
        labels = table.all_texts()
        made[language] = (labels, plain)
        original = made[languages[0]][0]
        if original:
            for key in original.keys() - labels.keys():
                table.note(key, f"“{key}” is missing.")
            for key in labels.keys() - original.keys():
                table.note(key, _STRAY.format(key))
    return made
