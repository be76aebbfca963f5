"""Which addresses a receiver's name stands for, and whether the desk may speak to them: asked each time."""

from __future__ import annotations

import socket
from typing import Final

from django.conf import settings

from valetkey.errors import Invalid
from valetkey.notices.webhooks import Address, Target, fit, target

_NO_NAME: Final = (OSError, UnicodeError)


def checked(url: str) -> Target:
    """Raises Invalid for an address that cannot be used, that nobody knows, or that is not public."""
    found = target(url)
    addresses(found)
    return found


def addresses(target: Target) -> list[Address]:
    """Where to connect to now. A name may stand for something else a moment later, so what is given is what is spoken
    to. Raises Invalid."""
    try:
        known = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except _NO_NAME:
        known = []
    try:
        return fit(target, list(dict.fromkeys(str(each[4][0]) for each in known)), settings.VALETKEY_WEBHOOK_NETWORKS)
    except ValueError:  # no address at all
        raise Invalid("webhook_unknown_host", "Nobody knows this host.", "Look at the address.") from None
