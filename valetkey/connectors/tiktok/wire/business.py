"""PURE. The creator's side: switch ad authorization on, read the code, extend, delete; profile and list of posts.

Decides the words. Does not decide when an extension or an end is allowed: TikTok's rules there are not settled (U).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .instants import Instant
from .shape import within

TERM_DAYS: Final = (7, 30, 60, 365)
"""Terms a code can be given, in days. C2."""

TERM_DAYS_UNCONFIRMED: Final = (180,)
"""Offered by two newer tools and in no transcription of TikTok's reference. U."""


class AuthCodeStatus(StrEnum):
    """State of the one code a post has. C2; one client lists only the first three."""

    NOT_USED = "NOT_USED"  # made, not applied
    IN_USE = "IN_USE"  # made and applied
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"


class MediaType(StrEnum):
    """Kinds of post in `/business/video/list/`, in other words than an advertiser sees. C2."""

    VIDEO = "VIDEO"
    PHOTO = "PHOTO"


@dataclass(frozen=True)
class BusinessPostAuthorizeSettingRequest:
    """Switch ad authorization of one post on or off; on makes a code. Guide 1815124785075201, C; details C2.

    `business_id` is the `open_id` of the token answer. Without days TikTok takes 30.
    """

    business_id: str
    item_id: str
    is_ad_promotable: bool
    authorization_days: int | None = None


@dataclass(frozen=True)
class BusinessPostAuthorizeRequest:
    """Extend the code of a post. Path C, details C2. Without days TikTok takes 30.

    Whether days are added to what is left, and whether an ended or deleted code can be extended, is U.
    """

    business_id: str
    item_id: str
    authorization_days: int | None = None


@dataclass(frozen=True)
class BusinessPostAuthorizeStatusRequest:
    business_id: str
    item_id: str


@dataclass(frozen=True)
class BusinessPostAuthorizeDeleteRequest:
    business_id: str
    item_id: str


@dataclass(frozen=True)
class PostAuthorization:
    """The code of one post and its window, in UTC. C2.

    A post that never had a code shows `item_id` alone, or the call fails (U).
    """

    item_id: str
    auth_code: str | None = field(default=None, repr=False)
    auth_code_start_time: Instant | None = None
    auth_code_end_time: Instant | None = None
    authorization_days: int | None = None
    auth_code_status: AuthCodeStatus | str | None = None


@dataclass(frozen=True)
class PostAuthorizationEcho(PostAuthorization):
    """What `setting`, extend and `delete` answer: like `status`, in part, or nothing at all (U).

    `item_id` is "" when nothing came. Read `status` back in any case.
    """

    item_id: str = ""


@dataclass(frozen=True)
class BusinessGetRequest:
    """A profile. C2. Dates are YYYY-MM-DD and only matter for insights."""

    business_id: str
    fields: tuple[str, ...] | None = None
    start_date: str | None = None
    end_date: str | None = None


@dataclass(frozen=True)
class BusinessGetAnswer:
    """Only the fields asked for. C2."""

    username: str | None = None
    display_name: str | None = None
    profile_image: str | None = None
    followers_count: int | None = None
    is_business_account: bool | None = None


@dataclass(frozen=True)
class BusinessVideoFilters:
    """`ad_post_only` keeps posts used as Spark Ads and works only together with `video_ids`. C2."""

    video_ids: tuple[str, ...] | None = None
    ad_post_only: bool | None = None


@dataclass(frozen=True)
class BusinessVideoListRequest:
    """Own posts, newest first. C2.

    `cursor` is Unix **milliseconds**: posts older than it, from now when left out. `fields` must name `item_id`, and is
    `["item_id"]` when left out. Fewer than `max_count` (10) may come even when there is more.
    """

    business_id: str
    fields: tuple[str, ...] | None = None
    filters: BusinessVideoFilters | None = None
    cursor: int | None = None
    max_count: int | None = field(default=None, metadata=within(1, 20))


@dataclass(frozen=True)
class BusinessVideo:
    """One own post, with the fields that were asked for. C2. `create_time` is Unix seconds as text (`parse_epoch`)."""

    item_id: str
    media_type: MediaType | str | None = None
    is_ad: bool | None = None
    thumbnail_url: str | None = None
    share_url: str | None = None
    embed_url: str | None = None
    caption: str | None = None
    video_duration: float | None = None
    create_time: str | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    favorites: int | None = None
    reach: int | None = None
    video_views: int | None = None


@dataclass(frozen=True)
class BusinessVideoListAnswer:
    videos: tuple[BusinessVideo, ...]
    cursor: int | None = None
    has_more: bool = False
