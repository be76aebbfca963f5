"""Codes and tokens stay out of everything that is raised, printed or logged, whatever the platform echoes."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import stamina

from valetkey.connectors.base import Address, PlatformFault, Renewal, Says
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.client import Client, Patience, Scrubber
from valetkey.connectors.tiktok.connector import TikTok
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.connectors.tiktok.sandbox.server import listen
from valetkey.secret import MASK, Secret

TOKEN = "act.Zk9-token+of/somebody="
CODE = "#Qw3rTy+uiOp/As9DfGh=="
SOURCE = "#Zx8cVb/nmLk+Jh7GfDs=="
HASTY = Patience(connect=1, write=1, read=0.2, whole_call=2, attempts=2, first_wait=0, longest_wait=0, jitter=0)
CALLS = [
    pytest.param(wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest("7200000000000000011", CODE, SOURCE), id="POST"),
    pytest.param(wire.TT_VIDEO_INFO, wire.TtVideoInfoRequest("7200000000000000011", CODE), id="GET"),
]

Call = tuple[wire.Endpoint[Any, Any], object]


def spellings(secret: str) -> Iterator[str]:
    """As it is, without its sign, percent-encoded in either case, and as a careless server would read it."""
    for text in (secret, secret.removeprefix("#")):
        yield from (text, quote(text, safe=""), quote(text, safe="").lower(), text.replace("+", " "))
        yield text.replace("/", "\\/")


def assert_clean(text: str) -> None:
    for secret in (TOKEN, CODE, SOURCE):
        for spelling in spellings(secret):
            assert spelling not in text


def refused_in(client: Client, endpoint: wire.Endpoint[Any, Any], request: object) -> PlatformFault:
    with client, pytest.raises(PlatformFault) as caught:
        client.call(endpoint, request)
    return caught.value


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        yield from chain(error.__cause__)
        error = error.__context__


def frames(trace: TracebackType | None, below: str) -> Iterator[dict[str, object]]:
    """Local variables of the frames of the package, as an error report would collect them."""
    while trace is not None:
        if below in trace.tb_frame.f_code.co_filename:
            yield dict(trace.tb_frame.f_locals)
        trace = trace.tb_next


def echoing(request: httpx.Request) -> httpx.Response:
    """Says everything it was told, in the text, in the data and in the id."""
    told = f"{request.url} {request.url.query.decode()} {request.content.decode()} {dict(request.headers)}"
    plain = f"auth_code {CODE} of {SOURCE} for {TOKEN} as {CODE.replace('+', ' ')}"
    return httpx.Response(
        200, json={"code": 40002, "message": f"{plain} {told}", "request_id": f"id-{TOKEN}", "data": {"a": told}}
    )


def gateway_echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(502, text=f"<h1>Bad gateway</h1> for {request.url} with {request.headers['access-token']}")


def cut_list(request: httpx.Request) -> httpx.Response:
    """Codes of others, which were never sent and so cannot be known to a scrubber, in an answer that breaks off."""
    return httpx.Response(200, text=f'{{"code":0,"data":{{"list":[{{"item_info":{{"auth_code":"{CODE}"')


def dropped(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError(f"lost {request.url}", request=request)


def refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"no way to {request.url}", request=request)


def timed_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout(f"late {request.url}", request=request)


MISDEEDS = [echoing, gateway_echo, cut_list, dropped, refused, timed_out]


@pytest.mark.parametrize("misdeed", MISDEEDS)
@pytest.mark.parametrize(("endpoint", "request_"), CALLS)
def test_no_secret_is_in_a_fault_nor_in_anything_it_drags_along(
    endpoint: wire.Endpoint[Any, Any],
    request_: object,
    misdeed: Callable[[httpx.Request], httpx.Response],
) -> None:
    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(misdeed), HASTY)
    fault = refused_in(client, endpoint, request_)
    assert_clean(f"{fault} {fault!r} {fault.raw} {fault.cause} {fault.request_id} {fault.args}")
    assert fault.raw
    for each in chain(fault):
        assert_clean(f"{each!r} {each} {vars(each)}")
        assert not isinstance(each, httpx.HTTPError)
    assert_clean("".join(traceback.format_exception(fault)))


@pytest.mark.parametrize("misdeed", MISDEEDS)
@pytest.mark.parametrize(("endpoint", "request_"), CALLS)
def test_no_secret_is_in_the_variables_an_error_report_would_collect(
    endpoint: wire.Endpoint[Any, Any],
    request_: object,
    misdeed: Callable[[httpx.Request], httpx.Response],
) -> None:
    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(misdeed), HASTY)
    fault = refused_in(client, endpoint, request_)
    seen = list(frames(fault.__traceback__, "valetkey/connectors"))
    assert seen
    assert_clean(repr(seen))


@pytest.mark.parametrize("misdeed", MISDEEDS)
@pytest.mark.parametrize(("endpoint", "request_"), CALLS)
def test_no_logger_hears_a_secret_at_any_level(
    endpoint: wire.Endpoint[Any, Any],
    request_: object,
    misdeed: Callable[[httpx.Request], httpx.Response],
    caplog: pytest.LogCaptureFixture,
) -> None:
    listen_to_everybody(caplog)
    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(misdeed), HASTY)
    refused_in(client, endpoint, request_)
    for record in caplog.records:
        assert_clean(f"{record.getMessage()} {vars(record)}")


def listen_to_everybody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)


def test_a_code_that_was_not_sent_and_is_named_all_the_same_is_masked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": 40050, "message": f"the post already has {SOURCE}, #ad #spring"})

    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(answer), HASTY)
    fault = refused_in(client, wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest("7200000000000000011", CODE))
    assert fault.raw == f"the post already has {MASK}, #ad #spring"


def test_a_real_connection_at_debug_level_logs_no_secret_and_httpx_logs_nothing(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    sandbox = Sandbox(tmp_path / "sandbox.sqlite3")
    sandbox.seed()
    listen_to_everybody(caplog)
    with listen(sandbox.wsgi, "127.0.0.1", 0) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            url = f"http://127.0.0.1:{listener.server_port}"
            for each in CALLS:
                endpoint, request_ = each.values
                refused_in(Client(url, Secret(TOKEN), patience=HASTY), endpoint, request_)  # type: ignore[arg-type]
        finally:
            listener.shutdown()
            thread.join(timeout=5)
    assert any(record.name.startswith("httpcore") for record in caplog.records), "nobody listened"
    # httpx.Client would log the whole address here, code included; requests go to the transport without it.
    assert [record for record in caplog.records if record.name == "httpx"] == []
    for record in caplog.records:
        assert_clean(f"{record.getMessage()} {vars(record)}")


def test_httpx_would_have_logged_the_code_so_the_test_above_means_something(caplog: pytest.LogCaptureFixture) -> None:
    listen_to_everybody(caplog)
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200))) as client:
        client.get("https://platform.example/", params={"auth_code": CODE})
    assert quote(CODE, safe="") in caplog.text


def test_the_hooks_of_the_retries_see_no_secret() -> None:
    seen: list[str] = []
    before = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks([lambda details: seen.append(repr(details))])
    try:
        client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(timed_out), HASTY)
        refused_in(client, wire.TT_VIDEO_INFO, wire.TtVideoInfoRequest("7200000000000000011", CODE))
    finally:
        stamina.instrumentation.set_on_retry_hooks(before)
    assert seen
    assert_clean(" ".join(seen))


def test_the_platforms_text_stays_readable_around_the_mask() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": 40002, "message": f"auth_code {CODE} is not in the form of a code"})

    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(answer), HASTY)
    fault = refused_in(client, wire.TT_VIDEO_AUTHORIZE, wire.TtVideoAuthorizeRequest("7200000000000000011", CODE))
    assert fault.raw == f"auth_code {MASK} is not in the form of a code"


def test_nothing_about_the_client_or_its_sides_shows_the_token(tmp_path: Path) -> None:
    address = Address(f"sandbox:{tmp_path / 'sandbox.sqlite3'}", Secret(TOKEN), "an-account")
    platform = TikTok()
    with Client("https://platform.example", Secret(TOKEN)) as client:
        shown = [repr(each) for each in (client, vars(client), platform, platform.creator(address), address)]
        shown.append(repr(platform.advertiser(address)))
        shown.append(repr(Scrubber(Secret(TOKEN), wire.TtVideoInfoRequest("1", CODE))))
        shown.append(repr(wire.TtVideoAuthorizeRequest("1", CODE, SOURCE)))
    assert_clean(" ".join(shown))


def test_no_verb_of_a_side_leaves_a_code_in_its_variables() -> None:
    nowhere = Address("http://127.0.0.1:1", Secret(TOKEN), "an-account")
    side = TikTok(HASTY).advertiser(nowhere)
    renewal = Renewal("app", Secret(SOURCE), Secret(CODE))
    verbs: list[Callable[[], object]] = [
        lambda: side.apply(ad_account_id="1", code=Secret(CODE), source_code=Secret(SOURCE)),
        lambda: side.application_of(ad_account_id="1", code=Secret(CODE), post_id=""),
        lambda: TikTok(HASTY).renew(nowhere, renewal),
    ]
    for verb in verbs:
        with pytest.raises(PlatformFault) as caught:
            verb()
        seen = list(frames(caught.value.__traceback__, "valetkey/connectors"))
        assert len(seen) >= 2
        assert_clean(repr(seen))


def test_every_request_that_carries_a_secret_marks_it_so_that_it_is_scrubbed() -> None:
    """The scrubber takes what the words of the wire keep out of their repr; a field forgotten there would leak here."""
    secret_names = {"auth_code", "original_post_auth_code", "secret", "client_secret", "access_token", "refresh_token"}
    for endpoint in wire.ENDPOINTS:
        fields = getattr(endpoint.request, "__dataclass_fields__", {})
        for name in secret_names & set(fields):
            assert fields[name].repr is False, f"{endpoint.path} shows {name}"


def test_a_code_with_half_a_letter_in_it_raises_nothing_that_quotes_it() -> None:
    broken = f"{CODE}\ud800"
    answer = httpx.Response(200, json={"code": 40002, "message": "auth_code_format_error"})
    client = Client("https://platform.example", Secret(TOKEN), httpx.MockTransport(lambda request: answer), HASTY)
    fault = refused_in(client, wire.TT_VIDEO_INFO, wire.TtVideoInfoRequest("7200000000000000011", broken))
    assert fault.says is Says.CODE_IS_BAD
