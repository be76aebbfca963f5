"""Sheets: tried, looked at row by row, their columns named, carried out, undone, and the rest handed back."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.errors import Conflict, Forbidden
from valetkey.intake import services
from valetkey.intake.models import Batch, Row
from valetkey.intake.verdict import DOES, REJECTED, Verdict
from valetkey.web.forms.intake import ColumnsForm, TryForm
from valetkey.web.forms.parties import kept_by
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 40
_SAMPLES: Final = 3
_SHORT: Final = 40


@require_safe
def intakes(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    context = {
        "page": Paginator(services.batches(actor=actor), PAGE).get_page(request.GET.get("page")),
        "may_write": kept_by(actor).exists(),
    }
    return render(request, "web/intakes.html", context)


@never_cache
def intake_new(request: HttpRequest) -> HttpResponse:
    """A file or a paste becomes a try, which is shown at once; nothing else is written."""
    actor = person(request)
    parties = kept_by(actor).order_by("name")
    some = list(parties[:2])
    if not some:
        raise Forbidden("read_only", "This belongs to those who act for a party.", "Ask one of them to do it.")
    chosen = request.GET.get("for") or (some[0] if len(some) == 1 else None)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TryForm(*sent, parties=parties, initial={"kept_by": chosen})
    if form.is_valid() and (batch := _tried(form, actor)) is not None:
        return redirect("intake", batch.reference)
    return render(request, "web/intake_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _tried(form: TryForm, actor: Actor) -> Batch | None:
    given = form.cleaned_data
    file = given["file"]
    content, name = (file.read(), file.name) if file else (given["pasted"].encode(), "Pasted rows")
    batch = None
    with onto(form):
        batch = services.try_sheet(
            kept_by=given["kept_by"], content=content, name=name, day_first=given["order"], actor=actor, at=now()
        )
    return batch


@require_safe
def intake(request: HttpRequest, reference: str) -> HttpResponse:
    """The rows of one verdict, or all of them; what it would do, or has done."""
    actor = person(request)
    row = services.find_batch(text=reference, actor=actor)
    asked = request.GET.get("verdict", "")
    verdict = Verdict(asked) if asked in set(Verdict) else None
    page = Paginator(services.rows(batch=row, verdict=verdict), PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "page": page,
        "lines": [(each, _said(row, each)) for each in page],
        "verdict": verdict,
        "verdicts": row.counted,
        "all": sum(row.counts.values()),
        "does": sum(row.counts.get(each, 0) for each in DOES),
        "rejected": sum(row.counts.get(each, 0) for each in REJECTED),
        "left_out": [
            name or f"column {number}"
            for number, (name, field) in enumerate(zip(row.header, row.mapping, strict=True), start=1)
            if not field
        ],
        "may_write": kept_by(actor).filter(pk=row.kept_by_id).exists(),
    }
    return render(request, "web/intake.html", context)


def intake_columns(request: HttpRequest, reference: str) -> HttpResponse:
    """What each column is; the rows are judged anew with it."""
    actor = person(request)
    row = services.find_batch(text=reference, actor=actor)
    require_hand(actor, row.kept_by)
    samples = [
        [(cell or "")[:_SHORT] for cell in each.cells] for each in services.rows(batch=row).only("cells")[:_SAMPLES]
    ]
    form = ColumnsForm(request.POST if request.method == "POST" else None, batch=row, samples=samples)
    if form.is_valid():
        with onto(form):
            services.map_columns(
                batch=row, mapping=form.mapping(), day_first=form.cleaned_data["order"], actor=actor, at=now()
            )
            messages.success(request, "The rows were judged anew. The next sheet with these columns is read so.")
            return redirect("intake", row.reference)
    return render(request, "web/intake_columns.html", {"row": row, "form": form}, status=422 if form.is_bound else 200)


@require_POST
def intake_do(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the record has changed since, the verdicts are shown as they are now."""
    actor = person(request)
    row = services.find_batch(text=reference, actor=actor)
    try:
        services.carry_out(batch=row, actor=actor, at=now())
    except Conflict as refused:
        if refused.code != "intake_changed":
            raise
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Carried out. As long as nobody touches what it brought, it can be undone.")
    return redirect("intake", row.reference)


@require_POST
def intake_undo(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    row = services.find_batch(text=reference, actor=actor)
    services.undo(batch=row, actor=actor, at=now())
    messages.success(request, "Undone. The record is as it was before.")
    return redirect("intake", row.reference)


@require_safe
def intake_rejected(request: HttpRequest, reference: str) -> HttpResponse:
    """As a file: the rows that do nothing until somebody looks at them, each with the reason."""
    row = services.find_batch(text=reference, actor=person(request))
    content = services.rejected(batch=row).encode("utf-8-sig")
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="not-done-{row.reference}.csv"'
    return answer


def _said(batch: Batch, row: Row) -> str:
    """What it says, in its own words: the cells of the columns that are read."""
    cells = zip(batch.mapping, row.cells, strict=False)
    return " · ".join(cell for field, cell in cells if field and cell)
