"""Reviews: the list, a new one, closing. The lines themselves are decided in review_lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.errors import Forbidden
from valetkey.register.services import find_asset, find_on_record
from valetkey.reviews import services
from valetkey.reviews.decisions import IS_WORK
from valetkey.reviews.models import Review
from valetkey.web.forms.parties import kept_by
from valetkey.web.forms.reviews import ALL, ASSET, PARTY, CloseForm, OpenForm
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto
from valetkey.web.sheet import day_of

PAGE: Final = 40
_AGAIN: Final = timedelta(days=182)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    context = {
        "page": Paginator(services.reviews(actor=actor), PAGE).get_page(request.GET.get("page")),
        "may_write": kept_by(actor).exists(),
    }
    return render(request, "web/reviews.html", context)


def review_new(request: HttpRequest) -> HttpResponse:
    """`?asset=REFERENCE` or `?party=REFERENCE`, and `?for=PARTY`, lead straight there."""
    actor = person(request)
    parties = kept_by(actor).order_by("name")
    if not parties.exists():
        raise Forbidden("read_only", "This belongs to those who act for a party.", "Ask one of them to do it.")
    of = next((each for each in (ASSET, PARTY) if request.GET.get(each)), ALL)
    asked = {"of": of, "name": request.GET.get(of, ""), "kept_by": request.GET.get("for")}
    form = OpenForm(request.POST if request.method == "POST" else None, parties=parties, initial=asked)
    if form.is_valid() and (row := _open(form, actor)) is not None:
        return redirect("review", row.reference)
    return render(request, "web/review_new.html", {"form": form}, status=422 if form.errors else 200)


def _open(form: OpenForm, actor: Actor) -> Review | None:
    given = form.cleaned_data
    scope: dict[str, Any] = {}
    with beside(form, "name"):
        if given["of"] == ASSET:
            scope = {"asset": find_asset(text=given["name"], actor=actor)}
        elif given["of"] == PARTY:
            scope = {"party": find_on_record(text=given["name"], actor=actor)}
    if form.is_valid():
        with onto(form):
            return services.open_review(kept_by=given["kept_by"], **scope, actor=actor, at=now())
    return None


def review_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Says first what becomes of the decisions."""
    actor, at = person(request), now()
    row = services.find_review(text=reference, actor=actor)
    require_hand(actor, row.kept_by)
    found = services.progress(review=row)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"next_on": day_of(at) + _AGAIN})
    if form.is_valid():
        with onto(form):
            services.close_review(review=row, next_on=form.cleaned_data["next_on"], actor=actor, at=at)
            messages.success(request, "Closed. What was decided is on its way.")
            return redirect("review", row.reference)
    work = sum(count for each, count in found.by_decision.items() if each in IS_WORK)
    context = {"row": row, "form": form, "progress": found, "counts": found.by_decision.items(), "work": work}
    return render(request, "web/review_close.html", context, status=422 if form.errors else 200)
