"""Authorizations in Django's admin, to be read. They are worked with on the pages, step by step; codes stay masked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from valetkey.audit.admin import ReadOnly, ReadOnlyLines
from valetkey.authorizations.models import (
    Application,
    Authorization,
    HandOver,
    RequestLink,
    Reveal,
    WindowChange,
)

_LINK = ("recipient", "mail", "created_at", "ends_at", "ended_at", "views", "viewed_at")


class Lines(ReadOnlyLines):
    also: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("authorization", *self.also).order_by("-pk")


class ApplicationLines(Lines):
    model = Application
    also = ("ad_account",)
    fields = ("ad_account", "state", "source", "applied_at", "seen_at", "ends_at")


class WindowLines(Lines):
    model = WindowChange
    fields = ("verb", "days", "starts_at", "ends_at", "source", "at")


class HandOverLines(Lines):
    model = HandOver
    fields = _LINK


class RequestLinkLines(Lines):
    model = RequestLink
    fields = (*_LINK, "answered_at")


class RevealLines(Lines):
    model = Reveal
    fields = ("by", "how", "at")


@admin.register(Authorization)
class AuthorizationAdmin(ReadOnly):
    named_in_history = "authorization"
    list_display = ("reference", "post", "creator", "advertiser", "state", "ends_at", "agreed_until")
    list_filter = ("state", "is_uncertain")
    list_select_related = ("post__held_by", "advertiser")
    search_fields = ("=reference", "post__held_by__name", "advertiser__name")
    ordering = ("-pk",)
    fields = (
        "reference", "post", "creator", "advertiser", "state", "is_uncertain", "requested_days", "message",
        "agreed_until", "agreed_ad_account", "reason", "masked", "term_days", "starts_at", "ends_at", "window_source",
        "replaces", "created_at", "handed_over_at", "opened_at", "end_asked_at", "end_acknowledged_at", "ads_paused_at",
        "switched_off_at", "ended_at", "end_source", "told_at", "checked_at", "drift",
    )  # fmt: skip
    readonly_fields = ("creator", "masked")
    inlines = (ApplicationLines, WindowLines, HandOverLines, RequestLinkLines, RevealLines)

    @admin.display(description="creator", ordering="post__held_by__name")
    def creator(self, row: Authorization) -> str:
        return row.post.held_by.name

    @admin.display(description="code")
    def masked(self, row: Authorization) -> str:
        return row.code.masked() if row.code else "none yet"


class LinkAdmin(ReadOnly):
    list_select_related = ("authorization",)
    search_fields = ("=authorization__reference", "recipient", "mail")
    ordering = ("-pk",)


@admin.register(HandOver)
class HandOverAdmin(LinkAdmin):
    list_display = ("authorization", *_LINK)
    fields = ("authorization", *_LINK, "proof_sent_at")


@admin.register(RequestLink)
class RequestLinkAdmin(LinkAdmin):
    list_display = ("authorization", *_LINK, "answered_at")
    fields = ("authorization", *_LINK, "opened_at", "steps", "reminded_at", "answered_at")
