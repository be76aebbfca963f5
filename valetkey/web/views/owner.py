"""Who answers for an authorization: each side names a person on its own record."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import find_person, people
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import OVER
from valetkey.errors import Forbidden
from valetkey.web.forms.owner import OwnerForm
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto

_FEW: Final = 40
"""So many names are offered; any other is typed."""


def authorization_owner(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    parties = services.sides_to_name(authorization=row, actor=actor)
    if not parties:
        raise Forbidden("not_your_verb", "Who answers for it is for its two sides to say.", "Ask one of them.")
    if request.method != "POST" and row.state in OVER:
        return redirect("authorization", row.reference)
    form = OwnerForm(request.POST if request.method == "POST" else None)
    found = _named(form, actor)
    if found is not None:
        with onto(form):
            services.name_owner(authorization=row, person=found, actor=actor, at=at)
            messages.success(request, f"{found} answers for it from now on.")
            return redirect("authorization", row.reference)
    context = {"row": row, "form": form, "parties": parties, "known": _known(parties, actor)}
    return render(request, "web/authorization_owner.html", context, status=422 if form.errors else 200)


def _named(form: OwnerForm, actor: Actor) -> Person | None:
    if form.is_valid():
        with beside(form, "person"):
            return find_person(text=form.cleaned_data["person"], actor=actor)
    return None


def _known(parties: list[Party], actor: Actor) -> list[Person]:
    return list(people(actor=actor).filter(kept_by__in=parties, left_on=None)[:_FEW])
