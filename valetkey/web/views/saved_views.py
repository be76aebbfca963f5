"""Saved views of the list: a person's own names for filters."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters
from valetkey.web.forms.authorizations import FiltersForm, ViewForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """The filters come along as hidden fields; what is wrong with the name is said on a page of its own."""
    actor, at = person(request), now()
    form = ViewForm(request.POST)
    chosen = {name: request.POST[name] for name in FiltersForm.base_fields if name in request.POST}
    chosen = {name: value for name, value in chosen.items() if name not in form.fields}
    if form.is_valid():
        with onto(form):
            filters = Filters.of({**chosen, **form.filters()})
            saved = services.save_view(name=form.cleaned_data["name"], filters=filters, actor=actor, at=at)
            messages.success(request, f"Saved as “{saved.name}”.")
            return redirect(f"{reverse('authorizations')}?{urlencode(filters.plain())}")
    return render(request, "web/view_save.html", {"form": form, "filters": chosen})


@require_POST
def forget_view(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    saved = services.find_view(name=request.POST.get("name", ""), actor=actor)
    services.forget_view(saved_view=saved, actor=actor, at=at)
    messages.success(request, f"“{saved.name}” is forgotten.")
    return redirect("authorizations")
