"""Checklist 4: two kinds of token, and what each reaches."""

from __future__ import annotations

from tests.connectors.tiktok.sandbox.caller import Caller


def test_checklist_4_a_creators_path_refuses_an_advertisers_token(caller: Caller) -> None:
    token, mara = caller.northwind.token.reveal(), caller.mara
    reply = caller.get(
        "/business/post/authorize/status/", token, business_id=mara.account_id, item_id=mara.posts["public"]
    )
    assert reply.code == 40105


def test_checklist_4_an_advertisers_path_refuses_a_creators_token(caller: Caller) -> None:
    reply = caller.get("/tt_video/list/", caller.mara.token.reveal(), advertiser_id=caller.eu.ad_account_id)
    assert reply.code == 40105


def test_a_refused_token_is_not_repeated_in_the_answer(caller: Caller) -> None:
    reply = caller.get("/tt_video/list/", "a-token-somebody-mistyped", advertiser_id="1")
    assert b"mistyped" not in reply.body


def test_one_creator_does_not_reach_anothers_account_or_post(caller: Caller) -> None:
    token = caller.theo.token.reveal()
    path = "/business/post/authorize/status/"
    stranger = {"business_id": caller.mara.account_id, "item_id": caller.mara.posts["public"]}
    assert caller.get(path, token, **stranger).code == 40001
    own = {"business_id": caller.theo.account_id, "item_id": caller.mara.posts["public"]}
    assert caller.get(path, token, **own).code == 40007


def test_a_creators_token_without_the_scope_is_refused(caller: Caller) -> None:
    code = caller.control("oauth-code", creator="mara.makes", scopes=["user.info.basic"])["auth_code"]
    told = caller.post(
        "/tt_user/oauth2/token/",
        client_id=caller.cast.app_id,
        client_secret=caller.cast.app_secret.reveal(),
        grant_type="authorization_code",
        auth_code=code,
        redirect_uri="https://desk.example/back",
    ).told
    path, query = "/business/post/authorize/status/", {"business_id": told["open_id"], "item_id": "1"}
    reply = caller.get(path, told["access_token"], **query)
    assert (reply.code, reply.message) == (40001, f"advertiser does not grant you {path}:GET permission")
    assert caller.get("/business/get/", told["access_token"], business_id=told["open_id"]).code == 0


def test_a_creators_token_ends_after_a_day_and_an_advertisers_does_not(caller: Caller) -> None:
    caller.control("clock", advance_seconds=24 * 3600 - 60)
    assert caller.status().code == 0
    caller.control("clock", advance_seconds=60)
    assert caller.status().code == 40102
    assert caller.listed()["list"] == []


def test_the_seed_says_how_long_a_token_still_lasts(caller: Caller) -> None:
    assert caller.sandbox.seed().creators[0].token_seconds == 24 * 3600
    caller.control("clock", advance_seconds=3600)
    assert caller.sandbox.seed().creators[0].token_seconds == 23 * 3600


def test_a_seeded_refresh_token_works(caller: Caller) -> None:
    caller.control("clock", advance_seconds=24 * 3600)
    told = caller.post(
        "/tt_user/oauth2/refresh_token/",
        client_id=caller.cast.app_id,
        client_secret=caller.cast.app_secret.reveal(),
        grant_type="refresh_token",
        refresh_token=caller.mara.refresh_token.reveal(),
    ).told
    assert caller.get("/business/get/", told["access_token"], business_id=caller.mara.account_id).code == 0


def test_seeding_again_after_a_day_gives_a_creators_token_that_works(caller: Caller) -> None:
    before = caller.cast
    caller.control("clock", advance_seconds=24 * 3600)
    caller.cast = caller.sandbox.seed()
    assert caller.status().code == 0
    assert caller.cast.advertisers == before.advertisers
