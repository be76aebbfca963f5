"""Logins that were shared: who knows one, since when, and the change that ends it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.errors import Forbidden
from valetkey.findings.finding import About
from valetkey.register import services
from valetkey.register.exposed import remedy, words
from valetkey.register.models import Asset, Exposure
from valetkey.web.findings import findings_of
from valetkey.web.forms.exposures import ChangedForm, ExposureForm, KnowerForm
from valetkey.web.forms.parties import kept_by
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto

PAGE: Final = 50
PLATFORM: Final = "tiktok"


def exposures(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    page = Paginator(services.exposures(actor=actor), PAGE).get_page(request.GET.get("page"))
    rows = [(row, words(row.shared)) for row in page]
    context = {"page": page, "rows": rows, "at": now(), "may_write": kept_by(actor).exists()}
    return render(request, "web/exposures.html", context)


def exposure_new(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    parties = kept_by(actor)
    if not parties.exists():
        raise Forbidden("read_only", "This belongs to those who act for a party.", "Ask one of them to do it.")
    wanted = Asset.objects.filter(held_by__in=parties, reference=request.GET.get("asset", "").upper()).first()
    initial = {"asset": wanted, "held_by": wanted.held_by.reference} if wanted else {}
    typed = request.POST if request.method == "POST" else None
    form = ExposureForm(typed, parties=parties.order_by("name"), initial=initial)
    if form.is_valid():
        with onto(form):
            row = services.open_exposure(platform=PLATFORM, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "Written down. Now say who knows it.")
            return redirect("exposure", row.reference)
    return render(request, "web/exposure_new.html", {"form": form}, status=422 if form.errors else 200)


def exposure(request: HttpRequest, reference: str) -> HttpResponse:
    """Who knows it, and for those who may write, a form that adds somebody."""
    actor, at = person(request), now()
    row = services.find_exposure(text=reference, actor=actor)
    form = KnowerForm(request.POST if request.method == "POST" else None, keeper=row.held_by)
    if request.method == "POST":
        require_hand(actor, row.held_by)
        if _add(form, row, actor):
            messages.success(request, f"{form.cleaned_data['name'] or form.cleaned_data['person']} is on the list.")
            return redirect("exposure", row.reference)
        row.refresh_from_db()
    context = {
        "row": row,
        "at": at,
        "about": findings_of(About.EXPOSURE, row.reference, actor),
        "shared": words(row.shared),
        "remedy": remedy(row.shared),
        "page": Paginator(row.knowers.select_related("party", "person").order_by("pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "may_write": row.is_open and kept_by(actor).filter(pk=row.held_by_id).exists(),
        "form": form,
    }
    return render(request, "web/exposure.html", context, status=422 if form.errors else 200)


def exposure_close(request: HttpRequest, reference: str) -> HttpResponse:
    """What to do is said before what was done is asked for."""
    actor, at = person(request), now()
    row = services.find_exposure(text=reference, actor=actor)
    require_hand(actor, row.held_by)
    form = ChangedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with onto(form):
            services.close_exposure(exposure=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "Confirmed. What they knew counts as worthless now; the record of it stays.")
            return redirect("exposure", row.reference)
    elif request.method != "POST" and not row.is_open:
        return redirect("exposure", row.reference)
    context = {"row": row, "form": form, "shared": words(row.shared), "remedy": remedy(row.shared)}
    return render(request, "web/exposure_close.html", context, status=422 if form.errors else 200)


def _add(form: KnowerForm, row: Exposure, actor: Actor) -> bool:
    party = None
    if form.is_valid() and form.cleaned_data["party"]:
        with beside(form, "party"):
            party = services.find_knowers_party(form.cleaned_data["party"])
    if form.is_valid():
        with onto(form):
            services.add_knower(exposure=row, **{**form.cleaned_data, "party": party}, actor=actor, at=now())
    return form.is_valid()
