"""The timeline's one table. Versions are added and closed by `services.keep`, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from valetkey.timeline.said import Kind


class VersionQuerySet(models.QuerySet["Version"]):
    def known_at(self, at: datetime) -> Self:
        """What the record said at that moment."""
        return self.filter(known_from__lte=at).filter(Q(known_until=None) | Q(known_until__gt=at))

    def now(self) -> Self:
        """What it says."""
        return self.filter(known_until=None)

    def holding(self, at: datetime) -> Self:
        """What, by its own dates, is so at that moment."""
        begun = Q(holds_from=None) | Q(holds_from__lte=at)
        return self.filter(begun).filter(Q(holds_until=None) | Q(holds_until__gt=at))

    def seen_by(self, parties: object) -> Self:
        """`parties`: references, or a query of them."""
        return self.filter(Q(kept_by__in=parties) | Q(shared_with__in=parties))


class Version(models.Model):
    """What the record said of one thing from `known_from` until before `known_until` (None: it still says so).

    Things are named by their references and by nothing else, so that a version reads the same whatever comes later.
    """

    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Kind])
    reference = models.CharField(max_length=12)
    kept_by = models.CharField(max_length=12)
    shared_with = models.CharField(max_length=12, blank=True)
    party = models.CharField(max_length=12, blank=True)
    person = models.CharField(max_length=12, blank=True)
    asset = models.CharField(max_length=12, blank=True)
    surface = models.CharField(max_length=12, blank=True)
    holds_from = models.DateTimeField(null=True)
    holds_until = models.DateTimeField(null=True)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    facts = models.JSONField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(known_until=None), name="version_one_is_current"
            ),
            models.CheckConstraint(
                condition=Q(known_until=None) | Q(known_until__gte=F("known_from")), name="version_until_after_from"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "reference", "known_from"], name="version_of_one"),
            models.Index(fields=["kept_by", "kind", "known_until"], name="version_of_keeper"),
            models.Index(fields=["party", "kind", "known_until"], name="version_of_party"),
            models.Index(fields=["person", "kind", "known_until"], name="version_of_person"),
            models.Index(fields=["asset", "kind", "known_until"], name="version_of_asset"),
            models.Index(fields=["surface", "kind", "known_until"], name="version_of_surface"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference} since {self.known_from}"
