"""PURE. Reads a plan from its text, and notes every fault with the step and the field it lies in.

Does not know where the text lies, nor anything of a record.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from typing import Final

from valetkey.changes.grammar import (
    EACH_OF,
    EFFECTS,
    PLACEHOLDERS,
    TEXTS,
    About,
    Each,
    Effect,
    PlanSheet,
    PlanStep,
    Thing,
    Who,
    thing_of,
)
from valetkey.errors import Invalid
from valetkey.guides.grammar import Fault
from valetkey.guides.table import Table

LONGEST: Final = 60_000
"""Characters of a plan. A page shows it as a whole."""
MOST_STEPS: Final = 60
_DAYS: Final = range(-365, 366)
_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")


def read_plan(name: str, text: str, *, about: About | None, guides: Collection[str]) -> tuple[PlanSheet, list[Fault]]:
    """As much as can be read, with everything that is wrong with it. `about`: what it has to be about, if that is
    settled. `guides`: the names that a step may lead to."""
    faults: list[Fault] = []
    try:
        table = Table(name, "", tomllib.loads(text), faults)
    except (ValueError, RecursionError) as broken:  # also of a number too long, and of brackets too deep
        faults.append(Fault(name, f"It cannot be read as TOML: {str(broken).rstrip('.')}."))
        return PlanSheet(name, "", about or About.NONE, "", ()), faults
    said = table.choice("about", About)
    if about is not None and said not in (None, about):
        table.note("about", f"This plan is about “{about}”. What it is for would not fit another one.")
    title, intro, own = table.text("title"), table.text("intro"), about or said or About.NONE
    steps = tuple(_step(step, inside, own, guides) for step, inside in table.named_tables("steps"))
    if not steps:
        table.note("steps", "A plan has at least one step.")
    if len(steps) > MOST_STEPS:
        table.note("steps", f"A plan has at most {MOST_STEPS} steps.")
    plan = PlanSheet(name, title, own, intro, steps)
    _refuse_placeholders(table, ("title", "intro"), (title, intro), PLACEHOLDERS[own])
    table.close()
    return plan, faults


def checked(name: str, text: str, *, about: About | None, guides: Collection[str]) -> PlanSheet:
    """The plan. Raises Invalid, which names every fault with its step and field."""
    if len(text) > LONGEST:
        raise Invalid("text_too_long", f"The plan has {len(text)} characters; {LONGEST} fit.", "Say it in fewer words.")
    plan, faults = read_plan(name, text, about=about, guides=guides)
    if faults:
        told = " ".join(f"{fault.where}: {fault.sentence}" for fault in faults[:10])
        more = f" And {len(faults) - 10} more." if len(faults) > 10 else ""
        raise Invalid("plan_faults", f"The plan cannot be used. {told}{more}", "Put these right, then save it again.")
    return plan


def _step(name: str, table: Table, about: About, guides: Collection[str]) -> PlanStep:
    texts = {key: table.text(key) for key in TEXTS}
    days = table.take("days", int, needed=False) or 0
    step = PlanStep(
        name=name,
        **texts,
        each=table.choice("each", Each, needed=False) or Each.ONCE,
        who=table.choice("who", Who, needed=False) or Who.RESPONSIBLE,
        days=days,
        effect=table.choice("effect", Effect, needed=False),
        offer=table.choice("offer", Effect, needed=False),
        guide=table.one_of("guide", guides, needed=False),
    )
    if step.each and step.each not in EACH_OF[about]:
        fitting = ", ".join(sorted(EACH_OF[about])) or "none"
        table.note("each", f"“{step.each}” does not fit a plan about “{about}”. These do: {fitting}.")
    _refuse_effects(step, table, about)
    if days not in _DAYS:
        table.note("days", "A step is due at most a year before or after the day.")
    if step.who is Who.THEMSELVES and about is not About.PERSON:
        table.note("who", "“themselves” fits a plan about a person alone.")
    known = (*PLACEHOLDERS[about], *PLACEHOLDERS[step.each])
    _refuse_placeholders(table, TEXTS, tuple(texts.values()), known)
    table.close()
    return step


def _refuse_effects(step: PlanStep, table: Table, about: About) -> None:
    thing = thing_of(step, about)
    for key, effect in (("effect", step.effect), ("offer", step.offer)):
        if effect is None:
            continue
        means = EFFECTS[effect]
        # From whom it is taken must be known: the person whom the change is about.
        from_whom = effect is Effect.PASS_ON and (key == "effect" or thing is Thing.OWNERSHIP)
        only = About.PERSON if from_whom else means.only
        if thing not in means.of:
            table.note(key, f"“{effect}” cannot be done to “{thing}”.")
        elif only not in (None, about):
            table.note(key, f"“{effect}” fits a plan about “{only}” alone here.")
        elif key == "offer" and not means.button:
            table.note(key, f"“{effect}” is only read from the record; there is nothing to offer.")
    if step.effect and step.offer:
        table.note("offer", "A step has an effect or offers one, not both.")


def _refuse_placeholders(table: Table, keys: tuple[str, ...], texts: tuple[str, ...], known: Collection[str]) -> None:
    for key, text in zip(keys, texts, strict=True):
        for braces in _BRACES.findall(text):
            if braces[1:-1] not in known:
                fitting = ", ".join(f"{{{name}}}" for name in known) or "none"
                table.note(key, f"There is no placeholder “{braces}” here. There are: {fitting}.")
