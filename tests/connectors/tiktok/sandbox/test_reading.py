"""Checklist 5 and 6: what a request may look like, and how a bad one is refused."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller, Reply

LIST = "/open_api/v1.3/tt_video/list/"
AUTHORIZE = "/open_api/v1.3/tt_video/authorize/"


def _list(caller: Caller, more: str) -> Reply:
    query = f"advertiser_id={caller.eu.ad_account_id}{more}"
    return caller.raw("GET", LIST, query=query, HTTP_ACCESS_TOKEN=caller.northwind.token.reveal())


def _send(caller: Caller, body: bytes, **environ: Any) -> Reply:
    return caller.raw("POST", AUTHORIZE, body=body, HTTP_ACCESS_TOKEN=caller.northwind.token.reveal(), **environ)


@pytest.mark.parametrize("text", ['["VIDEO","CAROUSEL"]', '["VIDEO", "CAROUSEL"]', ' [ "VIDEO" ] '])
def test_checklist_5_a_list_in_the_query_is_json_with_or_without_spaces(caller: Caller, text: str) -> None:
    assert _list(caller, f"&item_types={quote(text)}").code == 0
    assert _list(caller, f"&item_types={quote(text).replace('%20', '+')}").code == 0


def test_checklist_5_a_repeated_key_is_refused_as_tiktok_did(caller: Caller) -> None:
    reply = _list(caller, "&item_types=VIDEO&item_types=CAROUSEL")
    assert reply.code == 40002
    assert "error unmarshaling parameter" in reply.message
    assert "item_types" in reply.message


@pytest.mark.parametrize("more", ["&item_types=VIDEO", "&page=0", "&page=x", "&page_size=51", '&item_types=["PHOTO"]'])
def test_a_bad_parameter_is_named_and_its_value_is_not_repeated(caller: Caller, more: str) -> None:
    reply = _list(caller, more)
    assert reply.code == 40002
    name = more.strip("&").partition("=")[0]
    assert reply.message.startswith(name)


@pytest.mark.parametrize("query", ["%ff=1", "&".join(f"k{n}=1" for n in range(300))])
def test_a_query_that_cannot_be_read_is_refused(caller: Caller, query: str) -> None:
    assert _list(caller, "&" + query).code == 40002


def test_checklist_6_a_get_may_say_that_its_empty_body_is_json(caller: Caller) -> None:
    assert _list(caller, "").code == 0


def test_checklist_6_unknown_keys_are_ignored(caller: Caller) -> None:
    assert caller.authorize(caller.code_of(), aigc_disclosure_type="NOT_DECLARED", extra={"a": [1]}).code == 0
    assert _list(caller, "&no_such_thing=1").code == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"\xff\xfe",
        b'{"auth_code": NaN}',
        b'{"auth_code": "\\ud800"}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "list", "text", "null", "number", "not utf-8", "nan", "half a surrogate", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused_with_40002(caller: Caller, body: bytes) -> None:
    reply = _send(caller, body)
    assert (reply.status, reply.code) == ("200 OK", 40002)


def test_a_wrong_type_is_refused_by_name(caller: Caller) -> None:
    reply = _send(caller, json.dumps({"advertiser_id": 7, "auth_code": "#x"}).encode())
    assert (reply.code, reply.message) == (40002, "advertiser_id must be text")


def test_a_body_over_a_megabyte_is_refused_and_read_to_its_end(caller: Caller) -> None:
    """Left unread, it would reset the connection, and the caller would never see why."""
    stream = io.BytesIO(b"x" * 1_500_000)
    environ: dict[str, Any] = {"CONTENT_LENGTH": "1500000", "wsgi.input": stream}
    reply = _send(caller, b"", **environ)
    assert reply.code == 40002
    assert "larger than" in reply.message
    assert stream.read() == b""


@pytest.mark.parametrize("length", ["", "x", "-5"])
def test_a_body_without_a_length_counts_as_empty(caller: Caller, length: str) -> None:
    assert _send(caller, b"{}", CONTENT_LENGTH=length).code == 40002


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_a_number_no_store_could_keep_is_refused_as_a_parameter(caller: Caller, number: int) -> None:
    for choice in ("confirmed", "any"):
        caller.switch(term_days=choice)
        assert caller.switch_on(authorization_days=number).code == 40002
    reply = caller.get(
        "/business/video/list/", caller.mara.token.reveal(), business_id=caller.mara.account_id, cursor=number
    )
    assert reply.code == 0
