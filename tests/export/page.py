"""Write the schema into docs/export.md: `.venv/bin/python -m tests.export.page`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from valetkey.export.schema import Column, Table

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "export.md"
_START: Final = "<!-- The schema, written by tests/export/page.py: -->\n"


def page(text: str) -> str:
    """The page with the schema as it is now, in place of the one it has."""
    from valetkey.export import schema as told  # late: models need the set-up below

    left_out = [
        *(f"- `{name}`: {why}" for name, why in {**told.APPS_LEFT_OUT, **told.TABLES_LEFT_OUT}.items()),
        *(f"- `{name}`: {column.why}" for name, column in told.COLUMNS_LEFT_OUT.items()),
    ]
    parts = ["## What is left out", "\n".join(left_out), "## The tables", _tables(told.schema(with_codes=True))]
    return text.partition(_START)[0] + _START + "\n" + "\n\n".join(parts).rstrip() + "\n"


def _tables(tables: Iterable[Table]) -> str:
    return "\n".join(f"### {table.name}\n\n{_about(table)}{_columns(table)}\n" for table in tables)


def _about(table: Table) -> str:
    said = (table.model.__doc__ or "").strip().partition("\n\n")[0]
    # Django writes one of its own where there is none.
    is_own = said and not said.startswith(f"{table.model.__name__}(")
    return " ".join(said.split()) + "\n\n" if is_own else ""


def _columns(table: Table) -> str:
    return "\n".join(f"- `{column.name}`: {_kind(column)}" for column in table.columns)


def _kind(column: Column) -> str:
    from valetkey.export.schema import key_of, table_name

    said = {"code": "text, only with codes", "sealed": "text, in JSON lines only"}.get(column.kind, column.kind)
    if column.target is not None:
        said = f"`{table_name(column.target)}`, by {key_of(column.target).replace('pk', 'id')}"
    elif column.field.choices:
        said = "one of " + ", ".join(str(choice) for choice, _ in column.field.flatchoices if choice)
        said += ", or empty" if column.field.blank else ""
    return f"{said}, or nothing" if column.field.null else said


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    PAGE.write_text(page(PAGE.read_text()))
