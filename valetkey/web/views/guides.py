"""The guides, for everybody: no sign-in, no cookie, nothing asked of the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from valetkey.errors import NotFound
from valetkey.guides.fill import fill
from valetkey.guides.grammar import Audience, Guide
from valetkey.guides.library import library
from valetkey.web import guides as shown
from valetkey.web.forms.text import carries
from valetkey.web.language import language_of, public

_LONGEST_SEARCH: Final = 200
_MOST_FOUND: Final = 6


@login_not_required
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    asked = urlencode({"q": request.GET["q"]}) if "q" in request.GET else ""
    response = redirect(reverse("guides_in", args=[language_of(request)]) + (f"?{asked}" if asked else ""))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@login_not_required
@require_safe
def guides_in(request: HttpRequest, language: str) -> HttpResponse:
    """All of them by whom they are for; with `?q=` those that fit, best first."""
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    found = [fill(each, {}) for each in library().find(text, language)[:_MOST_FOUND]] if text else None
    # A password that was pasted there is not shown again.
    return _list(request, language, text="" if carries(text) else text, found=found)


@login_not_required
@require_safe
def guide(request: HttpRequest, language: str, name: str) -> HttpResponse:
    try:
        read = fill(library().guide(name, language), {})
    except NotFound:
        return _list(request, language, is_missing=True, status=404)
    context = {**public(request, language), **shown.page(read)}
    return _rendered(request, "web/guide.html", language, context)


def _list(request: HttpRequest, language: str, *, status: int = 200, **more: Any) -> HttpResponse:
    words = library().words(language)
    every = [fill(each, {}) for each in library().guides(language)]
    groups = [(words[audience], _of(every, audience)) for audience in Audience]
    context = {**public(request, language), "words": words, "groups": groups, **more}
    return _rendered(request, "web/guides.html", language, context, status)


def _of(guides: Iterable[Guide], audience: Audience) -> list[Guide]:
    return [guide for guide in guides if guide.audience is audience]


def _rendered(
    request: HttpRequest, template: str, language: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    with translation.override(language):
        response = render(request, template, context, status=status)
    # The same for everybody but for who is signed in, and on a phone one goes to the app and comes back.
    response["Cache-Control"] = "private, max-age=600"
    return response
