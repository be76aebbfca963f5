"""What pages of the record say alike: names that lead to their page, ends, and what kind of thing something is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from valetkey.history.sentences import phrase
from valetkey.register.exposed import words
from valetkey.register.looking import AccessLine, Look, Named
from valetkey.register.models import Access, Asset
from valetkey.register.occasions import Occasion
from valetkey.register.services.gaze import MOST
from valetkey.timeline.said import Kind
from valetkey.web.templatetags.desk import day, instant

register = template.Library()

_PAGES: Final = {kind: f"record_{kind}" for kind in ("party", "person", "asset", "surface", "access")}
SHOWN: Final = 20
_SOON: Final = 14
"""Days before its end from which an access is marked."""

OCCASIONS: Final[dict[str, str]] = {
    Occasion.JOINER: "when somebody joins",
    Occasion.BEFORE_HIRE: "before somebody is hired",
    Occasion.MOVER: "when somebody changes their work",
    Occasion.LEAVER: "when somebody leaves",
    Occasion.AGENCY_START: "when an agency begins",
    Occasion.AGENCY_MIDDLE: "while an agency works",
    Occasion.AGENCY_END: "when an agency ends",
    Occasion.CODE_GIVEN: "when a code is given",
    Occasion.CODE_ENDED: "when a code ends",
    Occasion.OWNERSHIP_CHECK: "when ownership is checked",
    Occasion.CONTINUITY_CHECK: "when it is checked who could step in",
    Occasion.INCIDENT: "when something has gone wrong",
    Occasion.REVIEW: "when a review is closed",
}
_CONTROLS: Final = {
    "owner": "main owner",
    "backup_owner": "backup owner",
    "recovery_mail": "recovery mail",
    "recovery_phone": "recovery phone",
    "second_factor": "second factor",
    "backup_codes": "backup codes",
}


def address_of(kind: str, reference: str, query: str = "") -> str:
    address = reverse(_PAGES[kind], args=[reference])
    return f"{address}?{query}" if query else address


@register.simple_tag(takes_context=True)
def named(context: Context, one: Named | None, keeper: Named | None = None, nobody: str = "") -> str | SafeString:
    """A name that leads to its page on the same day. It stands alone where that page is not this reader's: `keeper` is
    the party on whose record it is.
    """
    if one is None:
        return nobody
    keepers = context.get("keepers")
    is_theirs = keeper is None or keepers is None or keeper.reference in keepers
    if not one.reference or one.kind not in _PAGES or not is_theirs:
        return one.name
    return format_html('<a href="{}">{}</a>', address_of(one.kind, one.reference, day_query(context)), one.name)


@register.simple_tag(takes_context=True)
def address(context: Context, kind: str, reference: str) -> str:
    return address_of(kind, reference, day_query(context))


@register.simple_tag(takes_context=True)
def day_query(context: Context) -> str:
    """Of the day that is looked at, "" for now."""
    looked_at = context.get("day")
    return looked_at.query if looked_at is not None else ""


@register.inclusion_tag("web/part/record_end.html", takes_context=True)
def access_end(context: Context, line: AccessLine, at: datetime) -> dict[str, Any]:
    """Until when: on a day, never, or not known; these are three different things. How many days are left is said of
    today alone: counted from another day they are taken for days from now.
    """
    is_now = not day_query(context)
    is_soon = line.until is not None and at < line.until and (line.until - at).days < _SOON
    return {"line": line, "at": at, "is_now": is_now, "is_soon": is_soon and line.let_end_at is None}


@register.inclusion_tag("web/part/record_more.html")
def more_of(look: Look, name: str) -> dict[str, Any]:
    """How many there are beyond the `SHOWN` of a list that a page shows."""
    total = look.totals.get(name, len(getattr(look, name)))
    return {"rest": total - SHOWN, "is_most": total >= MOST}


@register.filter
def shown(rows: Sequence[Any]) -> Sequence[Any]:
    """A page that holds much stays readable on a phone."""
    return rows[:SHOWN]


@register.simple_tag
def open_exposures(look: Look) -> int:
    return sum(each.is_open for each in look.exposures)


@register.filter
def secret_words(shared: str) -> str:
    """What of a login was shared; never the secret."""
    return words(shared)


@register.filter
def kind_of_asset(kind: str) -> str:
    return str(Asset.Kind(kind).label) if kind in Asset.Kind.values else kind.replace("_", " ")


@register.filter
def platform(name: str) -> str:
    return str(Asset.Platform(name).label) if name in Asset.Platform.values else name


@register.filter
def occasion(name: str) -> str:
    return OCCASIONS.get(name, name.replace("_", " "))


@register.filter
def control(column: str) -> str:
    return _CONTROLS.get(column, column.replace("_", " "))


@register.filter
def way(name: str) -> str:
    return "by an authorization" if name == Access.Way.AUTHORIZATION else "entered by somebody"


@register.filter
def on_day(moment: datetime | None) -> str:
    """The day of an instant, in the zone of whoever looks."""
    return "not known" if moment is None else day(timezone.localtime(moment))


@register.filter
def last_day(moment: datetime) -> str:
    """The last day that something lasts which ends at this instant: what ends at midnight lasted the day before."""
    return on_day(moment - timedelta(microseconds=1))


@register.filter
def told(value: str | datetime | date) -> str:
    """What stood there before, or after: a text, an instant, a day, or nothing."""
    if isinstance(value, datetime):
        return instant(value)
    return day(value) if isinstance(value, date) else value or "nothing"


@register.filter
def event_words(event: str) -> str:
    return phrase(event)


@register.simple_tag(takes_context=True)
def access_link(context: Context, line: AccessLine) -> SafeString:
    """The role, which leads to the access itself: that is open to whoever sees the line."""
    address = address_of(Kind.ACCESS, line.reference, day_query(context))
    return format_html('<a href="{}">{}</a>', address, line.role)
