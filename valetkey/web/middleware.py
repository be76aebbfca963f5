"""Around every view: text that is text, the person's time zone, and a refusal as a page."""

from __future__ import annotations

import codecs
import zoneinfo
from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from valetkey.accounts.models import User, asking_once
from valetkey.errors import Refused
from valetkey.web.sealed import typed_by
from valetkey.web.views import errors

Answer = Callable[[HttpRequest], HttpResponse]


class TextMiddleware:
    """What no database keeps is refused before anybody looks it up: a NUL in an address, and text that is not UTF-8.

    Another encoding may spell halves of characters. A NUL in a form is refused by the form itself.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or not _is_utf8(request):
            return errors.bad_request(request)
        return self.get_response(request)


class PersonMiddleware:
    """Instants are shown in the zone of whoever looks; without one, in the desk's. No page is kept by the browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        zone = (user.time_zone if isinstance(user, User) else "") or settings.VALETKEY_TIME_ZONE
        once = asking_once() if request.method in {"GET", "HEAD"} else nullcontext()
        with timezone.override(zoneinfo.ZoneInfo(zone)), typed_by(request), once:
            response = self.get_response(request)
        # Each page is one person's, and the back button must not show a code to the next one at this browser.
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class RefusalMiddleware:
    """What no form has taken up becomes a page of its own, with what to do next."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, exception) if isinstance(exception, Refused) else None


def _is_utf8(request: HttpRequest) -> bool:
    return request.encoding is None or codecs.lookup(request.encoding).name == "utf-8"
