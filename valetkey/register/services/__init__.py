"""Enter and update what the record holds."""

from __future__ import annotations

from valetkey.register.services.access import close_access, record_access
from valetkey.register.services.ad_accounts import find_ad_account, note_ad_account
from valetkey.register.services.campaigns import change_campaign, find_campaign, note_campaign
from valetkey.register.services.exposures import (
    add_knower,
    close_exposure,
    exposures,
    find_exposure,
    find_knowers_party,
    open_exposure,
)
from valetkey.register.services.posts import PostFacts, enter_post, enter_posts, note_post

__all__ = [
    "PostFacts",
    "add_knower",
    "change_campaign",
    "close_access",
    "close_exposure",
    "enter_post",
    "enter_posts",
    "exposures",
    "find_ad_account",
    "find_campaign",
    "find_exposure",
    "find_knowers_party",
    "note_ad_account",
    "note_campaign",
    "note_post",
    "open_exposure",
    "record_access",
]
