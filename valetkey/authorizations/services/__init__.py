"""One service per verb. A door makes one call here, and shows the result or the refusal."""

from __future__ import annotations

from valetkey.authorizations.services.answer_request import (
    Asked,
    answer_request,
    decline_request,
    find_request,
    look_at_request,
    tick,
)
from valetkey.authorizations.services.apply import Applied, apply, apply_each, warnings
from valetkey.authorizations.services.ask import ask
from valetkey.authorizations.services.authorize import authorize, issue, not_known
from valetkey.authorizations.services.certificate import certificate
from valetkey.authorizations.services.check import check
from valetkey.authorizations.services.end import (
    acknowledge_end,
    ask_to_end,
    confirm_end,
    pause_ads,
    switch_off,
    tell_advertiser,
)
from valetkey.authorizations.services.ends_ahead import Ahead, DayAhead, Ending, ends_ahead
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
    of_bases,
    post_id_of,
)
from valetkey.authorizations.services.guides import (
    MadeGuideLink,
    Reading,
    SharedGuide,
    find_guide_link,
    guide_values,
    look_at_guide_link,
    may_share_guide,
    read_guide,
    share_guide,
    tick_guide,
    unshare_guide,
)
from valetkey.authorizations.services.hand_over import HandedOver, hand_over, stop_sharing
from valetkey.authorizations.services.list_campaigns import list_campaigns
from valetkey.authorizations.services.list_posts import list_posts, recorded_posts
from valetkey.authorizations.services.losing import AtStake, Losing, losing
from valetkey.authorizations.services.name_owner import authorizations_owned_by, name_owner, sides_to_name
from valetkey.authorizations.services.open import open
from valetkey.authorizations.services.record import record
from valetkey.authorizations.services.replace import replace
from valetkey.authorizations.services.request import decline, request, withdraw
from valetkey.authorizations.services.request_link import (
    Sent,
    addressee,
    answer_of,
    extend_request,
    remind,
    send_request,
)
from valetkey.authorizations.services.saved_views import find_view, forget_view, save_view, saved_views
from valetkey.authorizations.services.search import Page, page, search
from valetkey.authorizations.services.set_campaigns import set_campaigns
from valetkey.authorizations.services.shared import (
    Shared,
    find_hand_over,
    look_at_hand_over,
    open_shared,
    prove,
    send_proof,
    standing_of_link,
)
from valetkey.authorizations.services.stakes import Stakes, stakes
from valetkey.authorizations.services.stops import Stopping, Stops, what_stops
from valetkey.authorizations.services.too_short import KeptShort, kept_short
from valetkey.authorizations.services.unbind import unbind
from valetkey.authorizations.services.waiting import Waiting, waiting

__all__ = [
    "Ahead",
    "DayAhead",
    "Ending",
    "Applied",
    "Asked",
    "AtStake",
    "HandedOver",
    "KeptShort",
    "Losing",
    "MadeGuideLink",
    "Page",
    "Reading",
    "Sent",
    "Shared",
    "SharedGuide",
    "Stakes",
    "Stopping",
    "Stops",
    "Waiting",
    "acknowledge_end",
    "addressee",
    "allowed",
    "answer_of",
    "answer_request",
    "apply",
    "apply_each",
    "ask",
    "ask_to_end",
    "authorizations_owned_by",
    "authorize",
    "certificate",
    "check",
    "confirm_end",
    "decline",
    "decline_request",
    "ends_ahead",
    "expire",
    "extend",
    "extend_request",
    "find",
    "find_advertiser",
    "find_creator",
    "find_guide_link",
    "find_hand_over",
    "find_post",
    "find_request",
    "find_their_ad_account",
    "find_their_campaign",
    "find_view",
    "forget_view",
    "guide_values",
    "hand_over",
    "history",
    "issue",
    "kept_short",
    "levels",
    "list_campaigns",
    "list_posts",
    "look_at_guide_link",
    "look_at_hand_over",
    "look_at_request",
    "losing",
    "may_share_guide",
    "name_owner",
    "not_known",
    "of_bases",
    "open",
    "open_shared",
    "page",
    "pause_ads",
    "post_id_of",
    "prove",
    "read_guide",
    "record",
    "recorded_posts",
    "remind",
    "replace",
    "request",
    "save_view",
    "saved_views",
    "search",
    "send_proof",
    "send_request",
    "set_campaigns",
    "share_guide",
    "sides_to_name",
    "stakes",
    "standing_of_link",
    "stop_sharing",
    "switch_off",
    "tell_advertiser",
    "tick",
    "tick_guide",
    "unbind",
    "unshare_guide",
    "waiting",
    "warnings",
    "what_stops",
    "withdraw",
]
