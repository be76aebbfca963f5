"""What a guide's page shows, with a case and without: its steps with what is known of them, and the facts it rests on.

Fills no text and asks no one; the words come from the library, in one language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from valetkey.authorizations.services import Reading
from valetkey.guides.grammar import Fact, Guide, Precondition, Proof, Step
from valetkey.guides.library import library
from valetkey.web.language import frame, shows

_TO_CHOOSE_AMONG: Final = 10
"""As many steps as this are not taken one after another: one finds one's own among them, so each is folded up."""


@dataclass(frozen=True)
class Note:
    """A fact as the page numbers it. `sure`: how sure it is, in words; `means`: what that means."""

    number: int
    fact: Fact
    read_on: str
    sure: str
    means: str


@dataclass(frozen=True)
class Shown:
    """A step or a precondition. `holds`: what the record says of it; None where it does not tell, or none is read."""

    item: Step | Precondition
    holds: bool | None = None
    is_ticked: bool = False


def page(guide: Guide, reading: Reading | None = None) -> dict[str, Any]:
    words = library().words(guide.language)
    return {
        "guide": guide,
        "language": guide.language,
        "words": words,
        "frame": frame(guide.language),
        "before": [_shown(item, reading) for item in guide.before],
        "steps": [_shown(step, reading) for step in guide.steps],
        "is_folded": len(guide.steps) >= _TO_CHOOSE_AMONG,
        "steps_title": words["causes" if len(guide.steps) >= _TO_CHOOSE_AMONG else "steps"],
        "notes": _notes(guide, words),
        "reading": reading,
    }


def _shown(item: Step | Precondition, reading: Reading | None) -> Shown:
    if reading is None:
        return Shown(item)
    holds = reading.proofs[item.proof] if isinstance(item.proof, Proof) else None
    return Shown(item, holds, is_ticked=isinstance(item, Step) and item.name in reading.ticked)


def _notes(guide: Guide, words: Mapping[str, str]) -> dict[str, Note]:
    """Numbered in the order in which the page names them."""
    facts, show = library().facts(guide.language), shows(guide.language)

    def note(number: int, fact: Fact) -> Note:
        sure = fact.confidence.value
        return Note(number, fact, show(fact.read_on), words[sure], words[f"{sure}_means"])

    return {name: note(number, facts[name]) for number, name in enumerate(guide.fact_names(), start=1)}
