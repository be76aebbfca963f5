"""The key that exports of the history are signed with: made when it is first needed, sealed by the vault, one per desk.

Whoever has the public half can tell that an export came from this desk and was not altered since. Does not decide who
may have one.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry, SigningKey
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict
from valetkey.secret import Secret

SUBJECT: Final = "desk history"
"""What a line is about that tells of the history itself."""
_MADE: Final = "desk.signing_key.made"


def signing_key(*, actor: Actor, at: datetime) -> SigningKey:
    """The desk's one, made now if there is none yet. Raises Conflict where it is not the one that was made."""
    found = SigningKey.objects.first()
    if found is not None:
        _refuse_other(found)
        return found
    with writing():
        found = SigningKey.objects.first()  # somebody else's, made while this one waited for its turn
        if found is None:
            made = Ed25519PrivateKey.generate()
            private = made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            found = SigningKey.objects.create(public=_public(made), private=Secret(_text(private)), made_at=at)
            detail: dict[str, object] = {"fingerprint": fingerprint(found)}
            record(event=_MADE, subject=SUBJECT, actor=actor, at=at, detail=detail)
    return found


def fingerprint(key: SigningKey) -> str:
    """SHA-256 of the public half in its DER form, as `openssl pkey -pubin -outform DER | sha256sum` shows it."""
    return hashlib.sha256(base64.b64decode(key.public)).hexdigest()


def pem(key: SigningKey) -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{key.public}\n-----END PUBLIC KEY-----\n"


def sign(key: SigningKey, message: bytes) -> str:
    """The signature in base64. Raises ValueError when no key of the desk's ring opens the private half."""
    return _text(_private(key).sign(message))


def _refuse_other(key: SigningKey) -> None:
    """Else who can write to the database puts their own public half there, and is taken for the desk by whoever asks
    for its key. The two halves belong together, and the history says which key was made, unless
    that line was cut off, which a check of the export finds.
    """
    made = Entry.objects.filter(event=_MADE).order_by("-seq").values_list("detail__fingerprint", flat=True).first()
    if _public(_private(key)) != key.public or made not in {None, fingerprint(key)}:
        raise Conflict(
            "signing_key_altered",
            "The key that exports are signed with is not the one that this desk made.",
            "Keep this desk as it is, and ask who could write to its database.",
        )


def _private(key: SigningKey) -> Ed25519PrivateKey:
    if key.private is None:
        raise ValueError("The signing key has lost its private half.")
    private = load_der_private_key(base64.b64decode(key.private.reveal()), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("The signing key is no Ed25519 key.")
    return private


def _public(private: Ed25519PrivateKey) -> str:
    return _text(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
