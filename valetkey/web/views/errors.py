"""When there is no page to show: what happened, and what to do now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from valetkey.errors import Refused
from valetkey.web.refusal import status_of


def refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _page(request, status_of(refused), refused.sentence, refused.next_step)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "This could not be read.", "Go back, look at what was sent, and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "This is not open to you.", "Ask the person who hosts this desk, or sign in as another.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "This form is too old to be sent.", "Go back, load the page anew, and send it again.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        "There is no such page, or it is not yours to see.",
        "Look at the address, or start from the front.",
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Nothing here may fail again: no database, no session."""
    return render(None, "web/fault.html", status=500)  # on purpose without a request


def _page(request: HttpRequest, status: int, sentence: str, next_step: str) -> HttpResponse:
    return render(request, "web/refused.html", {"sentence": sentence, "next_step": next_step}, status=status)
