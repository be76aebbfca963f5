"""Everything out, and back in: exports, the import into an empty desk, backups."""

from __future__ import annotations

from valetkey.export.services.backup import BackedUp, backup
from valetkey.export.services.export import Exported, Form, export, form_of
from valetkey.export.services.import_all import import_all, refuse_filled
from valetkey.export.services.restore import Restored, restore
from valetkey.export.services.whole import whole

__all__ = [
    "BackedUp",
    "Exported",
    "Form",
    "Restored",
    "backup",
    "export",
    "form_of",
    "import_all",
    "refuse_filled",
    "restore",
    "whole",
]
