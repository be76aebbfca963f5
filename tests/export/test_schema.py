"""Nothing is forgotten: each model is exported or left out for a reason, and no secret is exported unasked."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models

from tests.export.page import PAGE, page
from valetkey.export.schema import (
    APPS_LEFT_OUT,
    CODES,
    COLUMNS_LEFT_OUT,
    SEALED,
    TABLES_LEFT_OUT,
    exported,
    schema,
    table_name,
)
from valetkey.vault.columns import EncryptedField

OPENS_SOMETHING = re.compile(r"(^|_)(password|digest|fingerprint|hash|seal|secret|token|private)(_|$)")
HARMLESS = {
    "batch.digest": "tells the rows of a sheet again, and opens nothing",
    "notice.digest": "names the mail that a notice went out in",
    "picture.digest": "tells a picture again, and opens nothing",
}


def _everything() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def test_every_model_is_exported_or_left_out_for_a_reason() -> None:
    for model in _everything():
        label, app = model._meta.label, model._meta.app_label
        assert (app in APPS_LEFT_OUT) + (label in TABLES_LEFT_OUT) + (model in exported()) == 1, label
        ours = apps.get_app_config(app).name.startswith("valetkey.")
        assert ours or app in APPS_LEFT_OUT, f"{label} is of somebody else: leave its app out, or say why not"
    assert {model for model in exported()} == {table.model for table in schema()}


def test_what_is_left_out_is_there() -> None:
    assert set(APPS_LEFT_OUT) <= {model._meta.app_label for model in _everything()}
    assert set(TABLES_LEFT_OUT) <= {model._meta.label for model in _everything()}
    columns = {f"{table_name(model)}.{field.name}" for model in exported() for field in model._meta.local_fields}
    assert {*COLUMNS_LEFT_OUT, *CODES, *SEALED} <= columns
    assert all(APPS_LEFT_OUT.values()) and all(TABLES_LEFT_OUT.values())


def test_what_opens_something_is_never_exported_unasked() -> None:
    for table in schema():
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            is_secret = isinstance(column.field, EncryptedField) or OPENS_SOMETHING.search(column.name)
            assert not is_secret or where in {*SEALED, *HARMLESS}, f"{where}: leave it out, or say why it is harmless"


def test_codes_come_only_when_asked_for() -> None:
    more = {
        (table.name, column.name)
        for table in schema(with_codes=True)
        for column in set(table.columns) - {each for one in schema() for each in one.columns}
    }
    assert more == {tuple(code.split(".")) for code in CODES}


def test_every_column_of_every_model_is_exported_or_left_out() -> None:
    for table in schema(with_codes=True):
        fields = {field.name for field in table.model._meta.local_concrete_fields}
        here = {column.field.name for column in table.columns}
        assert fields - here == {each.split(".")[1] for each in COLUMNS_LEFT_OUT if each.split(".")[0] == table.name}


def test_names_are_told_apart_and_fit_a_sheet() -> None:
    names = [table.name for table in schema()]
    assert len(set(names)) == len(names) and "tables" not in names
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,30}", name) for name in names)
    for table in schema(with_codes=True):
        columns = [column.name for column in table.columns]
        assert len(set(columns)) == len(columns), table.name


def test_a_row_names_only_rows_of_tables_before_its_own() -> None:
    seen: set[type[models.Model]] = set()
    for table in schema():
        seen.add(table.model)
        assert table.targets <= seen


def test_the_page_tells_the_schema_as_it_is() -> None:
    assert PAGE.read_text() == page(PAGE.read_text()), "write it anew: .venv/bin/python -m tests.export.page"
