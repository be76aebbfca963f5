"""Campaigns: their days, in their ad account's time zone, and the same days as instants."""

from __future__ import annotations

from datetime import date, datetime

from valetkey.accounts.services import require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Invalid, NotFound
from valetkey.register.days import span
from valetkey.register.models import AdAccount, Campaign
from valetkey.text import line


def note_campaign(
    *, ad_account: AdAccount, name: str, starts_on: date, ends_on: date, actor: Actor, at: datetime
) -> Campaign:
    """Both days included, in the ad account's time zone."""
    require_manager(actor, ad_account.held_by)
    _refuse_days(starts_on, ends_on)
    name = line(name, what="The campaign's name", longest=200)
    with writing(durable=True):
        row = Campaign(ad_account=ad_account, name=name, created_at=at)
        set_days(row, starts_on, ends_on, _zone_now(ad_account))
        row.save()
        detail: dict[str, object] = {"name": row.name, "starts_on": str(starts_on), "ends_on": str(ends_on)}
        record(event="campaign.entered", subject=f"campaign {row.reference}", actor=actor, at=at, detail=detail)
    return row


def change_campaign(
    *,
    campaign: Campaign,
    name: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Campaign:
    """Correct what is given; what is None stays. Coverage is reckoned anew from the days as they are now."""
    require_manager(actor, campaign.ad_account.held_by)
    if name is not None:
        name = line(name, what="The campaign's name", longest=200)
    with writing(durable=True):
        row = Campaign.objects.select_related("ad_account").get(pk=campaign.pk)
        first, last = starts_on or row.starts_on, ends_on or row.ends_on
        _refuse_days(first, last)
        known = {"name": name or row.name, "starts_on": first, "ends_on": last}
        changed = {field: str(value) for field, value in known.items() if getattr(row, field) != value}
        if changed:
            row.name = str(known["name"])
            set_days(row, first, last, row.ad_account.time_zone)
            row.save()
            record(event="campaign.changed", subject=f"campaign {row.reference}", actor=actor, at=at, detail=changed)
    campaign.refresh_from_db()
    return campaign


def _refuse_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid("campaign_days", "The campaign ends before it starts.", "Swap the two days, or correct one.")
    if starts_on.year < 2000 or ends_on.year > 2199:
        raise Invalid("campaign_days", "No campaign runs that far from today.", "Look at the years of the two days.")


def _zone_now(ad_account: AdAccount) -> str:
    """Inside the writing transaction: the zone may have been corrected since the row in hand was read."""
    return AdAccount.objects.values_list("time_zone", flat=True).get(pk=ad_account.pk)


def set_days(row: Campaign, starts_on: date, ends_on: date, time_zone: str) -> None:
    runs = span(starts_on, ends_on, time_zone)
    row.starts_on, row.ends_on, row.starts_at, row.ends_at = starts_on, ends_on, runs.starts_at, runs.ends_at


def find_campaign(*, text: str, actor: Actor) -> Campaign:
    found = Campaign.objects.visible_to(actor).filter(reference=text.upper()).first()
    if found is None:
        raise NotFound(
            "no_such_campaign",
            f"There is no campaign {text} that you can see.",
            "Look it up among your campaigns, or enter it.",
        )
    return found
