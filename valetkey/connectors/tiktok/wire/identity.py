"""PURE. Identities: as whom an ad account may run ads, and which posts each of them opens.

Does not decide which identity an ad should use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .envelope import PageInfo
from .instants import Instant
from .post import Anchor, AuthInfo, CarouselInfo, IdentityPostStatus, ItemType, VideoInfo
from .shape import NULL, within


class IdentityType(StrEnum):
    """How an identity came to be. Portal 1738958351620097, C."""

    AUTH_CODE = "AUTH_CODE"  # made when a Spark code is applied; can only pull existing posts
    TT_USER = "TT_USER"  # a Business Account linked by login
    BC_AUTH_TT = "BC_AUTH_TT"  # a TikTok account in a Business Center; needs identity_authorized_bc_id
    TTS_TT = "TTS_TT"  # a TikTok Shop account
    CUSTOMIZED_USER = "CUSTOMIZED_USER"  # made by hand, no Spark identity, being retired


class AvailableStatus(StrEnum):
    """Whether an identity can be used now, or why not. Portal 1740218420781057, C."""

    AVAILABLE = "AVAILABLE"
    NO_VALID_BIND_ACCOUNT = "NO_VALID_BIND_ACCOUNT"
    SCOPE_UNAVAILABLE = "SCOPE_UNAVAILABLE"
    IS_PRIVATE_ACCOUNT = "IS_PRIVATE_ACCOUNT"
    NOT_BUSINESS_ACCOUNT = "NOT_BUSINESS_ACCOUNT"


class MusicStatus(StrEnum):
    """Whether every song of a post may be used in ads. Portal 1740218495869954, C2."""

    WITHOUT_SONG_ID = "WITHOUT_SONG_ID"
    AUTHORIZATION_MISSING = "AUTHORIZATION_MISSING"
    WITH_FULL_AUTHORIZATION = "WITH_FULL_AUTHORIZATION"


@dataclass(frozen=True)
class Identity:
    """One identity. `is_gpppa` (government, politician, party) means no Spark Ads. Portal 1740218420781057, C.

    The picture is `profile_image` in `/identity/get/` and `profile_image_url` in `/identity/info/`.
    """

    identity_id: str
    identity_type: IdentityType | str
    identity_authorized_bc_id: str | None = field(default=None, metadata=NULL)
    display_name: str | None = None
    username: str | None = None
    profile_image: str | None = None
    profile_image_url: str | None = None
    available_status: AvailableStatus | str | None = None
    ads_only_mode: bool | None = None
    is_gpppa: bool | None = None
    can_push_video: bool | None = None
    can_pull_video: bool | None = None
    can_use_live_ads: bool | None = None
    can_manage_message: bool | None = None


@dataclass(frozen=True)
class IdentityFiltering:
    """`keyword` counts only for CUSTOMIZED_USER or without a type (C)."""

    keyword: str | None = None


@dataclass(frozen=True)
class IdentityGetRequest:
    """Identities of an ad account. Portal 1740218420781057, C. TTS_TT cannot be asked for here."""

    advertiser_id: str
    identity_type: IdentityType | None = None
    identity_authorized_bc_id: str | None = None
    filtering: IdentityFiltering | None = None
    page: int = field(default=1, metadata=within(1, 2**31 - 1))
    page_size: int = field(default=20, metadata=within(1, 100))


@dataclass(frozen=True)
class IdentityGetAnswer:
    identity_list: tuple[Identity, ...]
    page_info: PageInfo


@dataclass(frozen=True)
class IdentityInfoRequest:
    """One identity. Portal 1740218453385217, C."""

    advertiser_id: str
    identity_id: str
    identity_type: IdentityType
    identity_authorized_bc_id: str | None = None


@dataclass(frozen=True)
class IdentityInfoAnswer:
    identity_info: Identity


@dataclass(frozen=True)
class IdentityVideo:
    """A post of an identity. `auth_info` is null unless the identity is an AUTH_CODE. Portal 1740218475032577, C."""

    item_id: str
    item_type: ItemType | str | None = None
    status: IdentityPostStatus | str | None = None
    text: str | None = None
    auth_info: AuthInfo | None = field(default=None, metadata=NULL)
    anchor_list: tuple[Anchor, ...] | None = field(default=None, metadata=NULL)
    video_info: VideoInfo | None = field(default=None, metadata=NULL)
    carousel_info: CarouselInfo | None = field(default=None, metadata=NULL)


@dataclass(frozen=True)
class IdentityVideoGetRequest:
    """Posts of an identity, AUTH_CODE, TT_USER or BC_AUTH_TT. Portal 1740218475032577, C.

    `cursor` comes from the last answer: a page for AUTH_CODE, a timestamp otherwise. `keyword` is an error for any type
    but AUTH_CODE. No `item_type`: videos. The default of `count` is not known.
    """

    advertiser_id: str
    identity_id: str
    identity_type: IdentityType
    identity_authorized_bc_id: str | None = None
    item_type: ItemType | None = None
    keyword: str | None = None
    cursor: str | None = None
    count: int | None = field(default=None, metadata=within(1, 20))


@dataclass(frozen=True)
class IdentityVideoGetAnswer:
    video_list: tuple[IdentityVideo, ...]
    cursor: str | None = None
    has_more: bool = False


@dataclass(frozen=True)
class IdentityVideoInfoRequest:
    """One post (`item_id`) or up to 20 (`item_ids`), one of the two. Portal 1740218522178562, C.

    TikTok's SDK offers `item_id` only.
    """

    advertiser_id: str
    identity_id: str
    identity_type: IdentityType
    identity_authorized_bc_id: str | None = None
    item_id: str | None = None
    item_ids: tuple[str, ...] | None = field(default=None, metadata=within(1, 20))
    item_type: ItemType | None = None


@dataclass(frozen=True)
class IdentityVideoInfoAnswer:
    """`video_detail` answers `item_id`, `video_details` answers `item_ids`; a logged call had both, one empty (C2)."""

    video_detail: IdentityVideo | None = None
    video_details: tuple[IdentityVideo, ...] | None = None


@dataclass(frozen=True)
class IdentityCreateRequest:
    """Make a CUSTOMIZED_USER. Fields C (SDK); the length of the name C2. The picture is an uploaded image's id."""

    advertiser_id: str
    display_name: str = field(metadata=within(1, 100))
    image_uri: str | None = None


