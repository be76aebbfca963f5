"""Close a change once every step is done or skipped, and say in one report what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.changes.models import Change, Step
from valetkey.changes.services.steps import refuse_closed
from valetkey.errors import Conflict


@dataclass(frozen=True)
class Report:
    """A change to be printed: its steps in order, each with its proof, owner and picture, and how many are how."""

    change: Change
    steps: tuple[Step, ...]
    done: int
    skipped: int
    open: int


def close_change(*, change: Change, actor: Actor, at: datetime) -> Change:
    """Raises Conflict while a step is open: it is done with proof, or skipped with a reason."""
    require_hand(actor, change.kept_by)
    with writing():
        change.refresh_from_db()
        refuse_closed(change)
        counts = Counter(change.steps.values_list("state", flat=True))
        left = counts[Step.State.OPEN]
        if left:
            raise Conflict(
                "steps_open",
                f"{left} step{' is' if left == 1 else 's are'} open.",
                "Do each with its proof, or skip it with a reason.",
            )
        change.closed_at, change.closed_by = at, actor.name[:200]
        change.save(update_fields=["closed_at", "closed_by"])
        detail: dict[str, object] = {
            "occasion": change.occasion,
            "change": change.title,
            "done": counts[Step.State.DONE],
            "skipped": counts[Step.State.SKIPPED],
        }
        record(event="change.closed", subject=change.subject, actor=actor, at=at, detail=detail)
    return change


def report(*, change: Change) -> Report:
    """Of a change that the caller has found; before it is closed, as it stands."""
    steps = tuple(change.steps.select_related("owner", "to", "picture").defer("picture__content").order_by("number"))
    counts = Counter(step.state for step in steps)
    return Report(change, steps, counts[Step.State.DONE], counts[Step.State.SKIPPED], counts[Step.State.OPEN])
