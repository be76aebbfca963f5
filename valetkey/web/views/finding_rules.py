"""What the desk looks for, why, and from when on: the rules, and the thresholds that its admin may set."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from valetkey.accounts.models import desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.services import require_admin
from valetkey.findings import services
from valetkey.findings.limits import NAMES, bounds
from valetkey.findings.rules import RULES
from valetkey.web.findings import GROUPS
from valetkey.web.forms.findings import LimitsForm
from valetkey.web.language import language_of
from valetkey.web.person import now, person
from valetkey.web.refusal import onto


def finding_rules(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    limits = services.limits()
    form = LimitsForm(request.POST if request.method == "POST" else None, now=limits)
    if request.method == "POST":
        require_admin(actor)
        if form.is_valid():
            with onto(form):
                for name in form.changed_data:
                    limits = services.set_limit(name=name, value=form.cleaned_data[name], actor=actor, at=at)
                messages.success(request, "Saved. The next look over the record keeps to it.")
                return redirect("finding_rules")
    context = {
        "at": at,
        "groups": [(said, [rule for rule in RULES if rule.group is group]) for group, said in GROUPS.items()],
        "limits": [(bounds(name)[2], getattr(limits, name)) for name in NAMES],
        "language": language_of(request),
        "is_admin": desk_role_of(actor) is DeskRole.ADMIN,
        "form": form,
    }
    return render(request, "web/finding_rules.html", context, status=422 if form.errors else 200)
