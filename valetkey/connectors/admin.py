"""Connections in Django's admin: how far each reaches, and their end. No token is shown, not even masked."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from valetkey.audit.admin import ReadOnly
from valetkey.connectors import services
from valetkey.connectors.models import Connection


@admin.register(Connection)
class ConnectionAdmin(ReadOnly):
    list_display = ("party", "platform", "level", "base_url", "created_at", "ended_at")
    list_filter = ("platform", "level", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("party",)
    search_fields = ("party__name",)
    ordering = ("-pk",)
    fields = ("party", "platform", "level", "base_url", "account_id", "created_at", "token_ends_at", "ended_at")
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        rows: QuerySet[Connection] = super().get_queryset(request)
        return rows.defer("token", "app_secret", "refresh_token")

    @admin.action(description="End the chosen connections: their tokens are wiped at once")
    def end(self, request: HttpRequest, rows: QuerySet[Connection]) -> None:
        asked = self.asked(request)
        self.each(request, rows.select_related("party"), lambda row: services.disconnect(connection=row, **asked))
