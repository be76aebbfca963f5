"""The plans of this desk: those that come with Valetkey, and in their place what the desk has written itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from django.db.models import QuerySet

from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.changes.grammar import TEXTS, PlanSheet
from valetkey.changes.models import Plan
from valetkey.changes.plan import LONGEST, checked
from valetkey.credential import Insisted
from valetkey.errors import Conflict, NotFound
from valetkey.guides.library import LANGUAGES, library
from valetkey.register.occasions import Occasion
from valetkey.text import tidy

CONTENT: Final = Path(__file__).parent.parent / "content"


@dataclass(frozen=True)
class Written:
    """A plan and the text it was read from. Version 0 came with Valetkey; then nobody wrote it here."""

    plan: PlanSheet
    text: str
    version: int = 0
    written_at: datetime | None = None
    written_by: str = ""


def plan_of(name: str) -> Written:
    """The newest version. Raises NotFound for a name that is no occasion."""
    own = _own(name)
    row = plan_versions(name).first()
    if row is None:
        return own
    plan = checked(name, row.text, about=own.plan.about, guides=_guides())
    return Written(plan, row.text, row.version, row.written_at, row.written_by)


def plans() -> list[Written]:
    """All of them, in the order of the occasions."""
    return [plan_of(occasion.value) for occasion in Occasion if (CONTENT / f"{occasion}.toml").exists()]


def plan_versions(name: str) -> QuerySet[Plan]:
    """What the desk has written of it, newest first."""
    return Plan.objects.filter(name=name).order_by("-version")


def edit_plan(*, name: str, text: str, actor: Actor, at: datetime) -> Written:
    """For the desk admin. Checklists that were made before stay as they are.

    Raises Invalid, which names each fault with its step and field, and Conflict where nothing is different.
    """
    require_admin(actor)
    own, is_insisted = _own(name), isinstance(text, Insisted)
    text = tidy(text, what="The plan", longest=LONGEST).replace("\r\n", "\n") + "\n"
    plan = checked(name, text, about=own.plan.about, guides=_guides())
    for said in (plan.title, plan.intro, *(getattr(step, key) for step in plan.steps for key in TEXTS)):
        # As it is read: “\\u0000” and “pa\\u0073sword” have looked harmless so far.
        tidy(Insisted(said) if is_insisted else said, what="A text of the plan", longest=LONGEST)
    with writing():
        before = plan_of(name)
        if before.text.strip() == text.strip():
            raise Conflict("plan_same", "The plan says exactly this already.", "Change it, then save it.")
        newest = plan_versions(name).first()
        version = newest.version + 1 if newest else 1
        row = Plan.objects.create(name=name, version=version, text=text, written_at=at, written_by=actor.name[:200])
        detail: dict[str, object] = {"plan": name, "version": version, "steps": len(plan.steps)}
        record(event="plan.edited", subject=f"plan {name}", actor=actor, at=at, detail=detail)
    return Written(plan, row.text, row.version, row.written_at, row.written_by)


@cache
def _own(name: str) -> Written:
    """As it comes with Valetkey."""
    if name not in set(Occasion) or not (path := CONTENT / f"{name}.toml").exists():
        raise NotFound("no_such_plan", "There is no plan of this name.", "The list of plans has all.")
    text = path.read_text(encoding="utf-8")
    return Written(checked(name, text, about=None, guides=_guides()), text)


@cache
def _guides() -> frozenset[str]:
    return frozenset(guide.name for guide in library().guides(LANGUAGES[0]))
