"""Posts: whether one can be a Spark Ad, and how each family shows it.

Decides the refusals of TikTok's table of code errors (checklist 15 and 16) and the media every post is given. The media
is made up from the post's id: no file lies behind any address here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from valetkey.connectors.tiktok import wire

from . import refusals
from .calls import Call, Row

_Error = wire.SparkCodeError
_HIDDEN: Final = frozenset({wire.PostStatus.ONLY_FRIEND_SEE, wire.PostStatus.ONLY_AUTHOR_SEE})
# Which state of a post meets which name of the table is a *choice*; the names and their meanings are C.
_BY_STATE: Final = {
    wire.PostStatus.USER_DELETE: (_Error.VIDEO_DELETED, "the post no longer exists."),
    wire.PostStatus.AUDIT_DELETE: (_Error.VIDEO_UNAVAILABLE, "the post was taken down or limited."),
    wire.PostStatus.ONLY_USER_PASS: (_Error.ILLEGAL_ITEM_STATUS_ERROR, "the post breaks the community rules."),
    wire.PostStatus.REVIEW_PENDING: (_Error.ILLEGAL_ITEM_STATUS_ERROR, "the post is still under review."),
}
_HOST: Final = "https://media.sandbox.invalid"


def check_usable(call: Call, post: Row) -> None:
    """Refuses a post that cannot be a Spark Ad, by the names of section 5 of our notes (rows 1 to 10 C, row 11 U)."""
    _check_state(call, post)
    if post["kind"] == "story":
        raise refusals.spark(call.settings, _Error.STORY_VIDEO_NOT_SUPPORTED, "a story cannot be a Spark Ad.")
    if post["of_carousel"] and (post["duet_of"] or post["stitch_of"]):
        raise refusals.spark(
            call.settings, _Error.CAROUSEL_DUET_NOT_SUPPORTED, "a duet of a carousel is not supported."
        )
    if post["is_multi"]:
        raise refusals.spark(
            call.settings, _Error.MULTI_DUET_STITCH_REFUSED, "several levels of duet or stitch are refused."
        )
    if len(json.loads(post["mentions"])) > 1:
        raise refusals.spark(
            call.settings, _Error.MENTION_MULTIPLE_VIDEOS, "the post mentions more than one other post."
        )


def check_visible(call: Call, post: Row) -> None:
    """Sources conflict on private and friends-only posts, hence the switch."""
    if wire.PostStatus(post["state"]) in _HIDDEN and not call.is_on("private_post_usable"):
        raise refusals.spark(call.settings, _Error.ILLEGAL_ITEM_STATUS_ERROR, "the post is not public.")


def check_exists(call: Call, post: Row) -> None:
    if post["state"] == wire.PostStatus.USER_DELETE:
        raise refusals.spark(call.settings, *_BY_STATE[wire.PostStatus.USER_DELETE])


def is_showable(call: Call, post: Row) -> bool:
    """Whether ads on it can run as far as the post goes."""
    try:
        _check_state(call, post)
    except refusals.Refusal:
        return False
    return True


def check_not_government(call: Call, open_id: str) -> None:
    """Accounts of governments, politicians and parties cannot be used for Spark Ads (C); the code is a *choice*."""
    creator = call.one("SELECT is_government FROM creators WHERE open_id = ?", open_id)
    if creator is not None and creator["is_government"]:
        raise refusals.Refusal(wire.ErrorCode.PARAMETER_ERROR, "is_gpppa: this account cannot be used for Spark Ads.")


def source_of(post: Row) -> str | None:
    """The one post that this one shows or mentions, whose owner's code is needed too (C2)."""
    mentioned = json.loads(post["mentions"])
    return post["duet_of"] or post["stitch_of"] or (mentioned[0] if len(mentioned) == 1 else None)


def item_type(post: Row) -> wire.ItemType:
    return wire.ItemType.CAROUSEL if post["kind"] == "carousel" else wire.ItemType.VIDEO


def video_info(post: Row, *, for_identity: bool = False) -> wire.VideoInfo | None:
    """None for a carousel. The two families show different fields (C2, C)."""
    if post["kind"] == "carousel":
        return None
    item_id = post["item_id"]
    # Not a digest of a secret: TikTok's field holds the file's MD5.
    signature = hashlib.md5(item_id.encode(), usedforsecurity=False).hexdigest()
    seconds = duration(post)
    return wire.VideoInfo(
        duration=seconds,
        width=720,
        height=1280,
        size=int(seconds * 1_000_000),
        bit_rate=8_000_000,
        signature=signature,
        poster_url=f"{_HOST}/{item_id}/poster.jpg",
        preview_url=None if for_identity else f"{_HOST}/{item_id}/preview.mp4",
        video_id=None if for_identity else f"v10033g50000{signature[:20]}",
        file_name=None if for_identity else f"{item_id}.mp4",
        url=f"{_HOST}/{item_id}/video.mp4" if for_identity else None,
        format="mp4" if for_identity else None,
    )


def duration(post: Row) -> float:
    return 10 + int(post["item_id"][-2:]) / 8


def carousel_info(post: Row) -> wire.CarouselInfo | None:
    """None for a video, as the reference has it (C2)."""
    if post["kind"] != "carousel":
        return None
    images = tuple(
        wire.CarouselImage(f"{post['item_id']}{n}", f"{_HOST}/{post['item_id']}/{n}.jpg", 1280, 720) for n in (1, 2, 3)
    )
    return wire.CarouselInfo(images, wire.CarouselMusic(post["item_id"][::-1], f"{_HOST}/{post['item_id']}.mp3", 30.0))


def _check_state(call: Call, post: Row) -> None:
    if (found := _BY_STATE.get(wire.PostStatus(post["state"]))) is not None:
        raise refusals.spark(call.settings, *found)
    check_visible(call, post)
