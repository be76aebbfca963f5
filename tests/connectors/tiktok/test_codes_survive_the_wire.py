"""A code arrives at the other side as it left, whatever of `A-Za-z0-9+/=_-#` it is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from valetkey.connectors.base import PlatformFault
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.client import Client, Patience
from valetkey.connectors.tiktok.sandbox import reading
from valetkey.secret import Secret

TOKEN = Secret("act.x7-9Qe_4zz")
codes = st.text("ABCXYZabcxyz0189+/=_-#", min_size=1, max_size=120)
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
EMPTY = json.dumps({"code": 0, "message": "OK", "data": {}}).encode()


class Reader:
    """A WSGI application that reads requests with the stand-in's own parser and keeps what it understood."""

    def __init__(self) -> None:
        self.understood: list[Any] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        path = environ["PATH_INFO"].removeprefix(wire.PREFIX)
        endpoint = next(each for each in wire.ENDPOINTS if each.path == path)
        self.understood.append(reading.asked_of(endpoint, environ, reading.body_of(environ)))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [EMPTY]

    def hear(self, endpoint: wire.Endpoint[Any, Any], request: object) -> Any:
        with Client("http://localhost", TOKEN, httpx.WSGITransport(app=self)) as client:
            client.call(endpoint, request)
        return self.understood[-1]


def query_of(request: object, endpoint: wire.Endpoint[Any, Any]) -> bytes:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ConnectError("enough", request=request)

    client = Client("https://platform.example", TOKEN, httpx.MockTransport(answer), Patience(attempts=1))
    with client, suppress(PlatformFault):
        client.call(endpoint, request)
    return sent[0].url.query


@given(codes)
@example("#AbC+dEf/12==")
@example("%2B")
@example("#")
@example("+ + +")
@settings(deadline=None)
def test_a_code_survives_the_query_of_a_get(code: str) -> None:
    query = query_of(wire.TtVideoInfoRequest("7200000000000000011", code), wire.TT_VIDEO_INFO).decode()
    # Exactly what the wire says, byte for byte: nothing that means something in a query stands bare in it.
    assert not set("#+/ ") & set(query)
    assert query.count("=") == 2
    assert dict(parse_qsl(query, keep_blank_values=True))["auth_code"] == code


@given(codes)
@example("#AbC+dEf/12==")
@settings(deadline=None)
def test_the_stand_in_reads_a_code_of_a_body_as_it_was(code: str) -> None:
    asked = wire.TtVideoAuthorizeRequest("7200000000000000011", code, code)
    assert Reader().hear(wire.TT_VIDEO_AUTHORIZE, asked) == asked


@given(anything)
@settings(deadline=None)
def test_text_of_any_script_survives_a_body_and_a_form(text: str) -> None:
    asked = wire.TtVideoAuthorizeRequest("7200000000000000011", text)
    assert Reader().hear(wire.TT_VIDEO_AUTHORIZE, asked) == asked
    form = wire.OauthTokenRequest("app", text, text)
    reader = Reader()
    # The stand-in's answer is empty here and an answer with a token is not; what it understood is what counts.
    with suppress(PlatformFault):
        reader.hear(wire.OAUTH_TOKEN, form)
    assert reader.understood == [form]


def test_lists_and_objects_of_a_query_are_one_json_text_each() -> None:
    asked = wire.TtVideoListRequest("7200000000000000011", item_types=(wire.ItemType.VIDEO, wire.ItemType.CAROUSEL))
    pairs = parse_qsl(query_of(asked, wire.TT_VIDEO_LIST).decode())
    assert ("item_types", '["VIDEO","CAROUSEL"]') in pairs
    assert len({name for name, _ in pairs}) == len(pairs)
    filtered = wire.BusinessVideoListRequest("b", filters=wire.BusinessVideoFilters(("1", "2"), True))
    assert ("filters", '{"video_ids":["1","2"],"ad_post_only":true}') in parse_qsl(
        query_of(filtered, wire.BUSINESS_VIDEO_LIST).decode()
    )


def test_the_signs_of_a_code_are_written_as_the_platform_was_seen_to_read_them() -> None:
    query = query_of(wire.TtVideoInfoRequest("1", "#ab+c/d=="), wire.TT_VIDEO_INFO)
    assert query == b"advertiser_id=1&auth_code=%23ab%2Bc%2Fd%3D%3D"
