"""Send one mail. A mail that cannot be sent is told to whoever asked for it, and never undoes what was done."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

_log = logging.getLogger(__name__)


def send(*, to: str, template: str, context: Mapping[str, object]) -> bool:
    """Render `mail/<template>.txt`, whose first line is the subject, and send it. False: it could not be handed over.

    Call it after the transaction: a link in a mail must exist, and a mail server may take its time. What went wrong is
    logged without the text, which may hold a link.
    """
    told = {name: _kept_apart(name, value) for name, value in context.items()}
    text = render_to_string(f"mail/{template}.txt", {**told, "desk_url": settings.VALETKEY_URL})
    subject, _, body = text.strip().partition("\n")
    try:
        EmailMessage(subject=" ".join(subject.split()), body=body.strip() + "\n", to=[to]).send()
    except (OSError, smtplib.SMTPException, UnicodeError) as fault:
        _log.warning("A mail “%s” could not be sent: %s.", template, type(fault).__name__)
        return False
    return True


def _kept_apart(name: str, value: object) -> object:
    """What somebody typed is told from what the desk says: a name or caption is one line, a message is quoted."""
    if not isinstance(value, str):
        return value
    if name == "message":
        return "\n".join(f"> {line}".rstrip() for line in value.splitlines())
    return " ".join(value.split())
