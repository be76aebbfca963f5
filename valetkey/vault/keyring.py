"""Keys and what is done with them. The first key of the ring encrypts; every key of it still opens.

Does not decide who may see a secret, and never writes one down in the clear.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from valetkey.secret import Secret


class Keyring:
    """One or more keys, newest first. `keys` are 32 random bytes each in URL-safe base64, as `new_key` makes them."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("No key: set VALETKEY_KEYS or VALETKEY_KEYS_FILE.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            # The library's own text may quote the key.
            raise ValueError("A key of VALETKEY_KEYS is not 32 bytes in URL-safe base64.") from None
        # Separate keys for separate jobs, so that a fingerprint tells nothing about a seal.
        self._fingerprint_keys = [_derive(key, b"fingerprint") for key in keys]
        self._seal_keys = [_derive(key, b"seal") for key in keys]

    def encrypt(self, secret: Secret) -> str:
        return self._fernet.encrypt(secret.reveal().encode()).decode()

    def decrypt(self, token: str) -> Secret:
        """Raises ValueError when no key of the ring opens it."""
        try:
            return Secret(self._fernet.decrypt(token.encode()).decode())
        except InvalidToken:
            raise ValueError("No key of the ring opens this value: the key it was written with is missing.") from None

    def reencrypt(self, token: str) -> str:
        """The same secret under the newest key."""
        return self._fernet.rotate(token.encode()).decode()

    def fingerprint(self, secret: Secret) -> str:
        """A keyed digest to find a secret again without keeping it: 64 hexadecimal digits."""
        return _mac(self._fingerprint_keys[0], secret.reveal().encode())

    def fingerprints(self, secret: Secret) -> list[str]:
        """What the secret may be filed under, by every key of the ring: for look-ups while keys rotate."""
        return [_mac(key, secret.reveal().encode()) for key in self._fingerprint_keys]

    def seal(self, digest: str) -> str:
        """A mark that only a holder of the key can make."""
        return _mac(self._seal_keys[0], digest.encode())

    def seal_holds(self, digest: str, seal: str) -> bool:
        return any(hmac.compare_digest(_mac(key, digest.encode()), seal) for key in self._seal_keys)


def new_key() -> str:
    return Fernet.generate_key().decode()


def read_or_make_key_file(path: Path) -> list[str]:
    """The keys in a file, a line each; a missing file is made with one new key, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # O_EXCL: two processes that start together must not each keep a key of their own.
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().split()
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key() + "\n")
    return path.read_text().split()


@functools.cache
def keyring() -> Keyring:
    """The ring of this desk, from the settings."""
    from django.conf import settings  # late: this module is used while the settings are still being read

    return Keyring(settings.VALETKEY_KEYS)


def _derive(key: str, job: bytes) -> bytes:
    return hmac.new(key.encode(), b"valetkey:" + job, hashlib.sha256).digest()


def _mac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()
