"""The keys that several conditions find, each once and in order, in batches."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

BATCH: Final = 500
_CHUNK: Final = 10_000


def batches(rows: QuerySet[Any], conditions: Iterable[Q]) -> Iterator[list[int]]:
    """The keys are all read before the first batch is given out, eight bytes each: nothing stays open in the database
    while somebody writes between two batches.

    Each condition is a query of its own, so that each finds its way by an index of its own.
    """
    found = [rows.filter(each).order_by().values_list("pk", flat=True) for each in conditions]
    keys = array("q", found[0].union(*found[1:]).order_by("pk").iterator(chunk_size=_CHUNK))
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH].tolist()


def keys_of(model: type[Model], references: Collection[str]) -> list[int]:
    rows = model._default_manager.filter(reference__in=references)
    return list(rows.order_by("pk").values_list("pk", flat=True))
