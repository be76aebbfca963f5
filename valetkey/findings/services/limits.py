"""The thresholds of this desk: the defaults, with what its admin set in their place."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Invalid
from valetkey.findings.limits import NAMES, Limits, bounds
from valetkey.findings.models import Limit


def limits() -> Limits:
    """What holds now. A row of a threshold that is no more, from an older version or an import, says nothing."""
    rows = Limit.objects.filter(name__in=NAMES).values_list("name", "value")
    return Limits(**dict(rows))


def set_limit(*, name: str, value: int | None, actor: Actor, at: datetime) -> Limits:
    """For the desk admin. `value` None: the default holds again. Raises Invalid for what is no threshold, or out of
    its bounds.
    """
    require_admin(actor)
    if name not in NAMES:
        raise Invalid("no_such_limit", f"“{name}” is no threshold of this desk.", f"There are: {', '.join(NAMES)}.")
    lowest, highest, _ = bounds(name)
    if value is not None and not lowest <= value <= highest:
        raise Invalid("limit_bounds", f"{value} is not possible here.", f"Give {lowest:,} to {highest:,}.")
    with writing():
        before = getattr(limits(), name)
        if value is None:
            Limit.objects.filter(name=name).delete()
        else:
            said = {"value": value, "changed_at": at, "changed_by": actor.name[:200]}
            Limit.objects.update_or_create(name=name, defaults=said)
        now = limits()
        if getattr(now, name) != before:
            detail: dict[str, object] = {"limit": name, "from": before, "to": getattr(now, name)}
            record(event="desk.limit.set", subject="desk", actor=actor, at=at, detail=detail)
    return now
