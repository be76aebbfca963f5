"""Django's admin as a door of the desk: for its admins alone, signed in as everywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator

from valetkey.accounts.models import User
from valetkey.accounts.policy import DeskRole
from valetkey.web.forms.text import text_field
from valetkey.web.person import now, person


class _Typed:
    """Texts that are typed here are judged as on every other page."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **more)  # type: ignore[misc]
        return text_field(field) if type(field) in {forms.CharField, forms.EmailField} else field


class DeskAdminSite(AdminSite):
    site_header = "Valetkey"
    site_title = "Valetkey"
    index_title = "The record"
    site_url = "/"
    index_template = "admin/desk_index.html"
    enable_nav_sidebar = False

    def asked(self, request: HttpRequest) -> dict[str, Any]:
        """Who asks, and when: as every page tells its service."""
        return {"actor": person(request), "at": now()}

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """The desk's own models. What a package brings (second factors, groups) is nobody's to leaf through."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        own = [model for model in models if model.__module__.startswith("valetkey.")]
        theirs = admin_class or ModelAdmin
        super().register(own, type(theirs.__name__, (_Typed, theirs), {}), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.desk_role == DeskRole.ADMIN

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The desk has one page to sign in on, with its second factor and its limits."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without Django's own pages for a password, of which the history would not hear."""
        return [each for each in super().get_urls() if not str(getattr(each, "name", "")).startswith("password_change")]
