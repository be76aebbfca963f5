"""The table: every answer TikTok or somebody on the way can give, and what it tells about the code."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from valetkey.connectors.base import PlatformFault, Says
from valetkey.connectors.tiktok import outcomes, wire
from valetkey.connectors.tiktok.client import Client, Patience
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.connectors.tiktok.sandbox.server import listen
from valetkey.secret import Secret

BAD, LATER, NOTHING, UNCERTAIN = Says.CODE_IS_BAD, Says.TRY_LATER, Says.NOTHING_ABOUT_THE_CODE, Says.UNCERTAIN

AD_ACCOUNT = "7200000000000000011"
CODE = "#AbC+dEf/12="
ONCE = Patience(attempts=1, first_wait=0, longest_wait=0, jitter=0)
IMPATIENT = Patience(attempts=3, first_wait=0, longest_wait=0, jitter=0)

WRITE = (wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest(AD_ACCOUNT, CODE))
READ = (wire.TT_VIDEO_INFO, wire.TtVideoInfoRequest(AD_ACCOUNT, CODE))

# code, message, what it tells of a call that writes, of a read, and the cause
ENVELOPES = [
    (40002, "auth_code_expired: the window has ended", BAD, BAD, "auth_code_expired"),
    (40002, "auth_code_not_found", BAD, BAD, "auth_code_not_found"),
    (40002, "AUTH_CODE_FORMAT_ERROR", BAD, BAD, "auth_code_format_error"),
    (4025, "the code has ended", BAD, BAD, "auth_code_expired"),
    (4013, "", BAD, BAD, "auth_code_format_error"),
    (4002, "video_deleted", BAD, BAD, "video_deleted"),
    (4002, "video_unavailable", BAD, BAD, "video_unavailable"),
    (4027, "story", BAD, BAD, "story_video_not_supported"),
    (4042, "", BAD, BAD, "carousel_duet_not_supported"),
    (930002, "", BAD, BAD, "mention_multiple_videos"),
    (900012, "", BAD, BAD, "illegal_item_status_error"),
    (900003, "multi_duet_stitch_refused", BAD, BAD, "multi_duet_stitch_refus"),
    # A number with two names and none in the text names neither, and it is in no family that says "not done".
    (4002, "something about a video", UNCERTAIN, NOTHING, "code_4002"),
    (-500, "call_rpc_fail", UNCERTAIN, LATER, "call_rpc_fail"),
    (-500, "", UNCERTAIN, LATER, "call_rpc_fail"),
    (40002, "call_db_fail", UNCERTAIN, LATER, "call_db_fail"),
    (40016, "Too many requests", LATER, LATER, "throttled"),
    (40100, "Too many requests", LATER, LATER, "throttled"),
    (40133, "The advertiser's QPS (11) reaches the QPS limit 10", LATER, LATER, "throttled"),
    (40002, "Reached the QPS limit of this path", LATER, LATER, "throttled"),
    (40202, "write conflict", LATER, LATER, "write_conflict"),
    (60001, "maintenance", LATER, LATER, "maintenance"),
    (20001, "partly", UNCERTAIN, LATER, "partly_done"),
    (40050, "duplicate", UNCERTAIN, LATER, "duplicate"),
    (40200, "task", UNCERTAIN, LATER, "task_failed"),
    (40201, "task", UNCERTAIN, LATER, "task_not_ready"),
    (50000, "server error", UNCERTAIN, LATER, "server_error"),
    (50002, "processing error", UNCERTAIN, LATER, "processing_error"),
    (51305, "satellite", UNCERTAIN, LATER, "satellite_error"),
    (59999, "nobody described this one", UNCERTAIN, LATER, "code_59999"),
    (40000, "app and token do not match", NOTHING, NOTHING, "invalid_parameters"),
    (40001, "advertiser does not grant you /tt_video/info/:GET permission", NOTHING, NOTHING, "no_permission"),
    (40002, "advertiser_id: is missing", NOTHING, NOTHING, "parameter_error"),
    (40007, "does not exist", NOTHING, NOTHING, "not_found"),
    (40008, "not implemented", NOTHING, NOTHING, "not_implemented"),
    (40053, "invalid video", NOTHING, NOTHING, "invalid_video"),
    (40102, "expired", NOTHING, NOTHING, "access_token_expired"),
    (40104, "Access token is null", NOTHING, NOTHING, "token_empty"),
    (40105, "Access token is incorrect", NOTHING, NOTHING, "token_invalid"),
    (40106, "token of another", NOTHING, NOTHING, "token_of_another_advertiser"),
    # Its text speaks of an "auth_code", of a login and not of ours.
    (40110, "Auth_code is used or expired", NOTHING, NOTHING, "login_code_spent"),
    (40131, "Authorization code is expired.", NOTHING, NOTHING, "tiktok_login_failed"),
    (40300, "no such advertiser", NOTHING, NOTHING, "no_such_advertiser"),
    (40700, "internal validation", NOTHING, NOTHING, "internal_validation"),
    (41000, "country", NOTHING, NOTHING, "country_blocked"),
    (49999, "nobody described this one", NOTHING, NOTHING, "code_49999"),
    (12345, "nobody described this one", UNCERTAIN, NOTHING, "code_12345"),
]


def answering(answer: Callable[[httpx.Request], httpx.Response], patience: Patience = ONCE) -> Client:
    return Client("https://platform.example", Secret("act.x7-9Qe_4zz"), httpx.MockTransport(answer), patience)


def fault(client: Client, call: tuple[wire.Endpoint[Any, Any], object]) -> PlatformFault:
    with client, pytest.raises(PlatformFault) as caught:
        client.call(*call)
    return caught.value


@pytest.mark.parametrize(("code", "message", "when_writing", "when_reading", "cause"), ENVELOPES)
def test_an_answer_of_the_platform_tells_one_thing(
    code: int, message: str, when_writing: Says, when_reading: Says, cause: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": code, "message": message, "request_id": "2026X"})

    written, read = fault(answering(answer), WRITE), fault(answering(answer), READ)
    assert (written.says, written.cause) == (when_writing, cause)
    assert (read.says, read.cause) == (when_reading, cause)
    assert written.raw == message
    assert written.request_id == "2026X"


def test_every_code_of_the_table_has_an_outcome_and_no_read_is_ever_uncertain() -> None:
    codes = {int(code) for code in wire.ErrorCode} | {error.number or 0 for error in wire.SparkCodeError}
    for code in codes | set(range(-600, -400)) | {0, 1, 999, 40999, 50999, 99999, 930002}:
        for message in ("", "auth_code_expired", "call_rpc_fail", "QPS limit"):
            assert outcomes.of_envelope(code, message, writes=False).says is not UNCERTAIN
    for status in range(100, 600):
        assert outcomes.of_status(status, writes=False).says is not UNCERTAIN


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502])
def test_the_code_of_the_envelope_wins_over_the_http_status(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"code": 40105, "message": "Access token is incorrect"})

    assert fault(answering(answer), WRITE).cause == "token_invalid"


HTTP = [
    (400, NOTHING, NOTHING),
    (401, NOTHING, NOTHING),
    (404, NOTHING, NOTHING),
    (405, NOTHING, NOTHING),
    (408, LATER, LATER),
    (429, LATER, LATER),
    (302, UNCERTAIN, NOTHING),
    (500, UNCERTAIN, LATER),
    (502, UNCERTAIN, LATER),
    (503, UNCERTAIN, LATER),
    (504, UNCERTAIN, LATER),
    (200, UNCERTAIN, LATER),
    (204, UNCERTAIN, LATER),
]


@pytest.mark.parametrize(("status", "when_writing", "when_reading"), HTTP)
def test_an_answer_without_an_envelope_is_judged_by_its_status(
    status: int, when_writing: Says, when_reading: Says
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, text="404 page not found")

    assert fault(answering(answer), WRITE).says is when_writing
    assert fault(answering(answer), READ).says is when_reading
    assert "404 page not found" in fault(answering(answer), READ).raw


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"OK"',
        b"{}",
        b'{"message":"OK"}',
        b'{"code":"zero"}',
        b'{"code":0,"message":"OK","data":{"li',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"code":' + b"9" * 5000 + b"}",
    ],
    ids=range(11),
)
def test_a_body_that_is_no_envelope_never_counts_as_done(body: bytes) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body)

    assert fault(answering(answer), WRITE).says is UNCERTAIN
    assert fault(answering(answer), READ).says is LATER


def test_success_in_an_unknown_form_is_uncertain_when_writing_and_shows_the_field_not_the_value() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": 0, "message": "OK", "data": {"item_info": "#AbC+dEf/12="}})

    create = wire.AdCreateRequest(AD_ACCOUNT, "1", ())
    assert fault(answering(answer), (wire.AD_CREATE, create)).says is UNCERTAIN
    read = fault(answering(answer), READ)
    assert read.says is LATER
    assert "item_info" in read.raw
    assert CODE not in read.raw


def test_a_code_sent_as_text_and_missing_data_are_read_as_the_platforms_own_library_reads_them() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": "0", "message": "OK"})

    with answering(answer) as client:
        assert client.call(*WRITE) == wire.Empty()


def test_an_id_in_the_headers_stands_in_for_a_missing_request_id() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="bad gateway", headers={"X-TT-LOGID": "2026LOG"})

    assert fault(answering(answer), WRITE).request_id == "2026LOG"


def test_what_a_database_cannot_hold_is_taken_out_of_the_text() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b'{"code":40002,"message":"a\\u0000b\\ud800c"}')

    assert fault(answering(answer), WRITE).raw == "ab?c"


# -- the same through the stand-in, which can be ordered to fail ------------------------------------------------------


class Bench:
    """A stand-in in this process and a way to spoil its next call."""

    def __init__(self, state: Path) -> None:
        self.sandbox = Sandbox(state)
        self.cast = self.sandbox.seed()
        self.calls = 0

    def spoil(self, path: str, fault: str, **more: object) -> None:
        order = {"path": path, "fault": fault, **more}
        transport = httpx.WSGITransport(app=self.sandbox.wsgi)
        with httpx.Client(transport=transport, base_url="http://localhost") as client:
            assert client.post("/_sandbox/fail-next", json=order).status_code == 200

    def app(self, environ: dict[str, object], start_response: Callable[..., object]) -> object:
        self.calls += 1
        return self.sandbox.wsgi(environ, start_response)

    def advertiser(self, patience: Patience = IMPATIENT) -> Client:
        transport = httpx.WSGITransport(app=self.app)  # type: ignore[arg-type]
        return Client("http://localhost", self.cast.advertisers[0].token, transport, patience)

    def creator(self) -> Client:
        transport = httpx.WSGITransport(app=self.sandbox.wsgi)
        return Client("http://localhost", self.cast.creators[0].token, transport, IMPATIENT)

    @property
    def ad_account_id(self) -> str:
        return self.cast.advertisers[0].ad_accounts[0].ad_account_id

    def fresh_code(self) -> str:
        who = self.cast.creators[0]
        setting = wire.BusinessPostAuthorizeSettingRequest(who.account_id, who.posts["public"], True, 7)
        with self.creator() as client:
            client.call(wire.BUSINESS_POST_AUTHORIZE_SETTING, setting)
            status = wire.BusinessPostAuthorizeStatusRequest(who.account_id, who.posts["public"])
            code = client.call(wire.BUSINESS_POST_AUTHORIZE_STATUS, status).auth_code
        assert code
        return code

    def listed(self) -> int:
        with self.advertiser() as client:
            return len(client.call(wire.TT_VIDEO_LIST, wire.TtVideoListRequest(self.ad_account_id)).list)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "sandbox.sqlite3")


# fault, what it tells when writing, how many of three attempts go out when writing, whether it was carried out
SPOILED: list[tuple[str, Mapping[str, object], Says, int, bool]] = [
    ("refuse", {"code": 40300}, NOTHING, 1, False),
    ("refuse", {"code": 40002, "message": "video_deleted: gone"}, BAD, 1, False),
    ("throttle", {"times": 9}, LATER, 3, False),
    ("throttle", {"times": 9, "code": 40133}, LATER, 3, False),
    ("server_error", {}, UNCERTAIN, 1, False),
    ("http_500", {}, UNCERTAIN, 1, False),
    ("not_json", {}, UNCERTAIN, 1, False),
    ("drop_before", {}, UNCERTAIN, 1, False),
    ("drop_after", {}, UNCERTAIN, 1, True),
    ("truncated", {}, UNCERTAIN, 1, True),
    ("disk_full", {}, UNCERTAIN, 1, False),
]


@pytest.mark.parametrize(("spoiled", "more", "says", "calls", "is_done"), SPOILED)
def test_a_spoiled_write_tells_no_more_than_is_known_and_is_not_repeated(
    bench: Bench, spoiled: str, more: Mapping[str, object], says: Says, calls: int, is_done: bool
) -> None:
    code = bench.fresh_code()
    bench.spoil("/tt_video/authorize/", spoiled, **more)
    with bench.advertiser() as client, pytest.raises(PlatformFault) as caught:
        client.call(wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest(bench.ad_account_id, code))
    assert (caught.value.says, bench.calls) == (says, calls)
    assert caught.value.raw
    assert bench.listed() == int(is_done)


@pytest.mark.parametrize(
    "spoiled", ["throttle", "server_error", "http_500", "not_json", "drop_before", "drop_after", "truncated"]
)
def test_a_spoiled_read_is_asked_again_and_answered(bench: Bench, spoiled: str) -> None:
    bench.spoil("/tt_video/list/", spoiled, times=2)
    with bench.advertiser() as client:
        answer = client.call(wire.TT_VIDEO_LIST, wire.TtVideoListRequest(bench.ad_account_id))
    assert answer.list == ()
    assert bench.calls == 3


@pytest.mark.parametrize("spoiled", ["hang_before", "hang_after"])
def test_a_write_that_hangs_is_uncertain_because_it_is_carried_out_all_the_same(bench: Bench, spoiled: str) -> None:
    code = bench.fresh_code()
    bench.spoil("/tt_video/authorize/", spoiled, seconds=0.4)
    with listen(bench.sandbox.wsgi, "127.0.0.1", 0) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            hasty = Patience(read=0.1)
            url = f"http://127.0.0.1:{listener.server_port}"
            client = Client(url, bench.cast.advertisers[0].token, patience=hasty)
            apply = (wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest(bench.ad_account_id, code))
            with client, pytest.raises(PlatformFault) as caught:
                client.call(*apply)
            assert (caught.value.says, caught.value.cause) == (UNCERTAIN, "timeout")
            waited = time.monotonic() + 5
            while not bench.listed() and time.monotonic() < waited:
                time.sleep(0.05)
        finally:
            listener.shutdown()
            thread.join(timeout=5)
    assert bench.listed() == 1


@pytest.mark.parametrize("spoiled", ["server_error", "http_500", "not_json", "drop_before", "truncated"])
def test_a_read_that_stays_spoiled_is_to_be_tried_later(bench: Bench, spoiled: str) -> None:
    bench.spoil("/tt_video/list/", spoiled, times=9)
    with bench.advertiser() as client, pytest.raises(PlatformFault) as caught:
        client.call(wire.TT_VIDEO_LIST, wire.TtVideoListRequest(bench.ad_account_id))
    assert (caught.value.says, bench.calls) == (LATER, 3)


def test_a_refused_read_is_not_asked_again(bench: Bench) -> None:
    bench.spoil("/tt_video/list/", "refuse", times=9, code=40001)
    with bench.advertiser() as client, pytest.raises(PlatformFault) as caught:
        client.call(wire.TT_VIDEO_LIST, wire.TtVideoListRequest(bench.ad_account_id))
    assert (caught.value.says, bench.calls) == (NOTHING, 1)


@pytest.mark.parametrize("number", ["40002", "help_center"])
def test_each_bad_post_of_the_cast_is_refused_by_its_name_whatever_number_stands_beside_it(
    bench: Bench, number: str
) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=bench.sandbox.wsgi), base_url="http://localhost") as client:
        assert client.post("/_sandbox/switches", json={"code_error_number": number}).status_code == 200
    who = bench.cast.creators[0]
    expected = {
        "story": "story_video_not_supported",
        "carousel_duet": "carousel_duet_not_supported",
        "two_mentions": "mention_multiple_videos",
        "multi_duet": "multi_duet_stitch_refus",
    }
    for short_name, cause in expected.items():
        with bench.creator() as client:
            setting = wire.BusinessPostAuthorizeSettingRequest(who.account_id, who.posts[short_name], True, 7)
            client.call(wire.BUSINESS_POST_AUTHORIZE_SETTING, setting)
            status = wire.BusinessPostAuthorizeStatusRequest(who.account_id, who.posts[short_name])
            code = client.call(wire.BUSINESS_POST_AUTHORIZE_STATUS, status).auth_code
        assert code
        apply = (wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest(bench.ad_account_id, code))
        refused = fault(bench.advertiser(), apply)
        assert (refused.says, refused.cause) == (BAD, cause)


def test_the_body_of_a_write_is_ascii_json() -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"code": 0})

    with answering(answer) as client:
        client.call(wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest(AD_ACCOUNT, "#gr\u00fcn"))
    assert json.loads(bodies[0])["auth_code"] == "#gr\u00fcn"
    assert bodies[0].isascii()
