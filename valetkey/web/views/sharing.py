"""The creator's side: to whom the code is handed over, who looked, and an end to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from valetkey.accounts.models import role_of, sees_everything, standing_of
from valetkey.accounts.policy import may
from valetkey.audit.entry import Actor
from valetkey.authorizations import links, services
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization, HandOver, Reveal
from valetkey.errors import Forbidden
from valetkey.web import visits
from valetkey.web.forms.sharing import HandOverForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 50


@dataclass(frozen=True)
class Handed:
    """One link as its list shows it."""

    row: HandOver
    mail: str
    is_open: bool


@never_cache
def sharing(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row = _find(reference, actor)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with onto(form):
            made = services.hand_over(authorization=row, **form.cleaned_data, actor=actor, at=at)
            address = links.address(settings.VALETKEY_URL, links.HAND_OVER_PATH, made.link)
            mail = made.hand_over.mail if form.cleaned_data["send_mail"] else ""
            visits.keep_link_made(request, row.subject, address, mail=mail, is_sent=made.is_sent)
            return redirect("sharing", row.reference)
    return _page(request, row, form)


@require_POST
def sharing_stop(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    actor, at = person(request), now()
    row = _find(reference, actor)
    found = row.hand_overs.filter(pk=number).first()
    if found is None:
        raise Http404
    services.stop_sharing(hand_over=found, actor=actor, at=at)
    messages.success(request, f"The link for {found.recipient} shows nothing any more.")
    return redirect("sharing", row.reference)


def _find(reference: str, actor: Actor) -> Authorization:
    """The other side has found it as well; to whom its counterpart hands it over is not its business."""
    row = services.find(reference=reference, actor=actor)
    if role_of(actor, row.post.held_by) is None and not sees_everything(actor):
        raise Forbidden(
            "not_your_verb",
            "Handing over belongs to the creator's side.",
            f"Ask somebody of {row.post.held_by} to do it.",
        )
    return row


def _page(request: HttpRequest, row: Authorization, form: HandOverForm) -> HttpResponse:
    actor, at = person(request), now()
    reveals = {
        "shown": Count("reveals", filter=Q(reveals__how=Reveal.How.SHOWN)),
        "copied": Count("reveals", filter=Q(reveals__how=Reveal.How.COPIED)),
    }
    page = Paginator(row.hand_overs.annotate(**reveals).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    handed = [
        Handed(each, links.masked(each.mail), links.Life(each.ends_at, each.ended_at).is_open(at)) for each in page
    ]
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    context: dict[str, Any] = {
        "row": row,
        "page": page,
        "form": form,
        "at": at,
        "handed": handed,
        "may_share": Verb.HAND_OVER in services.allowed(authorization=row, actor=actor),
        "may_stop": may(Verb.HAND_OVER.value, standing),
        "others": row.reveals.filter(hand_over=None).count(),
        "made": visits.take_link_made(request, row.subject),
    }
    return render(request, "web/sharing.html", context, status=422 if form.errors else 200)
