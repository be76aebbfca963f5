"""Parties, users and what belongs to them in Django's admin. No digest is shown, and nobody's password is set here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, Invitation, Membership, Party, Person, User
from valetkey.accounts.policy import DeskRole
from valetkey.audit.admin import ByService, ReadOnly, ReadOnlyLines


class MembershipLines(ReadOnlyLines):
    model = Membership
    fields = ("party", "role", "since", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = super().get_queryset(request)
        return rows.select_related("party", "user").order_by("-pk")


@admin.register(User)
class UserAdmin(ByService):
    """Somebody entered here has no password: “I forgot my password” gives them one. Better is an invitation."""

    named_in_history = "user"
    list_display = ("email", "first_name", "desk_role", "is_active", "last_login")
    list_filter = ("is_active", "desk_role")
    search_fields = ("email", "first_name")
    ordering = ("email",)
    fields = ("email", "first_name", "desk_role", "time_zone", "is_active", "last_login", "date_joined")
    adds = ("email", "first_name", "desk_role")
    changes = ("desk_role", "time_zone")
    inlines = (MembershipLines,)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else ()

    def add(self, said: dict[str, Any], asked: dict[str, Any]) -> User:
        desk_role = DeskRole(said["desk_role"])
        return services.create_user(email=said["email"], name=said["first_name"], desk_role=desk_role, **asked)

    def change(self, row: User, said: dict[str, Any], changed: set[str], asked: dict[str, Any]) -> None:
        if "desk_role" in changed:
            services.set_desk_role(user=row, desk_role=DeskRole(said["desk_role"]), **asked)
        if "time_zone" in changed:
            services.set_time_zone(user=row, time_zone=said["time_zone"], **asked)


@admin.register(Party)
class PartyAdmin(ByService):
    named_in_history = "party"
    list_display = ("name", "kind", "reference", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "=reference")
    fields = ("name", "kind", "reference", "created_at")
    adds = ("name", "kind")
    changes = ("name",)

    def add(self, said: dict[str, Any], asked: dict[str, Any]) -> Party:
        return services.create_party(name=said["name"], kind=said["kind"], **asked)

    def change(self, row: Party, said: dict[str, Any], changed: set[str], asked: dict[str, Any]) -> None:
        services.rename_party(party=row, name=said["name"], **asked)


@admin.register(Person)
class PersonAdmin(ReadOnly):
    """Whoever keeps the record changes it, on the pages of the record."""

    named_in_history = "person"
    list_display = ("reference", "name", "party", "work", "kept_by", "left_on")
    list_filter = (("left_on", admin.EmptyFieldListFilter),)
    list_select_related = ("party", "kept_by")
    search_fields = ("=reference", "name", "mail", "kept_by__name")
    ordering = ("-pk",)
    fields = (
        "reference", "kept_by", "name", "mail", "party", "work", "user", "joined_on", "left_on", "note", "created_at",
    )  # fmt: skip


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Roles are changed on the people's page, which says what follows from it."""

    list_display = ("party", "user", "role", "since", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("party", "user")
    search_fields = ("party__name", "user__email", "user__first_name")
    ordering = ("-pk",)
    fields = ("party", "user", "role", "since", "ended_at")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    named_in_history = "invitation"
    list_display = ("mail", "party", "role", "desk_role", "invited_by", "ends_at", "ended_as", "accepted_at")
    list_select_related = ("party",)
    search_fields = ("mail", "party__name")
    ordering = ("-pk",)
    fields = (
        "mail", "name", "party", "role", "desk_role", "invited_by", "created_at", "ends_at", "ended_at", "ended_as",
        "accepted_at",
    )  # fmt: skip
    actions = ("withdraw",)

    @admin.action(description="Withdraw the chosen invitations")
    def withdraw(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        asked = self.asked(request)
        self.each(request, rows, lambda row: services.withdraw_invitation(invitation=row, **asked))


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    named_in_history = "token"
    list_display = ("label", "user", "created_at", "ends_at", "ended_at")
    list_select_related = ("user",)
    search_fields = ("label", "user__email")
    ordering = ("-pk",)
    fields = ("label", "user", "created_at", "ends_at", "ended_at")
    actions = ("end",)

    @admin.action(description="End the chosen tokens")
    def end(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        asked = self.asked(request)
        self.each(request, rows, lambda row: services.end_token(token=row, **asked))
