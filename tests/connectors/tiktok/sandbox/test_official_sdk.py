"""Checklist 18: TikTok's own Python SDK, from PyPI, against the real server: typed where it can be, else generic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from business_api_client import ApiClient, Configuration
from business_api_client.api.ad_api import AdApi
from business_api_client.api.authentication_api import AuthenticationApi
from business_api_client.api.identity_api import IdentityApi
from business_api_client.models import (
    AdCreateBody,
    AdcreateCreatives,
    AdStatusUpdateBody,
    FilteringAdGet,
    Oauth2AccessTokenBody,
)
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from tests.connectors.tiktok.sandbox.caller import Caller
from tests.connectors.tiktok.sandbox.running import in_a_thread
from valetkey.connectors.tiktok import wire


@pytest.fixture
def sdk(caller: Caller) -> Iterator[Any]:
    with in_a_thread(caller.sandbox) as port:
        configuration = Configuration()
        configuration.host = f"http://127.0.0.1:{port}"
        client = ApiClient(configuration)
        yield client
        client.rest_client.pool_manager.clear()
        client.pool.close()
        client.pool.join()


def _call(sdk: Any, endpoint: wire.Endpoint[Any, Any], token: str | None = None, **fields: Any) -> Any:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if token is not None:
        headers["Access-Token"] = token
    is_get = endpoint.method == "GET"
    return sdk.call_api(
        endpoint.full_path,
        endpoint.method,
        query_params=list(fields.items()) if is_get else [],
        body=None if is_get else fields,
        header_params=headers,
        response_type="InlineResponse200",
        auth_settings=[],
        _return_http_data_only=True,
        collection_formats={},
    )["data"]


def _creator(caller: Caller) -> dict[str, str]:
    return {"business_id": caller.mara.account_id, "item_id": caller.mara.posts["public"]}


def test_checklist_18_typed_oauth2_access_token(caller: Caller, sdk: Any) -> None:
    code = caller.control("oauth-code", advertiser="Northwind")["auth_code"]
    secret = caller.cast.app_secret.reveal()
    body = Oauth2AccessTokenBody(app_id=caller.cast.app_id, secret=secret, auth_code=code)
    data = AuthenticationApi(sdk).oauth2_access_token(body=body)["data"]
    assert data["advertiser_ids"] == [caller.eu.ad_account_id, caller.us.ad_account_id]
    listed = AuthenticationApi(sdk).oauth2_advertiser_get(caller.cast.app_id, secret, data["access_token"])
    assert len(listed["data"]["list"]) == 2


def test_checklist_18_typed_identities(caller: Caller, sdk: Any) -> None:
    entry, token = caller.applied(), caller.northwind.token.reveal()
    identity_id, item_id = entry["user_info"]["identity_id"], entry["item_info"]["item_id"]
    api, account = IdentityApi(sdk), caller.eu.ad_account_id
    listed = api.identity_get(account, token, identity_type="AUTH_CODE", page=1, page_size=20)
    assert [each["identity_id"] for each in listed["data"]["identity_list"]] == [identity_id]
    video = api.identity_video_info(token, account, "AUTH_CODE", identity_id, item_id)
    assert video["data"]["video_detail"]["item_id"] == item_id


def test_checklist_18_typed_ads(caller: Caller, sdk: Any) -> None:
    entry, token = caller.applied(), caller.northwind.token.reveal()
    api, account = AdApi(sdk), caller.eu.ad_account_id
    creative = AdcreateCreatives(
        ad_name="Spark 1",
        identity_type="AUTH_CODE",
        identity_id=entry["user_info"]["identity_id"],
        ad_format="SINGLE_VIDEO",
        tiktok_item_id=entry["item_info"]["item_id"],
        call_to_action="LEARN_MORE",
    )
    body = AdCreateBody(advertiser_id=account, adgroup_id=caller.eu.ad_group_id, creatives=[creative])
    [ad_id] = api.ad_create(token, body=body)["data"]["ad_ids"]
    [ad] = api.ad_get(account, token, filtering=FilteringAdGet(ad_ids=[ad_id]))["data"]["list"]
    assert (ad["tiktok_item_id"], ad["secondary_status"]) == (caller.mara.posts["public"], "AD_STATUS_DELIVERY_OK")
    pause = AdStatusUpdateBody(advertiser_id=account, ad_ids=[ad_id], operation_status="DISABLE")
    assert api.ad_status_update(token, body=pause)["data"]["ad_ids"] == [ad_id]
    assert api.ad_get(account, token)["data"]["list"][0]["operation_status"] == "DISABLE"


def test_checklist_18_rows_1_to_4_and_8_to_11_from_making_to_deleting(caller: Caller, sdk: Any) -> None:
    post, creator, advertiser = _creator(caller), caller.mara.token.reveal(), caller.northwind.token.reveal()
    account = {"advertiser_id": caller.eu.ad_account_id}
    made = _call(sdk, wire.BUSINESS_POST_AUTHORIZE_SETTING, creator, **post, is_ad_promotable=True)
    status = _call(sdk, wire.BUSINESS_POST_AUTHORIZE_STATUS, creator, **post)
    assert made == status
    code = status["auth_code"]
    assert {"#", "+", "/", "="} <= set(code)
    assert _call(sdk, wire.TT_VIDEO_AUTHORIZE, advertiser, **account, auth_code=code) == {}
    seen = _call(sdk, wire.TT_VIDEO_INFO, advertiser, **account, auth_code=code)
    assert seen["item_info"]["auth_code"] == code
    listed = _call(sdk, wire.TT_VIDEO_LIST, advertiser, **account, item_types=["VIDEO", "CAROUSEL"], page=1)
    assert [each["item_info"]["item_id"] for each in listed["list"]] == [post["item_id"]]
    longer = _call(sdk, wire.BUSINESS_POST_AUTHORIZE, creator, **post, authorization_days=60)
    assert longer["auth_code_end_time"] > status["auth_code_end_time"]
    assert longer["auth_code_status"] == "IN_USE"
    assert _call(sdk, wire.TT_VIDEO_UNBIND, advertiser, **account, item_id=post["item_id"]) == {}
    gone = _call(sdk, wire.BUSINESS_POST_AUTHORIZE_DELETE, creator, **post)
    assert gone["auth_code_status"] == "DELETED"


def test_checklist_18_rows_12_and_13_login_and_profile(caller: Caller, sdk: Any) -> None:
    app = {"client_id": caller.cast.app_id, "client_secret": caller.cast.app_secret.reveal()}
    code = caller.control("oauth-code", creator="mara.makes")["auth_code"]
    login = _call(
        sdk,
        wire.TT_USER_OAUTH2_TOKEN,
        **app,
        grant_type="authorization_code",
        auth_code=code,
        redirect_uri="https://desk.example/back",
    )
    fresh = _call(
        sdk,
        wire.TT_USER_OAUTH2_REFRESH_TOKEN,
        **app,
        grant_type="refresh_token",
        refresh_token=login["refresh_token"],
    )
    token, business_id = fresh["access_token"], fresh["open_id"]
    inspected = _call(sdk, wire.TT_USER_TOKEN_INFO_GET, app_id=app["client_id"], access_token=token)
    assert inspected["creator_id"] == business_id
    profile = _call(sdk, wire.BUSINESS_GET, token, business_id=business_id, fields=["username"])
    assert profile == {"username": "mara.makes"}
    videos = _call(sdk, wire.BUSINESS_VIDEO_LIST, token, business_id=business_id, fields=["item_id", "caption"])
    assert videos["videos"][0]["item_id"] == caller.mara.posts["public"]
    assert _call(sdk, wire.TT_USER_OAUTH2_REVOKE, **app, access_token=token) == {}


def test_an_error_is_the_sdks_own_with_our_text(caller: Caller, sdk: Any) -> None:
    with pytest.raises(TiktokSDKError, match="40105.*Access token is incorrect"):
        _call(sdk, wire.TT_VIDEO_LIST, "nonsense", advertiser_id=caller.eu.ad_account_id)
    with pytest.raises(TiktokSDKError, match="auth_code_format_error"):
        account = {"advertiser_id": caller.eu.ad_account_id}
        _call(sdk, wire.TT_VIDEO_AUTHORIZE, caller.northwind.token.reveal(), **account, auth_code="no code")
    with pytest.raises(TiktokSDKError, match="No permission to operate advertiser"):
        IdentityApi(sdk).identity_get(caller.contoso.ad_accounts[0].ad_account_id, caller.northwind.token.reveal())
