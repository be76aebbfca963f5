"""Surfaces of assets, and the access that parties and people have on them. Access is ended, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.register.models.assets import Asset, Source


class SurfaceQuerySet(models.QuerySet["Surface"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the assets that the actor's own parties hold; all for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(asset__held_by__in=Party.objects.visible_to(actor))


class Surface(models.Model):
    """One list of access on an asset. Taking somebody off one list leaves the others as they are.

    `kind`: its name in the catalogue of roles (register.catalogue), "" for one of the desk's own. `path`: where it is
    found on the screen; "" is the catalogue's.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="surfaces")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40, blank=True)
    path = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    objects = SurfaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="surface_once_per_asset")]

    def __str__(self) -> str:
        return f"{self.name} of {self.asset}"


class AccessQuerySet(models.QuerySet["Access"]):
    def live(self, at: datetime) -> Self:
        """Started, not ended, and not past a known end. An unknown end is live: it is not "never ends" either."""
        started = Q(since=None) | Q(since__lte=at)
        return self.filter(started, ended_at=None).filter(Q(until=None) | Q(until__gt=at))

    def visible_to(self, actor: Actor) -> Self:
        """On the assets of the actor's own parties, and what an authorization gives those parties elsewhere."""
        if sees_everything(actor):
            return self
        mine = Party.objects.visible_to(actor)
        shared = Q(way=Access.Way.AUTHORIZATION, holder__in=mine)
        return self.filter(Q(surface__asset__held_by__in=mine) | shared)


class Access(models.Model):
    """Who may do what on which surface, since when, until when, why, and who answers for it.

    `person` is None where a party holds it as a whole: a partner's link, a code. `since` None: nobody knows. `basis`:
    the contract or agreement; of a Spark authorization, its own name (`way`). Past its `until` it counts as over, and
    yet it stays open in the record until somebody ends it.
    """

    class End(models.TextChoices):
        """Unknown is not "no end": the three are kept apart."""

        AT = "at"
        NONE = "none"
        UNKNOWN = "unknown"

    class Way(models.TextChoices):
        """How it came here: entered by somebody, or kept in step with an authorization by its services."""

        ENTERED = "entered"
        AUTHORIZATION = "authorization"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    surface = models.ForeignKey(Surface, on_delete=models.PROTECT, related_name="accesses")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="accesses")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="accesses")
    role = models.CharField(max_length=100)
    since = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End)
    until = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=15, choices=Way, default=Way.ENTERED)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="answers_for")
    review_on = models.DateField(null=True)
    removal = models.TextField(blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=Source)
    recorded_at = models.DateTimeField()

    # Somebody looked at the list on the platform, and it was so.
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_how = models.TextField(blank=True)

    # "Reviewed, let it end": nobody is to be told of its end any more.
    let_end_at = models.DateTimeField(null=True)
    let_end_by = models.CharField(max_length=200, blank=True)

    # `ended_how`: what was seen on the platform; "" where nobody has looked.
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    ended_how = models.TextField(blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "accesses"
        constraints = [
            models.UniqueConstraint(
                fields=["basis"], condition=Q(ended_at=None, way="authorization"), name="access_one_live_per_basis"
            ),
            models.CheckConstraint(
                condition=Q(end="at", until__isnull=False) | Q(end__in=["none", "unknown"], until=None),
                name="access_end_is_clear",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "ended_at", "until"], name="access_of_holder"),
            models.Index(fields=["person", "ended_at"], name="access_of_person"),
            models.Index(fields=["owner", "ended_at"], name="access_of_owner"),
            models.Index(fields=["surface", "ended_at"], name="access_of_surface"),
            models.Index(fields=["way", "ended_at"], name="access_of_way"),
            models.Index(fields=["holder", "way", "ended_at"], condition=Q(person=None), name="access_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.holder}: {self.role} on {self.surface}"

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"access {self.reference}"
