"""The register in Django's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from valetkey.audit.admin import ByService, ReadOnly
from valetkey.register import services
from valetkey.register.models import (
    Access,
    AdAccount,
    Asset,
    Campaign,
    Engagement,
    Exposure,
    ExposureKnower,
    Ownership,
    Post,
    Responsibility,
    Surface,
)


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    """All kinds of them, posts and ad accounts too. Changed on the pages of the record, by whoever keeps it."""

    named_in_history = "asset"
    list_display = ("reference", "kind", "platform", "name", "held_by")
    list_filter = ("kind", "platform")
    list_select_related = ("held_by",)
    search_fields = ("=reference", "=platform_id", "name", "held_by__name")
    ordering = ("-pk",)
    fields = ("reference", "held_by", "platform", "kind", "platform_id", "name", "within", "note", "created_at")


@admin.register(Surface)
class SurfaceAdmin(ReadOnly):
    named_in_history = "surface"
    list_display = ("reference", "name", "kind", "asset")
    list_select_related = ("asset",)
    search_fields = ("=reference", "name", "asset__name")
    ordering = ("-pk",)
    fields = ("reference", "asset", "name", "kind", "path", "note")


@admin.register(Post)
class PostAdmin(ReadOnly):
    named_in_history = "post"
    list_display = ("reference", "name", "held_by", "platform_id", "visibility", "seen_at")
    list_filter = ("visibility", "medium")
    list_select_related = ("held_by",)
    search_fields = ("=reference", "=platform_id", "name", "held_by__name")
    ordering = ("-pk",)
    fields = (
        "reference", "held_by", "platform", "platform_id", "name", "url", "medium", "visibility", "visibility_source",
        "ad_authorization_available", "published_at", "seen_at", "created_at",
    )  # fmt: skip


@admin.register(AdAccount)
class AdAccountAdmin(ByService):
    named_in_history = "ad_account"
    list_display = ("reference", "name", "held_by", "platform_id", "time_zone")
    list_select_related = ("held_by",)
    search_fields = ("=reference", "=platform_id", "name", "held_by__name")
    ordering = ("-pk",)
    raw_id_fields = ("held_by",)
    fields = ("reference", "held_by", "platform", "platform_id", "name", "time_zone", "created_at")
    adds = ("held_by", "platform", "platform_id", "name", "time_zone")
    changes = ("name", "time_zone")

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        return {"platform": "tiktok", **super().get_changeform_initial_data(request)}

    def add(self, said: dict[str, Any], asked: dict[str, Any]) -> AdAccount:
        return services.note_ad_account(**said, **asked)

    def change(self, row: AdAccount, said: dict[str, Any], changed: set[str], asked: dict[str, Any]) -> None:
        known: dict[str, Any] = {"held_by": row.held_by, "platform": row.platform, "platform_id": row.platform_id}
        services.note_ad_account(**known, name=said["name"], time_zone=said["time_zone"], **asked)


@admin.register(Campaign)
class CampaignAdmin(ByService):
    named_in_history = "campaign"
    list_display = ("reference", "name", "ad_account", "starts_on", "ends_on")
    list_select_related = ("ad_account",)
    search_fields = ("=reference", "name", "ad_account__name")
    ordering = ("-pk",)
    raw_id_fields = ("ad_account",)
    fields = ("reference", "ad_account", "name", "starts_on", "ends_on", "created_at")
    adds = ("ad_account", "name", "starts_on", "ends_on")
    changes = ("name", "starts_on", "ends_on")

    def add(self, said: dict[str, Any], asked: dict[str, Any]) -> Campaign:
        return services.note_campaign(**said, **asked)

    def change(self, row: Campaign, said: dict[str, Any], changed: set[str], asked: dict[str, Any]) -> None:
        services.change_campaign(campaign=row, **{name: said[name] for name in changed & set(self.changes)}, **asked)


@admin.register(Access)
class AccessAdmin(ReadOnly):
    named_in_history = "access"
    list_display = ("reference", "holder", "person", "role", "surface", "until", "ended_at", "way")
    list_filter = ("way", "source", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("holder", "person", "surface__asset")
    search_fields = ("=reference", "holder__name", "person__name", "basis")
    ordering = ("-pk",)
    fields = (
        "reference", "holder", "person", "surface", "role", "since", "end", "until", "purpose", "basis", "way", "owner",
        "review_on", "removal", "note", "source", "recorded_at", "confirmed_at", "confirmed_by", "confirmed_how",
        "let_end_at", "let_end_by", "ended_at", "ended_reason", "ended_how",
    )  # fmt: skip


@admin.register(Ownership)
class OwnershipAdmin(ReadOnly):
    list_display = ("asset", "owned_by", "owner", "backup_owner", "confirmed_at")
    list_select_related = ("asset", "owned_by", "owner", "backup_owner")
    search_fields = ("asset__name", "owned_by__name", "owner__name")
    ordering = ("-pk",)
    fields = (
        "asset", "owned_by", "owner", "backup_owner", "recovery_mail", "recovery_phone", "second_factor",
        "backup_codes", "evidence", "changed_at", "confirmed_at", "confirmed_by",
    )  # fmt: skip


@admin.register(Engagement)
class EngagementAdmin(ReadOnly):
    named_in_history = "engagement"
    list_display = ("reference", "kept_by", "party", "purpose", "starts_on", "ends_on", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("kept_by", "party")
    search_fields = ("=reference", "kept_by__name", "party__name", "purpose")
    ordering = ("-pk",)
    fields = (
        "reference", "kept_by", "party", "purpose", "starts_on", "review_on", "ends_on", "owner", "note", "created_at",
        "ended_at", "ended_reason",
    )  # fmt: skip


@admin.register(Responsibility)
class ResponsibilityAdmin(ReadOnly):
    named_in_history = "responsibility"
    list_display = ("reference", "person", "occasion", "what", "within_days", "kept_by", "ended_at")
    list_filter = ("occasion", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("person", "kept_by")
    search_fields = ("=reference", "person__name", "what")
    ordering = ("-pk",)
    fields = (
        "reference", "kept_by", "person", "backup", "occasion", "asset", "what", "within_days", "created_at",
        "ended_at", "ended_reason",
    )  # fmt: skip


@admin.register(Exposure)
class ExposureAdmin(ReadOnly):
    named_in_history = "exposure"
    list_display = ("reference", "account", "held_by", "shared", "since", "opened_at", "changed_at")
    list_filter = ("shared", ("changed_at", admin.EmptyFieldListFilter))
    list_select_related = ("held_by",)
    search_fields = ("=reference", "account", "held_by__name")
    ordering = ("-pk",)
    fields = (
        "reference", "held_by", "platform", "account", "shared", "since", "note", "opened_at", "opened_by",
        "changed_at", "changed_by", "how_confirmed",
    )  # fmt: skip


@admin.register(ExposureKnower)
class ExposureKnowerAdmin(ReadOnly):
    list_display = ("name", "party", "exposure", "since", "added_at")
    list_select_related = ("exposure", "party")
    search_fields = ("name", "=exposure__reference")
    ordering = ("-pk",)
    fields = ("exposure", "name", "party", "since", "added_at")
