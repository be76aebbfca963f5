"""Where the thing that a step is about has its page, and how late a step is."""

from __future__ import annotations

from datetime import date
from typing import Final

from django import template
from django.urls import NoReverseMatch, reverse

from valetkey.changes.grammar import Thing, words
from valetkey.changes.models import Step
from valetkey.web.templatetags.desk import day

register = template.Library()

_PAGES: Final = {
    Thing.PERSON: "record_person",
    Thing.PARTY: "record_party",
    Thing.ASSET: "record_asset",
    Thing.OWNERSHIP: "record_asset",
    Thing.ACCESS: "record_access",
    Thing.AUTHORIZATION: "authorization",
    Thing.EXPOSURE: "exposure",
}
_LISTS: Final = {Thing.RESPONSIBILITY: "responsibilities", Thing.ENGAGEMENT: "engagements"}


def address_of(thing: str, reference: str) -> str:
    """ "" for what has no page of its own."""
    try:
        if thing in _PAGES and reference:
            return reverse(_PAGES[Thing(thing)], args=[reference])
        return reverse(_LISTS[Thing(thing)]) if thing in _LISTS else ""
    except NoReverseMatch:
        return ""


@register.filter
def due(step: Step, today: date) -> str:
    """“due Mon 30 Nov 2026”, “was due Mon 2 Nov 2026”."""
    return f"{'was due' if step.due_on < today else 'due'} {day(step.due_on)}"


@register.filter
def from_today(when: date, today: date) -> str:
    """“today”, “in 9 days”, “4 days ago”."""
    days = (when - today).days
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return (f"in {count}" if days > 0 else f"{count} ago") if days else "today"


@register.filter
def from_the_day(days: int) -> str:
    """“on the day”, “2 days before the day”."""
    if not days:
        return "on the day"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} {'after' if days > 0 else 'before'} the day"


@register.filter
def is_late(step: Step, today: date) -> bool:
    return step.is_open and step.due_on < today


@register.filter
def occasion(name: str) -> str:
    """To stand inside a sentence: “somebody leaves”."""
    return words(name)
