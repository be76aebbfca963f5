"""Decisions of a review in words, and what becomes of each when the review is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from valetkey.reviews.decisions import Decision, words

register = template.Library()

_BECOMES: Final = {
    Decision.KEEP: "they stay, and are looked at again on the day you name.",
    Decision.END: "a step each, to take them off their list. Where an authorization gives it, to ask for its end.",
    Decision.CHANGE: "a step each, with your note.",
    Decision.NOT_MINE: "a step each, to find whose it is.",
    Decision.LET_IT_END: "noted on the record, and nobody is told of their end.",
}


@register.filter
def decision_words(decision: str) -> str:
    return words(decision)


@register.filter
def becomes(decision: str) -> str:
    return _BECOMES[Decision(decision)]


@register.filter
def short_last_day(moment: datetime) -> str:
    """“3 May 2027”: the last day of what ends at this instant. Two hundred of them stand on one page."""
    return date_format(timezone.localtime(moment) - timedelta(microseconds=1), "j M Y")
