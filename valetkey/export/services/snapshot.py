"""Read the record as it is at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from valetkey.errors import Conflict
from valetkey.export.schema import Table, written

_CHUNK = 1000


@contextmanager
def snapshot() -> Iterator[None]:
    """Whatever is read in the block is of one moment. Inside a transaction of the caller's, it is that one's view."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        # BEGIN IMMEDIATE, the desk's usual, would keep every writer out for as long.
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                connection.transaction_mode = usual  # type: ignore[attr-defined]
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def count(table: Table) -> int:
    return table.model._base_manager.count()


def rows(table: Table, *, for_cells: bool = False) -> Iterator[dict[str, object]]:
    """Every row in order, as the file has it. Raises Conflict at the end when there were fewer or more than counted."""
    columns = [column for column in table.columns if column.fits_a_cell or not for_cells]
    found = table.model._base_manager.order_by("pk").values_list(*(column.path for column in columns))
    number = 0
    for values in found.iterator(chunk_size=_CHUNK):
        number += 1
        yield {column.name: written(value) for column, value in zip(columns, values, strict=True)}
    expected = count(table)
    if number != expected:
        raise Conflict(
            "export_incomplete",
            f"{number} of {expected} rows of “{table.name}” could be read, so nothing was exported.",
            "Look whether the database is damaged: a row names another that is not there.",
        )
