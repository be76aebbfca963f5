"""One service per verb. A door makes one call here, and shows the result or the refusal."""

from __future__ import annotations

from valetkey.authorizations.services.apply import apply, warnings
from valetkey.authorizations.services.authorize import authorize, issue, not_known
from valetkey.authorizations.services.check import check
from valetkey.authorizations.services.end import (
    acknowledge_end,
    ask_to_end,
    confirm_end,
    pause_ads,
    switch_off,
    tell_advertiser,
)
from valetkey.authorizations.services.expire import expire
from valetkey.authorizations.services.extend import extend
from valetkey.authorizations.services.find import (
    allowed,
    find,
    find_advertiser,
    find_creator,
    find_post,
    find_their_ad_account,
    find_their_campaign,
    history,
    levels,
    post_id_of,
)
from valetkey.authorizations.services.hand_over import HandedOver, hand_over
from valetkey.authorizations.services.list_posts import list_posts
from valetkey.authorizations.services.open import open
from valetkey.authorizations.services.record import record
from valetkey.authorizations.services.replace import replace
from valetkey.authorizations.services.request import decline, request
from valetkey.authorizations.services.unbind import unbind

__all__ = [
    "HandedOver",
    "acknowledge_end",
    "allowed",
    "apply",
    "ask_to_end",
    "authorize",
    "check",
    "confirm_end",
    "decline",
    "expire",
    "extend",
    "find",
    "find_advertiser",
    "find_creator",
    "find_post",
    "find_their_ad_account",
    "find_their_campaign",
    "hand_over",
    "history",
    "issue",
    "levels",
    "list_posts",
    "not_known",
    "open",
    "pause_ads",
    "post_id_of",
    "record",
    "replace",
    "request",
    "switch_off",
    "tell_advertiser",
    "unbind",
    "warnings",
]
