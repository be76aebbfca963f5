"""Changes in Django's admin: to be looked at. Their steps, with the proofs, are on the pages of the desk."""

from __future__ import annotations

from django.contrib import admin

from valetkey.audit.admin import ReadOnly
from valetkey.changes.models import Change


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    named_in_history = "change"
    list_display = ("reference", "occasion", "title", "kept_by", "day", "opened_at", "closed_at")
    list_filter = ("occasion",)
    list_select_related = ("kept_by",)
    search_fields = ("=reference", "title", "kept_by__name")
    ordering = ("-pk",)
    fields = (
        "reference", "occasion", "title", "intro", "kept_by", "person", "party", "asset", "authorization", "day",
        "plan_version", "opened_at", "opened_by", "looked_at", "closed_at", "closed_by",
    )  # fmt: skip
