"""/ad/*: run an authorized post as an ad, rename, pause, delete.

Decides which ads can be made and changed. Budgets, bids, reviews and reports are not here: an ad of the stand-in runs
as soon as it may. How one is shown stands in `ad_list`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from valetkey.connectors.tiktok import wire

from . import delivery, identity, posts, refusals
from .ad_list import ADS, listed, shown
from .calls import Call, Row, Rule

_FIRST_AD_ID: Final = 1_850_000_000_000_000
_FORMATS: Final = {
    wire.ItemType.VIDEO: wire.AdFormat.SINGLE_VIDEO,
    wire.ItemType.CAROUSEL: wire.AdFormat.CAROUSEL_ADS,
}


def create(call: Call, asked: wire.AdCreateRequest) -> wire.AdCreateAnswer:
    """Ads on posts whose code was applied; the raw code is no identity. Portal 1739953377508354, C."""
    group = _group(call, asked.advertiser_id, asked.adgroup_id)
    if not asked.creatives:
        raise refusals.parameter("creatives", "must not be empty")
    ids = tuple(_create(call, group, creative) for creative in asked.creatives)
    return wire.AdCreateAnswer(ids, need_audit=False, creatives=_shown(call, group["ad_account_id"], ids))


def create_smart_plus(call: Call, asked: wire.SmartPlusAdCreateRequest) -> wire.SmartPlusAdCreateAnswer:
    """The same ids one level deeper (C). Every creative becomes an ad that /ad/get/ shows too (*choice*)."""
    group = _group(call, asked.advertiser_id, asked.adgroup_id)
    if not asked.creative_list:
        raise refusals.parameter("creative_list", "must not be empty")
    calls_to_action = asked.call_to_action_list or ()
    ids = [
        _create(call, group, _plain(asked, each.creative_info, calls_to_action), is_smart_plus=True)
        for each in asked.creative_list
    ]
    return wire.SmartPlusAdCreateAnswer(ids[0])


def update(call: Call, asked: wire.AdUpdateRequest) -> wire.AdUpdateAnswer:
    """Rename, another call to action, another authorized post. Fields left out stay, also without `patch_update`."""
    group = _group(call, asked.advertiser_id, asked.adgroup_id)
    for change in asked.creatives:
        _update(call, group, change)
    ids = tuple(change.ad_id for change in asked.creatives)
    return wire.AdUpdateAnswer(ids, need_audit=False, creatives=_shown(call, group["ad_account_id"], ids))


def set_status(call: Call, asked: wire.AdStatusUpdateRequest) -> wire.AdStatusUpdateAnswer:
    """Start, pause or delete, all of them or none (*choice*): 40007 for an ad that is not this account's."""
    account_id = call.ad_account(asked.advertiser_id)["ad_account_id"]
    is_gone = asked.operation_status is wire.OperationStatus.DELETE
    word = wire.OperationStatus.DISABLE if is_gone else asked.operation_status
    for ad_id in asked.ad_ids:
        if not call.write(
            "UPDATE ads SET operation_status = ?, deleted = ?, modified_at = ? "
            "WHERE ad_id = ? AND ad_account_id = ? AND deleted = 0",
            word.value,
            int(is_gone),
            call.now,
            ad_id,
            account_id,
        ):
            raise refusals.missing("ad")
    return wire.AdStatusUpdateAnswer(asked.ad_ids, asked.operation_status)


def _group(call: Call, advertiser_id: str, ad_group_id: str) -> Row:
    account_id = call.ad_account(advertiser_id)["ad_account_id"]
    row = call.one("SELECT * FROM ad_groups WHERE ad_group_id = ? AND ad_account_id = ?", ad_group_id, account_id)
    if row is None:
        raise refusals.missing("ad group")
    return row


