"""The plans that checklists are made from: everybody reads them, the desk admin writes them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from valetkey.accounts.models import desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.services import require_admin
from valetkey.changes import services
from valetkey.changes.grammar import words
from valetkey.guides.library import LANGUAGES, library
from valetkey.web.forms.changes import PlanForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    rows = [(each, words(each.plan.name)) for each in services.plans()]
    return render(request, "web/plans.html", {"rows": rows})


def plan(request: HttpRequest, name: str) -> HttpResponse:
    """Its steps as they are written, and for the admin a form with its text."""
    actor = person(request)
    written = services.plan_of(name)
    if request.method == "POST":
        require_admin(actor)
    form = PlanForm(request.POST if request.method == "POST" else None, initial={"text": written.text})
    if form.is_valid():
        with onto(form):
            made = services.edit_plan(name=name, text=form.cleaned_data["text"], actor=actor, at=now())
            messages.success(request, f"Version {made.version} is in use from now on. Checklists stay as they are.")
            return redirect("plan", name)
    context = {
        "written": written,
        "occasion": words(name),
        "words": library().words(LANGUAGES[0]),
        "versions": services.plan_versions(name)[:20],
        "is_admin": desk_role_of(actor) is DeskRole.ADMIN,
        "form": form,
    }
    return render(request, "web/plan.html", context, status=422 if form.errors else 200)
