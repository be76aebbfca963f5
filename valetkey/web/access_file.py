"""Lines of access as a file that a spreadsheet opens: all of them, or an error and no file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

from valetkey.register.cells import COLUMNS, cells
from valetkey.register.looking import AccessLine


def access_file(lines: Iterable[AccessLine], name: str) -> HttpResponse:
    """Made whole before anything is sent, so that half a list never looks like one. `name` is of our own making."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    writer.writerows(cells(each) for each in lines)
    # Spreadsheets take a file without the mark for another alphabet's.
    answer = HttpResponse(made.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
