"""Ad accounts: enter, correct, find. A corrected time zone moves the campaigns on it."""

from __future__ import annotations

import functools
from datetime import datetime
from zoneinfo import available_timezones

from django.db.models import Q

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import AdAccount, Asset
from valetkey.register.said import of_asset
from valetkey.register.services.campaigns import set_days
from valetkey.register.services.platform_ids import is_number
from valetkey.text import line
from valetkey.timeline.services import keep


@functools.cache
def _time_zones() -> set[str]:
    """Reading their names off the disk takes longer than everything else here."""
    return available_timezones()


def note_ad_account(
    *, held_by: Party, platform: str, platform_id: str, name: str, time_zone: str, actor: Actor, at: datetime
) -> AdAccount:
    require_manager(actor, held_by)
    if time_zone not in _time_zones():
        raise Invalid("time_zone", f"“{time_zone}” is no time zone.", "Write it as Europe/Berlin or America/New_York.")
    if not is_number(platform_id):
        raise Invalid("ad_account_id", "An ad account's id is a long number.", "Copy it from the ads manager.")
    name = line(name, what="The ad account's name", longest=300, needed=False)
    with writing():
        found = AdAccount.objects.filter(held_by=held_by, platform=platform, platform_id=platform_id).first()
        if found:
            return _correct(found, name=name or found.name, time_zone=time_zone, actor=actor, at=at)
        row = AdAccount.objects.create(
            held_by=held_by,
            platform=platform,
            kind=Asset.Kind.AD_ACCOUNT,
            platform_id=platform_id,
            name=name or platform_id,
            time_zone=time_zone,
            created_at=at,
        )
        detail: dict[str, object] = {"name": row.name, "platform_id": platform_id, "time_zone": time_zone}
        record(event="ad_account.entered", subject=f"ad_account {row.reference}", actor=actor, at=at, detail=detail)
        keep(of_asset(row), at=at)
    return row


def _correct(row: AdAccount, *, name: str, time_zone: str, actor: Actor, at: datetime) -> AdAccount:
    if (row.name, row.time_zone) != (name, time_zone):
        is_moved = row.time_zone != time_zone
        row.name, row.time_zone = name, time_zone
        row.save()
        if is_moved:
            _move_campaigns(row)
        detail: dict[str, object] = {"name": name, "time_zone": time_zone}
        record(event="ad_account.changed", subject=f"ad_account {row.reference}", actor=actor, at=at, detail=detail)
        keep(of_asset(row), at=at)
    return row


def _move_campaigns(ad_account: AdAccount) -> None:
    """Their days stay the same days, and begin and end at other instants."""
    for campaign in ad_account.campaigns.all():
        set_days(campaign, campaign.starts_on, campaign.ends_on, ad_account.time_zone)
        campaign.save(update_fields=["starts_at", "ends_at"])


def find_ad_account(*, text: str, actor: Actor) -> AdAccount:
    """By reference or platform id, among those the actor can see."""
    visible = AdAccount.objects.visible_to(actor)
    found = visible.filter(Q(reference=text.upper()) | Q(platform_id=text)).select_related("held_by")[:3]
    if not found:
        raise NotFound(
            "no_such_ad_account",
            f"There is no ad account {text} that you can see.",
            "Look it up among your ad accounts, or enter it.",
        )
    if len(found) > 1:
        whose = ", ".join(f"{account.reference} of {account.held_by}" for account in found)
        raise Conflict("ad_account_kept_twice", f"More than one party keeps it: {whose}.", "Name it by its reference.")
    return found[0]