@dataclass(frozen=True)
class IdentityCreateAnswer:
    identity_id: str  # C2


@dataclass(frozen=True)
class IdentityDeleteRequest:
    """Path C, fields C2; answered with `Empty`. Which types may be deleted is not known."""

    advertiser_id: str
    identity_id: str
    identity_type: IdentityType | None = None


@dataclass(frozen=True)
class IdentityMusicAuthorizationRequest:
    """May the music of a post be used in ads there and then? Portal 1740218495869954, C2.

    `locations` are the ids the ad targets; the instants are the ad's own, in UTC.
    """

    advertiser_id: str
    video_id: str
    identity_id: str
    identity_type: IdentityType
    locations: tuple[str, ...]
    start_time: Instant
    end_time: Instant
    identity_authorized_bc_id: str | None = None


@dataclass(frozen=True)
class MusicAuthorizationInfo:
    """One song; `authorization_type` is NOT_AUTHORIZED or AUTHORIZED as far as is known. C2."""

    music_id: str | None = None
    title: str | None = None
    author: str | None = None
    authorization_type: str | None = None


@dataclass(frozen=True)
class MusicAuthorization:
    video_id: str
    music_status: MusicStatus | str
    authorization_infos: tuple[MusicAuthorizationInfo, ...] | None = ()


@dataclass(frozen=True)
class IdentityMusicAuthorizationAnswer:
    music_authorization: tuple[MusicAuthorization, ...]


@dataclass(frozen=True)
class IdentityLiveGetRequest:
    """Live videos of an identity. Path C, fields C2. Answer: `Empty`, because Spark codes do not reach live videos."""

    advertiser_id: str
    identity_id: str
    identity_type: IdentityType
    identity_authorized_bc_id: str | None = None
    cursor: str | None = None
