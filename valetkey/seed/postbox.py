"""A mail server that takes every mail of a simulation and keeps to whom it was, never what it said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True)
class Envelope:
    to: str
    message_id: str


_TAKEN: Final[list[Envelope]] = []


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            _TAKEN.extend(Envelope(to, str(mail.extra_headers.get("Message-ID", ""))) for to in mail.recipients())
        return len(email_messages)


@contextmanager
def postbox() -> Iterator[None]:
    """Whatever the desk sends meanwhile comes here, and goes nowhere else."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{EmailBackend.__name__}"
    _TAKEN.clear()
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = before
        _TAKEN.clear()


def emptied() -> list[Envelope]:
    """What came since it was emptied last."""
    found = list(_TAKEN)
    _TAKEN.clear()
    return found
