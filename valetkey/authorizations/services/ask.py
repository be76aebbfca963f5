"""Ask somebody for a post from the very beginning: name the creator, make the request, send its link."""

from __future__ import annotations

from datetime import date, datetime

from valetkey.accounts.models import Party
from valetkey.accounts.services import enter_creator, require_hand
from valetkey.audit.entry import Actor
from valetkey.authorizations.services.find import post_id_of
from valetkey.authorizations.services.request import check_wish, request
from valetkey.authorizations.services.request_link import Sent, addressee, send_request
from valetkey.credential import Insisted
from valetkey.register.models import AdAccount, Campaign


def ask(
    *,
    creator: str,
    advertiser: Party,
    platform: str,
    post: str,
    days: int,
    message: str = "",
    agreed_until: date | None = None,
    ad_account: AdAccount | None = None,
    campaigns: tuple[Campaign, ...] = (),
    recipient: str = "",
    mail: str = "",
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Sent:
    """`creator` need not be on the desk yet; `recipient` is the person who gets the link, by default the creator.

    With a mail address the link is mailed there; without one, whoever asks passes it on. What can be told to be wrong
    about the addressee, the post or the days is refused before anything is kept. A creator who was entered for a
    request that is refused after all stays, and is found again at the next try.
    """
    require_hand(actor, advertiser)
    who = addressee(recipient=recipient.strip() or creator, mail=mail)
    post_id = post_id_of(platform, post)
    check_wish(advertiser, platform, days, agreed_until, ad_account, campaigns, short_reason, at)
    authorization = request(
        creator=enter_creator(name=creator, actor=actor, at=at),
        advertiser=advertiser,
        platform=platform,
        post_id=post_id,
        post_url=post,
        days=days,
        message=message,
        agreed_until=agreed_until,
        ad_account=ad_account,
        campaigns=campaigns,
        short_reason=short_reason,
        actor=actor,
        at=at,
    )
    return send_request(
        authorization=authorization,
        recipient=Insisted(who.recipient),  # judged above
        mail=who.mail,
        send_mail=bool(who.mail),
        actor=actor,
        at=at,
    )
