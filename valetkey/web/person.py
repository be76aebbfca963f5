"""Who asks, and when: what every view passes on to its service."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from valetkey.accounts.models import User
from valetkey.audit.entry import GUEST, Actor, Door


def person(request: HttpRequest) -> Actor:
    """The user who is signed in. Raises ValueError when nobody is: such a view names its guest itself."""
    user = request.user
    if not isinstance(user, User):
        raise ValueError("Nobody is signed in.")
    return Actor(name=str(user), door=Door.WEB, user_id=user.pk)


def guest(name: str) -> Actor:
    """Somebody who came by a link: a stranger to every rule but that of the link."""
    return Actor(name=name, door=Door.WEB, user_id=GUEST)


def now() -> datetime:
    return timezone.now()
