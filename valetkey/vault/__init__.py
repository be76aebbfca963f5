"""The only place that handles keys: encrypt a column, fingerprint a secret, seal a line of the history, rotate keys."""

from __future__ import annotations

from valetkey.vault.keyring import Keyring, keyring, new_key, read_or_make_key_file

__all__ = ["Keyring", "keyring", "new_key", "read_or_make_key_file"]
