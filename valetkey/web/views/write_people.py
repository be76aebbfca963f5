"""People on a party's record: enter, change, left, back, and the way to give one of them access."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from valetkey.accounts import services
from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.register.models import Asset, Surface
from valetkey.web.forms.pick import changed
from valetkey.web.forms.write_people import LeftForm, NothingForm, PersonForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.sheet import Sheet, day_of, show, typed, whose

_ON_A_PAGE: Final = 50


def person_new(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    sheet = Sheet("Enter a person", "Enter", reverse("record_people"), "People")
    keeper = whose(request, actor, sheet)
    if isinstance(keeper, HttpResponse):
        return keeper
    form = PersonForm(typed(request), initial={"party": keeper})
    if form.is_valid():
        with onto(form):
            row = services.enter_person(kept_by=keeper, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, f"{row} is on the record of {keeper}.")
            return redirect("record_person", row.reference)
    intro = f"Onto the record of {keeper}. They need no account here, and are told nothing by this."
    return show(request, form, Sheet("Enter a person", "Enter", sheet.back, sheet.back_words, intro))


def person_change(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    names = tuple(PersonForm.base_fields)
    form = PersonForm(typed(request), initial={name: getattr(row, name) for name in names})
    if form.is_valid():
        with onto(form):
            changes = changed(form)
            if "party" in changes:
                changes["party"] = changes["party"] or row.kept_by
            services.change_person(person=row, changes=changes, actor=actor, at=now())
            messages.success(request, "Saved.")
            return redirect("record_person", row.reference)
    intro = "What they may do stays as it is: for that, look at their access."
    return show(request, form, _sheet(row, f"Change what is known of {row}", "Save", intro))


def person_left(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    at = now()
    form = LeftForm(typed(request), initial={"on": row.left_on or day_of(at)})
    if form.is_valid():
        with onto(form):
            services.person_left(person=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, f"Written down. What {row} still has is below.")
            return redirect("record_person", row.reference)
    sheet = _sheet(row, f"{row} leaves", "Write down the last day")
    return show(request, form, sheet, "web/person_left.html", row=row)


def person_back(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    form = NothingForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.person_back(person=row, actor=actor, at=now())
            messages.success(request, f"{row} is back. What was ended stays ended.")
            return redirect("record_person", row.reference)
    intro = "Their last day is taken out. Access that was ended does not come back with them."
    return show(request, form, _sheet(row, f"{row} is back", "They are back", intro))


def person_open(request: HttpRequest, reference: str) -> HttpResponse:
    """On which surface; the next page asks the rest."""
    _, row = _found(request, reference)
    sought = request.GET.get("q", "").strip()[:100]
    surfaces = Surface.objects.filter(asset__held_by=row.kept_by).exclude(asset__kind=Asset.Kind.POST)
    for word in sought.split():
        surfaces = surfaces.filter(Q(name__icontains=word) | Q(asset__name__icontains=word))
    rows = surfaces.select_related("asset").order_by("asset__name", "name", "pk")
    context = {
        "row": row,
        "sought": sought,
        "page": Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "query": f"{urlencode({'q': sought})}&" if sought else "",
    }
    return render(request, "web/person_open.html", context)


def _found(request: HttpRequest, reference: str) -> tuple[Actor, Person]:
    actor = person(request)
    row = services.find_person(text=reference, actor=actor)
    require_hand(actor, row.kept_by)
    return actor, row


def _sheet(row: Person, title: str, button: str, intro: str = "") -> Sheet:
    return Sheet(title, button, reverse("record_person", args=[row.reference]), row.name, intro)
