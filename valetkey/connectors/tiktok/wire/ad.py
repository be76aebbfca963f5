"""PURE. Ads that run a post: make, list, change, pause. A pull ad takes caption and media from the post.

Does not decide which fields belong together; TikTok has more fields than these, and unknown ones are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .envelope import PageInfo
from .identity import IdentityType
from .instants import Instant
from .shape import NULL, within


class AdFormat(StrEnum):
    """Formats of a Spark Ad. Guide "Create Spark Ads", C."""

    SINGLE_VIDEO = "SINGLE_VIDEO"
    CAROUSEL_ADS = "CAROUSEL_ADS"


class OperationStatus(StrEnum):
    """What the advertiser has set. ENABLE and DISABLE are C (SDK); DELETE, in updates only, is U."""

    ENABLE = "ENABLE"
    DISABLE = "DISABLE"
    DELETE = "DELETE"


class DarkPostStatus(StrEnum):
    """Ads-only mode of a pushed post. C; the default is ON since 2026-01-27 (C2)."""

    ON = "ON"
    OFF = "OFF"


@dataclass(frozen=True)
class UtmParam:
    key: str
    value: str


@dataclass(frozen=True)
class Creative:
    """One ad to make. Portal 1739953377508354, C.

    To pull a post: `identity_*` from `user_info`, `tiktok_item_id` from `item_info`, and one of `call_to_action` and
    `call_to_action_id`; leave out `ad_text`, `image_ids` and `video_id`.
    """

    ad_name: str
    identity_type: IdentityType
    identity_id: str
    ad_format: AdFormat
    tiktok_item_id: str | None = None
    call_to_action: str | None = None
    operation_status: OperationStatus | None = None
    identity_authorized_bc_id: str | None = None  # required with BC_AUTH_TT
    call_to_action_id: str | None = None
    ad_text: str | None = None
    image_ids: tuple[str, ...] | None = None
    video_id: str | None = None
    landing_page_url: str | None = None
    tracking_pixel_id: int | None = None
    tracking_app_id: str | None = None
    click_tracking_url: str | None = None
    impression_tracking_url: str | None = None
    utm_params: tuple[UtmParam, ...] | None = None
    dark_post_status: DarkPostStatus | None = None
    item_duet_status: str | None = None
    item_stitch_status: str | None = None
    promotional_music_disabled: bool | None = None


@dataclass(frozen=True)
class Ad:
    """An ad as TikTok shows it. Keys from TikTok's AUTH_CODE sample, C; only `ad_id` is sure to be there.

    A pull ad has `ad_text` "", `image_ids` [] and `video_id` null.
    """

    ad_id: str
    ad_name: str | None = None
    advertiser_id: str | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None
    adgroup_id: str | None = None
    adgroup_name: str | None = None
    identity_type: IdentityType | str | None = None
    identity_id: str | None = None
    identity_authorized_bc_id: str | None = None
    display_name: str | None = None
    profile_image_url: str | None = None
    ad_format: AdFormat | str | None = None
    tiktok_item_id: str | None = None
    ad_text: str | None = None
    ad_texts: tuple[str, ...] | None = field(default=None, metadata=NULL)
    image_ids: tuple[str, ...] | None = None
    video_id: str | None = field(default=None, metadata=NULL)
    call_to_action: str | None = None
    call_to_action_id: str | None = None
    landing_page_url: str | None = None
    operation_status: OperationStatus | str | None = None
    secondary_status: str | None = None
    create_time: Instant | None = None
    modify_time: Instant | None = None
    creative_type: str | None = None
    tracking_pixel_id: int | None = None
    promotional_music_disabled: bool | None = None
    dark_post_status: DarkPostStatus | str | None = None  # TikTok shows these two for pushed posts
    branded_content_disabled: bool | None = None


@dataclass(frozen=True)
class AdCreateRequest:
    """Portal 1739953377508354, C."""

    advertiser_id: str
    adgroup_id: str
    creatives: tuple[Creative, ...]


@dataclass(frozen=True)
class AdCreateAnswer:
    """The new ads. `need_audit` is false in TikTok's sample, C."""

    ad_ids: tuple[str, ...]
    need_audit: bool | None = None
    creatives: tuple[Ad, ...] | None = None


