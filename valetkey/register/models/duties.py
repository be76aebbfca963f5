"""Who answers for what: ownership of assets, engagements with other parties, responsibilities when things change."""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.register.models.assets import Asset
from valetkey.register.occasions import Occasion


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    def visible_to(self, actor: Actor) -> Self:
        if sees_everything(actor):
            return self
        return self.filter(asset__held_by__in=Party.objects.visible_to(actor))


class Ownership(models.Model):
    """Who owns an asset, and who controls what its login is recovered by. One row per asset; what was before is kept by
    the timeline. No address, number or code stands here: only who has it. None: nobody knows, or nobody has it.
    """

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="ownership")
    owned_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    backup_owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    recovery_mail = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    recovery_phone = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    second_factor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    backup_codes = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)

    objects = OwnershipQuerySet.as_manager()

    CONTROLS = ("owner", "backup_owner", "recovery_mail", "recovery_phone", "second_factor", "backup_codes")
    """What a person may have in hand, by the names of the columns."""

    def __str__(self) -> str:
        return f"ownership of {self.asset}"


Kept = TypeVar("Kept", bound=models.Model)


class KeptQuerySet(models.QuerySet[Kept]):
    def visible_to(self, actor: Actor) -> Self:
        """What the actor's own parties keep; everything for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(kept_by__in=Party.objects.visible_to(actor))


class EngagementQuerySet(KeptQuerySet["Engagement"]):
    def current(self, at: datetime) -> Self:
        """Begun and not ended. Past its last day it goes on until somebody ends it: the record does not guess."""
        return self.filter(starts_on__lte=at.date(), ended_at=None)


class Engagement(models.Model):
    """That one party works with another: since when, until when, and when it is looked at again."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="engagements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="engaged_in")
    purpose = models.CharField(max_length=300)
    starts_on = models.DateField()
    review_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="engagement_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kept_by} with {self.party}"

    @property
    def subject(self) -> str:
        return f"engagement {self.reference}"


class ResponsibilityQuerySet(KeptQuerySet["Responsibility"]):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Responsibility(models.Model):
    """Who must do what, and within how many days, when something changes. `asset` None: whichever it concerns."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="responsibilities")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responsibilities")
    backup = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Occasion])
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="responsibilities")
    what = models.CharField(max_length=300)
    within_days = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "responsibilities"

    def __str__(self) -> str:
        return f"{self.person}: {self.what}"

    @property
    def subject(self) -> str:
        return f"responsibility {self.reference}"
