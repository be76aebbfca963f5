"""A mail address as somebody typed it: tidied, or refused."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from valetkey.credential import find
from valetkey.errors import Invalid

_LONGEST: Final = 254


def clean(text: str) -> str:
    """In small letters, without spaces around it. Raises Invalid for what is no mail address."""
    address = text.strip().lower()
    try:
        validate_email(address)
        _refuse_unsendable(address)
    except (ValidationError, ValueError):
        # A password may have been typed beside it.
        quoted = "This" if find(address[:1000]) else f"“{address[:80]}”"
        raise Invalid("mail_address", f"{quoted} is not a mail address.", "Write it as name@example.org.") from None
    if len(address) > _LONGEST:
        raise Invalid("mail_address", "This mail address is too long.", f"It has at most {_LONGEST} characters.")
    return address


def _refuse_unsendable(address: str) -> None:
    """What looks like an address and would go to another one, or nowhere: letters like “ſ”, an encoded word (RFC 2047)
    that is decoded on its way, a domain that no name server knows. Raises ValueError."""
    local, _, domain = address.rpartition("@")
    if not local.isascii() or "=?" in local:
        raise ValueError("A mail would not go to this very address.")
    domain.encode("idna")
