"""What somebody wants to be told by mail, and when not. Their pages have everything in any case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from valetkey.accounts.models import User
from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Invalid
from valetkey.findings.finding import Group
from valetkey.notices.models import Preference
from valetkey.notices.schedule import LEADS, QUIET, Wishes
from valetkey.notices.services.audience import wishes_of

_CHANGEABLE: Final = ("by_mail", "muted", "lead_days", "quiet_from", "quiet_until", "on_weekends")
_EARLIEST: Final = 365
_MOST: Final = 12
_FEWEST_MINUTES: Final = 60


def wishes(*, user: User) -> Wishes:
    """What holds for them: their own words, or what everybody gets."""
    return wishes_of(user, Preference.objects.filter(user=user).first())


def set_preference(*, user: User, changes: Mapping[str, object], actor: Actor, at: datetime) -> Wishes:
    """One's own; the desk's admin may set anybody's.

    by_mail, muted (groups of findings), lead_days (none: the usual ones), quiet_from and quiet_until (both None: no
    quiet hours), on_weekends. What is not named stays. Raises Invalid for a group there is none of, for days out of
    bounds, and for quiet hours that leave less than an hour.
    """
    if actor.user_id != user.pk:
        require_admin(actor)
    keep_preference(user, changes, actor, at)
    return wishes(user=user)


def keep_preference(user: User, changes: Mapping[str, object], actor: Actor, at: datetime) -> None:
    """Once it is clear that they may."""
    with writing():
        row = Preference.objects.filter(user=user).first()
        row = row or Preference(user=user, quiet_from=QUIET[0], quiet_until=QUIET[1])
        before = _said(row)
        for name, value in _checked(row, changes).items():
            setattr(row, name, value)
        now = _said(row)
        if now != before:
            row.changed_at = at
            row.save()
            told: dict[str, object] = {name: value for name, value in now.items() if value != before[name]}
            detail = {"user": str(user), **told}
            record(event="user.notices.set", subject=f"user {user.pk}", actor=actor, at=at, detail=detail)


def _checked(row: Preference, changes: Mapping[str, object]) -> dict[str, Any]:
    new: dict[str, Any] = {name: changes[name] for name in _CHANGEABLE if name in changes}
    if "muted" in new:
        new["muted"] = _groups(new["muted"])
    if "lead_days" in new:
        new["lead_days"] = _leads(new["lead_days"])
    for name in ("quiet_from", "quiet_until"):
        if new.get(name) is not None:
            new[name] = new[name].replace(second=0, microsecond=0)
    _refuse_no_hour(new.get("quiet_from", row.quiet_from), new.get("quiet_until", row.quiet_until))
    return new


def _groups(names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in set(Group):
            raise Invalid("notice_group", f"“{name}” is no kind of notice.", f"There are: {', '.join(Group)}.")
    return sorted(set(names))


def _leads(days: Sequence[int]) -> list[int]:
    if len(days) > _MOST or not all(0 <= each <= _EARLIEST for each in days):
        raise Invalid(
            "lead_days",
            "These days before an end are not possible.",
            f"Give up to {_MOST} whole numbers from 0 to {_EARLIEST}, such as 30, 14, 7, 3, 1.",
        )
    chosen = sorted(set(days), reverse=True)
    return [] if tuple(chosen) == LEADS else chosen


def _refuse_no_hour(start: time | None, end: time | None) -> None:
    if start is None and end is None:
        return
    # Less than an hour might fall between two runs, or into the one that a change of the clocks leaves out.
    if start is None or end is None or _minutes(end, start) < _FEWEST_MINUTES:
        raise Invalid(
            "quiet_hours",
            "These quiet hours cannot be used.",
            "Give when they begin and when they end, or neither; leave an hour of the day at least.",
        )


def _minutes(start: time, end: time) -> int:
    return ((end.hour - start.hour) * 60 + end.minute - start.minute) % (24 * 60)


def _said(row: Preference) -> dict[str, str]:
    """In words, for the history."""
    has_quiet = row.quiet_from is not None and row.quiet_until is not None
    return {
        "mails": "yes" if row.by_mail else "none",
        "muted": ", ".join(row.muted) or "nothing",
        "days before": ", ".join(map(str, row.lead_days or LEADS)),
        "quiet": f"{row.quiet_from:%H:%M} to {row.quiet_until:%H:%M}" if has_quiet else "never",
        "weekends": "yes" if row.on_weekends else "no",
    }
