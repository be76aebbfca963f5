"""A code behind its hand-over link: for whoever opened the link and proved the mail address it was made for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from valetkey.accounts.models import User
from valetkey.authorizations import links, services
from valetkey.authorizations.links import Life, Standing
from valetkey.authorizations.models import HandOver, Reveal
from valetkey.authorizations.services import Shared
from valetkey.authorizations.services.shared import NUMBER_LASTS
from valetkey.errors import NotFound, Refused
from valetkey.secret import Secret
from valetkey.web import visits
from valetkey.web.forms.sharing import NumberForm
from valetkey.web.language import language_of
from valetkey.web.person import guest, now, person
from valetkey.web.refusal import beside
from valetkey.web.steps import StepOf
from valetkey.web.taps import taps
from valetkey.web.views import certificate

_APPLY: Final = StepOf("apply-a-code", "applied")


visit = visits.arrival(services.find_hand_over, page="shared", otherwise="shared_unknown")


@login_not_required
def unknown(request: HttpRequest) -> HttpResponse:
    return visits.unknown(request)


@login_not_required
@visits.by_link(HandOver)
def shared(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    at = now()
    found = services.look_at_hand_over(hand_over=hand_over, counts=visits.is_first_look(request, hand_over), at=at)
    return _page(request, found, at)


@login_not_required
@visits.by_link(HandOver)
def shared_send(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    """Mail a number to the address the link was made for, and to no other."""
    if request.method == "POST":
        try:
            services.send_proof(hand_over=hand_over, at=now())
        except Refused as refused:
            messages.warning(request, str(refused))
    return redirect("shared", hand_over.pk)


@login_not_required
@visits.by_link(HandOver)
@sensitive_post_parameters("number")
def shared_prove(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    at = now()
    if request.method != "POST":
        return redirect("shared", hand_over.pk)
    form = NumberForm(request.POST)
    if form.is_valid():
        with beside(form, "number"):
            services.prove(hand_over=hand_over, number=Secret(form.cleaned_data["number"]), at=at)
            visits.note_proof(request, hand_over, at)
            return redirect("shared", hand_over.pk)
    found = services.look_at_hand_over(hand_over=hand_over, counts=False, at=at)
    return _page(request, found, at, form)


@login_not_required
@visits.by_link(HandOver)
def shared_code(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    """The code in the clear, in answer to a POST alone. The look is written down before."""
    return _reveal(request, hand_over, Reveal.How.SHOWN)


@login_not_required
@visits.by_link(HandOver)
def shared_copied(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    return _reveal(request, hand_over, Reveal.How.COPIED)


@login_not_required
@visits.by_link(HandOver)
def shared_certificate(request: HttpRequest, hand_over: HandOver) -> HttpResponse:
    at = now()
    found = services.look_at_hand_over(hand_over=hand_over, counts=False, at=at)
    if found.standing is not Standing.OPEN or not visits.is_proven(request, hand_over, at):
        return redirect("shared", hand_over.pk)
    back = visits.address("shared", hand_over.pk)
    return certificate.of(request, found.authorization, back=back, back_to="The code")


def _reveal(request: HttpRequest, hand_over: HandOver, how: Reveal.How) -> HttpResponse:
    at = now()
    if request.method != "POST" or not visits.is_proven(request, hand_over, at):
        return redirect("shared", hand_over.pk)
    code = services.open_shared(hand_over=hand_over, how=how, actor=guest(hand_over.mail), at=at)
    found = services.look_at_hand_over(hand_over=hand_over, counts=False, at=at)
    return _page(request, found, at, code=code, is_copied=how is Reveal.How.COPIED)


def _page(
    request: HttpRequest, found: Shared, at: datetime, form: NumberForm | None = None, **more: Any
) -> HttpResponse:
    hand_over, row = found.hand_over, found.authorization
    if found.standing is not Standing.OPEN:
        ended_at = Life(hand_over.ends_at, hand_over.ended_at).end()
        refused = links.closed_hand_over(found.standing, creator=row.post.held_by.name, ended_at=ended_at)
        return visits.closed(request, refused.sentence, refused.next_step)
    is_proven = found.asks_for_proof and visits.is_proven(request, hand_over, at)
    context = {
        "found": found,
        "hand_over": hand_over,
        "row": row,
        "mail": links.masked(hand_over.mail),
        "is_proven": is_proven,
        "is_number_sent": _is_number_sent(hand_over, at),
        "masked": row.code.masked() if is_proven and row.code else "",
        "apply": taps(
            _APPLY,
            language=language_of(request),
            values={"creator": row.post.held_by.name, "advertiser": row.advertiser.name},
        ),
        "form": form or NumberForm(),
        "is_of_a_side": _is_of_a_side(request, row.reference),
        "at": at,
        **more,
    }
    return render(request, "web/shared.html", context, status=422 if form is not None and form.errors else 200)


def _is_number_sent(hand_over: HandOver, at: datetime) -> bool:
    sent_at = hand_over.proof_sent_at
    return bool(hand_over.proof_digest) and sent_at is not None and at < sent_at + NUMBER_LASTS


def _is_of_a_side(request: HttpRequest, reference: str) -> bool:
    """Whether whoever is signed in, if anybody, sees this authorization anyway."""
    if not isinstance(request.user, User):
        return False
    try:
        services.find(reference=reference, actor=person(request))
    except NotFound:
        return False
    return True
