"""Sheets in Django's admin: to be read."""

from __future__ import annotations

from django.contrib import admin

from valetkey.audit.admin import ReadOnly
from valetkey.intake.models import Batch


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    named_in_history = "intake"
    list_display = ("reference", "name", "kept_by", "state", "tried_by", "tried_at")
    list_filter = ("state",)
    list_select_related = ("kept_by",)
    search_fields = ("=reference", "name", "kept_by__name")
    ordering = ("-pk",)
    fields = (
        "reference", "kept_by", "name", "header", "mapping", "day_first", "zone", "told", "counts", "state",
        "tried_at", "tried_by", "done_at", "done_by", "undone_at", "undone_by",
    )  # fmt: skip
