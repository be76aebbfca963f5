"""The table of calls."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

import pytest

from valetkey.connectors.tiktok import wire

IDS = [endpoint.path for endpoint in wire.ENDPOINTS]

# Reference 0, rows 1-14, then the neighbours of 1.8 to 1.10.
TABLE = """
POST /tt_video/authorize/ advertiser 691
GET /tt_video/info/ advertiser 690
GET /tt_video/list/ advertiser 691
POST /tt_video/unbind/ advertiser 691
GET /identity/get/ advertiser 693
GET /identity/info/ advertiser 693
GET /identity/video/get/ advertiser 693
GET /identity/video/info/ advertiser 693
POST /ad/create/ advertiser None
POST /smart_plus/ad/create/ advertiser None
POST /business/post/authorize/setting/ creator biz.spark.auth
GET /business/post/authorize/status/ creator biz.spark.auth
POST /business/post/authorize/ creator biz.spark.auth
POST /business/post/authorize/delete/ creator biz.spark.auth
POST /tt_user/oauth2/token/ none None
POST /tt_user/oauth2/refresh_token/ none None
POST /tt_user/oauth2/revoke/ none None
POST /tt_user/token_info/get/ none None
GET /business/get/ creator user.info.basic
GET /business/video/list/ creator video.list
POST /tcm/tt_video/apply/ advertiser None
GET /tcm/tt_video/status/ advertiser None
POST /identity/create/ advertiser 692
POST /identity/delete/ advertiser None
GET /identity/music/authorization/ advertiser None
GET /identity/live/get/ advertiser None
GET /ad/get/ advertiser None
POST /ad/update/ advertiser None
POST /ad/status/update/ advertiser None
POST /oauth2/access_token/ none None
GET /oauth2/advertiser/get/ advertiser None
POST /oauth2/revoke_token/ none None
POST /oauth/token/ none None
"""


def test_every_call_of_the_reference_is_here_with_its_token_and_scope() -> None:
    rows = {f"{each.method} {each.path} {each.token.value} {each.scope}" for each in wire.ENDPOINTS}
    assert rows == set(TABLE.strip().splitlines())
    assert len(rows) == len(wire.ENDPOINTS)


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=IDS)
def test_a_constant_is_named_by_its_path(endpoint: wire.Endpoint[Any, Any]) -> None:
    name = endpoint.path.strip("/").replace("/", "_").upper()
    assert getattr(wire, name) is endpoint


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=IDS)
def test_a_request_is_named_by_its_path(endpoint: wire.Endpoint[Any, Any]) -> None:
    words = endpoint.path.strip("/").replace("/", "_").split("_")
    assert endpoint.request.__name__ == "".join(word.title() for word in words) + "Request"


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=IDS)
def test_every_path_ends_in_a_slash_under_the_version(endpoint: wire.Endpoint[Any, Any]) -> None:
    assert endpoint.full_path == f"/open_api/v1.3{endpoint.path}"
    assert endpoint.path.startswith("/")
    assert endpoint.path.endswith("/")


def test_only_the_form_variant_is_a_form() -> None:
    assert [endpoint.path for endpoint in wire.ENDPOINTS if endpoint.form] == ["/oauth/token/"]


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=IDS)
def test_advertisers_calls_name_the_ad_account_and_creators_calls_the_creator(
    endpoint: wire.Endpoint[Any, Any],
) -> None:
    names = {field.name for field in dataclasses.fields(endpoint.request)}
    if endpoint.path.startswith(("/tt_video/", "/identity/", "/ad/", "/smart_plus/")):
        assert "advertiser_id" in names
    if endpoint.token is wire.TokenKind.CREATOR:
        assert "business_id" in names


@pytest.mark.parametrize(
    "cls",
    dict.fromkeys(shape for endpoint in wire.ENDPOINTS for shape in (endpoint.request, endpoint.answer)).keys(),
    ids=lambda cls: cls.__name__,
)
def test_every_id_is_text(cls: type[Any]) -> None:
    """Some exceed 2**53, which JSON numbers lose elsewhere. TikTok's one exception is `tracking_pixel_id`."""
    for name, hint in get_type_hints(cls).items():
        if name.endswith("_id") and name != "tracking_pixel_id":
            assert hint in (str, str | None)


def test_the_terms_are_data() -> None:
    assert wire.TERM_DAYS == (7, 30, 60, 365)
    assert wire.TERM_DAYS_UNCONFIRMED == (180,)
