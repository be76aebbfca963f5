"""How a certificate says its values: in UTC and in full, so that it reads the same for whoever looks at it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template

register = template.Library()


@register.filter
def fixed(value: str | date | datetime | None) -> str:
    """“22 Dec 2026, 14:20:05 UTC”, “22 Dec 2026”, or the text itself."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%d %b %Y, %H:%M:%S} UTC"
    if isinstance(value, date):
        return f"{value:%d %b %Y}"
    return "not known" if value is None else value
