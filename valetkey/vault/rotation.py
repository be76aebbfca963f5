"""Bring stored secrets under the newest key of the ring, in batches, while the desk is in use.

What stays tied to the key it was made with: the digests of links and API tokens (the desk never kept what they are
digests of) and the seals of the history. They are found and verified by every key of the ring, so an old key stays in
VALETKEY_KEYS, behind the newer ones, until the last link and token made under it is gone, and for good where the
history is to be verified back to its start. What a rotation gains: the old key no longer opens a single stored secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
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
    found = {model._meta.label: _encrypted(model) for model in apps.get_models()}
    return Rotated({label: _rotate(apps.get_model(label), names, batch) for label, names in found.items() if names})


def _encrypted(model: type[models.Model]) -> list[str]:
    """The columns of the model's own table; a parent's belong to the parent."""
    return [field.name for field in model._meta.local_concrete_fields if isinstance(field, EncryptedField)]


def _rotate(model: type[models.Model], names: list[str], batch: int) -> int:
    holds_one = models.Q()
    for name in names:
        holds_one |= models.Q(**{f"{name}__isnull": False})
    rows = model._base_manager.filter(holds_one).order_by("pk")
    count, last = 0, None
    while True:
        with transaction.atomic():
            # Locked: a token renewed meanwhile must not be overwritten with the one before it.
            page = rows.select_for_update().only("pk", *names)
            part = list(page.filter(pk__gt=last)[:batch] if last is not None else page[:batch])
            for row in part:
                model._base_manager.filter(pk=row.pk).update(**_under_newest_key(row, names))
        if not part:
            return count
        count, last = count + len(part), part[-1].pk


def _under_newest_key(row: models.Model, names: list[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in names:
        secret = getattr(row, name)
        if secret is None:
            continue
        changes[name] = secret  # the column encrypts with the newest key
        if _has_field(row, f"{name}_fingerprint"):
            changes[f"{name}_fingerprint"] = keyring().fingerprint(secret)
    return changes


def _has_field(row: models.Model, name: str) -> bool:
    try:
        row._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
