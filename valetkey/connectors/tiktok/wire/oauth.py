"""PURE. The two logins: an advertiser's, whose token stays until revoked, and a TikTok account's, a day at a time.

Here `auth_code` is the one-hour, single-use code of a login, never a Spark code. Decides the words, keeps no token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class GrantType(StrEnum):
    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 the name of a grant, not a token


@dataclass(frozen=True)
class Oauth2AccessTokenRequest:
    """An advertiser's login code for a token. C (SDK)."""

    app_id: str
    secret: str = field(repr=False)
    auth_code: str = field(repr=False)


@dataclass(frozen=True)
class Oauth2AccessTokenAnswer:
    """A token without an end, the ad accounts it opens and its numeric scopes. C (SDK) and C2."""

    access_token: str = field(repr=False)
    advertiser_ids: tuple[str, ...] = ()
    scope: tuple[int, ...] = ()


@dataclass(frozen=True)
class OauthTokenRequest:
    """The form variant of the same, urlencoded; path C2, field names C2."""

    client_id: str
    client_secret: str = field(repr=False)
    code: str = field(repr=False)
    grant_type: GrantType = GrantType.AUTHORIZATION_CODE


@dataclass(frozen=True)
class Oauth2AdvertiserGetRequest:
    """In the query, beside the Access-Token header. C (SDK). The secret is in the address: keep it out of logs."""

    app_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Advertiser:
    advertiser_id: str
    advertiser_name: str | None = None


@dataclass(frozen=True)
class Oauth2AdvertiserGetAnswer:
    """The ad accounts a token opens. C2."""

    list: tuple[Advertiser, ...]


@dataclass(frozen=True)
class Oauth2RevokeTokenRequest:
    """End an advertiser's token; answered with `Empty`. C2."""

    app_id: str
    secret: str = field(repr=False)
    access_token: str = field(repr=False)


@dataclass(frozen=True)
class TtUserOauth2TokenRequest:
    """A TikTok account's login code for a token. Portal 1738084387220481, C2."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_code: str = field(repr=False)
    redirect_uri: str
    grant_type: GrantType = GrantType.AUTHORIZATION_CODE


@dataclass(frozen=True)
class TtUserOauth2RefreshTokenRequest:
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    grant_type: GrantType = GrantType.REFRESH_TOKEN


@dataclass(frozen=True)
class TokenAnswer:
    """A TikTok account's token, from login or refresh; lives in seconds: a day, and a year for the refresh token. C2.

    `open_id` is the `business_id` of the creator's calls. `scope` is dotted names joined by commas.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    open_id: str
    expires_in: int
    refresh_token_expires_in: int
    scope: str = ""
    token_type: str = "Bearer"  # noqa: S105 a kind of token

    @property
    def scopes(self) -> tuple[str, ...]:
        return _split(self.scope)


@dataclass(frozen=True)
class TtUserOauth2RevokeRequest:
    """End a TikTok account's token; answered with `Empty`. C2."""

    client_id: str
    client_secret: str = field(repr=False)
    access_token: str = field(repr=False)


@dataclass(frozen=True)
class TtUserTokenInfoGetRequest:
    """What a token may do. C2. `app_id` is what the other calls name `client_id`."""

    app_id: str
    access_token: str = field(repr=False)


@dataclass(frozen=True)
class TtUserTokenInfoGetAnswer:
    """C2. `scope` is dotted names joined by commas."""

    app_id: str
    scope: str
    creator_id: str

    @property
    def scopes(self) -> tuple[str, ...]:
        return _split(self.scope)


def _split(scope: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in scope.split(",") if name.strip())
