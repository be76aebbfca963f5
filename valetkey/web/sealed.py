"""A text that was refused, sealed, so that one click can send it again: it is in no page and in no table meanwhile.

Opens for the person and the field it was typed by and into, for half an hour. Does not judge the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from valetkey.accounts.models import User
from valetkey.secret import Secret
from valetkey.vault import keyring
from valetkey.web.person import now

LASTS: Final = timedelta(minutes=30)

_WHOSE: ContextVar[str] = ContextVar("whose", default="")
"""Forms do not know the request they came by."""


@contextmanager
def typed_by(request: HttpRequest) -> Iterator[None]:
    """Around a request: what is sealed in it opens for this user, or without one, in this browser's visit, alone."""
    user = request.user
    whose = f"user {user.pk}" if isinstance(user, User) else f"visit {request.session.session_key or ''}"
    mark = _WHOSE.set(whose)
    try:
        yield
    finally:
        _WHOSE.reset(mark)


def seal(text: str, *, field: str) -> str:
    told = [now().isoformat(), _WHOSE.get(), field, text]
    return keyring().encrypt(Secret(json.dumps(told)))


def unseal(token: str, *, field: str) -> str | None:
    """None where it is another's, another field's, older than half an hour, or was altered."""
    try:
        at, whose, name, text = json.loads(keyring().decrypt(token).reveal())
    except ValueError:
        return None
    is_late = not timedelta() <= now() - datetime.fromisoformat(at) < LASTS
    return None if is_late or (whose, name) != (_WHOSE.get(), field) else str(text)
