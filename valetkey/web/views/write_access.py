"""Access on a surface: open, change, confirm, end, or leave to end. What an authorization gives ends with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.register import catalogue, services
from valetkey.register.catalogue import SurfaceKind
from valetkey.register.models import Access, Surface
from valetkey.register.services.access import require_keeper
from valetkey.web.forms.pick import oneself
from valetkey.web.forms.write_access import AccessForm, ConfirmForm, EndForm, OpenForm
from valetkey.web.forms.write_people import NothingForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.sheet import Sheet, day_of, show, typed


def access_open(request: HttpRequest, reference: str) -> HttpResponse:
    """`reference` is the surface's; `?person=` names somebody who is on the same record."""
    actor, at = person(request), now()
    row = services.find_surface(text=reference, actor=actor)
    keeper = row.asset.held_by
    require_hand(actor, keeper)
    wanted = Person.objects.filter(kept_by=keeper, reference=request.GET.get("person", "").upper()).first()
    initial = {"person": wanted, "owner": oneself(actor, keeper)}
    form = OpenForm(typed(request), keeper=keeper, on=day_of(at), initial=initial)
    known = _known(row)
    if form.is_valid():
        with onto(form):
            made = services.open_access(surface=row, **form.instants(), actor=actor, at=at)
            messages.success(request, "Written down.")
            _warn(request, known, made)
            return redirect("record_access", made.reference)
    sheet = Sheet(
        f"Who is on the list “{row.name}”?",
        "Write it down",
        reverse("record_surface", args=[row.reference]),
        row.name,
        f"Of {row.asset}. This is the record: on the platform, somebody still has to add them.",
    )
    return show(request, form, sheet, "web/access_form.html", surface=row, known=known)


def access_change(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    at = now()
    form = AccessForm(typed(request), keeper=row.surface.asset.held_by, on=day_of(at), row=row)
    if form.is_valid():
        with onto(form):
            services.change_access(access=row, changes=form.changes(), actor=actor, at=at)
            messages.success(request, "Saved.")
            return redirect("record_access", row.reference)
    sheet = _sheet(row, "Change what is known of this access", "Save", f"{row}.")
    return show(request, form, sheet, "web/access_form.html", surface=row.surface, known=_known(row.surface))


def access_confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Of one that was ended while nobody looked: that it is gone."""
    actor, row = _found(request, reference)
    form = ConfirmForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.confirm_access(access=row, **form.cleaned_data, actor=actor, at=now())
            messages.success(request, "Confirmed, as of now.")
            return redirect("record_access", row.reference)
    asked = ("Is it gone on the platform?", "It is gone") if row.ended_at else ("Is it still so?", "It is so")
    sheet = _sheet(row, *asked, f"{row}.")
    return show(request, form, sheet, "web/access_confirm.html", row=row, **_about(row))


def access_end(request: HttpRequest, reference: str) -> HttpResponse:
    """What else they have is said: ending this ends nothing of it."""
    actor, row = _found(request, reference)
    at = now()
    form = EndForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.end_access(access=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "Ended in the record.")
            return redirect("record_access", row.reference)
    sheet = Sheet("End this access", "It has ended", _page(row), "This access", f"{row}.", is_dangerous=True)
    others = Access.objects.live(at).visible_to(actor).filter(person=row.person, holder=row.holder)
    context = _about(row) | {"others": others.exclude(pk=row.pk).count(), "row": row}
    return show(request, form, sheet, "web/access_end.html", **context)


def access_let_end(request: HttpRequest, reference: str) -> HttpResponse:
    actor, row = _found(request, reference)
    form = NothingForm(typed(request))
    if form.is_valid():
        with onto(form):
            services.let_access_end(access=row, actor=actor, at=now())
            messages.success(request, "Written down: it may end, and nobody is told.")
            return redirect("record_access", row.reference)
    return show(request, form, _sheet(row, "Let it end?", "Let it end", f"{row}."), "web/access_let_end.html", row=row)


def _found(request: HttpRequest, reference: str) -> tuple[Actor, Access]:
    actor = person(request)
    row = services.find_access(text=reference, actor=actor)
    require_keeper(actor, row)
    return actor, row


def _known(row: Surface) -> SurfaceKind | None:
    return catalogue.surface_kind(row.asset.platform, row.asset.kind, row.kind)


def _about(row: Access) -> dict[str, object]:
    """Where the list is, and how somebody is taken off: what is on record goes before what is usual."""
    known = _known(row.surface)
    return {
        "path": row.surface.path or (known.path if known else ""),
        "removal": row.removal or (known.removal if known else ""),
        "cascade": known.cascade if known else "",
        "known": known,
    }


def _warn(request: HttpRequest, known: SurfaceKind | None, row: Access) -> None:
    role = known.role(row.role) if known else None
    if role and (role.is_wide or role.has_money) and not row.review_on:
        does = "can spend or move money" if role.has_money else "reaches far"
        messages.warning(request, f"{role.name} {does}. Set a day on which somebody looks at it again.")


def _page(row: Access) -> str:
    return reverse("record_access", args=[row.reference])


def _sheet(row: Access, title: str, button: str, intro: str) -> Sheet:
    return Sheet(title, button, _page(row), "This access", intro)
