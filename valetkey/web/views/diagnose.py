"""Why a code does not work: for everybody from what is pasted alone, for one authorization from its record too."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from valetkey.authorizations import services as authorizations
from valetkey.diagnosis import services
from valetkey.diagnosis.say import around
from valetkey.web.diagnosis import allowed, shown
from valetkey.web.forms.diagnosis import PasteForm
from valetkey.web.language import language_of, public
from valetkey.web.person import now, person


@login_not_required
def diagnose(request: HttpRequest) -> HttpResponse:
    response = redirect("diagnose_in", language_of(request))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@login_not_required
@csrf_exempt  # it has no authority and changes nothing, and a token would need a cookie
@sensitive_post_parameters("code", "error")
def diagnose_in(request: HttpRequest, language: str) -> HttpResponse:
    """Whoever is signed in is told no more here than anybody."""
    with translation.override(language):
        form = _form(request, language)
        context: dict[str, Any] = {**public(request, language), "around": around(language), "form": form}
        if form.is_valid():
            found = services.diagnose_pasted(
                **form.cleaned_data, language=language, time_zone=timezone.get_current_timezone_name(), at=now()
            )
            context |= shown(found, language)
        return render(request, "web/diagnose.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("code", "error")
def diagnose_authorization(request: HttpRequest, reference: str) -> HttpResponse:
    """What the record tells stands there at once; what is pasted adds to it."""
    actor, language = person(request), language_of(request)
    row = authorizations.find(reference=reference, actor=actor)
    with translation.override(language):
        form = _form(request, language)
        found = services.diagnose(
            authorization=row,
            **(form.cleaned_data if form.is_valid() else {}),
            language=language,
            time_zone=timezone.get_current_timezone_name(),
            actor=actor,
            at=now(),
        )
        context = {"row": row, "form": form, **shown(found, language, row=row, allowed=allowed(row, actor))}
        return render(request, "web/diagnose_authorization.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, language: str) -> PasteForm:
    return PasteForm(request.POST if request.method == "POST" else None, words=around(language))
