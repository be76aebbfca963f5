"""Changes: what is open, a new one, its checklist, and the report that is left of it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from valetkey.accounts.models import Party
from valetkey.accounts.services import find_person
from valetkey.audit.entry import Actor
from valetkey.authorizations import services as authorizations
from valetkey.changes import services
from valetkey.changes.grammar import About, words
from valetkey.changes.models import Change, Step
from valetkey.errors import Forbidden
from valetkey.register.occasions import Occasion
from valetkey.register.services import find_asset, find_knowers_party
from valetkey.web.forms.changes import ABOUT_FIELDS, OpenForm
from valetkey.web.forms.parties import kept_by
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto
from valetkey.web.templatetags.changes import address_of

PAGE: Final = 40


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Open ones; with `?all` those that were closed, too."""
    actor, with_closed = person(request), "all" in request.GET
    found = services.changes(actor=actor, all_of_them=with_closed)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "with_closed": with_closed,
        "today": timezone.localtime(now()).date(),
        "may_write": kept_by(actor).exists(),
    }
    return render(request, "web/changes.html", context)


def change_new(request: HttpRequest) -> HttpResponse:
    """First what happens, then to whom: `?occasion=leaver&about=REFERENCE&for=PARTY` leads straight there."""
    actor, at = person(request), now()
    parties = kept_by(actor).order_by("name")
    if not parties.exists():
        raise Forbidden("read_only", "This belongs to those who act for a party.", "Ask one of them to do it.")
    occasion = request.GET.get("occasion", "")
    if not occasion:
        by_hand = [each for each in services.plans() if each.plan.name != Occasion.REVIEW]
        return render(request, "web/change_new.html", {"plans": by_hand})
    plan = services.plan_of(occasion).plan
    asked = {
        "about": request.GET.get("about", ""),
        "kept_by": request.GET.get("for"),
        "day": timezone.localtime(at).date(),
    }
    form = OpenForm(
        request.POST if request.method == "POST" else None, parties=parties, about=plan.about, initial=asked
    )
    if form.is_valid() and (row := _open(form, occasion, plan.about, actor)) is not None:
        count = row.steps.count()
        messages.success(request, f"The checklist has {count} step{'' if count == 1 else 's'}, made from the record.")
        return redirect("change", row.reference)
    context = {"form": form, "plan": plan, "occasion": occasion}
    return render(request, "web/change_new.html", context, status=422 if form.errors else 200)


def _open(form: OpenForm, occasion: str, about: About, actor: Actor) -> Change | None:
    given = form.cleaned_data
    named: dict[str, Any] = {}
    if about is not About.NONE:
        with beside(form, "about"):
            named = {ABOUT_FIELDS[about][0]: _found(about, given["about"], given["kept_by"], actor)}
    if form.is_valid():
        with onto(form):
            return services.open_change(
                occasion=occasion, kept_by=given["kept_by"], day=given["day"], **named, actor=actor, at=now()
            )
    return None


def _found(about: About, text: str, keeper: Party, actor: Actor) -> object:
    match about:
        case About.PERSON:
            return find_person(text=text, actor=actor)
        case About.PARTY:
            return find_knowers_party(text)
        case About.ASSET:
            return find_asset(text=text, actor=actor)
        case _:
            return authorizations.find(reference=text, actor=actor)


@require_safe
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """What is open comes first, in the plan's order: what is passed on before what is ended."""
    actor, at = person(request), now()
    row = services.find_change(text=reference, actor=actor)
    is_open = Case(When(state=Step.State.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    steps = row.steps.select_related("owner").order_by(is_open, "number")
    left = row.steps.filter(state=Step.State.OPEN).count()
    count = row.steps.count()
    context = {
        "row": row,
        "occasion": words(row.occasion),
        "next": steps[0].number if left else None,
        "about": address_of(row.about, _reference(row)),
        "page": Paginator(steps, PAGE).get_page(request.GET.get("page")),
        "left": left,
        "count": count,
        "settled": count - left,
        "today": timezone.localtime(at).date(),
        "at": at,
        "may_write": row.is_open and may_write(row, actor),
    }
    return render(request, "web/change.html", context)


@require_POST
def change_refresh(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    row = services.find_change(text=reference, actor=actor)
    added = services.refresh_change(change=row, actor=actor, at=now())
    told = f"{added} step{' was' if added == 1 else 's were'} added." if added else "Nothing new is on the record."
    messages.success(request, told)
    return redirect("change", row.reference)


@require_POST
def change_close(request: HttpRequest, reference: str) -> HttpResponse:
    """What is still open is refused, and named."""
    actor = person(request)
    row = services.find_change(text=reference, actor=actor)
    services.close_change(change=row, actor=actor, at=now())
    messages.success(request, "Closed. This report is what is left of it.")
    return redirect("change_report", row.reference)


@require_safe
def change_report(request: HttpRequest, reference: str) -> HttpResponse:
    row = services.find_change(text=reference, actor=person(request))
    context = {"report": services.report(change=row), "row": row, "occasion": words(row.occasion), "at": now()}
    return render(request, "web/change_report.html", context)


def may_write(row: Change, actor: Actor) -> bool:
    return kept_by(actor).filter(pk=row.kept_by_id).exists()


def _reference(row: Change) -> str:
    named = row.person or row.party or row.asset or row.authorization
    return named.reference if named is not None else ""
