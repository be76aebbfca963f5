"""/ad/get/: the ads of an ad account, and how `delivery` reads in TikTok's words.

Decides what is shown. Does not decide which ads run, nor which can be made.
"""

from __future__ import annotations

from typing import Final

from valetkey.connectors.tiktok import wire

from . import delivery, profile
from .calls import Call, Row, instant, page_of

# OK and DISABLE and DELETE are seen in public clients (C2); the words for an ad that lost its post, and for a post
# that cannot be shown, are a *choice*.
_RUNS, _PAUSED, _DELETED, _STOPPED = (
    "AD_STATUS_DELIVERY_OK",
    "AD_STATUS_DISABLE",
    "AD_STATUS_DELETE",
    "AD_STATUS_NOT_DELIVER",
)


ADS: Final = (
    "SELECT a.*, g.name AS group_name, g.campaign_id, g.campaign_name, c.name AS display_name, c.open_id "
    "FROM ads a JOIN ad_groups g USING (ad_group_id) JOIN posts p ON p.item_id = a.item_id "
    "JOIN creators c ON c.open_id = p.open_id WHERE a.ad_account_id = ? "
)


def listed(call: Call, asked: wire.AdGetRequest) -> wire.AdGetAnswer:
    """Ads of an ad account, newest first; deleted ones only by status. There is no filter by post (C)."""
    account_id = call.ad_account(asked.advertiser_id)["ad_account_id"]
    wanted = asked.filtering or wire.AdFiltering()
    found = [ad for ad in call.all(ADS + "ORDER BY a.ad_id DESC", account_id) if _matches(call, ad, wanted)]
    page, page_info = page_of(found, asked.page, asked.page_size)
    ads = [shown(call, row) for row in page]
    if asked.fields is not None:
        ads = [profile.only(ad, {"ad_id", *asked.fields}) for ad in ads]
    return wire.AdGetAnswer(tuple(ads), page_info)


def _secondary_status(call: Call, ad: Row) -> str:
    if ad["deleted"]:
        return _DELETED
    if ad["operation_status"] != wire.OperationStatus.ENABLE:
        return _PAUSED
    return _RUNS if delivery.may_run(call, ad) else _STOPPED


def shown(call: Call, row: Row) -> wire.Ad:
    """Keys of TikTok's AUTH_CODE sample (C)."""
    return wire.Ad(
        ad_id=row["ad_id"],
        ad_name=row["name"],
        advertiser_id=row["ad_account_id"],
        campaign_id=row["campaign_id"],
        campaign_name=row["campaign_name"],
        adgroup_id=row["ad_group_id"],
        adgroup_name=row["group_name"],
        identity_type=wire.IdentityType.AUTH_CODE,
        identity_id=row["identity_id"],
        display_name=row["display_name"],
        profile_image_url=f"https://media.sandbox.invalid/{row['open_id']}.jpg",
        ad_format=row["ad_format"],
        tiktok_item_id=row["item_id"],
        ad_text="",
        image_ids=(),
        call_to_action=row["call_to_action"],
        operation_status=row["operation_status"],
        secondary_status=_secondary_status(call, row),
        create_time=instant(row["created_at"]),
        modify_time=instant(row["modified_at"]),
        tracking_pixel_id=0,
        promotional_music_disabled=True,
    )


def _matches(call: Call, ad: Row, wanted: wire.AdFiltering) -> bool:
    if wanted.ad_ids is not None and ad["ad_id"] not in wanted.ad_ids:
        return False
    if wanted.adgroup_ids is not None and ad["ad_group_id"] not in wanted.adgroup_ids:
        return False
    if wanted.campaign_ids is not None and ad["campaign_id"] not in wanted.campaign_ids:
        return False
    return _is_of_status(call, ad, wanted) and _is_of_time(ad, wanted)


def _is_of_status(call: Call, ad: Row, wanted: wire.AdFiltering) -> bool:
    if wanted.secondary_status not in (None, "AD_STATUS_ALL"):
        return wanted.secondary_status == _secondary_status(call, ad)
    match wanted.primary_status:
        case "STATUS_ALL":
            return True
        case "STATUS_DELETE":
            return bool(ad["deleted"])
        case _:
            return not ad["deleted"] or wanted.secondary_status == "AD_STATUS_ALL"


def _is_of_time(ad: Row, wanted: wire.AdFiltering) -> bool:
    made, changed = instant(ad["created_at"]), instant(ad["modified_at"])
    if wanted.creation_filter_start_time is not None and made < wanted.creation_filter_start_time:
        return False
    if wanted.creation_filter_end_time is not None and made > wanted.creation_filter_end_time:
        return False
    return wanted.modified_after is None or changed > wanted.modified_after
