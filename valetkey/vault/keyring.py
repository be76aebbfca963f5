"""Keys and what is done with them. The first key of the ring encrypts; every key of it still opens.

Does not decide who may see a secret, and never writes one down in the clear.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from valetkey.secret import Secret

_NO_KEY_OPENS: Final = "No key of the ring opens this value: the key it was written with is missing."


class KeyMissing(ValueError):
    """A secret was written with a key that is not in the ring."""


class Keyring:
    """One or more keys, newest first. `keys` are 32 random bytes each in URL-safe base64, as `new_key` makes them."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("No key: set VALETKEY_KEYS or VALETKEY_KEYS_FILE.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
            # The bytes, not their spelling: base64 is read leniently, and one key must have one fingerprint.
            raw = [base64.urlsafe_b64decode(key) for key in keys]
        except ValueError:
            # The library's own text may quote the key.
            raise ValueError("A key of VALETKEY_KEYS is not 32 bytes in URL-safe base64.") from None
        # Separate keys for separate jobs, so that a fingerprint tells nothing about a seal.
        self._fingerprint_keys = [_derive(key, b"fingerprint") for key in raw]
        self._seal_keys = [_derive(key, b"seal") for key in raw]

    def encrypt(self, secret: Secret) -> str:
        return self._fernet.encrypt(_bytes(secret)).decode()

    def decrypt(self, token: str) -> Secret:
        """Raises ValueError when no key of the ring opens it."""
        try:
            return Secret(self._fernet.decrypt(token.encode()).decode(errors="surrogatepass"))
        except InvalidToken:
            raise KeyMissing(_NO_KEY_OPENS) from None

    def reencrypt(self, token: str) -> str:
        """The same secret under the newest key. Raises ValueError when no key of the ring opens it."""
        try:
            return self._fernet.rotate(token.encode()).decode()
        except InvalidToken:
            raise KeyMissing(_NO_KEY_OPENS) from None

    def fingerprint(self, secret: Secret) -> str:
        """A keyed digest to find a secret again without keeping it: 64 hexadecimal digits."""
        return _mac(self._fingerprint_keys[0], _bytes(secret))

    def fingerprints(self, secret: Secret) -> list[str]:
        """What the secret may be filed under, by every key of the ring: for look-ups while keys rotate."""
        return [_mac(key, _bytes(secret)) for key in self._fingerprint_keys]

    def seal(self, digest: str) -> str:
        """A mark that only a holder of the key can make."""
        return _mac(self._seal_keys[0], digest.encode())

    def seal_holds(self, digest: str, seal: str) -> bool:
        return any(hmac.compare_digest(_mac(key, digest.encode()).encode(), seal.encode()) for key in self._seal_keys)

    def __reduce__(self) -> NoReturn:
        raise TypeError("Keys are not pickled: a cache or a queue would keep them in the clear.")


def new_key() -> str:
    return Fernet.generate_key().decode()


def read_or_make_key_file(path: Path) -> list[str]:
    """The keys in a file, a line each; a missing file is made with one new key, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make_key_file(path)
    return path.read_text().split()


def _make_key_file(path: Path) -> None:
    """Written whole under another name, then linked: of two processes that start together one key wins, and nobody ever
    reads a file that is still empty, not even after a crash in between."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


@functools.cache
def keyring() -> Keyring:
    """The ring of this desk, from the settings."""
    from django.conf import settings  # late: this module is used while the settings are still being read

    return Keyring(settings.VALETKEY_KEYS)


def _bytes(secret: Secret) -> bytes:
    # surrogatepass: an encoding error would carry the whole secret in its arguments.
    return secret.reveal().encode(errors="surrogatepass")


def _derive(key: bytes, job: bytes) -> bytes:
    return hmac.new(key, b"valetkey:" + job, hashlib.sha256).digest()


def _mac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()
