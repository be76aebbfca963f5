"""PURE. Every call this package knows: method, path, shapes, whose token it takes and the scope it needs.

Decides what belongs to which path. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, Literal, TypeVar

from . import ad, business, identity, oauth, post, tcm, tt_video
from .envelope import PREFIX, Empty

Q = TypeVar("Q")
A = TypeVar("A")


class TokenKind(StrEnum):
    """Whose token the Access-Token header carries. NONE: the call proves itself in its body."""

    ADVERTISER = "advertiser"
    CREATOR = "creator"
    NONE = "none"


@dataclass(frozen=True)
class Endpoint(Generic[Q, A]):
    """One call. GET sends a query, POST a JSON body, or a form where `form` is set.

    `path` has no prefix and ends in a slash, as it must.
    `scope` is a number for advertisers (C2), a dotted name for creators (C, C2), None where it is not known.
    """

    method: Literal["GET", "POST"]
    path: str
    request: type[Q]
    answer: type[A]
    token: TokenKind
    scope: int | str | None = None
    form: bool = False

    @property
    def full_path(self) -> str:
        """With the version's prefix, without the host."""
        return PREFIX + self.path


_ADVERTISER: Final = TokenKind.ADVERTISER
_CREATOR: Final = TokenKind.CREATOR
_NONE: Final = TokenKind.NONE
_SPARK: Final = "biz.spark.auth"

TT_VIDEO_AUTHORIZE = Endpoint("POST", "/tt_video/authorize/", tt_video.TtVideoAuthorizeRequest, Empty, _ADVERTISER, 691)
TT_VIDEO_INFO = Endpoint("GET", "/tt_video/info/", tt_video.TtVideoInfoRequest, post.PostObject, _ADVERTISER, 690)
TT_VIDEO_LIST = Endpoint(
    "GET", "/tt_video/list/", tt_video.TtVideoListRequest, tt_video.TtVideoListAnswer, _ADVERTISER, 691
)
TT_VIDEO_UNBIND = Endpoint("POST", "/tt_video/unbind/", tt_video.TtVideoUnbindRequest, Empty, _ADVERTISER, 691)

IDENTITY_GET = Endpoint(
    "GET", "/identity/get/", identity.IdentityGetRequest, identity.IdentityGetAnswer, _ADVERTISER, 693
)
IDENTITY_INFO = Endpoint(
    "GET", "/identity/info/", identity.IdentityInfoRequest, identity.IdentityInfoAnswer, _ADVERTISER, 693
)
IDENTITY_VIDEO_GET = Endpoint(
    "GET", "/identity/video/get/", identity.IdentityVideoGetRequest, identity.IdentityVideoGetAnswer, _ADVERTISER, 693
)
IDENTITY_VIDEO_INFO = Endpoint(
    "GET",
    "/identity/video/info/",
    identity.IdentityVideoInfoRequest,
    identity.IdentityVideoInfoAnswer,
    _ADVERTISER,
    693,
)
IDENTITY_CREATE = Endpoint(
    "POST", "/identity/create/", identity.IdentityCreateRequest, identity.IdentityCreateAnswer, _ADVERTISER, 692
)
IDENTITY_DELETE = Endpoint("POST", "/identity/delete/", identity.IdentityDeleteRequest, Empty, _ADVERTISER)
IDENTITY_MUSIC_AUTHORIZATION = Endpoint(
    "GET",
    "/identity/music/authorization/",
    identity.IdentityMusicAuthorizationRequest,
    identity.IdentityMusicAuthorizationAnswer,
    _ADVERTISER,
)
IDENTITY_LIVE_GET = Endpoint("GET", "/identity/live/get/", identity.IdentityLiveGetRequest, Empty, _ADVERTISER)

AD_CREATE = Endpoint("POST", "/ad/create/", ad.AdCreateRequest, ad.AdCreateAnswer, _ADVERTISER)
AD_GET = Endpoint("GET", "/ad/get/", ad.AdGetRequest, ad.AdGetAnswer, _ADVERTISER)
AD_UPDATE = Endpoint("POST", "/ad/update/", ad.AdUpdateRequest, ad.AdUpdateAnswer, _ADVERTISER)
AD_STATUS_UPDATE = Endpoint(
    "POST", "/ad/status/update/", ad.AdStatusUpdateRequest, ad.AdStatusUpdateAnswer, _ADVERTISER
)
SMART_PLUS_AD_CREATE = Endpoint(
    "POST", "/smart_plus/ad/create/", ad.SmartPlusAdCreateRequest, ad.SmartPlusAdCreateAnswer, _ADVERTISER
)

