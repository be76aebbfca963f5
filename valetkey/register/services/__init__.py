"""Enter and update what the record holds."""

from __future__ import annotations

from valetkey.register.services.access import accesses, close_access, find_access, look_again_on, record_access
from valetkey.register.services.access_by_hand import (
    change_access,
    confirm_access,
    end_access,
    let_access_end,
    open_access,
)
from valetkey.register.services.ad_accounts import find_ad_account, note_ad_account
from valetkey.register.services.assets import BY_HAND, assets, change_asset, enter_asset, find_asset
from valetkey.register.services.campaigns import change_campaign, find_campaign, note_campaign
from valetkey.register.services.engagements import (
    change_engagement,
    end_engagement,
    engagements,
    find_engagement,
    start_engagement,
)
from valetkey.register.services.exposures import (
    add_knower,
    close_exposure,
    exposures,
    find_exposure,
    find_knowers_party,
    open_exposure,
)
from valetkey.register.services.how_it_came import Step, how_it_came, kinds_of
from valetkey.register.services.keeping import keep_all
from valetkey.register.services.looks import (
    look_at_access,
    look_at_asset,
    look_at_party,
    look_at_person,
    look_at_surface,
    open_in_record,
    who_has_what,
)
from valetkey.register.services.map_of import map_of
from valetkey.register.services.on_record import refuse_left
from valetkey.register.services.ownership import confirm_ownership, ownership_of, set_ownership
from valetkey.register.services.posts import PostFacts, enter_post, enter_posts, note_post
from valetkey.register.services.responsibilities import (
    end_responsibility,
    find_responsibility,
    give_responsibility,
    pass_on_responsibility,
    responsibilities,
)
from valetkey.register.services.search import (
    Found,
    Hit,
    find_anything,
    find_named,
    find_on_record,
    parties_on_record,
)
from valetkey.register.services.surfaces import (
    add_usual_surfaces,
    change_surface,
    enter_surface,
    find_surface,
    surfaces,
)

__all__ = [
    "BY_HAND",
    "Found",
    "Hit",
    "PostFacts",
    "Step",
    "accesses",
    "add_knower",
    "add_usual_surfaces",
    "assets",
    "change_access",
    "change_asset",
    "change_campaign",
    "change_engagement",
    "change_surface",
    "close_access",
    "close_exposure",
    "confirm_access",
    "confirm_ownership",
    "end_access",
    "end_engagement",
    "end_responsibility",
    "engagements",
    "enter_asset",
    "enter_post",
    "enter_posts",
    "enter_surface",
    "exposures",
    "find_access",
    "find_ad_account",
    "find_anything",
    "find_asset",
    "find_campaign",
    "find_engagement",
    "find_exposure",
    "find_knowers_party",
    "find_named",
    "find_on_record",
    "find_responsibility",
    "find_surface",
    "give_responsibility",
    "how_it_came",
    "keep_all",
    "kinds_of",
    "let_access_end",
    "look_again_on",
    "look_at_access",
    "look_at_asset",
    "look_at_party",
    "look_at_person",
    "look_at_surface",
    "map_of",
    "note_ad_account",
    "note_campaign",
    "note_post",
    "open_access",
    "open_exposure",
    "open_in_record",
    "ownership_of",
    "parties_on_record",
    "pass_on_responsibility",
    "record_access",
    "refuse_left",
    "responsibilities",
    "set_ownership",
    "start_engagement",
    "surfaces",
    "who_has_what",
]
