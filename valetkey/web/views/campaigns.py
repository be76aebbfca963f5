"""Campaigns: their days in the ad account's zone, and whether the codes that they use last as long."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from valetkey.accounts.models import desk_role_of, role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.authorizations import services
from valetkey.errors import Forbidden
from valetkey.register.models import AdAccount
from valetkey.register.services import change_campaign, find_campaign, note_campaign
from valetkey.web.forms.campaigns import CampaignForm, NewCampaignForm
from valetkey.web.forms.parties import managed_by
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE = 50


def campaigns(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    page = Paginator(services.list_campaigns(actor=actor), PAGE).get_page(request.GET.get("page"))
    may_enter = managed_by(actor).exists()
    return render(request, "web/campaigns.html", {"page": page, "at": at, "may_enter": may_enter})


def campaign_new(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    parties = managed_by(actor)
    if not parties.exists():
        raise Forbidden("not_manager", "Entering a campaign belongs to a manager.", "Ask one of them to do it.")
    ad_accounts = AdAccount.objects.filter(held_by__in=parties).select_related("held_by").order_by("held_by", "name")
    form = NewCampaignForm(request.POST if request.method == "POST" else None, ad_accounts=ad_accounts)
    if form.is_valid():
        with onto(form):
            row = note_campaign(**form.cleaned_data, actor=actor, at=at)
            messages.success(request, "Entered. Say on an authorization that this campaign uses it.")
            return redirect("campaign", row.reference)
    return render(request, "web/campaign_new.html", {"form": form, "has_ad_accounts": ad_accounts.exists()})


def campaign(request: HttpRequest, reference: str) -> HttpResponse:
    """One campaign, the authorizations that it uses, and for managers a form that corrects it."""
    actor, at = person(request), now()
    row = find_campaign(text=reference, actor=actor)
    may_correct = desk_role_of(actor) is DeskRole.ADMIN or role_of(actor, row.ad_account.held_by) is Role.MANAGER
    known = {"name": row.name, "starts_on": row.starts_on, "ends_on": row.ends_on}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        with onto(form):
            change_campaign(campaign=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "Corrected. Coverage is reckoned from the days as they are now.")
            return redirect("campaign", row.reference)
    found = row.authorizations.visible_to(actor).in_full().defer("code").order_by("ends_at", "pk")
    context = {
        "row": row,
        "at": at,
        "form": form if may_correct else None,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "web/campaign.html", context)
