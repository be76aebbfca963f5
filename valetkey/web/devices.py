"""The devices on which somebody is signed in: seen now and then, and named so that their owner knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from valetkey.web.person import now

_SEEN: Final = "device_seen"
_EVERY: Final = 600
"""Seconds. A page that only reads should not have to wait for whoever writes."""

_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


class DevicesMiddleware:
    """Notes every ten minutes that a device is in use, and whenever its session has got another key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            moment, key = now().timestamp(), request.session.session_key
            seen_at, seen_as = request.session.get(_SEEN, (0, ""))
            if moment - seen_at >= _EVERY or key != seen_as:
                UserSession.objects.create_from_request(request)
                request.session[_SEEN] = (moment, key)
        return self.get_response(request)


def name_of(user_agent: str) -> str:
    """“Firefox on Windows”, from what a browser says of itself, which may be anything."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A program")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
