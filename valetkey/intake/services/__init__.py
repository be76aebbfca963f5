"""Try a sheet, say what its columns are, carry it out, undo it, and hand back the rows that were not done."""

from __future__ import annotations

from valetkey.intake.services.carry_out import carry_out
from valetkey.intake.services.find import batches, find_batch, rejected, rows
from valetkey.intake.services.try_sheet import map_columns, try_sheet
from valetkey.intake.services.undo import undo

__all__ = ["batches", "carry_out", "find_batch", "map_columns", "rejected", "rows", "try_sheet", "undo"]
