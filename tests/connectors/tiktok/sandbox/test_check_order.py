"""Checklist 3: a request with several faults is refused for the first of them, always in the same order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller

PATH = "/open_api/v1.3/tt_video/authorize/"


def _narrow(caller: Caller, *scopes: int) -> str:
    """A token of Northwind's with these scopes alone."""
    code = caller.control("oauth-code", advertiser="Northwind", scopes=list(scopes))["auth_code"]
    app_id, secret = caller.cast.app_id, caller.cast.app_secret.reveal()
    token = caller.post("/oauth2/access_token/", app_id=app_id, secret=secret, auth_code=code).told["access_token"]
    return str(token)


def _ask(caller: Caller, token: str | None, **body: Any) -> int:
    return caller.post("/tt_video/authorize/", token, **body).code


def test_checklist_3_the_first_fault_of_many_decides(caller: Caller) -> None:
    """Each step mends one fault and meets the next: route, token, scope, parameters, object, rules, throttle."""
    caller.switch(throttle_advertiser="0")
    good, eu = caller.northwind.token.reveal(), caller.eu.ad_account_id
    assert caller.raw("POST", PATH.rstrip("/")).status == "404 Not Found"
    assert caller.raw("GET", PATH).status == "405 Method Not Allowed"
    assert _ask(caller, None) == 40104
    assert _ask(caller, "") == 40104
    assert _ask(caller, "nonsense") == 40105
    assert _ask(caller, _narrow(caller, 690)) == 40001
    assert _ask(caller, good) == 40002
    assert _ask(caller, good, advertiser_id="7", auth_code="no code") == 40300
    rival = caller.contoso.ad_accounts[0].ad_account_id
    assert _ask(caller, good, advertiser_id=rival, auth_code="no code") == 40001
    refused = caller.post("/tt_video/authorize/", good, advertiser_id=eu, auth_code="no code")
    assert refused.message.startswith("auth_code_format_error")
    assert _ask(caller, good, advertiser_id=eu, auth_code=caller.code_of()) == 40133
    caller.switch(throttle_advertiser="off")
    assert _ask(caller, good, advertiser_id=eu, auth_code=caller.code_of()) == 0


def test_checklist_3_an_expired_token_comes_before_its_missing_scope(caller: Caller) -> None:
    caller.control("clock", advance_seconds=24 * 3600)
    assert caller.status().code == 40102


def test_checklist_3_the_text_of_a_missing_scope_names_path_and_method(caller: Caller) -> None:
    reply = caller.get("/tt_video/info/", _narrow(caller, 693))
    assert reply.message == "advertiser does not grant you /tt_video/info/:GET permission"


@pytest.mark.parametrize("branch", [69, 6])
def test_a_branch_of_the_permission_tree_opens_its_leaves(caller: Caller, branch: int) -> None:
    assert _ask(caller, _narrow(caller, branch)) == 40002


def test_checklist_3_a_missing_parameter_is_named(caller: Caller) -> None:
    reply = caller.post("/tt_video/authorize/", caller.northwind.token.reveal(), advertiser_id="7")
    assert (reply.code, reply.message) == (40002, "auth_code is missing")


@pytest.mark.parametrize(("choice", "code"), [("40001", 40001), ("40106", 40106), ("40300", 40300)])
def test_switch_foreign_ad_account(caller: Caller, choice: str, code: int) -> None:
    caller.switch(foreign_ad_account=choice)
    rival = caller.contoso.ad_accounts[0].ad_account_id
    assert _ask(caller, caller.northwind.token.reveal(), advertiser_id=rival, auth_code="#x") == code


def test_a_refused_call_leaves_nothing_behind(caller: Caller) -> None:
    caller.switch(throttle_advertiser="0")
    assert caller.authorize(caller.code_of()).code == 40133
    caller.switch(throttle_advertiser="off")
    assert caller.listed()["list"] == []
    assert caller.status().told["auth_code_status"] == "NOT_USED"
