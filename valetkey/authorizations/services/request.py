"""Ask a creator for a post; decline what was asked; take it back."""

from __future__ import annotations

from datetime import date, datetime

from valetkey.accounts.models import Party, standing_of
from valetkey.accounts.policy import may
from valetkey.accounts.services import no_such_party
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.lifecycle import Progress, State, Verb
from valetkey.authorizations.lifecycle import apply as next_state
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.authorize import check_days, refuse_foreign, refuse_past_agreement
from valetkey.authorizations.services.name_owner import answer_for
from valetkey.authorizations.services.too_short import chosen, needed_for
from valetkey.authorizations.services.transition import event, move, require
from valetkey.connectors import registry
from valetkey.errors import Forbidden, Invalid
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.register.services import PostFacts, enter_post
from valetkey.text import tidy


def request(
    *,
    creator: Party,
    advertiser: Party,
    platform: str,
    post_id: str,
    post_url: str = "",
    days: int,
    message: str = "",
    agreed_until: date | None = None,
    ad_account: AdAccount | None = None,
    campaigns: tuple[Campaign, ...] = (),
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """The advertiser's side asks for one post of a creator. Nothing exists on the platform yet.

    Raises TooShort for days that end too early, counted from now, unless `short_reason` says why. `post_url`: the
    post's link, where the buyer has one; kept with a post nobody knew, for the creator to find it by.
    """
    standing = standing_of(actor, creator=creator, advertiser=advertiser)
    if not standing.may_see():
        raise no_such_party(advertiser.name)
    if not may(Verb.REQUEST.value, standing):
        raise Forbidden("not_your_verb", "Asking belongs to the advertiser's side.", f"Ask somebody of {advertiser}.")
    said = check_wish(advertiser, platform, days, agreed_until, ad_account, campaigns, short_reason, at)
    message = tidy(message, what="The message", longest=2000, needed=False)
    with writing(durable=True):
        facts = PostFacts(platform=platform, platform_id=post_id, url=_link_to(platform, post_id, post_url))
        post = Post.objects.filter(held_by=creator, platform=platform, platform_id=post_id).first() or enter_post(
            held_by=creator, facts=facts, source=Source.STATED, actor=actor, at=at
        )
        row = Authorization.objects.create(
            post=post,
            advertiser=advertiser,
            state=next_state(State.NEW, Verb.REQUEST, Progress()),
            requested_days=days,
            message=message,
            agreed_until=agreed_until,
            agreed_ad_account=ad_account,
            created_at=at,
        )
        row.campaigns.set(campaigns)
        detail: dict[str, object] = {"post": post.platform_id, "days": days, "advertiser": advertiser.name, **said}
        detail |= answer_for(row, actor=actor, at=at)
        record(event=event(Verb.REQUEST), subject=row.subject, actor=actor, at=at, detail=detail)
    return row


def check_wish(
    advertiser: Party,
    platform: str,
    days: int,
    agreed_until: date | None,
    ad_account: AdAccount | None,
    campaigns: tuple[Campaign, ...],
    short_reason: str,
    at: datetime,
) -> dict[str, object]:
    """What is asked for, before anything is kept; what the entry keeps of days that are too few."""
    check_days(platform, days)
    refuse_past_agreement(agreed_until, at)
    refuse_foreign(advertiser, ad_account, campaigns)
    return chosen(needed_for(campaigns, agreed_until), platform, at, days, short_reason)


def _link_to(platform: str, post_id: str, url: str) -> str:
    """The creator opens this: only what the platform itself would know as this post is kept."""
    url = url.strip()
    is_link = url.startswith(("https://", "http://")) and url.split() == [url]
    return url if is_link and registry.platform(platform).post_id_in(url) == post_id else ""


def decline(*, authorization: Authorization, reason: str, actor: Actor, at: datetime) -> Authorization:
    """The creator's side says no, with a reason the advertiser reads."""
    require(authorization, Verb.DECLINE, actor)
    reason = reason_to_decline(reason)
    move(authorization, Verb.DECLINE, actor=actor, at=at, detail={"reason": reason}, changes={"reason": reason})
    return authorization


def reason_to_decline(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason_missing", "Declining needs a reason.", "One sentence is enough; the advertiser reads it.")
    return tidy(reason, what="The reason", longest=500)


def withdraw(*, authorization: Authorization, reason: str = "", actor: Actor, at: datetime) -> Authorization:
    """The advertiser's side takes its request back. Its links end with it; whoever opens one is told so."""
    require(authorization, Verb.WITHDRAW, actor)
    reason = tidy(reason, what="The reason", longest=500, needed=False)
    with writing(durable=True):
        move(authorization, Verb.WITHDRAW, actor=actor, at=at, detail={"reason": reason}, changes={"reason": reason})
        authorization.request_links.filter(ended_at=None).update(ended_at=at)
    return authorization
