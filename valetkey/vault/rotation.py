"""Bring stored secrets under the newest key of the ring, in batches, while the desk is in use.

Secrets lie in columns of their own (`EncryptedField`), and inside the JSON of other people's tables, where the setting
VALETKEY_SEALED_JSON says: second factors of sign-in.

What stays tied to the key it was made with: the digests of links and API tokens (the desk never kept what they are
digests of) and the seals of the history. They are found and verified by every key of the ring, so an old key stays in
VALETKEY_KEYS, behind the newer ones, until the last link and token made under it is gone, and for good where the
history is to be verified back to its start. What a rotation gains: the old key no longer opens a single stored secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from valetkey.vault.columns import EncryptedField
from valetkey.vault.keyring import keyring


@dataclass(frozen=True)
class Rotated:
    """How many rows of a model, by its label ("connectors.Connection"), hold secrets and are under the newest key."""

    rows: dict[str, int]


def rotate(*, batch: int = 500) -> Rotated:
    """Encrypt and fingerprint every stored secret with the newest key. Stopped half-way, it is simply run again.

    Raises ValueError when a secret opens with no key of the ring; its batch, and what comes after, stays as it was.
    """
    places: list[Columns | Sealed] = [
        *(Columns(model, names) for model in apps.get_models() if (names := _encrypted(model))),
        *(Sealed(apps.get_model(label), *inside) for label, inside in settings.VALETKEY_SEALED_JSON.items()),
    ]
    return Rotated({place.model._meta.label: _rotate(place, batch) for place in places})


@dataclass(frozen=True)
class Columns:
    """The encrypted columns of a model's own table; a parent's belong to the parent."""

    model: type[models.Model]
    names: list[str]

    @property
    def columns(self) -> list[str]:
        return self.names

    def holds_one(self) -> models.Q:
        found = models.Q()
        for name in self.names:
            found |= models.Q(**{f"{name}__isnull": False})
        return found

    def under_newest_key(self, row: models.Model) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for name in self.names:
            secret = getattr(row, name)
            if secret is None:
                continue
            changes[name] = secret  # the column encrypts with the newest key
            if _has_field(row, f"{name}_fingerprint"):
                changes[f"{name}_fingerprint"] = keyring().fingerprint(secret)
        return changes


@dataclass(frozen=True)
class Sealed:
    """Encrypted texts, or lists of them, under these names in a column of JSON."""

    model: type[models.Model]
    column: str
    names: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        return [self.column]

    def holds_one(self) -> models.Q:
        return models.Q(**{f"{self.column}__has_any_keys": list(self.names)})

    def under_newest_key(self, row: models.Model) -> dict[str, Any]:
        kept: dict[str, Any] = getattr(row, self.column)
        return {self.column: {name: _again(value) if name in self.names else value for name, value in kept.items()}}


def _again(value: str | list[str]) -> str | list[str]:
    return [keyring().reencrypt(one) for one in value] if isinstance(value, list) else keyring().reencrypt(value)


def _encrypted(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields if isinstance(field, EncryptedField)]


def _rotate(place: Columns | Sealed, batch: int) -> int:
    rows = place.model._base_manager.filter(place.holds_one()).order_by("pk")
    count, last = 0, None
    while True:
        with transaction.atomic():
            # Locked: a token renewed meanwhile must not be overwritten with the one before it.
            page = rows.select_for_update().only("pk", *place.columns)
            part = list(page.filter(pk__gt=last)[:batch] if last is not None else page[:batch])
            for row in part:
                place.model._base_manager.filter(pk=row.pk).update(**place.under_newest_key(row))
        if not part:
            return count
        count, last = count + len(part), part[-1].pk


def _has_field(row: models.Model, name: str) -> bool:
    try:
        row._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
