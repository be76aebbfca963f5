"""What stops if an authorization ends: campaigns that use it, and on each ad account the ads on its post.

Ads are read from the platform at this moment, and nothing is written. What cannot be read is "not known, because …".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import DeskRole
from valetkey.audit.entry import Actor
from valetkey.authorizations import lifecycle
from valetkey.authorizations.coverage import days_between
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.transition import not_found
from valetkey.connectors.base import AdvertiserSide, PlatformFault, Says, SeenAd
from valetkey.connectors.services import advertiser_side
from valetkey.errors import Refused
from valetkey.register.models import AdAccount, Campaign

SILENCE: Final = "The platform cannot be reached or asked us to wait."

_NO_ANSWER: Final = frozenset({Says.TRY_LATER, Says.UNCERTAIN})


@dataclass(frozen=True)
class CampaignAtStake:
    """`days_left`: until the campaign's own end, rounded up. `has_begun`: it runs already."""

    campaign: Campaign
    days_left: int
    has_begun: bool


@dataclass(frozen=True)
class AdAccountAtStake:
    """`ads` and `running` are None where they are not known, and `why` is then the sentence that says why.

    `seen`: the ads themselves, running ones first; empty for whoever stands on the creator's side alone.
    """

    ad_account: AdAccount
    ads: int | None
    running: int | None
    why: str = ""
    seen: tuple[SeenAd, ...] = ()


@dataclass(frozen=True)
class Stakes:
    """Campaigns that are not over, the next to end first; ad accounts by name. Nothing, where the code is not live."""

    campaigns: tuple[CampaignAtStake, ...] = ()
    ad_accounts: tuple[AdAccountAtStake, ...] = ()

    @property
    def running(self) -> int | None:
        """Running ads on all ad accounts together; None where it is not known of one of them."""
        counts = [each.running for each in self.ad_accounts if each.running is not None]
        return sum(counts) if len(counts) == len(self.ad_accounts) else None


def stakes(*, authorization: Authorization, actor: Actor, at: datetime) -> Stakes:
    """For both sides what a record's page shows them too; the ads' own names are for the advertiser's side."""
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)
    if authorization.state not in lifecycle.LIVE:
        return Stakes()
    with_names = standing.advertiser is not None or standing.desk is not DeskRole.NONE
    return Stakes(campaigns_at_stake(authorization, at), _ad_accounts(authorization, with_names=with_names))


def campaigns_at_stake(authorization: Authorization, at: datetime) -> tuple[CampaignAtStake, ...]:
    """Those that use it and are not over. For services that have asked whether the actor may see it."""
    running = [each for each in authorization.campaigns.all() if each.ends_at > at]
    running.sort(key=lambda each: (each.ends_at, each.pk))
    return tuple(CampaignAtStake(each, days_between(at, each.ends_at), each.starts_at <= at) for each in running)


def _ad_accounts(authorization: Authorization, *, with_names: bool) -> tuple[AdAccountAtStake, ...]:
    """One after the other. Once the platform does not answer, nobody waits for it again."""
    accounts = sorted(authorization.applied_on(), key=lambda each: (each.name.casefold(), each.pk))
    side, silence = _side(authorization)
    found = []
    for account in accounts:
        if side is None:
            found.append(AdAccountAtStake(account, None, None, silence))
            continue
        try:
            ads = side.ads_on(ad_account_id=account.platform_id, post_id=authorization.post.platform_id)
        except PlatformFault as fault:
            found.append(AdAccountAtStake(account, None, None, _why(fault)))
            if fault.says in _NO_ANSWER:
                side, silence = None, _why(fault)
            continue
        seen = tuple(sorted(ads, key=lambda ad: (not ad.is_running, ad.name.casefold(), ad.ad_id)))
        running = sum(ad.is_running for ad in seen)
        found.append(AdAccountAtStake(account, len(seen), running, seen=seen if with_names else ()))
    return tuple(found)


def _side(authorization: Authorization) -> tuple[AdvertiserSide | None, str]:
    """The advertiser's connection; where there is none to speak over, why."""
    try:
        side = advertiser_side(party=authorization.advertiser, platform=authorization.post.platform)
    except Refused as refused:
        return None, refused.sentence
    return side, "" if side else f"{authorization.advertiser} is not connected."


def _why(fault: PlatformFault) -> str:
    if fault.says in _NO_ANSWER:
        return SILENCE
    return f"The platform refused to show it: {fault.raw.rstrip('.') or fault.cause}."
