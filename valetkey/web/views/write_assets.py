"""Assets: enter, change, who has the login in hand; and their lists of access."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.register import catalogue, services
from valetkey.register.models import Asset
from valetkey.web.forms.pick import changed
from valetkey.web.forms.write_assets import ChangeAssetForm, EvidenceForm, NewAssetForm, OwnershipForm, SurfaceForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.sheet import Sheet, show, typed, whose


def asset_new(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    sheet = Sheet("Enter an asset", "Enter", reverse("record_assets"), "Assets")
    keeper = whose(request, actor, sheet)
    if isinstance(keeper, HttpResponse):
        return keeper
    form = NewAssetForm(typed(request), keeper=keeper)
    if form.is_valid():
        with onto(form):
            row = services.enter_asset(held_by=keeper, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, f"{row} is on record. Next: who owns it, and who is on its lists.")
            return redirect("record_asset", row.reference)
    return show(request, form, sheet, "web/asset_new.html", keeper=keeper)


def asset_change(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    form = ChangeAssetForm(typed(request), keeper=row.held_by, row=row)
    if form.is_valid():
        with onto(form):
            services.change_asset(asset=row, changes=changed(form), actor=actor, at=now())
            messages.success(request, "Saved.")
            return redirect("record_asset", row.reference)
    return show(request, form, _sheet(row, f"Change what is known of {row}", "Save"))


def asset_ownership(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    ownership = services.ownership_of(asset=row)
    form = OwnershipForm(typed(request), keeper=row.held_by, row=ownership)
    if form.is_valid():
        with onto(form):
            services.set_ownership(asset=row, changes=changed(form), actor=actor, at=now())
            messages.success(request, "Written down. Confirm it once somebody has looked on the platform.")
            return redirect("record_asset", row.reference)
    intro = (
        "Access can be taken away by whoever runs the list. Ownership is who can take the account itself."
        " Write down who has what; never the address, number or code."
    )
    return show(request, form, _sheet(row, f"Who owns {row}?", "Write it down", intro), ownership=ownership)


def ownership_confirm(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    form = EvidenceForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.confirm_ownership(asset=row, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, "Confirmed, as of now.")
            return redirect("record_asset", row.reference)
    sheet = _sheet(row, f"Is this still so of {row}?", "It is so")
    return show(request, form, sheet, "web/ownership_confirm.html", ownership=services.ownership_of(asset=row), row=row)


def surface_new(request: HttpRequest, reference: str) -> HttpResponse:
    """`reference` is the asset's."""
    actor, row = _found(request, reference)
    there = {each.kind for each in services.surfaces(asset=row)}
    usual = [each for each in catalogue.usual(row.platform, row.kind) if each.key not in there]
    form = SurfaceForm(typed(request), usual=usual)
    if form.is_valid():
        with onto(form):
            made = services.enter_surface(asset=row, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, "Added. Now say who is on it.")
            return redirect("record_surface", made.reference)
    intro = "Each list of people on the platform is separate: taking somebody off one leaves them on the others."
    sheet = _sheet(row, f"Add a list of access to {row}", "Add this one", intro)
    return show(request, form, sheet, "web/surface_new.html", row=row, usual=usual)


@require_POST
def surfaces_usual(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    made = services.add_usual_surfaces(asset=row, actor=actor, at=now())
    if made:
        messages.success(request, f"Added: {', '.join(each.name for each in made)}.")
    else:
        messages.info(request, "Nothing to add: all that is usual for it is there, as far as is known here.")
    return redirect("record_asset", row.reference)


def surface_change(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    row = services.find_surface(text=reference, actor=actor)
    require_hand(actor, row.asset.held_by)
    usual = catalogue.usual(row.asset.platform, row.asset.kind)
    initial = {name: getattr(row, name) for name in ("name", "kind", "path", "note")}
    form = SurfaceForm(typed(request), usual=usual, initial=initial)
    if form.is_valid():
        with onto(form):
            services.change_surface(surface=row, changes=changed(form), actor=actor, at=now())
            messages.success(request, "Saved.")
            return redirect("record_surface", row.reference)
    back = reverse("record_surface", args=[row.reference])
    intro = "Who is on it stays on it."
    return show(request, form, Sheet(f"Change {row}", "Save", back, str(row), intro))


def _found(request: HttpRequest, reference: str) -> tuple[Actor, Asset]:
    actor = person(request)
    row = services.find_asset(text=reference, actor=actor)
    require_hand(actor, row.held_by)
    return actor, row


def _sheet(row: Asset, title: str, button: str, intro: str = "") -> Sheet:
    return Sheet(title, button, reverse("record_asset", args=[row.reference]), row.name, intro)
