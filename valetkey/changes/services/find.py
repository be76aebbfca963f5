"""Find changes and their steps. Members of the party whose record it is see them, and who reads the whole desk."""

from __future__ import annotations

from django.db.models import Count, F, Min, Q, QuerySet

from valetkey.audit.entry import Actor
from valetkey.changes.models import Change, Step
from valetkey.errors import NotFound

_WITH = ("kept_by", "person", "party", "asset", "authorization__post__held_by", "authorization__advertiser")


def find_change(*, text: str, actor: Actor) -> Change:
    visible = Change.objects.visible_to(actor).select_related(*_WITH)
    found = visible.filter(reference=text.strip().upper()).first()
    if found is None:
        raise no_such_change(text)
    return found


def changes(*, actor: Actor, all_of_them: bool = False) -> QuerySet[Change]:
    """Open ones, the next one due first; all of them with those that were closed last.

    Each with `steps_left`, `steps_all` and `next_due`.
    """
    found = Change.objects.visible_to(actor).select_related(*_WITH)
    if not all_of_them:
        found = found.open()
    is_left = Q(steps__state=Step.State.OPEN)
    counted = found.annotate(
        steps_all=Count("steps"),
        steps_left=Count("steps", filter=is_left),
        next_due=Min("steps__due_on", filter=is_left),
    )
    return counted.order_by(F("closed_at").desc(nulls_first=True), F("next_due").asc(nulls_last=True), "-pk")


def find_step(*, change: Change, number: int) -> Step:
    """Of a change that the caller has found."""
    found = (
        change.steps.filter(number=number).select_related("owner", "to", "picture").defer("picture__content").first()
    )
    if found is None:
        raise NotFound("no_such_step", f"{change} has no step {number}.", "Its checklist has the numbers.")
    found.change = change
    return found


def no_such_change(text: str) -> NotFound:
    return NotFound("no_such_change", f"There is no change {text} that you can see.", "Look it up among yours.")
