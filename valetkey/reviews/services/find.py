"""Find reviews and their lines. Members of the party whose record it is see them, and who reads the whole desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from valetkey.audit.entry import Actor
from valetkey.errors import NotFound
from valetkey.reviews.decisions import Decision
from valetkey.reviews.models import Line, Review

_WITH = ("kept_by", "asset", "party", "previous")
_UNDECIDED = Q(lines__decision="")


@dataclass(frozen=True)
class Progress:
    """How many lines are decided, and how. `next`: the number of the first that is not, 0 where all are."""

    count: int
    decided: int
    by_decision: dict[Decision, int]
    next: int

    @property
    def left(self) -> int:
        return self.count - self.decided


def find_review(*, text: str, actor: Actor) -> Review:
    visible = Review.objects.visible_to(actor).select_related(*_WITH)
    found = visible.filter(reference=text.strip().upper()).first()
    if found is None:
        raise NotFound("no_such_review", f"There is no review {text} that you can see.", "Look it up among yours.")
    return found


def reviews(*, actor: Actor) -> QuerySet[Review]:
    """Open ones first, then those that were closed last. Each with `lines_all` and `lines_left`."""
    found = Review.objects.visible_to(actor).select_related(*_WITH)
    counted = found.annotate(lines_all=Count("lines"), lines_left=Count("lines", filter=_UNDECIDED))
    return counted.order_by(F("closed_at").desc(nulls_first=True), "-pk")


def find_line(*, review: Review, number: int) -> Line:
    """Of a review that the caller has found."""
    found = review.lines.select_related("access").filter(number=number).first()
    if found is None:
        raise NotFound("no_such_line", f"{review} has no line {number}.", "The review itself has the numbers.")
    found.review = review
    return found


def progress(*, review: Review) -> Progress:
    """Two queries, however many lines."""
    counts = dict(review.lines.order_by().values_list("decision").annotate(Count("pk")))
    undecided = counts.pop("", 0)
    first = review.lines.filter(decision="").order_by("number").values_list("number", flat=True).first() or 0
    by_decision = {each: counts[each] for each in Decision if counts.get(each)}
    decided = sum(by_decision.values())
    return Progress(decided + undecided, decided, by_decision, first)


def gone(*, review: Review) -> QuerySet[Line]:
    """Lines of the review before whose access is in this one no more."""
    if review.previous is None:
        return Line.objects.none()
    return review.previous.lines.exclude(access__in=review.lines.values("access")).order_by("number")
