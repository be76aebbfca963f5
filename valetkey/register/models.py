"""Assets (accounts, ad accounts, posts), surfaces on them, access, campaigns, exposures.

Rows say what somebody entered or what a platform showed, each with its source. Access is ended, never deleted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from valetkey.accounts.models import Membership, Party, sees_everything
from valetkey.accounts.policy import Role
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.register.days import Span
from valetkey.register.exposed import Shared


class Source(models.TextChoices):
    """Where a fact of the record comes from."""

    STATED = "stated"
    OBSERVED = "observed"


Held = TypeVar("Held", bound="Asset")


class HeldQuerySet(models.QuerySet[Held]):
    def visible_to(self, actor: Actor) -> Self:
        """What the actor's own parties hold; everything for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(held_by__in=Party.objects.visible_to(actor))


class Asset(models.Model):
    """Something on a platform that somebody holds. Each party keeps its own record of an asset."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        AD_ACCOUNT = "ad_account"
        POST = "post"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    platform = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=Kind)
    platform_id = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    held_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="assets")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["held_by", "platform", "kind", "platform_id"], name="asset_once_per_party")
        ]

    def __str__(self) -> str:
        return self.name


class Post(Asset):
    """A post of a creator, with what is known of it and from where."""

    class Medium(models.TextChoices):
        VIDEO = "video"
        CAROUSEL = "carousel"
        STORY = "story"
        UNKNOWN = "unknown"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        FRIENDS = "friends"
        PRIVATE = "private"
        DELETED = "deleted"
        UNDER_REVIEW = "under_review"
        REMOVED = "removed"
        UNKNOWN = "unknown"

    url = models.URLField(max_length=500, blank=True)
    medium = models.CharField(max_length=20, choices=Medium, default=Medium.UNKNOWN)
    visibility = models.CharField(max_length=20, choices=Visibility, default=Visibility.UNKNOWN)
    visibility_source = models.CharField(max_length=10, choices=Source, default=Source.STATED)
    seen_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    # Of the account, but told post by post: whether "ad authorization" can be switched on at all. None: nobody knows.
    ad_authorization_available = models.BooleanField(null=True)

    objects = HeldQuerySet.as_manager()  # type: ignore[misc]  # the parent has Django's own


class AdAccount(Asset):
    """An advertiser's ad account. A campaign's days are days in its time zone."""

    time_zone = models.CharField(max_length=60)

    objects = HeldQuerySet.as_manager()  # type: ignore[misc]  # the parent has Django's own


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ad_account__held_by__in=Party.objects.visible_to(actor))


class Campaign(models.Model):
    """A flight of ads: first and last day, both included, in the ad account's time zone.

    `starts_at` and `ends_at` are those days as instants, kept in step by the services, so that a query can compare.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name

    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class Surface(models.Model):
    """One list of access on an asset. Taking somebody off one list leaves the others as they are."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="surfaces")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="surface_once_per_asset")]

    def __str__(self) -> str:
        return f"{self.name} of {self.asset}"


class AccessQuerySet(models.QuerySet["Access"]):
    def live(self, at: datetime) -> Self:
        """Started, not ended, and not past a known end. An unknown end is live: it is not "never ends" either."""
        return self.filter(since__lte=at, ended_at=None).filter(Q(until=None) | Q(until__gt=at))


class Access(models.Model):
    """Who may do what on which surface, since when, until when, and on which basis."""

    class End(models.TextChoices):
        """Unknown is not "no end": the three are kept apart."""

        AT = "at"
        NONE = "none"
        UNKNOWN = "unknown"

    surface = models.ForeignKey(Surface, on_delete=models.PROTECT, related_name="accesses")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="accesses")
    role = models.CharField(max_length=100)
    since = models.DateTimeField()
    end = models.CharField(max_length=10, choices=End)
    until = models.DateTimeField(null=True)
    basis = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=Source)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "accesses"
        constraints = [
            models.UniqueConstraint(fields=["basis"], condition=Q(ended_at=None), name="access_one_live_per_basis"),
            models.CheckConstraint(
                condition=Q(end="at", until__isnull=False) | Q(end__in=["none", "unknown"], until=None),
                name="access_end_is_clear",
            ),
        ]
        indexes = [models.Index(fields=["holder", "ended_at", "until"], name="access_of_holder")]

    def __str__(self) -> str:
        return f"{self.holder}: {self.role} on {self.surface}"


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
    """Somebody who knows, or has known. `party` where they act for one of this desk."""

    exposure = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="knowers")
    name = models.CharField(max_length=200)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
