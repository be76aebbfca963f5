"""PURE. A post as TikTok shows it to an advertiser, in `/tt_video/*` and in `/identity/video/*`.

Decides names, types and documented values. Values nobody has documented stay plain text, because TikTok's list of
them is not complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .instants import Instant
from .shape import NULL, also


class ItemType(StrEnum):
    """Kinds of post. Portal 1738376465972226, C2."""

    VIDEO = "VIDEO"
    CAROUSEL = "CAROUSEL"


class AdAuthStatus(StrEnum):
    """Values of `ad_auth_status` seen so far; the full set is unknown (U)."""

    AUTHORIZED = "AUTHORIZED"  # TikTok's sample, C
    EXPIRED = "EXPIRED"  # one client, U


class PostStatus(StrEnum):
    """Who can see a post, in the spelling of `/tt_video/*`. The first is C, the others C2."""

    HESITATE_RECOMMEND = "HESITATE_RECOMMEND"  # public
    ONLY_FRIEND_SEE = "ONLY_FRIEND_SEE"  # friends
    ONLY_AUTHOR_SEE = "ONLY_AUTHOR_SEE"  # private
    USER_DELETE = "USER_DELETE"  # deleted by its owner
    AUDIT_DELETE = "AUDIT_DELETE"  # removed in review
    ONLY_USER_PASS = "ONLY_USER_PASS"  # noqa: S105 a status, removed by reviewers after publishing
    REVIEW_PENDING = "REVIEW_PENDING"  # under review


class IdentityPostStatus(StrEnum):
    """The same in the spelling of `/identity/*`, as far as it is documented. The first is C, the others C2."""

    HESITATE_RECOMMEND = "ITEM_STATUS_HESITATE_RECOMMEND"
    # TikTok writes this one without ITEM_.
    ONLY_FRIEND_SEE = "STATUS_ONLY_FRIEND_SEE"
    ONLY_AUTHOR_SEE = "ITEM_STATUS_ONLY_AUTHOR_SEE"


def post_status(status: str | None) -> PostStatus | None:
    """The `/tt_video/*` value of a status in either spelling; None for one nobody has documented."""
    for spelling in (PostStatus, IdentityPostStatus):
        for documented in spelling:
            if documented == status:
                return PostStatus[documented.name]
    return None


class AnchorStatus(StrEnum):
    """Review of an anchor. C2; a logged call showed `CheckSuccess` instead, which stays plain text."""

    CHECK_ING = "CHECK_ING"
    CHECK_FAILED = "CHECK_FAILED"
    CHECK_SUCCESS = "CHECK_SUCCESS"


@dataclass(frozen=True)
class Anchor:
    """A link on a post, to a product for instance. C2; the key of its id differs between sources."""

    id: str | None = field(default=None, metadata=also("anchor_id", "Id"))
    title: str | None = None
    status: AnchorStatus | str | None = None
    product_regions: tuple[str, ...] | None = None
    url: str | None = None
    spu_id: str | None = None
    spu_name: str | None = None
    store_id: str | None = None  # product anchors only


@dataclass(frozen=True)
class CarouselImage:
    """One picture; sizes in pixels, the address lives 90 days. C2."""

    image_id: str | None = None
    image_url: str | None = None
    image_height: int | None = None
    image_width: int | None = None


@dataclass(frozen=True)
class CarouselMusic:
    """The sound under a carousel; `music_duration` in seconds. C2: one object, `{}` when there is none."""

    music_id: str | None = None
    music_url: str | None = None
    music_duration: float | None = None


@dataclass(frozen=True)
class CarouselInfo:
    """The pictures of a CAROUSEL. For a VIDEO null by the reference, `{"image_info":[],"music_info":{}}` live (C2)."""

    image_info: tuple[CarouselImage, ...] | None = ()
    music_info: CarouselMusic | None = field(default=None, metadata=NULL)


@dataclass(frozen=True)
class VideoInfo:
    """The file of a VIDEO: bits per second, seconds, bytes, pixels; addresses live one hour. C2.

    `/tt_video/*` shows `preview_url`, `video_id` and `file_name`; `/identity/video/*` shows `url` and `format`.
    """

    duration: float | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    bit_rate: int | None = None
    signature: str | None = None  # an MD5 of the file
    poster_url: str | None = None
    preview_url: str | None = None
    video_id: str | None = None
    file_name: str | None = None
    url: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class AuthInfo:
    """The window of an applied code, in UTC. Guide "Create Spark Ads", C; `invite_start_time` on `list` only (U)."""

    ad_auth_status: AdAuthStatus | str
    invite_start_time: Instant | None = None
    auth_start_time: Instant | None = None
    auth_end_time: Instant | None = None


@dataclass(frozen=True)
class ItemInfo:
    """The post itself. TikTok's sample has the first five fields only (C); the rest is C2 and may be absent.

    `item_id` is what an ad takes as `tiktok_item_id`.
    """

    item_id: str
    status: PostStatus | str
    auth_code: str | None = field(default=None, repr=False)
    text: str | None = None
    anchor_list: tuple[Anchor, ...] | None = field(default=None, metadata=NULL)
    item_type: ItemType | str | None = None
    carousel_info: CarouselInfo | None = field(default=None, metadata=NULL)
    is_multi_duet_stitch: bool | None = None
    stitch_original_item_id: str | None = field(default=None, metadata=NULL)
    duet_original_item_id: str | None = field(default=None, metadata=NULL)
    mentioned_item_ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class UserInfo:
    """The identity that applying a code made, for use in ads. Guide "Create Spark Ads", C.

    An AUTH_CODE identity's id is digits, one of a Business Center is a UUID (C2); both are text.
    """

    identity_id: str
    identity_type: str
    tiktok_name: str | None = None


@dataclass(frozen=True)
class PostObject:
    """One post with its code's window, its file and the identity for ads. Portal 1738376324021250, C2.

    `video_info` is null for a CAROUSEL.
    """

    item_info: ItemInfo
    auth_info: AuthInfo
    video_info: VideoInfo | None = field(metadata=NULL)
    user_info: UserInfo
