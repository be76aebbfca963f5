"""Sheets as people send them, made of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from tests.desk import Desk
from valetkey.accounts.models import Person
from valetkey.intake.models import Batch, Row
from valetkey.intake.services import try_sheet
from valetkey.register.models import Access, Asset, Ownership, Surface

HEADER = ("Name", "Email", "Account", "Account type", "Platform", "List", "Role", "Since", "Until", "Notes")
JO = ("Jo Berg", "jo@example.org", "Northwind BC", "Business Center", "TikTok", "people", "Standard", "2026-11-01",
      "2026-12-31", "By hand")  # fmt: skip


def text(*rows: Sequence[object], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def book(*rows: Sequence[Any], title: str = "People", **others: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    tab = made.active
    assert tab is not None
    tab.title = title
    for row in rows:
        tab.append(list(row))
    for name, lines in others.items():
        beside = made.create_sheet(name)
        for row in lines:
            beside.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tried(desk: Desk, *rows: Sequence[object], header: Sequence[str] = HEADER, **more: Any) -> Batch:
    """On the buyer's record, by the buyer."""
    given: dict[str, Any] = {"kept_by": desk.advertiser, "name": "people.csv", "actor": desk.bo, "at": desk.at}
    return try_sheet(**{**given, "content": text(header, *rows).encode(), **more})


def only(batch: Batch) -> Row:
    (row,) = batch.rows.all()
    return row


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def rows_of_the_record() -> list[object]:
    kept = (Person, Asset, Surface, Access, Ownership)
    return [list(model._default_manager.order_by("pk").values_list()) for model in kept]
