"""Open a change, do its steps with proof, close it; read and rewrite the plans they are made from."""

from __future__ import annotations

from valetkey.changes.services.close import Report, close_change, report
from valetkey.changes.services.find import changes, find_change, find_step
from valetkey.changes.services.open import Decided, open_change, refresh_change
from valetkey.changes.services.pictures import LARGEST, show_picture
from valetkey.changes.services.plans import Written, edit_plan, plan_of, plan_versions, plans
from valetkey.changes.services.steps import assign_step, do_step, is_shown, skip_step

__all__ = [
    "LARGEST",
    "Decided",
    "Report",
    "Written",
    "assign_step",
    "changes",
    "close_change",
    "do_step",
    "edit_plan",
    "find_change",
    "find_step",
    "is_shown",
    "open_change",
    "plan_of",
    "plan_versions",
    "plans",
    "refresh_change",
    "report",
    "show_picture",
    "skip_step",
]
