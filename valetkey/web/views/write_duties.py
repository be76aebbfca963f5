"""Engagements with other parties, and who must do what when something changes: listed, begun, changed, ended."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.register import services
from valetkey.register.models import Asset, Engagement, Responsibility
from valetkey.web.forms.parties import kept_by
from valetkey.web.forms.pick import changed, oneself
from valetkey.web.forms.write_duties import (
    EngagementForm,
    NewEngagementForm,
    PassOnForm,
    ReasonForm,
    ResponsibilityForm,
)
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.sheet import Sheet, day_of, show, typed, whose

_ON_A_PAGE: Final = 50


def engagements(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    return _list(request, actor, services.engagements(actor=actor), "web/engagements.html")


def engagement_new(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    sheet = Sheet("Start an engagement", "Write it down", reverse("engagements"), "Engagements")
    keeper = whose(request, actor, sheet)
    if isinstance(keeper, HttpResponse):
        return keeper
    today = day_of(at)
    form = NewEngagementForm(
        typed(request), keeper=keeper, on=today, initial={"starts_on": today, "owner": oneself(actor, keeper)}
    )
    if form.is_valid():
        with onto(form):
            row = services.start_engagement(kept_by=keeper, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, f"{row}: written down.")
            return redirect("engagements")
    intro = f"That {keeper} works with somebody, as {keeper} keeps it on record. It gives them access to nothing."
    return show(request, form, Sheet(sheet.title, sheet.button, sheet.back, sheet.back_words, intro))


def engagement_change(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _engagement(request, reference)
    at = now()
    form = EngagementForm(typed(request), keeper=row.kept_by, on=day_of(at), row=row)
    if form.is_valid():
        with onto(form):
            services.change_engagement(engagement=row, changes=changed(form), actor=actor, at=at)
            messages.success(request, "Saved.")
            return redirect("engagements")
    return show(request, form, Sheet(f"{row}", "Save", reverse("engagements"), "Engagements"))


def engagement_end(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _engagement(request, reference)
    form = ReasonForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.end_engagement(engagement=row, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, "Ended. What they still have is below: it does not end by itself.")
            return redirect("record_party", row.party.reference)
    sheet = Sheet(
        f"End: {row}",
        "It ends now",
        reverse("engagements"),
        "Engagements",
        warning="Their access does not end with it. It is ended one by one, on the platform and here.",
        is_dangerous=True,
    )
    return show(request, form, sheet)


def responsibilities(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    return _list(request, actor, services.responsibilities(actor=actor), "web/responsibilities.html")


def responsibility_new(request: HttpRequest) -> HttpResponse:
    """`?person=` and `?asset=` name who and what it is about, where they are on the same record."""
    actor, at = person(request), now()
    sheet = Sheet("Give a responsibility", "Write it down", reverse("responsibilities"), "Responsibilities")
    keeper = whose(request, actor, sheet)
    if isinstance(keeper, HttpResponse):
        return keeper
    initial: dict[str, Any] = {
        "person": Person.objects.filter(kept_by=keeper, reference=request.GET.get("person", "").upper()).first(),
        "asset": Asset.objects.filter(held_by=keeper, reference=request.GET.get("asset", "").upper()).first(),
    }
    form = ResponsibilityForm(typed(request), keeper=keeper, on=day_of(at), initial=initial)
    if form.is_valid():
        with onto(form):
            row = services.give_responsibility(kept_by=keeper, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, f"{row}. It is on the record of {keeper}.")
            return redirect("responsibilities")
    intro = "Who must do what when something changes, and within how long. A checklist will name them then."
    return show(request, form, Sheet(sheet.title, sheet.button, sheet.back, sheet.back_words, intro))


def responsibility_pass(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _responsibility(request, reference)
    at = now()
    form = PassOnForm(typed(request), row=row, on=day_of(at))
    if form.is_valid():
        with onto(form):
            services.pass_on_responsibility(responsibility=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, f"From now on it is {form.cleaned_data['to']}'s.")
            return redirect("responsibilities")
    sheet = Sheet(
        "Pass it on",
        "Pass it on",
        reverse("responsibilities"),
        "Responsibilities",
        f"{row.person}: {row.what}",
    )
    return show(request, form, sheet)


def responsibility_end(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _responsibility(request, reference)
    form = ReasonForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.end_responsibility(responsibility=row, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, "Ended. Nobody has to do it any more.")
            return redirect("responsibilities")
    sheet = Sheet(
        "End this responsibility",
        "Nobody has to do it any more",
        reverse("responsibilities"),
        "Responsibilities",
        f"{row.person}: {row.what}",
        "It is not opened again: if somebody is to do it later, it is given anew.",
        is_dangerous=True,
    )
    return show(request, form, sheet)


def _list(request: HttpRequest, actor: Actor, rows: QuerySet[Any], template: str) -> HttpResponse:
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    mine = set(kept_by(actor).filter(pk__in={row.kept_by_id for row in page}).values_list("pk", flat=True))
    context = {"page": page, "mine": mine, "may_write": kept_by(actor).exists(), "today": day_of(now())}
    return render(request, template, context)


def _engagement(request: HttpRequest, reference: str) -> tuple[Actor, Engagement]:
    actor = person(request)
    row = services.find_engagement(text=reference, actor=actor)
    require_hand(actor, row.kept_by)
    return actor, row


def _responsibility(request: HttpRequest, reference: str) -> tuple[Actor, Responsibility]:
    actor = person(request)
    row = services.find_responsibility(text=reference, actor=actor)
    require_hand(actor, row.kept_by)
    return actor, row
