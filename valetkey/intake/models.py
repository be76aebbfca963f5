"""Sheets that were tried, row by row, and what came of each. The file itself is not kept."""

from __future__ import annotations

from typing import Any

from django.db import models

from valetkey.accounts.models import Party
from valetkey.accounts.reference import new_reference
from valetkey.intake.verdict import Given, Verdict, Way
from valetkey.register.models.duties import KeptQuerySet


class BatchQuerySet(KeptQuerySet["Batch"]): ...


class Batch(models.Model):
    """One sheet for one party's record. `header`: the names of its columns, `mapping`: a field of intake.columns for
    each, "" where it is left out; both as lists. `digest`: of the names and rows as they are kept.

    `told`: what the person should know of the sheet as a whole. `plan`: the digest of all that it would do, as it was
    shown; where that would be something else by now, nothing is done. `zone`: whose days its days are.
    """

    class State(models.TextChoices):
        TRIED = "tried"
        DONE = "done"
        UNDONE = "undone"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    header = models.JSONField()
    header_mark = models.CharField(max_length=64)
    mapping = models.JSONField()
    is_corrected = models.BooleanField(default=False)
    day_first = models.BooleanField(null=True)
    zone = models.CharField(max_length=60)
    told = models.JSONField()
    counts = models.JSONField()
    plan = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.TRIED)
    tried_at = models.DateTimeField()
    tried_by = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["kept_by", "header_mark"], name="batch_with_header")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"intake {self.reference}"

    @property
    def counted(self) -> list[tuple[Verdict, int]]:
        """How many rows of each verdict there are, in the order of the verdicts: a database keeps none."""
        return [(each, self.counts[each]) for each in Verdict if self.counts.get(each)]

    @property
    def way(self) -> Way:
        return Way(tuple(self.mapping), self.day_first, self.zone)


class Row(models.Model):
    """A row of a sheet, by the number it has there. `cells`: a list; null where a cell carried a login or a code.

    `made`: what was made or changed when it was carried out: kind, reference, what it was before, and the number of
    the version that tells of it.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    verdict = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Verdict])
    reason = models.TextField()
    made: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="row_number_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="row_of_verdict")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch}"

    @property
    def given(self) -> Given:
        return Given(self.number, tuple(self.cells))
