"""/tt_video/*: an ad account applies a code, looks at it, lists what it has, drops a post. The whole family is four.

Decides who may apply which code (checklist 8, 9, 11, 15). Does not decide whether ads run: see `delivery`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Final

from valetkey.connectors.tiktok import wire

from . import codes, posts, refusals
from .calls import Call, Row, Rule, instant, page_of

_EXACT_DIGITS: Final = 19
"""A keyword of that many digits or more is an item_id (C2)."""


def authorize(call: Call, asked: wire.TtVideoAuthorizeRequest) -> wire.Empty:
    """Apply a code to an ad account. Answers `{}` (C) and makes the AUTH_CODE identity (C)."""
    account = call.ad_account(asked.advertiser_id)
    code = codes.find_live(call, asked.auth_code)
    post = _post(call, code["item_id"])
    posts.check_not_government(call, post["open_id"])
    posts.check_usable(call, post)
    _check_source(call, post, asked.original_post_auth_code)
    _check_repeated(call, account["ad_account_id"], code)
    _bind(call, account["ad_account_id"], code, post)
    return wire.Empty()


def look(call: Call, asked: wire.TtVideoInfoRequest) -> wire.PostObject:
    """The post behind a code; an expired one still shows its window (*choice*, doubt 1)."""
    account = call.ad_account(asked.advertiser_id)
    code = codes.find(call, asked.auth_code, in_body=False)
    applied = _application(call, account["ad_account_id"], code)
    if applied is None and call.is_on("info_needs_applied"):
        raise refusals.spark(
            call.settings, wire.SparkCodeError.AUTH_CODE_NOT_FOUND, "auth_code was not applied to this advertiser."
        )
    return post_object(call, account["ad_account_id"], _post(call, code["item_id"]), code, applied)


def listed(call: Call, asked: wire.TtVideoListRequest) -> wire.TtVideoListAnswer:
    """One entry per post, newest application first; ended ones stay until they are unbound (*choice*)."""
    account_id = call.ad_account(asked.advertiser_id)["ad_account_id"]
    kinds = asked.item_types or tuple(wire.ItemType)
    found = [
        row
        for row in call.all(_APPLIED_POSTS, account_id)
        if posts.item_type(row) in kinds and _matches(row, asked.keyword or "")
    ]
    shown, page_info = page_of(found, asked.page, asked.page_size)
    return wire.TtVideoListAnswer(tuple(_entry(call, account_id, row) for row in shown), page_info)


def unbind(call: Call, asked: wire.TtVideoUnbindRequest) -> wire.Empty:
    """Off this ad account's list, and no other's (checklist 11). Answers `{}` (C2)."""
    account_id = call.ad_account(asked.advertiser_id)["ad_account_id"]
    applied = call.all(
        "SELECT c.* FROM applications a JOIN codes c USING (code_id) WHERE a.ad_account_id = ? AND a.item_id = ?",
        account_id,
        asked.item_id,
    )
    if not applied:
        raise refusals.missing("post on this advertiser's list")
    if call.settings["unbind_while_live"] == "refuse" and any(codes.is_live(call, code) for code in applied):
        raise refusals.parameter("item_id", "the authorization of the post has not ended")
    call.write("DELETE FROM applications WHERE ad_account_id = ? AND item_id = ?", account_id, asked.item_id)
    if not call.is_on("unbind_keeps_in_use"):
        call.write(
            "UPDATE codes SET applied_at = NULL WHERE item_id = ? "
            "AND code_id NOT IN (SELECT code_id FROM applications)",
            asked.item_id,
        )
    return wire.Empty()


def post_object(call: Call, account_id: str, post: Row, code: Row, applied: Row | None) -> wire.PostObject:
    identity = call.one(
        "SELECT identity_id FROM identities WHERE ad_account_id = ? AND open_id = ?", account_id, post["open_id"]
    )
    creator = call.one("SELECT name FROM creators WHERE open_id = ?", post["open_id"])
    return wire.PostObject(
        item_info=_item_info(call, post, code),
        auth_info=auth_info(call, code, applied),
        video_info=posts.video_info(post),
        user_info=wire.UserInfo(
            # Before the first application there is no identity; an empty text is a *choice*.
            identity_id=identity["identity_id"] if identity else "",
            identity_type=wire.IdentityType.AUTH_CODE.value,
            tiktok_name=creator["name"] if creator else None,
        ),
    )


def auth_info(call: Call, code: Row, applied: Row | None) -> wire.AuthInfo:
    if codes.is_ended(code):
        status: str = call.settings["ad_auth_status_of_deleted"]
    else:
        status = wire.AdAuthStatus.AUTHORIZED if codes.is_live(call, code) else wire.AdAuthStatus.EXPIRED
    return wire.AuthInfo(
        ad_auth_status=status,
        invite_start_time=instant(applied["applied_at"]) if applied else None,
        auth_start_time=instant(code["starts_at"]),
        auth_end_time=instant(code["ends_at"]),
    )


_APPLIED_POSTS: Final = (
    "SELECT p.*, max(a.applied_at) AS last_applied, max(a.code_id) AS code_id FROM applications a "
    "JOIN posts p USING (item_id) WHERE a.ad_account_id = ? GROUP BY p.item_id ORDER BY last_applied DESC, p.item_id"
)


def _entry(call: Call, account_id: str, row: Row) -> wire.PostObject:
    code = _required(call.one("SELECT * FROM codes WHERE code_id = ?", row["code_id"]))
    return post_object(call, account_id, row, code, _application(call, account_id, code))


def _item_info(call: Call, post: Row, code: Row) -> wire.ItemInfo:
    return wire.ItemInfo(
        item_id=post["item_id"],
        status=post["state"],
        auth_code=call.seal.open(code["code"]),
        text=post["caption"],
        item_type=posts.item_type(post),
        carousel_info=posts.carousel_info(post),
        is_multi_duet_stitch=bool(post["is_multi"]),
        stitch_original_item_id=post["stitch_of"],
        duet_original_item_id=post["duet_of"],
        mentioned_item_ids=tuple(json.loads(post["mentions"])),
    )


def _check_source(call: Call, post: Row, source_code: str | None) -> None:
    source = posts.source_of(post)
    if source is None or not call.is_on("source_code_needed"):
        return
    if not source_code:
        raise refusals.parameter("original_post_auth_code", "the code of the source post's owner is needed as well")
    if codes.find_live(call, source_code, field="original_post_auth_code")["item_id"] != source:
        raise refusals.parameter("original_post_auth_code", "this code belongs to another post than the source")


def _check_repeated(call: Call, account_id: str, code: Row) -> None:
    if call.settings["reapply"] == "refuse" and _application(call, account_id, code) is not None:
        raise refusals.parameter("auth_code", "the code is already applied to this advertiser")
    if call.settings["many_ad_accounts"] == "refuse" and call.one(
        "SELECT 1 FROM applications WHERE code_id = ? AND ad_account_id <> ?", code["code_id"], account_id
    ):
        raise refusals.parameter("auth_code", "the code is already used by another advertiser")


def _bind(call: Call, account_id: str, code: Row, post: Row) -> None:
    call.write(
        "INSERT OR IGNORE INTO applications (ad_account_id, code_id, item_id, applied_at) VALUES (?, ?, ?, ?)",
        account_id,
        code["code_id"],
        post["item_id"],
        call.now,
    )
    call.write("UPDATE codes SET applied_at = ? WHERE code_id = ? AND applied_at IS NULL", call.now, code["code_id"])
    # One AUTH_CODE identity per ad account and creator account: a *choice* (checklist 9).
    call.write(
        "INSERT OR IGNORE INTO identities (identity_id, ad_account_id, open_id) VALUES (?, ?, ?)",
        f"72{secrets.randbelow(10**17):017d}",
        account_id,
        post["open_id"],
    )


def _application(call: Call, account_id: str, code: Row) -> Row | None:
    return call.one("SELECT * FROM applications WHERE ad_account_id = ? AND code_id = ?", account_id, code["code_id"])


def _post(call: Call, item_id: str) -> Row:
    return _required(call.one("SELECT * FROM posts WHERE item_id = ?", item_id))


def _required(row: Row | None) -> Row:
    if row is None:
        raise LookupError("The state names a row that is not there.")
    return row


def _matches(post: Row, keyword: str) -> bool:
    if keyword.isascii() and keyword.isdigit() and len(keyword) >= _EXACT_DIGITS:
        return bool(post["item_id"] == keyword)
    return keyword.casefold() in post["caption"].casefold()


RULES: Final[Mapping[str, Rule]] = {
    wire.TT_VIDEO_AUTHORIZE.path: authorize,
    wire.TT_VIDEO_INFO.path: look,
    wire.TT_VIDEO_LIST.path: listed,
    wire.TT_VIDEO_UNBIND.path: unbind,
}