def _create(call: Call, group: Row, creative: wire.Creative, *, is_smart_plus: bool = False) -> str:
    post = _usable_post(call, group["ad_account_id"], creative)
    if creative.ad_format is not _FORMATS[posts.item_type(post)]:
        raise refusals.parameter("ad_format", f"must be {_FORMATS[posts.item_type(post)].value} for this post")
    if not is_smart_plus and not (creative.call_to_action or creative.call_to_action_id):
        raise refusals.parameter("call_to_action", "give it or call_to_action_id")  # C: one of them
    ad_id = str(_FIRST_AD_ID + call.all("SELECT count(*) FROM ads")[0][0] + 1)
    call.write(
        "INSERT INTO ads (ad_id, ad_account_id, ad_group_id, item_id, identity_id, name, ad_format, call_to_action, "
        "operation_status, is_smart_plus, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ad_id,
        group["ad_account_id"],
        group["ad_group_id"],
        post["item_id"],
        creative.identity_id,
        creative.ad_name,
        creative.ad_format.value,
        creative.call_to_action,
        (creative.operation_status or wire.OperationStatus.ENABLE).value,
        int(is_smart_plus),
        call.now,
        call.now,
    )
    return ad_id


def _usable_post(call: Call, account_id: str, creative: wire.Creative) -> Row:
    owner = identity.find(call, account_id, creative.identity_type, creative.identity_id)
    post = call.one("SELECT * FROM posts WHERE item_id = ? AND open_id = ?", creative.tiktok_item_id, owner["open_id"])
    if post is None or not delivery.is_authorized(call, account_id, post["item_id"]):
        # TikTok's words for it are unknown (*choice*).
        raise refusals.parameter("tiktok_item_id", "the post is not authorized to this advertiser, or no longer")
    posts.check_usable(call, post)
    return post


def _plain(
    asked: wire.SmartPlusAdCreateRequest,
    given: wire.SmartPlusCreativeInfo,
    calls_to_action: Sequence[wire.SmartPlusCallToAction],
) -> wire.Creative:
    if given.identity_type is None or not given.identity_id:
        raise refusals.parameter("creative_list.creative_info.identity_id", "is missing")
    return wire.Creative(
        ad_name=asked.ad_name or "Smart+ ad",
        identity_type=given.identity_type,
        identity_id=given.identity_id,
        ad_format=given.ad_format or wire.AdFormat.SINGLE_VIDEO,
        tiktok_item_id=given.tiktok_item_id,
        call_to_action=calls_to_action[0].call_to_action if calls_to_action else None,
        operation_status=asked.operation_status,
    )


def _update(call: Call, group: Row, change: wire.CreativeUpdate) -> None:
    before = call.one(ADS + "AND a.ad_id = ? AND a.deleted = 0", group["ad_account_id"], change.ad_id)
    if before is None or before["ad_group_id"] != group["ad_group_id"]:
        raise refusals.missing("ad")
    after = wire.Creative(
        ad_name=change.ad_name or before["name"],
        identity_type=change.identity_type or wire.IdentityType.AUTH_CODE,
        identity_id=change.identity_id or before["identity_id"],
        ad_format=change.ad_format or wire.AdFormat(before["ad_format"]),
        tiktok_item_id=change.tiktok_item_id or before["item_id"],
        call_to_action=change.call_to_action or before["call_to_action"],
    )
    if (after.tiktok_item_id, after.identity_id) != (before["item_id"], before["identity_id"]):
        _usable_post(call, group["ad_account_id"], after)
    call.write(
        "UPDATE ads SET name = ?, item_id = ?, identity_id = ?, call_to_action = ?, modified_at = ? WHERE ad_id = ?",
        after.ad_name,
        after.tiktok_item_id,
        after.identity_id,
        after.call_to_action,
        call.now,
        change.ad_id,
    )


def _shown(call: Call, account_id: str, ids: Sequence[str]) -> tuple[wire.Ad, ...]:
    """As the answers of making and changing show them: without a status, which TikTok's sample does not have (C)."""
    rows = [call.one(ADS + "AND a.ad_id = ?", account_id, ad_id) for ad_id in ids]
    return tuple(replace(shown(call, row), secondary_status=None) for row in rows if row is not None)


RULES: Final[Mapping[str, Rule]] = {
    wire.AD_CREATE.path: create,
    wire.AD_GET.path: listed,
    wire.AD_UPDATE.path: update,
    wire.AD_STATUS_UPDATE.path: set_status,
    wire.SMART_PLUS_AD_CREATE.path: create_smart_plus,
}