@dataclass(frozen=True)
class AdFiltering:
    """Which ads. There is no filter by post: list and match `tiktok_item_id`. C (SDK)."""

    ad_ids: tuple[str, ...] | None = None
    adgroup_ids: tuple[str, ...] | None = None
    campaign_ids: tuple[str, ...] | None = None
    primary_status: str | None = None
    secondary_status: str | None = None
    creation_filter_start_time: Instant | None = None
    creation_filter_end_time: Instant | None = None
    modified_after: Instant | None = None


@dataclass(frozen=True)
class AdGetRequest:
    """Parameters C (SDK); the default and the bounds of `page_size` are U."""

    advertiser_id: str
    filtering: AdFiltering | None = None
    page: int = field(default=1, metadata=within(1, 2**31 - 1))
    page_size: int = field(default=10, metadata=within(1, 1000))
    fields: tuple[str, ...] | None = None
    exclude_field_types_in_response: tuple[str, ...] | None = None


@dataclass(frozen=True)
class AdGetAnswer:
    list: tuple[Ad, ...]
    page_info: PageInfo


@dataclass(frozen=True)
class CreativeUpdate:
    """Changes to one ad; a full replacement unless the request says `patch_update`. C (SDK).

    There is no `operation_status` here: pausing is `/ad/status/update/`.
    """

    ad_id: str
    ad_name: str | None = None
    identity_type: IdentityType | None = None
    identity_id: str | None = None
    identity_authorized_bc_id: str | None = None
    ad_format: AdFormat | None = None
    tiktok_item_id: str | None = None
    call_to_action: str | None = None
    call_to_action_id: str | None = None
    landing_page_url: str | None = None
    dark_post_status: DarkPostStatus | None = None


@dataclass(frozen=True)
class AdUpdateRequest:
    advertiser_id: str
    adgroup_id: str
    creatives: tuple[CreativeUpdate, ...]
    patch_update: bool | None = None


@dataclass(frozen=True)
class AdUpdateAnswer:
    """The shape of `/ad/create/`'s answer, assumed (U); so nothing is required."""

    ad_ids: tuple[str, ...] | None = None
    need_audit: bool | None = None
    creatives: tuple[Ad, ...] | None = None


@dataclass(frozen=True)
class AdStatusUpdateRequest:
    """Start or pause ads. C (SDK)."""

    advertiser_id: str
    ad_ids: tuple[str, ...]
    operation_status: OperationStatus


@dataclass(frozen=True)
class AdStatusUpdateAnswer:
    """What comes back is not described in our sources (U); so nothing is required. Read `/ad/get/` to be sure."""

    ad_ids: tuple[str, ...] | None = None
    status: OperationStatus | str | None = None


@dataclass(frozen=True)
class SmartPlusCreativeInfo:
    """The same ids as in `Creative`, one level deeper. Portal 1843317390059522, C; fields C (SDK)."""

    identity_type: IdentityType | None = None
    identity_id: str | None = None
    identity_authorized_bc_id: str | None = None
    ad_format: AdFormat | None = None
    tiktok_item_id: str | None = None


@dataclass(frozen=True)
class SmartPlusCreative:
    creative_info: SmartPlusCreativeInfo


@dataclass(frozen=True)
class SmartPlusCallToAction:
    call_to_action: str


@dataclass(frozen=True)
class SmartPlusAdCreateRequest:
    """Portal 1843317390059522, C; fields C (SDK), of which only those a Spark Ad needs stand here."""

    advertiser_id: str
    adgroup_id: str
    creative_list: tuple[SmartPlusCreative, ...]
    ad_name: str | None = None
    call_to_action_list: tuple[SmartPlusCallToAction, ...] | None = None
    operation_status: OperationStatus | None = None


@dataclass(frozen=True)
class SmartPlusAdCreateAnswer:
    """Not described in our sources; the id's name is the one `/smart_plus/ad/get/` uses (U)."""

    smart_plus_ad_id: str | None = None
