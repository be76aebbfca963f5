"""What happens on the line: dropped, silent, dripping and cut answers, from a real socket on this machine."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from valetkey.connectors.base import PlatformFault, Says
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.client import Client, Patience
from valetkey.secret import Secret

TOKEN = Secret("act.a-token-nobody-may-see")
WRITE = wire.TtVideoAuthorizeRequest("7000000000000000001", "#AbC+dEf/12=")
READ = wire.TtVideoListRequest("7000000000000000001")
HASTY = Patience(connect=1, write=1, read=0.2, whole_call=2, attempts=2, first_wait=0, longest_wait=0, jitter=0)
OK = json.dumps({"code": 0, "message": "OK", "request_id": "r1", "data": {}}).encode()


class Line:
    """A listening socket that does with every connection what the test says, and keeps what it was sent."""

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._act = act
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[bytes] = []
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(3)
                self.heard.append(b"")
                self._act(connection)

    def hear(self, connection: socket.socket) -> bytes:
        """One whole request."""
        got = b""
        while b"\r\n\r\n" not in got or len(got.split(b"\r\n\r\n", 1)[1]) < _length(got):
            more = connection.recv(65536)
            if not more:
                break
            got += more
            self.heard[-1] = got
        return got

    def close(self) -> None:
        # On Linux closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)


def _length(request: bytes) -> int:
    head = request.split(b"\r\n\r\n", 1)[0].lower()
    return next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)


@contextmanager
def line(act: Callable[[Line, socket.socket], None]) -> Iterator[Line]:
    opened: list[Line] = []
    served = Line(lambda connection: act(opened[0], connection))
    opened.append(served)
    try:
        yield served
    finally:
        served.close()


def answered(body: bytes, status: str = "200 OK", more: bytes = b"", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status.encode(), size, more, body)


def drop_after_reading(served: Line, connection: socket.socket) -> None:
    served.hear(connection)


def reset_while_sending(served: Line, connection: socket.socket) -> None:
    connection.recv(1)
    # With a linger of zero the other side gets a reset instead of an orderly end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def stay_silent(served: Line, connection: socket.socket) -> None:
    served.hear(connection)
    connection.recv(1)


def cut_short(served: Line, connection: socket.socket) -> None:
    served.hear(connection)
    connection.sendall(answered(OK[:20], length=len(OK)))


def speak_another_language(served: Line, connection: socket.socket) -> None:
    served.hear(connection)
    connection.sendall(b"220 mail.example ready\r\n")


def drip_head(served: Line, connection: socket.socket) -> None:
    served.hear(connection)
    for each in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 400:
        connection.send(bytes([each]))
        time.sleep(0.02)


def drip_body(served: Line, connection: socket.socket) -> None:
    served.hear(connection)
    connection.sendall(answered(b"", length=4000))
    for _ in range(400):
        connection.send(b" ")
        time.sleep(0.02)


def fault_of(url: str, endpoint: wire.Endpoint[Any, Any], request: object, patience: Patience = HASTY) -> PlatformFault:
    with Client(url, TOKEN, patience=patience) as client, pytest.raises(PlatformFault) as caught:
        client.call(endpoint, request)
    return caught.value


TROUBLES = [
    pytest.param(drop_after_reading, "connection_lost", id="dropped after the request"),
    pytest.param(reset_while_sending, "connection_lost", id="reset while sending"),
    pytest.param(stay_silent, "timeout", id="never answered"),
    pytest.param(cut_short, "connection_lost", id="answer cut short"),
    pytest.param(speak_another_language, "connection_lost", id="no HTTP"),
]


@pytest.mark.parametrize(("act", "cause"), TROUBLES)
def test_a_write_that_got_no_whole_answer_is_uncertain_and_went_out_once(
    act: Callable[[Line, socket.socket], None], cause: str
) -> None:
    with line(act) as served:
        fault = fault_of(served.url, wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (fault.says, fault.cause) == (Says.UNCERTAIN, cause)
    assert len(served.heard) == 1


@pytest.mark.parametrize(("act", "cause"), TROUBLES)
def test_a_read_that_got_no_whole_answer_is_asked_again_and_never_uncertain(
    act: Callable[[Line, socket.socket], None], cause: str
) -> None:
    with line(act) as served:
        fault = fault_of(served.url, wire.TT_VIDEO_LIST, READ)
    assert (fault.says, fault.cause) == (Says.TRY_LATER, cause)
    assert len(served.heard) == HASTY.attempts


@pytest.mark.parametrize("act", [drip_head, drip_body])
def test_an_answer_that_drips_ends_with_the_whole_call(act: Callable[[Line, socket.socket], None]) -> None:
    patience = Patience(connect=1, write=1, read=0.3, whole_call=0.5, attempts=1)
    began = time.monotonic()
    with line(act) as served:
        fault = fault_of(served.url, wire.TT_VIDEO_AUTHORIZE, WRITE, patience)
        took = time.monotonic() - began
    assert (fault.says, fault.cause) == (Says.UNCERTAIN, "timeout")
    assert took < 1.5


def test_a_read_recovers_when_the_second_attempt_is_answered() -> None:
    empty = {"page": 1, "page_size": 20, "total_number": 0, "total_page": 0}
    body = json.dumps({"code": 0, "message": "OK", "data": {"list": [], "page_info": empty}}).encode()

    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        if len(served.heard) > 1:
            connection.sendall(answered(body))

    with line(act) as served, Client(served.url, TOKEN, patience=HASTY) as client:
        assert client.call(wire.TT_VIDEO_LIST, READ).list == ()


@pytest.mark.parametrize(("endpoint", "request_"), [(wire.TT_VIDEO_AUTHORIZE, WRITE), (wire.TT_VIDEO_LIST, READ)])
def test_a_port_that_refuses_means_nothing_was_sent(endpoint: wire.Endpoint[Any, Any], request_: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    fault = fault_of(f"http://127.0.0.1:{port}", endpoint, request_)
    assert (fault.says, fault.cause) == (Says.TRY_LATER, "not_reached")


def test_a_name_that_does_not_resolve_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    fault = fault_of("https://platform.example", wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (fault.says, fault.cause) == (Says.TRY_LATER, "not_reached")


def test_nothing_leaves_when_the_time_was_used_up_before_the_first_byte() -> None:
    clock = iter([0.0, 0.0])  # the beginning of the call, the connecting; after that it is late

    with line(drop_after_reading) as served:
        client = Client(served.url, TOKEN, patience=HASTY, now=lambda: next(clock, 1000.0))
        with client, pytest.raises(PlatformFault) as caught:
            client.call(wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (caught.value.says, caught.value.cause) == (Says.TRY_LATER, "timeout")
    assert b"".join(served.heard) == b""


@pytest.mark.parametrize("status", ["301 Moved Permanently", "303 See Other", "307 Temporary Redirect"])
def test_a_redirect_is_not_followed(status: str) -> None:
    with line(drop_after_reading) as elsewhere:
        way = f"Location: {elsewhere.url}/open_api/v1.3/tt_video/list/\r\n".encode()

        def act(served: Line, connection: socket.socket) -> None:
            served.hear(connection)
            connection.sendall(answered(b"", status, way))

        with line(act) as served:
            read = fault_of(served.url, wire.TT_VIDEO_LIST, READ)
            written = fault_of(served.url, wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert read.says is Says.NOTHING_ABOUT_THE_CODE
    assert written.says is Says.UNCERTAIN
    assert elsewhere.heard == []


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valetkey.connectors.tiktok.client.ANSWER_LIMIT", 100_000)

    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        connection.sendall(answered(b"<html>" * 200_000))

    with line(act) as served:
        fault = fault_of(served.url, wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (fault.says, fault.cause) == (Says.UNCERTAIN, "not_understood")
    assert "more than 100000 bytes" in fault.raw


def test_the_request_is_honest_about_who_asks_and_complete() -> None:
    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        connection.sendall(answered(OK))

    with line(act) as served, Client(f"{served.url}/open_api/v1.3/", TOKEN, patience=HASTY) as client:
        assert client.call(wire.TT_VIDEO_AUTHORIZE, WRITE) == wire.Empty()
    head, body = served.heard[0].split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /open_api/v1.3/tt_video/authorize/ HTTP/1.1"
    headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in lines[1:])}
    assert headers["access-token"] == TOKEN.reveal()
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("valetkey/")
    assert json.loads(body) == {"advertiser_id": "7000000000000000001", "auth_code": "#AbC+dEf/12="}


def test_the_form_endpoint_gets_a_form_and_no_token() -> None:
    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        connection.sendall(answered(OK))

    asked = wire.OauthTokenRequest("app", "a+secret&", "a code")
    with line(act) as served, Client(served.url, TOKEN, patience=HASTY) as client, suppress(PlatformFault):
        client.call(wire.OAUTH_TOKEN, asked)
    head, body = served.heard[0].split(b"\r\n\r\n", 1)
    assert b"application/x-www-form-urlencoded" in head
    assert TOKEN.reveal().encode() not in head
    assert b"secret=a%2Bsecret%26" in body


def test_the_proxy_of_the_machine_carries_https_and_never_sees_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with line(act) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://someone:their%20word@127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        fault = fault_of("https://platform.example", wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (fault.says, fault.cause) == (Says.TRY_LATER, "not_reached")
    assert proxy.heard[0].startswith(b"CONNECT platform.example:443 ")
    assert b"Proxy-Authorization: Basic" in proxy.heard[0]
    assert TOKEN.reveal().encode() not in proxy.heard[0]


def test_a_call_on_this_machine_ignores_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(served: Line, connection: socket.socket) -> None:
        served.hear(connection)
        connection.sendall(answered(OK))

    with line(drop_after_reading) as proxy, line(act) as served:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with Client(served.url, TOKEN, patience=HASTY) as client:
            client.call(wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert proxy.heard == []


def test_a_certificate_nobody_vouches_for_is_refused_before_the_token_leaves(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    heard: list[bytes] = []

    def act(served: Line, connection: socket.socket) -> None:
        with suppress(ssl.SSLError), context.wrap_socket(connection, server_side=True) as safe:
            heard.append(safe.recv(65536))

    with line(act) as served:
        fault = fault_of(f"https://localhost:{served.port}", wire.TT_VIDEO_AUTHORIZE, WRITE)
    assert (fault.says, fault.cause) == (Says.TRY_LATER, "not_reached")
    assert b"".join(heard) == b""


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "self-signed.pem").write_bytes(pem)
    return folder / "self-signed.pem"


@pytest.mark.parametrize(
    "base_url",
    [
        "http://platform.example",
        "http://127.0.0.1.platform.example",
        "http://0.0.0.0:8099",
        "ftp://127.0.0.1",
        "127.0.0.1:8099",
        "https://",
        "https://someone:word@platform.example",
        "https://platform.example/?token=1",
        "https://platform.example/#part",
        "http://[::1",
        "",
    ],
)
def test_an_address_that_no_token_may_be_sent_to_is_refused_with_a_sentence(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"^The address|^Over plain http") as refused:
        Client(base_url, TOKEN)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("base_url", "tidy"),
    [
        ("https://business-api.tiktok.com", "https://business-api.tiktok.com"),
        ("https://business-api.tiktok.com/", "https://business-api.tiktok.com"),
        (" https://Business-API.tiktok.com/open_api/v1.3/ ", "https://business-api.tiktok.com"),
        ("http://localhost:8099/open_api/v1.3", "http://localhost:8099"),
        ("http://[::1]:8099/", "http://[::1]:8099"),
        ("https://desk.example/stand-in/open_api/v1.3/", "https://desk.example/stand-in"),
    ],
)
def test_an_address_is_taken_however_people_write_it(base_url: str, tidy: str) -> None:
    with Client(base_url, TOKEN) as client:
        assert client.base_url == tidy


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "t\u00f6ken", "\0"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ValueError, match="The token holds") as refused:
        Client("https://platform.example", Secret(token))
    assert token not in str(refused.value)


def test_nobody_can_ask_for_more_time_than_the_limit_of_a_call() -> None:
    with pytest.raises(ValueError, match="60 seconds"):
        Patience(whole_call=61)
