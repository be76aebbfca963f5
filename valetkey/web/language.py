"""In which language somebody reads: the address says it, else the person, else the browser.

Public pages are built on `public`, which gives `web/public.html` its words. What a guide says is not in here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils import timezone, translation
from django.utils.formats import date_format

from valetkey.accounts.models import User
from valetkey.guides.library import library

NAMES: Final[dict[str, str]] = dict(settings.LANGUAGES)
"""The languages there are, each as its speakers call it. The first is for everybody else."""

_DAYS: Final[dict[str, str]] = {"en": "j F Y", "de": "j. F Y"}

_FRAME: Final = "frame."


class LanguageConverter(StringConverter):
    """`<language:language>` in an address: any other word there is no page."""

    regex = "|".join(NAMES)


def language_of(request: HttpRequest) -> str:
    """One of `NAMES`: what the address asks for, what the person chose on this desk, what their browser asks for."""
    asked = request.GET.get("language", "")
    if asked in NAMES:
        return asked
    chosen = request.user.language if isinstance(request.user, User) else ""
    return chosen if chosen in NAMES else translation.get_language_from_request(request)


def public(request: HttpRequest, language: str) -> dict[str, Any]:
    """What `web/public.html` needs. It links to the same page in the other languages: by the part `language` of its
    address, or by a query where it has none.

    Render inside `translation.override(language)`: dates and Django's own words then are in that language.
    """
    found = request.resolver_match
    if found is None:
        raise ValueError("There is a page only where an address was found.")
    addresses = {
        code: reverse(found.view_name, kwargs={**found.kwargs, "language": code})
        if "language" in found.kwargs
        else f"?language={code}"
        for code in NAMES
    }
    return {
        "language": language,
        "frame": frame(language),
        "languages": [(code, name, addresses[code], code == language) for code, name in NAMES.items()],
    }


def frame(language: str) -> dict[str, str]:
    """Words of the pages around what the guides and the diagnosis say."""
    words = library().words(language)
    return {name.removeprefix(_FRAME): said for name, said in words.items() if name.startswith(_FRAME)}


def shows(language: str) -> Callable[[date], str]:
    """How a day or an instant reads in a sentence of that language: “22 December 2026, 15:20 (Europe/Berlin)”."""

    def show(value: date) -> str:
        with translation.override(language):
            if not isinstance(value, datetime):
                return date_format(value, _DAYS[language])
            local = date_format(timezone.localtime(value), f"{_DAYS[language]}, H:i")
            return f"{local} ({timezone.get_current_timezone_name()})"

    return show
