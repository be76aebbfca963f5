"""/business/get/ and /business/video/list/: the creator's own profile and posts.

Decides which posts a creator sees. Counts of likes and views are made up from the post's id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from valetkey.connectors.tiktok import wire

from . import posts, refusals
from .calls import Call, Row, Rule

T = TypeVar("T")

_DEFAULT_COUNT: Final = 10
_NEVER_LISTED: Final = (wire.PostStatus.USER_DELETE, wire.PostStatus.AUDIT_DELETE)
_HIDDEN: Final = (wire.PostStatus.ONLY_FRIEND_SEE, wire.PostStatus.ONLY_AUTHOR_SEE)
_SITE: Final = "https://www.tiktok.com"


def profile(call: Call, asked: wire.BusinessGetRequest) -> wire.BusinessGetAnswer:
    """Only what was asked for; without `fields` all of it (*choice*)."""
    creator = call.own_account(asked.business_id)
    whole = wire.BusinessGetAnswer(
        username=creator["handle"],
        display_name=creator["name"],
        profile_image=f"https://media.sandbox.invalid/{creator['open_id']}.jpg",
        followers_count=creator["followers"],
        is_business_account=bool(creator["is_business"]),
    )
    return whole if asked.fields is None else only(whole, asked.fields)


def listed(call: Call, asked: wire.BusinessVideoListRequest) -> wire.BusinessVideoListAnswer:
    """Own posts older than the cursor, newest first (C2). Without a cursor from the newest on."""
    creator = call.own_account(asked.business_id)
    wanted = asked.fields or ("item_id",)
    if "item_id" not in wanted:
        raise refusals.parameter("fields", "item_id must be among them")
    found = [post for post in _own_posts(call, creator) if _is_wanted(call, post, asked)]
    shown = found[: asked.max_count or _DEFAULT_COUNT]
    return wire.BusinessVideoListAnswer(
        videos=tuple(only(_video(call, post), wanted) for post in shown),
        cursor=shown[-1]["created_at"] * 1000 if shown else asked.cursor or call.now * 1000,
        has_more=len(found) > len(shown),
    )


def only(answer: T, wanted: Collection[str]) -> T:
    """The answer without the fields nobody asked for; unknown names are ignored (*choice*)."""
    left_out: dict[str, Any] = {each.name: None for each in fields(answer) if each.name not in wanted}  # type: ignore[arg-type]
    return replace(answer, **left_out)  # type: ignore[type-var]


def _own_posts(call: Call, creator: Row) -> list[Row]:
    return call.all("SELECT * FROM posts WHERE open_id = ? ORDER BY created_at DESC, item_id", creator["open_id"])


def _is_wanted(call: Call, post: Row, asked: wire.BusinessVideoListRequest) -> bool:
    state = wire.PostStatus(post["state"])
    if state in _NEVER_LISTED or (state in _HIDDEN and not call.is_on("private_posts_listed")):
        return False
    if asked.cursor is not None and post["created_at"] * 1000 >= asked.cursor:
        return False
    filters = asked.filters or wire.BusinessVideoFilters()
    if filters.video_ids is None:
        return True
    return post["item_id"] in filters.video_ids and (not filters.ad_post_only or _is_ad(call, post))


def _is_ad(call: Call, post: Row) -> bool:
    return call.one("SELECT 1 FROM ads WHERE item_id = ?", post["item_id"]) is not None


def _video(call: Call, post: Row) -> wire.BusinessVideo:
    item_id = post["item_id"]
    likes = int(item_id[-4:])
    creator = call.one("SELECT handle FROM creators WHERE open_id = ?", post["open_id"])
    kind = "photo" if post["kind"] == "carousel" else "video"
    return wire.BusinessVideo(
        item_id=item_id,
        media_type=wire.MediaType.PHOTO if kind == "photo" else wire.MediaType.VIDEO,
        is_ad=_is_ad(call, post),
        thumbnail_url=f"https://media.sandbox.invalid/{item_id}/poster.jpg",
        share_url=f"{_SITE}/@{creator['handle'] if creator else ''}/{kind}/{item_id}",
        embed_url=f"{_SITE}/embed/v2/{item_id}",
        caption=post["caption"],
        video_duration=None if kind == "photo" else posts.duration(post),
        create_time=str(post["created_at"]),
        likes=likes,
        comments=likes // 40,
        shares=likes // 25,
        favorites=likes // 12,
        reach=likes * 21,
        video_views=likes * 30,
    )


RULES: Final[Mapping[str, Rule]] = {wire.BUSINESS_GET.path: profile, wire.BUSINESS_VIDEO_LIST.path: listed}
