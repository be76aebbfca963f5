"""Send one mail. A mail that cannot be sent is told to whoever asked for it, and never undoes what was done."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

_log = logging.getLogger(__name__)


def send(*, to: str, template: str, context: Mapping[str, object]) -> bool:
    """Render `mail/<template>.txt`, whose first line is the subject, and send it. False: it could not be handed over.

    Call it after the transaction: a link in a mail must exist, and a mail server may take its time. What went wrong is
    logged without the text, which may hold a link.
    """
    fault = hand_in(compose(to=to, template=template, context=context))
    if fault:
        _log.warning("A mail “%s” could not be sent: %s.", template, fault)
    return not fault


def compose(
    *, to: str, template: str, context: Mapping[str, object], headers: Mapping[str, str] | None = None,
    with_html: bool = False,
) -> EmailMultiAlternatives:  # fmt: skip
    """The mail as it would be sent. `with_html`: `mail/<template>.html` says the same for those who read it so."""
    told = {name: _kept_apart(name, value) for name, value in context.items()} | {"desk_url": settings.VALETKEY_URL}
    subject, _, body = render_to_string(f"mail/{template}.txt", told).strip().partition("\n")
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()), body=body.strip() + "\n", to=[to], headers=dict(headers or {})
    )
    if with_html:
        mail.attach_alternative(render_to_string(f"mail/{template}.html", told), "text/html")
    return mail


def hand_in(mail: EmailMultiAlternatives) -> str:
    """Hand it to the mail server. "" where it took it, else what went wrong: never the server's own words, which may
    quote what they refuse. After a fault, nobody knows for certain that it did not take it."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        return f"the address was refused ({', '.join(sorted({str(code) for code, _ in fault.recipients.values()}))})"
    except smtplib.SMTPResponseException as fault:
        return f"{type(fault).__name__} ({fault.smtp_code})"
    except (OSError, smtplib.SMTPException, UnicodeError) as fault:
        return type(fault).__name__
    return ""


def _kept_apart(name: str, value: object) -> object:
    """What somebody typed is told from what the desk says: a name or caption is one line, a message is quoted."""
    if not isinstance(value, str):
        return value
    if name == "message":
        return "\n".join(f"> {line}".rstrip() for line in value.splitlines())
    return " ".join(value.split())
