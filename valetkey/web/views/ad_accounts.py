"""Ad accounts: which the desk knows, whose they are, and the time zone that campaign days are meant in."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from valetkey.accounts.models import Party, desk_role_of, role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.authorizations.lifecycle import BOUND, LIVE
from valetkey.errors import Forbidden
from valetkey.register.models import AdAccount
from valetkey.register.services import find_ad_account, note_ad_account
from valetkey.web.forms.ad_accounts import AdAccountForm, NewAdAccountForm
from valetkey.web.forms.parties import managed_by
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PLATFORM: Final = "tiktok"
PAGE: Final = 50
_HOLDERS: Final = (Party.Kind.BRAND, Party.Kind.AGENCY)


def ad_accounts(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    applied = Q(applications__state__in=sorted(BOUND), applications__authorization__state__in=sorted(LIVE))
    visible = AdAccount.objects.visible_to(actor).select_related("held_by")
    found = visible.annotate(applied=Count("applications", filter=applied, distinct=True))
    page = Paginator(found.order_by("held_by__name", "name", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "web/ad_accounts.html", {"page": page, "may_enter": managed_by(actor, *_HOLDERS).exists()})


def ad_account_new(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    parties = managed_by(actor, *_HOLDERS)
    if not parties.exists():
        raise Forbidden("not_manager", "Entering an ad account belongs to a manager.", "Ask one of them to do it.")
    form = NewAdAccountForm(request.POST if request.method == "POST" else None, parties=parties)
    if form.is_valid():
        given = form.cleaned_data
        with onto(form):
            row = note_ad_account(
                held_by=given["party"],
                platform=PLATFORM,
                platform_id=given["platform_id"].strip(),
                name=given["name"],
                time_zone=given["time_zone"],
                actor=actor,
                at=at,
            )
            messages.success(request, f"{row.name} is entered.")
            return redirect("ad_accounts")
    return render(request, "web/ad_account_new.html", {"form": form})


def ad_account(request: HttpRequest, reference: str) -> HttpResponse:
    """Its facts, and for managers a form that corrects name and time zone."""
    actor, at = person(request), now()
    row = find_ad_account(text=reference, actor=actor)
    may_correct = desk_role_of(actor) is DeskRole.ADMIN or role_of(actor, row.held_by) is Role.MANAGER
    known = {"name": row.name, "time_zone": row.time_zone}
    form = AdAccountForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        with onto(form):
            note_ad_account(
                held_by=row.held_by,
                platform=row.platform,
                platform_id=row.platform_id,
                **form.cleaned_data,
                actor=actor,
                at=at,
            )
            messages.success(request, "Corrected. Campaign days are meant in this time zone.")
            return redirect("ad_accounts")
    campaigns = row.campaigns.order_by("-ends_on", "name")[:PAGE]
    context = {"row": row, "form": form if may_correct else None, "campaigns": campaigns}
    return render(request, "web/ad_account.html", context)
