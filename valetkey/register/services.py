"""Enter and update what the record holds. Access is opened, moved and closed here by whoever has the basis for it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import available_timezones

from django.db.models import Q

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand, require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.days import span
from valetkey.register.models import Access, AdAccount, Asset, Campaign, Post, Source, Surface
from valetkey.text import line

_LONGEST_ID: Final = 100
_LONGEST_URL: Final = 500


@dataclass(frozen=True)
class PostFacts:
    """What is known of a post. `visibility` and `medium` are values of `Post.Visibility` and `Post.Medium`."""

    platform: str
    platform_id: str
    caption: str = ""
    url: str = ""
    medium: str = Post.Medium.UNKNOWN
    visibility: str = Post.Visibility.UNKNOWN
    published_at: datetime | None = None
    ad_authorization_available: bool | None = None


def note_post(*, held_by: Party, facts: PostFacts, source: Source, actor: Actor, at: datetime) -> Post:
    """What somebody of the holder says of a post. Viewers, auditors and strangers are refused."""
    require_hand(actor, held_by)
    return enter_post(held_by=held_by, facts=facts, source=source, actor=actor, at=at)


def enter_post(*, held_by: Party, facts: PostFacts, source: Source, actor: Actor, at: datetime) -> Post:
    """Enter a post, or add to what is known of it. A fact that is unknown this time does not wipe an earlier one.

    For services that have asked whether the actor may: a buyer who requests a post enters it in the creator's record.
    """
    if not _is_number(facts.platform_id):
        raise Invalid("post_id", "A post's id is a long number.", "Open the post and copy its whole link.")
    if facts.medium not in Post.Medium.values or facts.visibility not in Post.Visibility.values:
        offered = ", ".join([*Post.Medium.values, *Post.Visibility.values])
        raise Invalid("post_facts", "This is no kind or visibility of a post.", f"There are: {offered}.")
    with writing():
        post = Post.objects.filter(
            held_by=held_by, platform=facts.platform, kind=Asset.Kind.POST, platform_id=facts.platform_id
        ).first()
        if post is None:
            post = Post(
                held_by=held_by,
                platform=facts.platform,
                kind=Asset.Kind.POST,
                platform_id=facts.platform_id,
                created_at=at,
            )
        changed = _take_over(post, facts, source)
        is_new = post.pk is None
        # Seen again is worth its moment, and no line of the history.
        post.seen_at = at
        post.save()
        if is_new or changed:
            detail: dict[str, object] = {"post": post.platform_id, "source": source.value, **changed}
            event = "post.entered" if is_new else "post.changed"
            record(event=event, subject=f"post {post.reference}", actor=actor, at=at, detail=detail)
    return post


def enter_posts(*, held_by: Party, facts: Sequence[PostFacts], source: Source, actor: Actor, at: datetime) -> None:
    """The same for a whole list. What is known already, and unchanged, costs no query of its own."""
    with writing():
        ids = [each.platform_id for each in facts]
        known = {
            (post.platform, post.platform_id): post
            for post in Post.objects.filter(held_by=held_by, kind=Asset.Kind.POST, platform_id__in=ids)
        }
        unchanged = []
        for each in facts:
            post = known.get((each.platform, each.platform_id))
            if post is None or _news(post, each, source):
                enter_post(held_by=held_by, facts=each, source=source, actor=actor, at=at)
            else:
                unchanged.append(post.pk)
        Post.objects.filter(pk__in=unchanged).update(seen_at=at)


def _take_over(post: Post, facts: PostFacts, source: Source) -> dict[str, object]:
    """Write the known facts into the row; answer with those that are new."""
    changed = _news(post, facts, source)
    for name, value in changed.items():
        setattr(post, name, value)
    return {name: str(value) for name, value in changed.items()}


def _news(post: Post, facts: PostFacts, source: Source) -> dict[str, object]:
    known: dict[str, object] = {
        "name": (facts.caption or post.name or f"post {facts.platform_id}")[:300],
        "url": facts.url if 0 < len(facts.url) <= _LONGEST_URL else post.url,
        "medium": post.medium if facts.medium == Post.Medium.UNKNOWN else facts.medium,
        "published_at": facts.published_at or post.published_at,
    }
    if facts.visibility != Post.Visibility.UNKNOWN:
        # Who says again what the platform showed does not make it hearsay.
        said_again = facts.visibility == post.visibility and post.visibility_source == Source.OBSERVED
        known |= {
            "visibility": facts.visibility,
            "visibility_source": Source.OBSERVED.value if said_again else source.value,
        }
    if facts.ad_authorization_available is not None:
        known["ad_authorization_available"] = facts.ad_authorization_available
    return {name: value for name, value in known.items() if getattr(post, name) != value}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID


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
    if not _is_number(platform_id):
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
    return row


def _move_campaigns(ad_account: AdAccount) -> None:
    """Their days stay the same days, and begin and end at other instants."""
    for campaign in ad_account.campaigns.all():
        _set_days(campaign, campaign.starts_on, campaign.ends_on, ad_account.time_zone)
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


def note_campaign(
    *, ad_account: AdAccount, name: str, starts_on: date, ends_on: date, actor: Actor, at: datetime
) -> Campaign:
    """Both days included, in the ad account's time zone."""
    require_manager(actor, ad_account.held_by)
    _refuse_days(starts_on, ends_on)
    name = line(name, what="The campaign's name", longest=200)
    with writing(durable=True):
        row = Campaign(ad_account=ad_account, name=name, created_at=at)
        _set_days(row, starts_on, ends_on, _zone_now(ad_account))
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
            _set_days(row, first, last, row.ad_account.time_zone)
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


def _set_days(row: Campaign, starts_on: date, ends_on: date, time_zone: str) -> None:
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


def record_access(
    *,
    asset: Asset,
    surface: str,
    holder: Party,
    role: str,
    since: datetime,
    until: datetime | None,
    basis: str,
    source: Source,
    actor: Actor,
    at: datetime,
) -> Access:
    """Open the access that a basis gives, or bring the open one up to date. One live access per basis."""
    with writing():
        list_, _ = Surface.objects.get_or_create(asset=asset, name=surface)
        end = Access.End.UNKNOWN if until is None else Access.End.AT
        access = Access.objects.filter(basis=basis, ended_at=None).first()
        if access is None:
            access = Access.objects.create(
                surface=list_, holder=holder, role=role, since=since, end=end, until=until, basis=basis, source=source,
                recorded_at=at,
            )  # fmt: skip
            _record_access("access.opened", access, actor, at)
        elif access.until != until:
            access.end, access.until, access.source = end, until, source
            access.save(update_fields=["end", "until", "source"])
            _record_access("access.moved", access, actor, at)
    return access


def close_access(*, basis: str, reason: str, actor: Actor, at: datetime) -> None:
    """Close the live access of a basis; nothing happens where there is none."""
    with writing():
        for access in Access.objects.filter(basis=basis, ended_at=None).select_related("holder", "surface"):
            access.ended_at, access.ended_reason = at, reason[:200]
            access.save(update_fields=["ended_at", "ended_reason"])
            _record_access("access.closed", access, actor, at)


def _record_access(event: str, access: Access, actor: Actor, at: datetime) -> None:
    detail: dict[str, object] = {
        "holder": access.holder.name,
        "role": access.role,
        "until": access.until.isoformat() if access.until else None,
        "basis": access.basis,
    }
    record(event=event, subject=f"surface {access.surface_id}", actor=actor, at=at, detail=detail)