BUSINESS_POST_AUTHORIZE_SETTING = Endpoint(
    "POST",
    "/business/post/authorize/setting/",
    business.BusinessPostAuthorizeSettingRequest,
    business.PostAuthorizationEcho,
    _CREATOR,
    _SPARK,
)
BUSINESS_POST_AUTHORIZE = Endpoint(
    "POST",
    "/business/post/authorize/",
    business.BusinessPostAuthorizeRequest,
    business.PostAuthorizationEcho,
    _CREATOR,
    _SPARK,
)
BUSINESS_POST_AUTHORIZE_STATUS = Endpoint(
    "GET",
    "/business/post/authorize/status/",
    business.BusinessPostAuthorizeStatusRequest,
    business.PostAuthorization,
    _CREATOR,
    _SPARK,
)
BUSINESS_POST_AUTHORIZE_DELETE = Endpoint(
    "POST",
    "/business/post/authorize/delete/",
    business.BusinessPostAuthorizeDeleteRequest,
    business.PostAuthorizationEcho,
    _CREATOR,
    _SPARK,
)
BUSINESS_GET = Endpoint(
    "GET", "/business/get/", business.BusinessGetRequest, business.BusinessGetAnswer, _CREATOR, "user.info.basic"
)
BUSINESS_VIDEO_LIST = Endpoint(
    "GET",
    "/business/video/list/",
    business.BusinessVideoListRequest,
    business.BusinessVideoListAnswer,
    _CREATOR,
    "video.list",
)

# Which token the marketplace takes is not written in our sources; brands call it, so the advertiser's is assumed (U).
TCM_TT_VIDEO_APPLY = Endpoint("POST", "/tcm/tt_video/apply/", tcm.TcmTtVideoApplyRequest, Empty, _ADVERTISER)
TCM_TT_VIDEO_STATUS = Endpoint(
    "GET", "/tcm/tt_video/status/", tcm.TcmTtVideoStatusRequest, tcm.TcmTtVideoStatusAnswer, _ADVERTISER
)

OAUTH2_ACCESS_TOKEN = Endpoint(
    "POST", "/oauth2/access_token/", oauth.Oauth2AccessTokenRequest, oauth.Oauth2AccessTokenAnswer, _NONE
)
OAUTH2_ADVERTISER_GET = Endpoint(
    "GET", "/oauth2/advertiser/get/", oauth.Oauth2AdvertiserGetRequest, oauth.Oauth2AdvertiserGetAnswer, _ADVERTISER
)
OAUTH2_REVOKE_TOKEN = Endpoint("POST", "/oauth2/revoke_token/", oauth.Oauth2RevokeTokenRequest, Empty, _NONE)
# One client reads this answer's fields beside `code` instead of inside `data` (U); the others read `data`.
OAUTH_TOKEN = Endpoint(
    "POST", "/oauth/token/", oauth.OauthTokenRequest, oauth.Oauth2AccessTokenAnswer, _NONE, form=True
)
TT_USER_OAUTH2_TOKEN = Endpoint(
    "POST", "/tt_user/oauth2/token/", oauth.TtUserOauth2TokenRequest, oauth.TokenAnswer, _NONE
)
TT_USER_OAUTH2_REFRESH_TOKEN = Endpoint(
    "POST", "/tt_user/oauth2/refresh_token/", oauth.TtUserOauth2RefreshTokenRequest, oauth.TokenAnswer, _NONE
)
TT_USER_OAUTH2_REVOKE = Endpoint("POST", "/tt_user/oauth2/revoke/", oauth.TtUserOauth2RevokeRequest, Empty, _NONE)
TT_USER_TOKEN_INFO_GET = Endpoint(
    "POST", "/tt_user/token_info/get/", oauth.TtUserTokenInfoGetRequest, oauth.TtUserTokenInfoGetAnswer, _NONE
)

ENDPOINTS: Final[tuple[Endpoint[Any, Any], ...]] = tuple(
    value for value in list(globals().values()) if isinstance(value, Endpoint)
)
"""All of the above, in the order they stand."""
