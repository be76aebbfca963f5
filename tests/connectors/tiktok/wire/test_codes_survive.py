"""A code comes out of a request exactly as it went in, whatever its characters."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from valetkey.connectors.tiktok import wire

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_"

codes = st.one_of(
    st.text(ALPHABET, min_size=1, max_size=120).map(lambda text: f"#{text}"),
    st.text(ALPHABET, min_size=1, max_size=120),
    # The charset is not published (U), so nothing may depend on it.
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)


@given(codes)
@example("#+v08a+b/c=")
@example("%2B")
@example('["#"]')
@example("null")
@example("true")
@example("7300000000000000001")
def test_through_a_query(code: str) -> None:
    request = wire.TtVideoInfoRequest(advertiser_id="1", auth_code=code)
    query = urlencode(wire.dump_query(request))
    assert wire.parse_query(wire.TtVideoInfoRequest, parse_qsl(query, keep_blank_values=True)) == request


@given(codes, st.none() | codes)
@example("#+v08a+b/c=", "#==")
def test_through_a_json_body(code: str, original: str | None) -> None:
    request = wire.TtVideoAuthorizeRequest("1", code, original)
    body = json.dumps(wire.dump(request))
    assert wire.parse(wire.TtVideoAuthorizeRequest, json.loads(body)) == request


@given(codes)
def test_through_an_answer(code: str) -> None:
    answer = wire.PostAuthorization("1", auth_code=code)
    envelope = json.dumps(wire.Envelope(0, "OK", "r", answer).dump())
    data = wire.Envelope.parse(json.loads(envelope)).data
    assert wire.parse(wire.PostAuthorization, data) == answer


def test_the_query_is_percent_encoded_the_usual_way() -> None:
    """As the official SDK sends it: `#ab+c/d==` arrived as `%23ab%2Bc%2Fd%3D%3D`."""
    pairs = wire.dump_query(wire.TtVideoInfoRequest("1", "#ab+c/d=="))
    assert urlencode(pairs) == "advertiser_id=1&auth_code=%23ab%2Bc%2Fd%3D%3D"
