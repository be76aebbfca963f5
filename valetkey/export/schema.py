"""What is exported: every model of the desk with its columns, found by Django's registry, and what is left out and why.

A new model or column is exported by itself. What could be a secret is not: it has to be named here first.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from graphlib import TopologicalSorter
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models

from valetkey.accounts.models import User
from valetkey.secret import Secret
from valetkey.timeline.models import Version
from valetkey.timeline.said import plain
from valetkey.vault.columns import EncryptedField

APPS_LEFT_OUT: Final[dict[str, str]] = {
    "account": "mail addresses that a sign-in waits for; the desk uses none",
    "admin": "Django's own note of what was clicked in its admin; the history has it",
    "audit": "the history and the key that signs it: it has a signed export of its own",
    "auth": "Django's groups and permissions; the desk uses none",
    "contenttypes": "Django's list of tables",
    "django_tasks_database": "background work that waits or was done",
    "mfa": "second factors of sign-in: everybody adds theirs anew",
    "sessions": "who is signed in",
    "usersessions": "who is signed in",
    "worker": "which workers live, and what they do next",
}
TABLES_LEFT_OUT: Final[dict[str, str]] = {
    "accounts.ApiToken": "tokens of programs: new ones are made",
    "accounts.User_groups": "Django's groups; the desk uses none",
    "accounts.User_user_permissions": "Django's permissions; the desk uses none",
    "connectors.Connection": "tokens for platforms: parties are connected anew",
    "notices.Delivery": "what webhooks were sent, or are still to be: nothing is sent from two desks",
    "notices.Endpoint": "webhooks and the secrets they sign with: new ones are made",
    "notices.Feed": "calendars at secret addresses: new ones are made",
    "notices.FeedEvent": "what those calendars were last told",
}


@dataclass(frozen=True)
class LeftOut:
    """`filled`: what an imported row has there instead; None: what a new row has."""

    why: str
    filled: Callable[[], object] | None = None


def _of_no_link() -> str:
    """A digest that nobody knows a link for."""
    return secrets.token_hex(32)


COLUMNS_LEFT_OUT: Final[dict[str, LeftOut]] = {
    "authorization.code_fingerprint": LeftOut("made again from the code, with the key of the desk"),
    "guide_link.link_digest": LeftOut("the link itself: after an import it opens nothing", _of_no_link),
    "hand_over.link_digest": LeftOut("the link itself: after an import it opens nothing", _of_no_link),
    "hand_over.proof_digest": LeftOut("a number that was mailed"),
    "invitation.link_digest": LeftOut("the link itself: after an import it opens nothing", _of_no_link),
    "request_link.link_digest": LeftOut("the link itself: after an import it opens nothing", _of_no_link),
    "user.password": LeftOut("after an import everybody sets a new one", lambda: make_password(None)),
}
CODES: Final = frozenset({"authorization.code"})
"""Bearer secrets: only where somebody asks for them, with a reason."""
SEALED: Final = frozenset({"picture.content"})
"""Encrypted and no secret of its own: opened in JSON lines, too long for a cell of a spreadsheet."""

_LONGEST_REFERENCE: Final = 12
_REFERENCE: Final = re.compile("[A-Z0-9]*")

_KINDS: Final[tuple[tuple[type[models.Field[Any, Any]], str], ...]] = (
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.TimeField, "time of day"),
    (models.BooleanField, "yes or no"),
    (models.IntegerField, "number"),
    (models.UUIDField, "text"),
    (models.JSONField, "JSON"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


@dataclass(frozen=True)
class Column:
    """`path`: what a query asks for. `target`: of a relation, the model it leads to."""

    name: str
    field: models.Field[Any, Any]
    kind: str
    path: str
    target: type[models.Model] | None = None

    @property
    def fits_a_cell(self) -> bool:
        return self.kind != "sealed"


@dataclass(frozen=True)
class Table:
    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]

    @property
    def targets(self) -> set[type[models.Model]]:
        return {column.target for column in self.columns if column.target is not None}

    @property
    def key(self) -> str:
        """The column by which rows of other tables name one of this."""
        if self.model._meta.parents:
            return next(column.name for column in self.columns if column.field.primary_key)
        return key_of(self.model).replace("pk", "id")


@functools.cache
def schema(*, with_codes: bool = False) -> tuple[Table, ...]:
    """Every table, in an order in which a row names only rows before it, or of its own table.

    Raises TypeError for a column it does not know how to write down.
    """
    tables = {model: _table(model, with_codes) for model in exported()}
    order: TopologicalSorter[type[models.Model]] = TopologicalSorter()
    for model, table in tables.items():
        order.add(model, *sorted(table.targets - {model}, key=_label))
    return tuple(tables[model] for model in order.static_order())


def exported() -> list[type[models.Model]]:
    """All that is not left out: of the desk's own apps, and of others that somebody adds one day."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in APPS_LEFT_OUT and _label(model) not in TABLES_LEFT_OUT
        if model._meta.managed and not model._meta.proxy
    ]
    return sorted(found, key=_label)


