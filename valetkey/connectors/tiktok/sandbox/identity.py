"""/identity/*: as whom an ad account can run ads. Only AUTH_CODE identities exist here, made by applying codes.

Decides which posts an identity opens (checklist 8 and 9). Other types answer with nothing, never with an invention.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from valetkey.connectors.tiktok import wire

from . import codes, posts, refusals, spark
from .calls import Call, Row, Rule, page_of

_DEFAULT_COUNT: Final = 20
_PULLING: Final = (wire.IdentityType.AUTH_CODE, wire.IdentityType.TT_USER, wire.IdentityType.BC_AUTH_TT)
# TikTok documents three spellings; the others follow their pattern (*choice*).
_STATUS: Final = {wire.PostStatus[each.name]: each.value for each in wire.IdentityPostStatus}


def listed(call: Call, asked: wire.IdentityGetRequest) -> wire.IdentityGetAnswer:
    """All identities of an ad account, or those of one type. Portal 1740218420781057, C."""
    account_id = call.ad_account(asked.advertiser_id)["ad_account_id"]
    _check_business_center(asked.identity_type, asked.identity_authorized_bc_id)
    found = []
    if asked.identity_type in (None, wire.IdentityType.AUTH_CODE):
        found = call.all(_IDENTITIES + "ORDER BY identity_id", account_id)
    shown, page_info = page_of(found, asked.page, asked.page_size)
    return wire.IdentityGetAnswer(tuple(_identity(call, row, picture="profile_image") for row in shown), page_info)


def look(call: Call, asked: wire.IdentityInfoRequest) -> wire.IdentityInfoAnswer:
    """One identity; the picture has another name here (C)."""
    row = _own(call, asked.advertiser_id, asked.identity_type, asked.identity_id, asked.identity_authorized_bc_id)
    return wire.IdentityInfoAnswer(_identity(call, row, picture="profile_image_url"))


def posts_of(call: Call, asked: wire.IdentityVideoGetRequest) -> wire.IdentityVideoGetAnswer:
    """Applied posts of one kind, a page at a time; the cursor of AUTH_CODE is a page (C)."""
    if asked.keyword and asked.identity_type is not wire.IdentityType.AUTH_CODE:
        raise refusals.parameter("keyword", "works only with AUTH_CODE")
    row = _own(call, asked.advertiser_id, asked.identity_type, asked.identity_id, asked.identity_authorized_bc_id)
    kind, keyword = asked.item_type or wire.ItemType.VIDEO, (asked.keyword or "").casefold()
    found = [
        post
        for post in _applied_posts(call, row)
        if posts.item_type(post) is kind and keyword in post["caption"].casefold()
    ]
    page, count = _page(asked.cursor), asked.count or _DEFAULT_COUNT
    shown = found[page * count : (page + 1) * count]
    return wire.IdentityVideoGetAnswer(
        video_list=tuple(_video(call, row, post) for post in shown),
        cursor=str(page + 1),
        has_more=len(found) > (page + 1) * count,
    )


def post_of(call: Call, asked: wire.IdentityVideoInfoRequest) -> wire.IdentityVideoInfoAnswer:
    """One post, or up to 20. Portal 1740218522178562, C; an unknown one among several is left out (*choice*)."""
    row = _own(call, asked.advertiser_id, asked.identity_type, asked.identity_id, asked.identity_authorized_bc_id)
    if (asked.item_id is None) == (asked.item_ids is None):
        raise refusals.parameter("item_id", "give it or item_ids, one of the two")
    wanted = (asked.item_id,) if asked.item_id is not None else asked.item_ids or ()
    found = {post["item_id"]: _video(call, row, post) for post in _applied_posts(call, row)}
    if asked.item_id is None:
        return wire.IdentityVideoInfoAnswer(video_details=tuple(found[each] for each in wanted if each in found))
    if asked.item_id not in found:
        raise refusals.missing("post of this identity")
    # A logged live call had the empty list beside it (C2).
    return wire.IdentityVideoInfoAnswer(video_detail=found[asked.item_id], video_details=())


def music(call: Call, asked: wire.IdentityMusicAuthorizationRequest) -> wire.IdentityMusicAuthorizationAnswer:
    """No post of the cast holds a song, so none needs a right (*choice*)."""
    row = _own(call, asked.advertiser_id, asked.identity_type, asked.identity_id, asked.identity_authorized_bc_id)
    if asked.video_id not in {post["item_id"] for post in _applied_posts(call, row)}:
        raise refusals.Refusal(wire.ErrorCode.INVALID_VIDEO, "The video_id is not a post of this identity.")
    answer = wire.MusicAuthorization(asked.video_id, wire.MusicStatus.WITHOUT_SONG_ID)
    return wire.IdentityMusicAuthorizationAnswer((answer,))


def find(call: Call, account_id: str, identity_type: wire.IdentityType | None, identity_id: str | None) -> Row:
    """Refuses 40007 for an identity this ad account does not have."""
    row = None
    if identity_type is wire.IdentityType.AUTH_CODE:
        row = call.one(_IDENTITIES + "AND identity_id = ?", account_id, identity_id)
    if row is None:
        raise refusals.missing("identity")
    return row


_IDENTITIES: Final = (
    "SELECT i.*, c.handle, c.name, c.is_government FROM identities i JOIN creators c USING (open_id) "
    "WHERE i.ad_account_id = ? "
)


def _own(call: Call, advertiser_id: str, kind: wire.IdentityType, identity_id: str, bc_id: str | None) -> Row:
    account = call.ad_account(advertiser_id)
    _check_business_center(kind, bc_id)
    if kind not in _PULLING:
        raise refusals.parameter("identity_type", "must be one of AUTH_CODE, TT_USER, BC_AUTH_TT")
    return find(call, account["ad_account_id"], kind, identity_id)


def _check_business_center(kind: wire.IdentityType | None, bc_id: str | None) -> None:
    if kind is wire.IdentityType.BC_AUTH_TT and not bc_id:
        raise refusals.parameter("identity_authorized_bc_id", "is required with BC_AUTH_TT")


def _page(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise refusals.parameter("cursor", "is not one of an earlier answer")
    return int(cursor)


def _applied_posts(call: Call, row: Row) -> list[Row]:
    return call.all(
        "SELECT p.*, max(a.code_id) AS code_id, max(a.applied_at) AS applied_at FROM applications a "
        "JOIN posts p USING (item_id) WHERE a.ad_account_id = ? AND p.open_id = ? "
        "GROUP BY p.item_id ORDER BY p.created_at DESC, p.item_id",
        row["ad_account_id"],
        row["open_id"],
    )


def _identity(call: Call, row: Row, *, picture: str) -> wire.Identity:
    image = f"https://media.sandbox.invalid/{row['open_id']}.jpg"
    applied = call.all(
        "SELECT c.* FROM applications a JOIN codes c USING (code_id) JOIN posts p ON p.item_id = a.item_id "
        "WHERE a.ad_account_id = ? AND p.open_id = ?",
        row["ad_account_id"],
        row["open_id"],
    )
    live = any(codes.is_live(call, code) for code in applied)
    return wire.Identity(
        identity_id=row["identity_id"],
        identity_type=wire.IdentityType.AUTH_CODE,
        display_name=row["name"],
        username=row["handle"],
        profile_image=image if picture == "profile_image" else None,
        profile_image_url=image if picture == "profile_image_url" else None,
        # Which status an identity without a live post has is a *choice*; the words are C.
        available_status=wire.AvailableStatus.AVAILABLE if live else wire.AvailableStatus.NO_VALID_BIND_ACCOUNT,
        ads_only_mode=False,
        is_gpppa=bool(row["is_government"]),
        can_push_video=False,  # AUTH_CODE pulls existing posts and pushes none (C)
        can_pull_video=True,
        can_use_live_ads=False,
        can_manage_message=False,
    )


def _video(call: Call, row: Row, post: Row) -> wire.IdentityVideo:
    code = call.one("SELECT * FROM codes WHERE code_id = ?", post["code_id"])
    state = wire.PostStatus(post["state"])
    return wire.IdentityVideo(
        item_id=post["item_id"],
        item_type=posts.item_type(post),
        status=_STATUS.get(state, f"ITEM_STATUS_{state.value}"),
        text=post["caption"],
        auth_info=spark.auth_info(call, code, post) if code is not None else None,
        video_info=posts.video_info(post, for_identity=True),
        carousel_info=posts.carousel_info(post),
    )


RULES: Final[Mapping[str, Rule]] = {
    wire.IDENTITY_GET.path: listed,
    wire.IDENTITY_INFO.path: look,
    wire.IDENTITY_VIDEO_GET.path: posts_of,
    wire.IDENTITY_VIDEO_INFO.path: post_of,
    wire.IDENTITY_MUSIC_AUTHORIZATION.path: music,
}
