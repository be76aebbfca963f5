"""A code behind its hand-over link: for whoever opened the link and proved the mail address it was made for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

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
from valetkey.web.guide import Step
from valetkey.web.person import guest, now, person
from valetkey.web.refusal import beside
from valetkey.web.views import certificate

# The Creative library and its list of Spark Ads posts: TikTok's help centre, "Content Suite and Spark Ads", confirmed.
_APPLY: Final = Step(
    "apply",
    "Apply it in Ads Manager",
    "In TikTok Ads Manager, in the ad account it is for: Creative library, then Spark Ads posts.",
    "Add the post by its code; the button is usually called “Apply for authorization”. Copy the code from this page and"
    " paste it whole: every letter, capital and sign counts.",
    "The list shows the post, and it is the one you expect. Its end is shown there too.",
    "Keep TikTok's own words. Mostly the code was not copied whole, has ended, or is for another post; ask for a new"
    " code only then.",
)


@login_not_required
@csrf_exempt  # it changes nothing but this browser's own session, and what is refused would be logged with its address
@sensitive_variables("token")
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """Take the link out of the address at once. Whatever it is, what is shown is shown at an address without it."""
    try:
        row = services.find_hand_over(link=Secret(token))
    except NotFound:
        return visits.onwards("shared_unknown")
    visits.begin(request, row)
    return visits.onwards("shared", row.pk)


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
        "apply": _APPLY,
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
