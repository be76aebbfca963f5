"""TikTok's answers as the reference shows them, with invented values. Each function gives a fresh copy."""

from __future__ import annotations

import json
from typing import Any

CODE = "#AbC+dEf/12="

_LIST = """
{"page_info":{"page":1,"total_number":1,"total_page":1,"page_size":20},
 "list":[{
  "item_info":{"status":"HESITATE_RECOMMEND","auth_code":"#AbC+dEf/12=","text":"caption",
               "item_id":"7300000000000000001","item_type":"VIDEO","anchor_list":null,"carousel_info":null,
               "is_multi_duet_stitch":false,"stitch_original_item_id":null,"duet_original_item_id":null,
               "mentioned_item_ids":[]},
  "auth_info":{"ad_auth_status":"AUTHORIZED","invite_start_time":"2026-05-24 07:09:07",
               "auth_start_time":"2026-05-24 07:09:07","auth_end_time":"2026-06-23 07:09:07"},
  "video_info":{"duration":13.538,"width":720,"height":1280,"size":13861358,"bit_rate":8191081,
                "video_id":"v100","file_name":"x.mp4","signature":"0cc175b9","preview_url":"https://p.example/1",
                "poster_url":"https://p.example/2"},
  "user_info":{"identity_id":"7200000000000000001","identity_type":"AUTH_CODE","tiktok_name":"Creator"}
 }]}
"""

_STATUS = """
{"item_id":"7300000000000000001","auth_code":"#AbC+dEf/12=","auth_code_start_time":"2026-05-24 07:09:07",
 "auth_code_end_time":"2026-06-23 07:09:07","authorization_days":30,"auth_code_status":"NOT_USED"}
"""

_AD_CREATE = """
{"advertiser_id":"7000000000000000001","adgroup_id":"1800000000000001",
 "creatives":[{"ad_name":"Spark 1","identity_type":"AUTH_CODE","identity_id":"7200000000000000001",
   "ad_format":"SINGLE_VIDEO","tiktok_item_id":"7300000000000000001","call_to_action":"LEARN_MORE"}]}
"""

_IDENTITY = """
{"identity_id":"7200000000000000001","identity_type":"AUTH_CODE","identity_authorized_bc_id":null,
 "display_name":"Creator","username":"creator","profile_image":"https://p.example/3","ads_only_mode":false,
 "is_gpppa":false,"can_push_video":false,"can_pull_video":true,"can_use_live_ads":false,"can_manage_message":false,
 "available_status":"AVAILABLE"}
"""


def list_answer() -> dict[str, Any]:
    """`/tt_video/list/`, reference 1.5."""
    return dict(json.loads(_LIST))


def post_object() -> dict[str, Any]:
    """`/tt_video/info/`, reference 1.4."""
    return dict(list_answer()["list"][0])


def short_post_object() -> dict[str, Any]:
    """TikTok's own sample, whose `item_info` has five fields."""
    post = post_object()
    kept = ("status", "auth_code", "text", "item_id", "anchor_list")
    post["item_info"] = {name: post["item_info"][name] for name in kept}
    return post


def status_answer() -> dict[str, Any]:
    """`/business/post/authorize/status/`, reference 2."""
    return dict(json.loads(_STATUS))


def ad_create_request() -> dict[str, Any]:
    """`/ad/create/`, reference 1.9."""
    return dict(json.loads(_AD_CREATE))


def identity() -> dict[str, Any]:
    """One of `/identity/get/`, reference 1.8."""
    return dict(json.loads(_IDENTITY))
