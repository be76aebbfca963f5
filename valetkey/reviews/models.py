"""Reviews and their lines. A line keeps the access as it was when the review was opened; nothing here is deleted."""

from __future__ import annotations

from typing import Self

from django.db import models

from valetkey.accounts.models import Party
from valetkey.accounts.reference import new_reference
from valetkey.register.came import Difference
from valetkey.register.looking import AccessLine
from valetkey.register.models import Access, Asset
from valetkey.register.models.duties import KeptQuerySet
from valetkey.reviews.decisions import Decision
from valetkey.reviews.difference import told
from valetkey.reviews.frozen import thawed


class ReviewQuerySet(KeptQuerySet["Review"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Review(models.Model):
    """All accesses of a scope looked at once: of an asset, of what a party holds, or of the keeper's whole record.

    `previous`: the last one of the same scope that was closed. `next_on`: when it is done again, said on closing.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="reviews")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="reviews")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="reviews_about")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    next_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kept_by", "closed_at"], name="review_of_keeper")]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"review {self.reference}"

    @property
    def scope(self) -> str:
        """To be read alone, as in a title."""
        if self.asset is not None:
            return self.asset.name
        return f"what {self.party} holds" if self.party is not None else f"all of {self.kept_by}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Line(models.Model):
    """One access. `facts`: as it was, in JSON. `news` and `was`: against the review before, whose decision is
    `last_decision`. `work`: the reference of the change in which the decision is carried out, "" where there is none.
    """

    class News(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    news = models.CharField(max_length=10, blank=True, choices=News)
    was = models.JSONField(default=list)
    last_decision = models.CharField(max_length=10, blank=True)
    decision = models.CharField(max_length=10, blank=True, choices=[(each.value, each.value) for each in Decision])
    note = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    work = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="review_line_once")]
        indexes = [models.Index(fields=["review", "decision"], name="line_of_review")]

    def __str__(self) -> str:
        return f"line {self.number} of {self.review}"

    @property
    def line(self) -> AccessLine:
        return thawed(self.facts)

    @property
    def differences(self) -> tuple[Difference, ...]:
        return told(self.was)
