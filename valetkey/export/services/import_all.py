"""Fill an empty desk from an export in JSON lines: everything or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import IO, Any, Final

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, models, transaction

from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid
from valetkey.export.lines import Broken, Line, Reader
from valetkey.export.schema import CODES, COLUMNS_LEFT_OUT, Column, Table, exported, read, schema, table_name
from valetkey.secret import Secret
from valetkey.vault import keyring

_BATCH: Final = 500

Known = dict[type[models.Model], dict[object, object]]
"""Of each table: what its rows are named by → their primary keys."""


def import_all(*, stream: IO[bytes], actor: Actor, at: datetime) -> dict[str, int]:
    """How many rows of each table came in. Refuses a desk that holds something, and a file that is not whole, of
    another version, or contradicts itself: with the line, and with nothing changed."""
    require_admin(actor)
    try:
        with writing(durable=True):
            refuse_filled()
            reader = Reader(stream)
            counts = _read_in(reader)
            detail: dict[str, object] = {"with_codes": reader.head.with_codes, "rows": sum(counts.values())}
            record(event="desk.imported", subject="desk", actor=actor, at=at, detail=detail)
    except Broken as broken:
        raise Invalid(
            "import_broken",
            f"This file cannot be imported. {broken}",
            "Nothing was changed. Take it as it was exported.",
        ) from None
    return counts


def refuse_filled() -> None:
    """Raises Conflict where a table that is exported has a row."""
    filled = next((model for model in exported() if model._base_manager.exists()), None)
    if filled is not None:
        raise Conflict(
            "desk_not_empty",
            f"This desk holds something already: rows of “{table_name(filled)}”.",
            "An export is imported into a new desk, before anything else is done there.",
        )


def _read_in(reader: Reader) -> dict[str, int]:
    tables = {table.name: table for table in schema(with_codes=reader.head.with_codes)}
    expected = [(table.name, [column.name for column in table.columns]) for table in tables.values()]
    if [(name, list(columns)) for name, columns in reader.head.tables.items()] != expected:
        raise Broken(1, "this export was written by another version of Valetkey: its tables or columns differ.")
    counts = dict.fromkeys(tables, 0)
    named = {target for table in tables.values() for target in table.targets}
    known: Known = {model: {} for model in named}
    for name, lines in groupby(reader.rows(), key=lambda line: line.table):
        counts[name] = _read_table(tables[name], lines, known)
    models_filled = [table.model for table in tables.values()]
    _count_on_from_here(models_filled)
    for name, table in tables.items():
        if table.model._base_manager.count() != counts[name]:
            raise Conflict("import_incomplete", f"Not all rows of “{name}” could be kept.", "Nothing was changed.")
    return counts


def _read_table(table: Table, lines: Iterator[Line], known: Known) -> int:
    # Rows that name rows of their own table may name later ones: all must be known before the first is made.
    names_itself = table.model in table.targets
    count = 0
    while batch := list(lines if names_itself else islice(lines, _BATCH)):
        for line in batch:
            _note(table, line, known)
        for part in (batch[start : start + _BATCH] for start in range(0, len(batch), _BATCH)):
            _keep(table.model, [(line, _row(table, line, known)) for line in part])
        count += len(batch)
    return count


def _note(table: Table, line: Line, known: Known) -> None:
    if table.model not in known:
        return
    key, number = line.row[table.key], line.row.get("id")
    if table.model._meta.parents:
        number = known[next(iter(table.model._meta.parents))].get(key) if _is_key(key) else None
    if not _is_key(key) or key in known[table.model]:
        raise Broken(line.number, f"“{table.key}” is missing, or another row of “{table.name}” has the same.")
    known[table.model][key] = number


def _row(table: Table, line: Line, known: Known) -> models.Model:
    values: dict[str, Any] = {}
    for column in table.columns:
        try:
            values[column.field.attname] = _value(column, line.row[column.name], known)
        except (ValueError, TypeError, OverflowError):
            why = "is nothing that can stand there" if column.target is None else "names a row that is not there"
            raise Broken(line.number, f"“{column.name}” of this row of “{table.name}” {why}.") from None
    values |= _instead(table, values)
    return table.model(**values)


def _value(column: Column, value: object, known: Known) -> object:
    if column.target is None:
        return read(column, value)
    if value is None and column.field.null:
        return None
    if not _is_key(value) or value not in known[column.target]:
        raise ValueError
    return known[column.target][value]


def _is_key(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _instead(table: Table, values: Mapping[str, Any]) -> dict[str, object]:
    """What stands where the file has nothing: of links nobody knows, of passwords none, of a code its fingerprint."""
    made: dict[str, object] = {}
    for field in table.model._meta.local_concrete_fields:
        left_out = COLUMNS_LEFT_OUT.get(f"{table.name}.{field.name}")
        if left_out is not None and left_out.filled is not None:
            made[field.attname] = left_out.filled()
        code = values.get(field.attname)
        if f"{table.name}.{field.name}" in CODES and isinstance(code, Secret):
            made[f"{field.name}_fingerprint"] = keyring().fingerprint(code)
    return made


def _keep(model: type[models.Model], rows: list[tuple[Line, models.Model]]) -> None:
    try:
        with transaction.atomic():
            _insert(model, [row for _, row in rows])
    except (IntegrityError, DataError, OverflowError, ValueError):
        if len(rows) == 1:
            raise Broken(rows[0][0].number, "this row contradicts another, or a rule of the record.") from None
        for one in rows:  # the same again, to find the line
            _keep(model, [one])


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    if not model._meta.parents:
        model._base_manager.bulk_create(rows)
        return
    for row in rows:
        row.save_base(raw=True, force_insert=True)  # its own table only: the parent's row is there


def _count_on_from_here(filled: list[type[models.Model]]) -> None:
    """The next row gets the next number. SQLite knows by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)