def table_name(model: type[models.Model]) -> str:
    """“AdAccount” → “ad_account”."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.__name__).lower()


def written(value: object) -> object:
    """A column's value as the file has it."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, UUID) else plain(value)


def read(column: Column, value: object) -> object:
    """The other way round, of a column that is no relation. Raises ValueError for what `written` would not write."""
    made = _made(column, value)
    field = column.field
    if written(made) != value or type(written(made)) is not type(value):
        raise ValueError
    if made is None and not field.null:
        raise ValueError
    if isinstance(value, str) and ("\0" in value or len(value) > (field.max_length or len(value))):
        raise ValueError
    if field.choices and value and value not in {choice for choice, _ in field.flatchoices}:
        raise ValueError
    if isinstance(value, str) and _names_a_row(field) and not _REFERENCE.fullmatch(value):
        raise ValueError
    if field.model is Version and column.kind == "JSON" and not isinstance(value, dict):
        raise ValueError
    return made


def _made(column: Column, value: object) -> object:
    if value is None or column.kind == "JSON":
        return value
    if column.kind in {"number", "yes or no"}:
        if isinstance(value, bool) is not (column.kind == "yes or no") or not isinstance(value, int):
            raise ValueError
        return value
    if not isinstance(value, str):
        raise ValueError
    if column.kind == "moment":
        return datetime.fromisoformat(value)
    if column.kind == "day":
        return date.fromisoformat(value)
    if column.kind == "time of day":
        return time.fromisoformat(value)
    if column.kind in {"code", "sealed"}:
        return Secret(value)
    return UUID(value) if isinstance(column.field, models.UUIDField) else value


def _names_a_row(field: models.Field[Any, Any]) -> bool:
    """A reference stands in the address of a page: another text there would break every page that shows it."""
    return field.name == "reference" or (field.model is Version and field.max_length == _LONGEST_REFERENCE)


def _label(model: type[models.Model]) -> str:
    return model._meta.label


def _table(model: type[models.Model], with_codes: bool) -> Table:
    name = table_name(model)
    columns = (_column(name, field, with_codes) for field in model._meta.local_concrete_fields)
    return Table(name, model, tuple(column for column in columns if column is not None))


def _column(table: str, field: models.Field[Any, Any], with_codes: bool) -> Column | None:
    where = f"{table}.{field.name}"
    if where in COLUMNS_LEFT_OUT or (where in CODES and not with_codes):
        return None
    if isinstance(field, models.ForeignKey):
        target: type[models.Model] = field.related_model
        return Column(field.name.removesuffix("_ptr"), field, "", f"{field.name}__{key_of(target)}", target)
    if isinstance(field, models.AutoField | models.BigAutoField):
        return Column("id", field, "number", field.attname)
    if where in CODES:
        return Column(field.name, field, "code", field.attname)
    if where in SEALED:
        return Column(field.name, field, "sealed", field.attname)
    kind = next((kind for of, kind in _KINDS if isinstance(field, of)), "")
    if not kind or isinstance(field, EncryptedField):
        raise TypeError(f"{where} has no place in the export yet: name it in valetkey.export.schema.")
    return Column(field.name, field, kind, field.attname)


def key_of(model: type[models.Model]) -> str:
    """What rows are named by: a reference, a user's mail address, else the number they have in the database."""
    if model is User:
        return "email"
    return "reference" if any(_is_reference(field) for field in model._meta.concrete_fields) else "pk"


def _is_reference(field: models.Field[Any, Any]) -> bool:
    return field.name == "reference" and field.unique
