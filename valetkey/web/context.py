"""What every template may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, object]:
    return {
        "is_demo": settings.VALETKEY_IS_DEMO,
        "mail_is_printed": settings.EMAIL_BACKEND == "valetkey.mail.terminal.EmailBackend",
    }
