"""Query and form pairs: one JSON text per list or object, and no key twice."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import pytest

from valetkey.connectors.tiktok import wire

BOTH = (wire.ItemType.VIDEO, wire.ItemType.CAROUSEL)


@pytest.mark.parametrize("text", ['["VIDEO","CAROUSEL"]', '["VIDEO", "CAROUSEL"]', ' [ "VIDEO" , "CAROUSEL" ] '])
def test_a_list_is_one_json_text_with_or_without_spaces(text: str) -> None:
    request = wire.parse_query(wire.TtVideoListRequest, [("advertiser_id", "1"), ("item_types", text)])
    assert request.item_types == BOTH


def test_a_list_is_written_as_one_json_text() -> None:
    assert wire.dump_query(wire.TtVideoListRequest("1", item_types=BOTH)) == [
        ("advertiser_id", "1"),
        ("item_types", '["VIDEO","CAROUSEL"]'),
        ("page", "1"),
        ("page_size", "20"),
    ]


def test_a_repeated_key_is_refused_in_tiktoks_words() -> None:
    pairs = [("advertiser_id", "1"), ("item_types", "VIDEO"), ("item_types", "CAROUSEL")]
    with pytest.raises(wire.Malformed, match="^TtVideoListRequest: item_types error unmarshaling parameter") as caught:
        wire.parse_query(wire.TtVideoListRequest, pairs)
    assert "CAROUSEL" not in str(caught.value)


def test_a_repeated_key_that_nobody_knows_is_refused_and_not_named() -> None:
    with pytest.raises(wire.Malformed, match="error unmarshaling parameter") as caught:
        wire.parse_query(wire.TtVideoListRequest, [("advertiser_id", "1"), ("#c0de", "a"), ("#c0de", "b")])
    assert "#c0de" not in str(caught.value)


def test_an_unknown_key_is_ignored() -> None:
    assert wire.parse_query(wire.TtVideoUnbindRequest, [("advertiser_id", "1"), ("item_id", "2"), ("x", "{")])


@pytest.mark.parametrize("text", ["VIDEO", "[", "", '["VIDEO"', "[" * 100_000])
def test_a_list_that_is_no_json_is_refused_in_tiktoks_words(text: str) -> None:
    with pytest.raises(wire.Malformed, match="item_types error unmarshaling parameter"):
        wire.parse_query(wire.TtVideoListRequest, [("advertiser_id", "1"), ("item_types", text)])


def test_an_object_is_one_json_text() -> None:
    request = wire.BusinessVideoListRequest(
        "b", fields=("item_id",), filters=wire.BusinessVideoFilters(video_ids=("7",), ad_post_only=True), cursor=5
    )
    pairs = wire.dump_query(request)
    assert pairs == [
        ("business_id", "b"),
        ("fields", '["item_id"]'),
        ("filters", '{"video_ids":["7"],"ad_post_only":true}'),
        ("cursor", "5"),
    ]
    assert wire.parse_query(wire.BusinessVideoListRequest, pairs) == request


@pytest.mark.parametrize(("text", "problem"), [("x", "error unmarshaling"), ("1.5", "whole"), ("true", "whole")])
def test_a_page_that_is_no_whole_number_is_refused(text: str, problem: str) -> None:
    with pytest.raises(wire.Malformed, match=f"page .*{problem}"):
        wire.parse_query(wire.TtVideoListRequest, [("advertiser_id", "1"), ("page", text)])


def test_an_id_stays_text_although_it_looks_like_a_number() -> None:
    request = wire.parse_query(wire.TtVideoUnbindRequest, [("advertiser_id", "0070"), ("item_id", "7e3")])
    assert request == wire.TtVideoUnbindRequest(advertiser_id="0070", item_id="7e3")


@pytest.mark.parametrize("text", ["2026-05-24 07:09:07", "2026-05-24T07:09:07Z"])
def test_an_instant_in_a_query_takes_both_spellings(text: str) -> None:
    pairs = [("advertiser_id", "1"), ("video_id", "2"), ("identity_id", "3"), ("identity_type", "AUTH_CODE")]
    pairs += [("locations", '["2921044"]'), ("start_time", text), ("end_time", text)]
    request = wire.parse_query(wire.IdentityMusicAuthorizationRequest, pairs)
    assert ("start_time", "2026-05-24 07:09:07") in wire.dump_query(request)


def test_the_form_variant_of_the_login_reads_what_it_writes() -> None:
    request = wire.OauthTokenRequest(client_id="1", client_secret="s=&+ %", code="c#/+")
    form = urlencode(wire.dump_query(request))
    assert wire.parse_query(wire.OauthTokenRequest, parse_qsl(form)) == request


def test_other_scripts_are_written_as_they_are() -> None:
    pairs = dict(wire.dump_query(wire.IdentityGetRequest("1", filtering=wire.IdentityFiltering("größe 尺"))))
    assert pairs["filtering"] == '{"keyword":"größe 尺"}'
    assert json.loads(pairs["filtering"]) == {"keyword": "größe 尺"}
