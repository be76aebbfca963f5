"""How the stand-in keeps codes and tokens: encrypted in its state, found by a keyed fingerprint.

Decides where the key lies (a file of mode 0600 beside the state) and how a new secret is drawn. Does not decide what a
secret opens. TikTok's own tools show codes and tokens again after a restart, so a digest alone would not do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

_KEY_BYTES: Final = 32
_CODE_BYTES: Final = 41


class KeyUnreadable(Exception):
    """The key file is missing its text or cannot be read. The message names the file, never its content."""


class Seal:
    """Encrypts, decrypts and fingerprints with the key of one state."""

    def __init__(self, key: bytes) -> None:
        # Two keys out of one: a fingerprint must tell nothing about the encryption.
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(key, b"seal", "sha256")))
        self._finger = hmac.digest(key, b"fingerprint", "sha256")

    def shut(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        return self._fernet.decrypt(sealed).decode()

    def fingerprint(self, text: str) -> bytes:
        return hmac.digest(self._finger, text.encode("utf-8", "surrogatepass"), "sha256")


def key_file(state: Path) -> Path:
    return state.with_name(state.name + ".key")


def seal_for(state: Path) -> Seal:
    """The seal of a state, its key drawn on first use. KeyUnreadable when the file is there and of no use."""
    path = key_file(state)
    if not path.exists():
        _draw_key(path)
    try:
        key = base64.urlsafe_b64decode(path.read_bytes())
    except (OSError, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise KeyUnreadable(f"{path} does not hold the key of the sandbox's state; delete both to begin again.")
    return Seal(key)


def _draw_key(path: Path) -> None:
    # Written aside and linked into place: of two processes that start at once exactly one key wins, and it is whole.
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def new_spark_code() -> str:
    """`#` and base64-like text that always holds `+`, `/` and `=`, so that a client meets encoding faults early.

    Look of public samples (U); the length is not published (U), so this one is a *choice*.
    """
    body = base64.b64encode(secrets.token_bytes(_CODE_BYTES)).decode()
    # 41 bytes end in exactly one "=" of padding. "+" and "/" are put in where chance left them out.
    plus, slash = secrets.SystemRandom().sample(range(1, len(body) - 2), 2)
    marked = list(body)
    marked[plus], marked[slash] = "+", "/"
    return "#" + "".join(marked)


def new_token() -> str:
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def new_oauth_code() -> str:
    return secrets.token_hex(20)
