"""The history in Django's admin, and how every table of the desk stands there: read, and changed by services alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from valetkey.audit.models import Entry
from valetkey.errors import Refused

ENTRIES = "admin:audit_entry_changelist"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # of any model
    """Who may look is asked of the site. `fields` names what is shown: a new column stays hidden until it is named."""

    named_in_history: ClassVar[str] = ""
    """What its rows are called there; "" for those that are not named in it themselves."""
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a row is ended, and stays."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only by what is shown. By any other column, whoever does not see a digest would guess it sign by sign."""
        named = {*(self.fields or ()), *(each[0] if isinstance(each, tuple) else each for each in self.list_filter)}
        return lookup.partition("__")[0] in named and super().lookup_allowed(lookup, value, request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The desk's own history, which knows every door, in place of Django's, which knows this one."""
        row = self.get_object(request, object_id)
        if row is None or not self.named_in_history:
            return HttpResponseRedirect(reverse(ENTRIES))
        subject = f"{self.named_in_history} {getattr(row, 'reference', row.pk)}"
        return HttpResponseRedirect(f"{reverse(ENTRIES)}?{urlencode({'subject': subject})}")

    def asked(self, request: HttpRequest) -> dict[str, Any]:
        """Who asks, and when: what every service is told. The site is the door, and knows."""
        told: dict[str, Any] = self.admin_site.asked(request)  # type: ignore[attr-defined]
        return told

    def each(self, request: HttpRequest, rows: Iterable[Any], service: Callable[[Any], object]) -> None:
        """One service call for each row somebody ticked, and what came of it."""
        for row in rows:
            try:
                service(row)
            except Refused as refused:
                self.message_user(request, f"{row}: {refused}", messages.ERROR)
            else:
                self.message_user(request, f"{row}: done.", messages.SUCCESS)


class ByService(ReadOnly):
    """Added or changed, each by a service. `adds` and `changes` name the fields; what is not named is only shown."""

    adds: ClassVar[tuple[str, ...]] = ()
    changes: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.adds) and self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.changes) and self.admin_site.has_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else self.adds

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        return [name for name in super().get_fields(request, obj) if name not in self.changes]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without a transaction around it: the service has its own, and what it wrote is on disk when it answers."""
        try:
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """What the form says goes to a service; a row that was made takes the place of the one Django has prepared."""
        asked = self.asked(request)
        if change:
            self.change(obj, form.cleaned_data, set(form.changed_data), asked)
        else:
            vars(obj).update(vars(self.add(form.cleaned_data, asked)))

    def add(self, said: dict[str, Any], asked: dict[str, Any]) -> Model:
        raise NotImplementedError

    def change(self, row: Any, said: dict[str, Any], changed: set[str], asked: dict[str, Any]) -> None:
        raise NotImplementedError

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has done all of it."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        return []

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """The history has its line."""

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """The history has its line."""


class ReadOnlyLines(admin.TabularInline):  # type: ignore[type-arg]  # of any model
    """Rows that belong to the one on the page. `fields` names what is shown."""

    extra = 0
    can_delete = False
    show_change_link = False
    classes = ("collapse",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("seq", "at", "event", "subject", "actor_name", "door")
    list_filter = ("door",)
    search_fields = ("=subject", "=event", "actor_name")
    search_help_text = "A whole subject (“party ABC2345”), a whole event (“user.ended”), or part of a name."
    fields = ("seq", "at", "event", "subject", "actor_name", "user_id", "door", "detail")
    ordering = ("-seq",)
