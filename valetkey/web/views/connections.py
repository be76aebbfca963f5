"""Connections: who is connected to the platform and how far that reaches; connect, disconnect."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from valetkey.accounts.models import Party, desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.services import require_manager
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.connectors import registry
from valetkey.connectors import services as connectors
from valetkey.connectors.base import Level, SandboxUnusable, Seeded
from valetkey.connectors.models import SANDBOX, Connection, ConnectionQuerySet
from valetkey.errors import Forbidden, NotFound
from valetkey.web.forms.connections import ConnectForm, SandboxForm
from valetkey.web.forms.parties import managed_by
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PLATFORM: Final = "tiktok"
PAGE: Final = 50


def connections(request: HttpRequest) -> HttpResponse:
    """Every party one sees, connected or by hand."""
    actor, at = person(request), now()
    live = _without_secrets().annotate(is_renewed=Q(refresh_token__isnull=False)).order_by("platform", "pk")
    parties = Party.objects.visible_to(actor).prefetch_related(Prefetch("connections", live, to_attr="live"))
    managed = set(managed_by(actor).values_list("pk", flat=True))
    context = {
        "page": Paginator(parties.order_by("name"), PAGE).get_page(request.GET.get("page")),
        "at": at,
        "managed": managed,
        "sandbox": SANDBOX,
    }
    return render(request, "web/connections.html", context)


def connect(request: HttpRequest) -> HttpResponse:
    """A token, typed once. Where the desk is embedded or a demo, its admin may connect the sandbox instead."""
    actor, at = person(request), now()
    parties = managed_by(actor)
    if not parties.exists():
        raise Forbidden("not_manager", "Connecting belongs to a manager.", "Ask one of them to do it.")
    data = request.POST if request.method == "POST" else None
    is_sandbox = data is not None and "account" in data
    first = {"party": request.GET.get("party", "")}
    seeded = _sandbox_of(actor)
    by_token = by_sandbox = None
    if not settings.VALETKEY_IS_DEMO:  # a desk of invented people never speaks to the real platform
        by_token = ConnectForm(None if is_sandbox else data, parties=parties, initial=first)
    if seeded is not None:
        by_sandbox = SandboxForm(data if is_sandbox else None, parties=parties, seeded=seeded, initial=first)
    for form in (by_token, by_sandbox):
        if form is not None and form.is_valid():
            with onto(form):
                row = connectors.connect(platform=PLATFORM, **form.given(at), actor=actor, at=at)
                messages.success(request, f"{row.party} is connected.")
                return redirect("connections")
    response = render(request, "web/connect.html", {"form": by_token, "sandbox_form": by_sandbox})
    add_never_cache_headers(response)
    return response


def disconnect(request: HttpRequest, number: int) -> HttpResponse:
    """GET says what stops working; POST ends it, and the token is gone at once."""
    actor, at = person(request), now()
    row = _without_secrets().visible_to(actor).filter(pk=number).select_related("party").first()
    if row is None:
        raise NotFound("not_connected", "There is no such connection now.", "Look at those there are.")
    require_manager(actor, row.party)
    if request.method == "POST":
        connectors.disconnect(connection=row, actor=actor, at=at)
        messages.success(request, f"{row.party} is disconnected, and the token is gone.")
        return redirect("connections")
    is_creator = row.level == Level.CREATOR
    side = "post__held_by" if is_creator else "advertiser"
    live = Authorization.objects.visible_to(actor).live().filter(**{side: row.party}).count()
    return render(request, "web/disconnect.html", {"row": row, "is_creator": is_creator, "live": live, "at": at})


def _without_secrets() -> ConnectionQuerySet:
    return Connection.objects.live().defer("token", "refresh_token", "app_secret")


def _sandbox_of(actor: Actor) -> Seeded | None:
    """The sandbox's accounts, for the admin of a desk that has one: whoever sets what it shows decides much."""
    if desk_role_of(actor) is not DeskRole.ADMIN or not (settings.VALETKEY_IS_DEMO or settings.VALETKEY_IS_EMBEDDED):
        return None
    sandbox = registry.platform(PLATFORM).sandbox(settings.VALETKEY_SANDBOX_STATE)
    try:
        return sandbox.seed()
    except SandboxUnusable:
        return None
