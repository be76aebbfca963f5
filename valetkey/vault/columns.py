"""A model column whose value is encrypted at rest and is a `Secret` in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from valetkey.secret import Secret
from valetkey.vault.keyring import keyring

if TYPE_CHECKING:
    SecretText = models.TextField[Secret | None, Secret | None]
else:
    SecretText = models.TextField  # Django's fields are generic for the type checker only


class EncryptedField(SecretText):
    """Holds a `Secret` or None; the database holds only the ciphertext.

    It cannot be searched: a secret has another ciphertext each time. A column `<name>_fingerprint` beside it, where
    there is one, holds what it is found by; `vault.rotation` keeps the two in step.
    """

    description = "A secret, encrypted at rest"

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Secret | None:
        return None if value is None else keyring().decrypt(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Secret):
            raise TypeError(f"{self.name} takes a Secret.")
        return keyring().encrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is one. Any other look-up would silently find nothing, so Django refuses it."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is a secret and is not serialized.")
