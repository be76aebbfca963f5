"""PURE. Makes a checklist: a plan's steps, each once or for each thing that was found on the record, with texts filled.

Decides whose step each is and when it is due. Does not look anything up and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from valetkey.changes.grammar import TEXTS, About, Each, PlanSheet, PlanStep, Thing, Who, thing_of

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Found:
    """One thing on the record. `owner`: the reference of the person who answers for it, "" for nobody."""

    reference: str
    words: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""


@dataclass(frozen=True)
class Facts:
    """What the record says when the change is opened. `about`: the one whom it is about, with its words; `responsible`
    and `themselves`: references of people, "" for nobody."""

    about: Found
    each: Mapping[Each, Sequence[Found]]
    responsible: str = ""
    themselves: str = ""


@dataclass(frozen=True)
class Drafted:
    """One step of a checklist before it is stored. `key` tells whether it is there already."""

    name: str
    thing: Thing
    subject: str
    texts: Mapping[str, str]
    owner: str
    due_on: date
    guide: str
    effect: str
    offer: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.name, self.thing.value, self.subject


def checklist(plan: PlanSheet, facts: Facts, *, day: date) -> tuple[Drafted, ...]:
    """The plan's steps in their order; those for each of something in the order in which it was found."""
    return tuple(_drafted(step, found, plan.about, facts, day) for step in plan.steps for found in _of(step, facts))


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with what its placeholders stand for; one that is not known stays as it is."""
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def _of(step: PlanStep, facts: Facts) -> Iterable[Found]:
    return (facts.about,) if step.each is Each.ONCE else facts.each.get(step.each, ())


def _drafted(step: PlanStep, found: Found, about: About, facts: Facts, day: date) -> Drafted:
    words = {**facts.about.words, **found.words}
    return Drafted(
        name=step.name,
        thing=thing_of(step, about),
        subject=found.reference,
        texts={key: filled(getattr(step, key), words) for key in TEXTS},
        owner=_whose(step, found, facts),
        due_on=day + timedelta(days=step.days),
        guide=step.guide,
        effect=step.effect or "",
        offer=step.offer or "",
    )


def _whose(step: PlanStep, found: Found, facts: Facts) -> str:
    """Who leaves is given no step of their own leaving, other than one that names them."""
    if step.who is Who.THEMSELVES:
        return facts.themselves
    owner = found.owner if step.who is Who.OWNER else ""
    return next((one for one in (owner, facts.responsible) if one and one != facts.themselves), "")
