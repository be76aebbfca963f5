"""The code itself: shown in answer to a button, after it was written down who asked for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from valetkey.authorizations import services
from valetkey.authorizations.models import Reveal
from valetkey.web.person import now, person


def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Only a POST shows it; who comes by its address sees the record. What is refused is a page of its own."""
    if request.method != "POST":
        return redirect("authorization", reference)
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    secret = services.open(authorization=row, actor=actor, at=at)
    response = render(request, "web/code.html", {"row": row, "at": at, "code": secret})
    add_never_cache_headers(response)
    return response


def code_copied(request: HttpRequest, reference: str) -> HttpResponse:
    """The copy button tells of itself. Without a script it is a form, whose answer leaves the page as it is."""
    if request.method != "POST":
        return redirect("authorization", reference)
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    services.open(authorization=row, how=Reveal.How.COPIED, actor=actor, at=at)
    return HttpResponse(status=204)
