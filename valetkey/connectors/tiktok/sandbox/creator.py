"""/business/post/authorize/*: the owner of a post switches ad authorization on or off, reads, extends, deletes.

Decides the life of a code (checklist 11 to 14). Where TikTok's documents are silent a switch decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from valetkey.connectors.tiktok import wire

from . import codes, delivery, posts, refusals
from .calls import Call, Row, Rule, instant


def set_promotable(call: Call, asked: wire.BusinessPostAuthorizeSettingRequest) -> object:
    """On makes a code for the term; off ends the one there is. Path and fields C, what happens C2."""
    post = call.own_post(asked.business_id, asked.item_id)
    if asked.is_ad_promotable:
        _switch_on(call, post, codes.days_of(call, asked.authorization_days))
    else:
        _check_no_ads(call, post)
        call.write(
            "UPDATE codes SET off_at = ? WHERE item_id = ? AND off_at IS NULL AND deleted_at IS NULL",
            call.now,
            post["item_id"],
        )
    return _answer(call, post, "setting_body")


def extend(call: Call, asked: wire.BusinessPostAuthorizeRequest) -> object:
    """A later end for the same code. Added to what is left, or from now: by switch (U)."""
    post = call.own_post(asked.business_id, asked.item_id)
    days = codes.days_of(call, asked.authorization_days)
    code = codes.newest(call, post["item_id"])
    if code is None:
        raise refusals.missing("code of this post")
    if codes.is_ended(code):
        _extend_deleted(call, post, days)
    else:
        _extend(call, code, days)
    return _answer(call, post, "extend_body")


def read(call: Call, asked: wire.BusinessPostAuthorizeStatusRequest) -> wire.PostAuthorization:
    """The code, its window and its status (C2)."""
    post = call.own_post(asked.business_id, asked.item_id)
    if codes.newest(call, post["item_id"]) is None and call.settings["status_without_code"] == "refuse":
        raise refusals.missing("code of this post")
    return shown(call, post)


def delete(call: Call, asked: wire.BusinessPostAuthorizeDeleteRequest) -> object:
    """Ends every code of the post. A second time finds none (*choice*: 40007)."""
    post = call.own_post(asked.business_id, asked.item_id)
    _check_no_ads(call, post)
    if not call.write(
        "UPDATE codes SET deleted_at = ? WHERE item_id = ? AND deleted_at IS NULL", call.now, post["item_id"]
    ):
        raise refusals.missing("code of this post")
    if call.settings["delete_body"] == "empty":
        return wire.Empty()
    # [GO] types this answer with two fields only (U).
    return wire.PostAuthorization(post["item_id"], auth_code_status=wire.AuthCodeStatus.DELETED)


def shown(call: Call, post: Row) -> wire.PostAuthorization:
    code = codes.newest(call, post["item_id"])
    if code is None:
        return wire.PostAuthorization(post["item_id"])
    return wire.PostAuthorization(
        item_id=post["item_id"],
        auth_code=call.seal.open(code["code"]),
        auth_code_start_time=instant(code["starts_at"]),
        auth_code_end_time=instant(code["ends_at"]),
        authorization_days=code["term_days"],
        auth_code_status=codes.status(call, code),
    )


def accept(call: Call, post: Row, days: int) -> None:
    """A marketplace request was granted: more time for a code that lives, else a new one (*choice*)."""
    code = codes.newest(call, post["item_id"])
    if code is not None and codes.is_live(call, code):
        _extend(call, code, days)
    else:
        _switch_on(call, post, days)


def _switch_on(call: Call, post: Row, days: int) -> None:
    # Other kinds of post get a code and are refused when it is applied: TikTok's table of errors is the advertiser's,
    # and nothing says that the creator is warned (*choice*).
    posts.check_exists(call, post)
    posts.check_not_government(call, post["open_id"])
    posts.check_visible(call, post)
    code = codes.newest(call, post["item_id"])
    if code is not None and codes.is_live(call, code) and call.settings["setting_on_again"] == "keep":
        return
    codes.mint(call, post["item_id"], days)


def _extend(call: Call, code: Row, days: int) -> None:
    left = code["ends_at"] > call.now
    if not left and call.settings["extend_expired"] == "refuse":
        raise refusals.spark(call.settings, wire.SparkCodeError.AUTH_CODE_EXPIRED, "the code has ended.")
    since = code["ends_at"] if left and call.settings["extend_policy"] == "add" else call.now
    call.write(
        # authorization_days shows what was asked for last: a *choice*, no source says.
        "UPDATE codes SET ends_at = ?, term_days = ? WHERE code_id = ?",
        since + days * codes.DAY,
        days,
        code["code_id"],
    )


def _extend_deleted(call: Call, post: Row, days: int) -> None:
    if call.settings["extend_deleted"] == "refuse":
        raise refusals.spark(call.settings, wire.SparkCodeError.AUTH_CODE_NOT_FOUND, "the code was deleted.")
    _switch_on(call, post, days)


def _check_no_ads(call: Call, post: Row) -> None:
    if delivery.ads_in_the_way(call, post["item_id"]):
        # That it is refused is C2; code and text are a *choice* (checklist 12).
        raise refusals.parameter("item_id", "the post is used in Spark Ads; stop the ads first")


def _answer(call: Call, post: Row, body: str) -> object:
    return wire.Empty() if call.settings[body] == "empty" else shown(call, post)


RULES: Final[Mapping[str, Rule]] = {
    wire.BUSINESS_POST_AUTHORIZE_SETTING.path: set_promotable,
    wire.BUSINESS_POST_AUTHORIZE.path: extend,
    wire.BUSINESS_POST_AUTHORIZE_STATUS.path: read,
    wire.BUSINESS_POST_AUTHORIZE_DELETE.path: delete,
}
