"""Assets on any platform (accounts, Business Centers, ad accounts, shops, posts, …), and campaigns on ad accounts.

Rows say what somebody entered or what a platform showed, each with its source.
"""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from valetkey.accounts.models import Party, sees_everything
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.register.days import Span


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
    """Something on a platform that somebody holds. Each party keeps its own record of an asset.

    `platform_id`: its id there; its handle or name where nobody knows the id. `within`: the Business Center or account
    that it belongs to. `region`: its country (ISO 3166 alpha-2), as somebody entered it; "" where nobody did.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        BUSINESS_CENTER = "business_center", "Business Center"
        AD_ACCOUNT = "ad_account", "ad account"
        SHOP = "shop"
        PAGE = "page"
        CHANNEL = "channel"
        POST = "post"

    class Platform(models.TextChoices):
        """TikTok first; the others by hand, with the same nouns."""

        TIKTOK = "tiktok", "TikTok"
        INSTAGRAM = "instagram", "Instagram"
        FACEBOOK = "facebook", "Facebook"
        YOUTUBE = "youtube", "YouTube"
        OTHER = "other", "another platform"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    platform = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=Kind)
    platform_id = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    held_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="assets")
    within = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    region = models.CharField(max_length=2, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = HeldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["held_by", "platform", "kind", "platform_id"], name="asset_once_per_party")
        ]
        indexes = [models.Index(fields=["kind"], name="asset_of_kind")]

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

    class Meta:
        indexes = [models.Index(fields=["visibility"], name="post_of_visibility")]


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
        indexes = [models.Index(fields=["ends_at"], name="campaign_ends")]

    def __str__(self) -> str:
        return self.name

    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)
