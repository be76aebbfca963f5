"""Who has ever known a secret of an account, until it was changed. Never the secret."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from valetkey.accounts.models import Membership, Party, Person, sees_everything
from valetkey.accounts.policy import Role
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.register.exposed import Shared
from valetkey.register.models.assets import Asset


class ExposureQuerySet(models.QuerySet["Exposure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's own parties; everything for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(held_by__in=Party.objects.visible_to(actor))

    def of_managed(self, actor: Actor) -> Self:
        """Those of the parties that the actor manages, whatever else they may see."""
        managed = Membership.objects.of(actor).filter(role=Role.MANAGER.value)
        return self.filter(held_by__in=managed.values("party"))

    def open(self) -> Self:
        return self.filter(changed_at=None)


class Exposure(models.Model):
    """Others have known a secret of an account, until it is changed. The secret itself is kept nowhere.

    `since` is None where nobody knows. Open until somebody of the holder confirms the change.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    held_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="exposures")
    platform = models.CharField(max_length=20)
    account = models.CharField(max_length=100)
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="exposures")
    shared = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Shared])
    since = models.DateField(null=True)
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=200, blank=True)
    how_confirmed = models.TextField(blank=True)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(changed_at=None, how_confirmed="") | (Q(changed_at__isnull=False) & ~Q(how_confirmed="")),
                name="exposure_change_is_confirmed",
            )
        ]
        indexes = [models.Index(fields=["held_by", "changed_at"], name="exposure_of_holder")]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        return f"exposure {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.changed_at is None


class ExposureKnower(models.Model):
    """Somebody who knows, or has known. `party` where they act for one of this desk, `person` where on record."""

    exposure = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="knowers")
    name = models.CharField(max_length=200)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="knows")
    since = models.DateField(null=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
