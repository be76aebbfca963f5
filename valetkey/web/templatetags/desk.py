"""What templates say in the desk's own words: instants, days, states, the bar, the navigation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django import template
from django.conf import settings
from django.db.models import FilteredRelation, Q
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format

from valetkey.accounts.models import Party, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.authorizations.coverage import days_between, end_of_day, span
from valetkey.authorizations.lifecycle import ENDING, LIVE, State, Verb, words
from valetkey.authorizations.models import Authorization
from valetkey.notices.models import unread
from valetkey.web.bar import bar as draw
from valetkey.web.findings import mine_waiting
from valetkey.web.person import now

register = template.Library()

_BADGES: Final = {
    State.REQUESTED: "accent",
    State.IN_USE: "ok",
    State.ISSUED: "accent",
    State.HANDED_OVER: "accent",
    State.OPENED: "accent",
    State.APPLIED: "ok",
}

_BELOW: Final = {"exposures": "record", "intake": "record", "reviews": "record", "plans": "changes"}
"""First word of an address → that of the entry of the navigation that leads there."""


@register.filter
def day(value: date | None) -> str:
    """“Tue 22 Dec 2026”."""
    return "" if value is None else date_format(value, "D j M Y")


@register.filter
def instant(value: datetime | None) -> str:
    """“Tue 22 Dec 2026, 15:20 (Europe/Berlin)”: in the zone of whoever looks, which is named."""
    if value is None:
        return "not known"
    local = timezone.localtime(value)
    return f"{date_format(local, 'D j M Y, H:i')} ({timezone.get_current_timezone_name()})"


@register.filter
def when(value: datetime | None, at: datetime) -> str:
    """The instant, and how many days are left or gone by."""
    if value is None:
        return "not known"
    return f"{instant(value)}, {left(value, at)}"


@register.filter
def left(value: datetime, at: datetime) -> str:
    """“in 9 days”, “in 3 hours”, “4 days ago”. Days are rounded up as everywhere, so that "1 day" is at most a day."""
    if value > at:
        hours = (value - at).total_seconds() / 3600
        return (
            _count("in", days_between(at, value), "day") if hours > 24 else _count("in", max(1, round(hours)), "hour")
        )
    days = (at - value).days
    return f"{_count('', days, 'day')} ago".strip() if days else "today"


def _count(before: str, number: int, unit: str) -> str:
    return f"{before} {number} {unit}{'' if number == 1 else 's'}".strip()


@register.filter
def said(value: State | Verb | str) -> str:
    """A state or verb in people's words."""
    if isinstance(value, State | Verb):
        return words(value)
    return words(State(value)) if value in set(State) else words(Verb(value))


@register.inclusion_tag("web/part/state.html")
def state(row: Authorization) -> dict[str, object]:
    found = State(row.state)
    kind = "warn" if found in ENDING else _BADGES.get(found, "")
    return {"words": words(found), "kind": "danger" if row.is_uncertain else kind, "is_uncertain": row.is_uncertain}


@register.inclusion_tag("web/part/bar.html")
def bar(row: Authorization, at: datetime, with_key: bool = True) -> dict[str, object]:
    """The bar, drawn from what the row has with it: prefetch `campaigns__ad_account` for a list."""
    coverages = row.coverages()
    spans = [span(each.starts_on, each.ends_on, each.ad_account.time_zone) for each, _ in coverages]
    agreed = end_of_day(row.agreed_until, settings.VALETKEY_TIME_ZONE) if row.agreed_until else None
    heard = [f"Code window until {instant(row.ends_at)}" if row.ends_at else "Code window not known"]
    heard.append(f"agreed use until {day(row.agreed_until)}" if row.agreed_until else "no agreed date")
    heard += [f"{campaign}: {coverage.sentence()}" for campaign, coverage in coverages]
    return {
        "bar": draw(row.window(), agreed, spans, at),
        "words": "; ".join(heard),
        "row": row,
        "at": at,
        "coverages": coverages,
        "with_key": with_key,
        "is_live": State(row.state) in LIVE,
    }


def _section(path: str) -> str:
    """The entry of the navigation that a page belongs to: its first word, or where one comes to it from."""
    first = path.split("/")[1]
    return f"/{_BELOW.get(first, first)}/"


@register.inclusion_tag("web/part/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """What this person works with, how many notices are new to them, and how many findings are theirs. One query."""
    request = context["request"]
    user = request.user
    current = FilteredRelation("memberships", condition=Q(memberships__ended_at=None))
    at = now()
    mine = User.objects.filter(pk=user.pk).annotate(current=current, unread=unread(at), found=mine_waiting(at))
    rows = list(mine.values_list("current__party__kind", "current__role", "unread", "found"))
    kinds = {kind for kind, *_ in rows if kind}
    desk_role = DeskRole(user.desk_role) if isinstance(user, User) else DeskRole.NONE
    return {
        "path": request.path,
        "user": user,
        "unread": next((count or 0 for _, _, count, _ in rows), 0),
        "found": next((count for *_, count in rows), 0),
        "section": _section(request.path),
        "is_creator": Party.Kind.CREATOR in kinds,
        "is_buyer": bool(kinds - {Party.Kind.CREATOR}),
        "is_manager": any(role == Role.MANAGER for _, role, *_ in rows) or desk_role is DeskRole.ADMIN,
        "is_admin": desk_role is DeskRole.ADMIN,
        "sees_everything": desk_role is not DeskRole.NONE,
    }
