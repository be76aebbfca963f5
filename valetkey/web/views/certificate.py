"""The certificate of an authorization: one page, the same for both sides and for a guest whose address is proven."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.web.person import person

_SAID_WHEN_UNKNOWN: Final = frozenset({"Code works from", "Code works until"})
"""What is not known of these is said; other lines without a value are left out."""


@never_cache
@require_safe
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    row = services.find(reference=reference, actor=person(request))
    return of(request, row, back=reverse("authorization", args=[row.reference]), back_to=row.reference)


def of(request: HttpRequest, row: Authorization, *, back: str, back_to: str) -> HttpResponse:
    """For whoever the caller has found entitled to it. `?text`: the very text that the checksum is of, to keep."""
    made = services.certificate(authorization=row)
    if "text" in request.GET:
        response = HttpResponse(made.text(), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="certificate-{made.reference}.json"'
        return response
    lines = [(label, value) for label, value in made.lines if value is not None or label in _SAID_WHEN_UNKNOWN]
    context = {"certificate": made, "lines": lines, "back": back, "back_to": back_to}
    return render(request, "web/certificate.html", context)
