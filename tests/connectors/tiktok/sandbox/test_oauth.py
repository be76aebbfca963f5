"""Both logins, from the code of a consent to the end of a token."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller, Reply

DAY = 24 * 3600


def _app(caller: Caller, *names: str) -> dict[str, Any]:
    return dict(zip(names, (caller.cast.app_id, caller.cast.app_secret.reveal()), strict=True))


def _code(caller: Caller, **who: str) -> str:
    return str(caller.control("oauth-code", **who)["auth_code"])


def _advertiser(caller: Caller, code: str, **change: str) -> Reply:
    return caller.post("/oauth2/access_token/", **{**_app(caller, "app_id", "secret"), "auth_code": code, **change})


def _creator(caller: Caller, code: str, **change: str) -> Reply:
    asked = {"grant_type": "authorization_code", "auth_code": code, "redirect_uri": "https://desk.example/back"}
    return caller.post("/tt_user/oauth2/token/", **{**_app(caller, "client_id", "client_secret"), **asked, **change})


def _refresh(caller: Caller, refresh_token: str, **change: str) -> Reply:
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    app = _app(caller, "client_id", "client_secret")
    return caller.post("/tt_user/oauth2/refresh_token/", **{**app, **asked, **change})


def _posts(caller: Caller, token: str) -> int:
    return caller.get("/business/video/list/", token, business_id=caller.mara.account_id).code


def test_an_advertisers_code_gives_a_token_for_its_ad_accounts(caller: Caller) -> None:
    told = _advertiser(caller, _code(caller, advertiser="Northwind")).told
    assert told["advertiser_ids"] == [caller.eu.ad_account_id, caller.us.ad_account_id]
    assert 691 in told["scope"]
    assert caller.get("/tt_video/list/", told["access_token"], advertiser_id=caller.eu.ad_account_id).code == 0


def test_the_form_variant_does_the_same(caller: Caller) -> None:
    form = {**_app(caller, "client_id", "client_secret"), "grant_type": "authorization_code"}
    body = urlencode({**form, "code": _code(caller, advertiser="Contoso Ads")}).encode()
    reply = caller.raw("POST", "/open_api/v1.3/oauth/token/", body=body)
    assert reply.told["advertiser_ids"] == [caller.contoso.ad_accounts[0].ad_account_id]


@pytest.mark.parametrize("kind", ["advertiser", "creator"])
def test_a_code_is_spent_once_and_lives_an_hour(caller: Caller, kind: str) -> None:
    who = {"advertiser": "Northwind"} if kind == "advertiser" else {"creator": "mara.makes"}
    change, refused = (_advertiser, 40110) if kind == "advertiser" else (_creator, 40131)
    code = _code(caller, **who)
    assert change(caller, code).code == 0
    again = change(caller, code)
    assert (again.code, again.message) == (refused, "Authorization code is expired.")
    late = _code(caller, **who)
    caller.control("clock", advance_seconds=3600)
    assert change(caller, late).code == refused


def test_a_code_of_one_login_is_worth_nothing_in_the_other(caller: Caller) -> None:
    code = _code(caller, creator="mara.makes")
    assert _advertiser(caller, code).code == 40110
    assert _creator(caller, code).code == 0


def test_a_wrong_app_or_secret_is_refused_and_the_code_is_not_spent(caller: Caller) -> None:
    code = _code(caller, advertiser="Northwind")
    assert _advertiser(caller, code, secret="wrong").code == 40113
    assert _advertiser(caller, code, secret="sécrèt").code == 40113
    assert _advertiser(caller, code, app_id="1").code == 40113
    assert _advertiser(caller, code).code == 0


@pytest.mark.parametrize("grant", ["refresh_token", "password"])
def test_a_wrong_grant_type_has_its_own_code(caller: Caller, grant: str) -> None:
    assert _creator(caller, _code(caller, creator="mara.makes"), grant_type=grant).code == 40108


def test_a_creators_token_lives_a_day_and_is_refreshed_for_a_year(caller: Caller) -> None:
    told = _creator(caller, _code(caller, creator="mara.makes")).told
    assert told["open_id"] == caller.mara.account_id
    assert (told["expires_in"], told["refresh_token_expires_in"]) == (DAY, 365 * DAY)
    assert "biz.spark.auth" in told["scope"].split(",")
    assert _posts(caller, told["access_token"]) == 0
    caller.control("clock", advance_seconds=DAY)
    assert _posts(caller, told["access_token"]) == 40102
    fresh = _refresh(caller, told["refresh_token"]).told
    assert fresh["refresh_token"] == told["refresh_token"]
    assert fresh["refresh_token_expires_in"] == 364 * DAY
    assert _posts(caller, fresh["access_token"]) == 0
    caller.control("clock", advance_seconds=364 * DAY)
    assert _refresh(caller, told["refresh_token"]).code == 40103


def test_switch_refresh_rotates(caller: Caller) -> None:
    caller.switch(refresh_rotates="yes")
    first = _creator(caller, _code(caller, creator="mara.makes")).told["refresh_token"]
    second = _refresh(caller, first).told["refresh_token"]
    assert second != first
    assert _refresh(caller, first).code == 40107
    assert _refresh(caller, second).code == 0


def test_a_revoked_login_is_over_with_its_refresh_token(caller: Caller) -> None:
    told = _creator(caller, _code(caller, creator="mara.makes")).told
    revoke = {**_app(caller, "client_id", "client_secret"), "access_token": told["access_token"]}
    assert caller.post("/tt_user/oauth2/revoke/", **revoke).told == {}
    assert _posts(caller, told["access_token"]) == 40105
    assert _refresh(caller, told["refresh_token"]).code == 40107
    assert caller.post("/tt_user/oauth2/revoke/", **revoke).code == 40105


def test_a_creators_token_is_inspected(caller: Caller) -> None:
    ask = {"app_id": caller.cast.app_id, "access_token": caller.mara.token.reveal()}
    told = caller.post("/tt_user/token_info/get/", **ask).told
    assert told["creator_id"] == caller.mara.account_id
    assert "biz.spark.auth" in told["scope"].split(",")
    assert caller.post("/tt_user/token_info/get/", **{**ask, "app_id": "1"}).code == 40113
    assert caller.post("/tt_user/token_info/get/", **{**ask, "access_token": "x"}).code == 40105
    caller.control("clock", advance_seconds=DAY)
    assert caller.post("/tt_user/token_info/get/", **ask).code == 40102


def test_an_advertisers_token_lists_its_ad_accounts_until_it_is_revoked(caller: Caller) -> None:
    app, token = _app(caller, "app_id", "secret"), caller.northwind.token.reveal()
    told = caller.get("/oauth2/advertiser/get/", token, **app).told
    assert [each["advertiser_name"] for each in told["list"]] == ["Northwind EU", "Northwind US"]
    assert caller.post("/oauth2/revoke_token/", **app, access_token=token).told == {}
    assert caller.get("/oauth2/advertiser/get/", token, **app).code == 40105
    assert caller.post("/oauth2/revoke_token/", **app, access_token=token).code == 40105
    caller.cast = caller.sandbox.seed()
    assert caller.listed()["list"] == []
