"""Webhooks: where a party's programs are told what happens. For its managers."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from valetkey.errors import Forbidden
from valetkey.notices import services
from valetkey.web.forms.parties import managed_by
from valetkey.web.forms.webhooks import WebhookForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 50


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    page = Paginator(services.endpoints(actor=actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "web/webhooks.html", {"page": page, "may_add": managed_by(actor).exists(), "at": now()})


def webhook_new(request: HttpRequest) -> HttpResponse:
    """The secret is shown on the page that follows, this once."""
    actor, at = person(request), now()
    parties = managed_by(actor)
    if not parties.exists():
        raise Forbidden("not_manager", "Webhooks belong to a manager.", "Ask one of them to add it.")
    form = WebhookForm(request.POST or None, parties=parties)
    if request.method == "POST" and form.is_valid():
        with onto(form):
            made = services.add_endpoint(**form.given(), actor=actor, at=at)
            return _shown(request, made, "It is added. What happens from now on is told there.")
    return render(request, "web/webhook_new.html", {"form": form})


@require_safe
def webhook(request: HttpRequest, reference: str) -> HttpResponse:
    """What was sent there and how it went."""
    row = services.find_endpoint(reference=reference, actor=person(request))
    page = Paginator(services.deliveries(endpoint=row), PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "page": page,
        "at": now(),
        "may_write": managed_by(person(request)).filter(pk=row.party_id).exists(),
        "dead": services.deliveries(endpoint=row).filter(state="dead").exists(),
    }
    return render(request, "web/webhook.html", context)


@require_POST
def webhook_rotate(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    row = services.find_endpoint(reference=reference, actor=actor)
    made = services.rotate_endpoint(endpoint=row, actor=actor, at=now())
    return _shown(request, made, "It has a new secret. For a day the old one signs too.")


@require_POST
def webhook_end(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    row = services.find_endpoint(reference=reference, actor=actor)
    services.end_endpoint(endpoint=row, actor=actor, at=now())
    messages.success(request, "Nothing is sent there any more.")
    return redirect("webhook", row.reference)


@require_POST
def webhook_replay(request: HttpRequest, reference: str) -> HttpResponse:
    """One message, or all that were given up."""
    actor = person(request)
    row = services.find_endpoint(reference=reference, actor=actor)
    number = services.replay(endpoint=row, reference=request.POST.get("message", ""), actor=actor, at=now())
    words = f"{number} message{'s' if number != 1 else ''} will be sent again." if number else "None was given up."
    messages.success(request, words)
    return redirect("webhook", row.reference)


def _shown(request: HttpRequest, made: services.MadeEndpoint, words: str) -> HttpResponse:
    context = {"row": made.endpoint, "secret": made.secret.reveal(), "words": words}
    response = render(request, "web/webhook_secret.html", context)
    add_never_cache_headers(response)
    return response
