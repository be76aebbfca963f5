"""Find sheets and their rows. Members of the party whose record it is see them, and who reads the whole desk."""

from __future__ import annotations

import csv
import io

from django.db.models import QuerySet

from valetkey.audit.entry import Actor
from valetkey.errors import NotFound
from valetkey.intake.models import Batch, Row
from valetkey.intake.verdict import REJECTED, Verdict
from valetkey.register.cells import harmless

_NOT_KEPT = "(not kept)"


def find_batch(*, text: str, actor: Actor) -> Batch:
    found = batches(actor=actor).filter(reference=text.strip().upper()).first()
    if found is None:
        raise NotFound("no_such_intake", f"There is no sheet “{text}” that you can see.", "Look it up among yours.")
    return found


def batches(*, actor: Actor) -> QuerySet[Batch]:
    """The last one first."""
    return Batch.objects.visible_to(actor).select_related("kept_by").order_by("-pk")


def rows(*, batch: Batch, verdict: Verdict | None = None) -> QuerySet[Row]:
    """Of a batch that the caller has found; with a verdict, those alone."""
    found = batch.rows.order_by("number")
    return found.filter(verdict=verdict) if verdict else found


def rejected(*, batch: Batch) -> str:
    """As CSV: the rows that do nothing until somebody looks at them, with the reason. No cell becomes a formula."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow([harmless(name) for name in [*batch.header, "Row", "Reason"]])
    for row in batch.rows.filter(verdict__in=REJECTED).order_by("number").iterator():
        cells = [_NOT_KEPT if cell is None else cell for cell in row.cells]
        cells += [""] * (len(batch.header) - len(cells))
        sheet.writerow([harmless(cell) for cell in [*cells[: len(batch.header)], str(row.number), row.reason]])
    return out.getvalue()
