"""Everything the desk holds as a file, for those who read the whole desk. Codes never leave by a page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from valetkey.accounts.services import require_reader
from valetkey.audit.entry import Actor
from valetkey.export import services
from valetkey.export.services import Form
from valetkey.web.forms.desk_export import DeskExportForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

_ENDS: Final = {Form.JSONL: ".jsonl", Form.CSV: ".zip", Form.XLSX: ".xlsx"}
_TYPES: Final = {
    Form.JSONL: "application/jsonl",
    Form.CSV: "application/zip",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
def export(request: HttpRequest) -> HttpResponseBase:
    actor = person(request)
    require_reader(actor)
    form = DeskExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with onto(form):
            return _file(Form(form.cleaned_data["form"]), actor)
    return render(request, "web/export.html", {"form": form}, status=422 if form.is_bound else 200)


def _file(form: Form, actor: Actor) -> FileResponse:
    """Made whole before anything is sent, and gone from this machine once it is."""
    name = f"desk-{timezone.localtime(now()):%Y-%m-%d}{_ENDS[form]}"
    with tempfile.TemporaryDirectory(prefix="valetkey-export-") as folder:
        made = services.export(target=Path(folder) / name, form=form, actor=actor, at=now())
        content = made.target.open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type=_TYPES[form])
