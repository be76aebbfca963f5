"""The envelope around every answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from valetkey.connectors.tiktok import wire


def test_success_and_error_read_the_same_way() -> None:
    done = wire.Envelope.parse({"code": 0, "message": "OK", "request_id": "2026110112ABCD", "data": {}})
    assert done == wire.Envelope(0, "OK", "2026110112ABCD", {})
    refused = wire.parse(wire.Envelope, {"code": 40104, "message": "no token", "request_id": "r", "data": {}})
    assert wire.ErrorCode(refused.code) is wire.ErrorCode.TOKEN_EMPTY


@pytest.mark.parametrize(("code", "read"), [("0", 0), ("40100", 40100), ("-500", -500)])
def test_a_code_sent_as_text_is_a_number(code: str, read: int) -> None:
    assert wire.Envelope.parse({"code": code}).code == read


@pytest.mark.parametrize("code", ["", "ok", "0.0", " 0", "٠", None, True, 1.0, []])
def test_a_code_that_is_no_number_is_refused(code: object) -> None:
    with pytest.raises(wire.Malformed, match="^Envelope: code must"):
        wire.Envelope.parse({"code": code})


def test_an_answer_without_a_code_is_refused() -> None:
    with pytest.raises(wire.Malformed, match="^Envelope: code is missing$"):
        wire.Envelope.parse({"message": "OK"})


def test_missing_data_is_none_and_written_as_null() -> None:
    envelope = wire.Envelope.parse({"code": 0, "message": "OK", "request_id": "r"})
    assert envelope.data is None
    assert envelope.dump() == {"code": 0, "message": "OK", "request_id": "r", "data": None}


@pytest.mark.parametrize("data", [{}, [], "text", {"list": [1, None]}])
def test_data_is_kept_whatever_it_is(data: object) -> None:
    assert wire.Envelope.parse({"code": 0, "data": data}).dump()["data"] == data


def test_an_answer_is_written_inside_its_envelope() -> None:
    answer = wire.PostAuthorization("1", auth_code_end_time=datetime(2026, 6, 23, 7, 9, 7, tzinfo=UTC))
    written = wire.Envelope(0, "OK", "r", answer).dump(wire.TimeStyle.ISO)
    assert written["data"] == {"item_id": "1", "auth_code_end_time": "2026-06-23T07:09:07Z"}
    assert wire.Envelope(0, "OK", "r", wire.Empty()).dump()["data"] == {}
