"""One call to TikTok, or to its stand-in: request out, answer or `PlatformFault` back, within a bounded time.

Decides how a request is written, how long is waited, what may be asked twice, and that no code or token stays in
anything that is raised or logged. What a failure tells is `outcomes`; what the words mean is `connector`.

    call ── refused by throttling ──► wait, ask again (it was not carried out)
         ── a read that met trouble ► wait, ask again (asking twice changes nothing)
         ── anything else ──────────► answer or PlatformFault, at once; a write goes out once
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import httpx
import stamina

from valetkey.connectors.base import PlatformFault, Says
from valetkey.connectors.tiktok import address, outcomes, wire
from valetkey.connectors.tiktok.transport import DEADLINE, LOST, NOT_SENT, TIMED_OUT, BoundedTransport, proxy_for
from valetkey.secret import MASK, Secret

CALL_LIMIT: Final = 60.0
"""Seconds that one `call` may take as a whole, waiting included. After it nothing of the call leaves this machine.

Whoever claims a row before a call must let the claim live longer than this.
"""

ANSWER_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of an answer that are read. TikTok's largest page of posts is far below one megabyte."""

_EXCERPT: Final = 300
"""Characters of an answer that is not JSON that are kept, enough to recognise a gateway's page."""

_KEPT: Final = 4000
"""Characters of the platform's own text that are kept; its longest known message has some two hundred."""

_LIKE_A_CODE: Final = re.compile(r"#[\w+/=-]{16,}", re.ASCII)
"""A platform's text may name a code that this request did not carry. How codes look is U: this is a net, not a rule."""

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True)
class Patience:
    """How long each step may take, and how often a call may be repeated. All times in seconds.

    `connect`, `write`, `read`  one step of one attempt: reaching the platform, a silence while sending, while answering
    `whole_call`                everything together, never more than CALL_LIMIT
    `attempts`                  how often a throttled call, or a read that met trouble, goes out in all
    `wait_limit`                no further attempt begins later than this after the first
    `first_wait`, `longest_wait`, `jitter`   the wait doubles from the first to the longest, plus up to `jitter`.
    A full second clears TikTok's limit per second (C2); its limits per minute and day are for the caller's own pace.
    """

    connect: float = 5.0
    write: float = 10.0
    read: float = 25.0
    whole_call: float = CALL_LIMIT
    attempts: int = 4
    wait_limit: float = 20.0
    first_wait: float = 1.1
    longest_wait: float = 8.0
    jitter: float = 0.5

    def __post_init__(self) -> None:
        if self.whole_call > CALL_LIMIT:
            raise ValueError(f"A whole call must not be given more than {CALL_LIMIT:.0f} seconds.")


class Client:
    """Calls endpoints with one token. Close it, or use it as a context manager; it is not for several threads at once.

    `base_url`   host of the platform or of a sandbox server, with or without the version prefix; ValueError for one
                 that would let the token travel in the clear
    `token`      ValueError when it holds what no header can carry
    `transport`  what carries the requests, for a stand-in inside this process or a test; None: the network

    Requests go to the transport itself and not through `httpx.Client`, which logs every address, and the address of
    a GET holds the code. So there is nothing here that logs, follows a redirect, or keeps a cookie.
    """

    def __init__(
        self,
        base_url: str,
        token: Secret,
        transport: httpx.BaseTransport | None = None,
        patience: Patience | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base_url = address.tidy(base_url)
        self._token = _sendable(token)
        self._transport = transport or BoundedTransport(proxy_for(self.base_url), now)
        self._patience = patience or Patience()
        self._now = now

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def call(self, endpoint: wire.Endpoint[Q, A], request: Q) -> A:
        """The answer of one endpoint, or PlatformFault.

        A throttled call, which was not carried out, and a read that met trouble are repeated as `Patience` says;
        nothing else ever is. A fault of a call that writes may be UNCERTAIN, a fault of a read never is.
        """
        try:
            return self._patiently(endpoint, request)
        except PlatformFault as fault:
            last = fault
        # Raised anew and outside: neither a context nor a frame of the attempt, where secrets are plain, comes along.
        raise PlatformFault(last.says, last.cause, last.raw, last.request_id)

    def _patiently(self, endpoint: wire.Endpoint[Q, A], request: Q) -> A:
        patience = self._patience
        deadline = self._now() + patience.whole_call
        longest = patience.longest_wait + patience.jitter

        def may_repeat(problem: Exception) -> bool:
            return (
                isinstance(problem, PlatformFault)
                and _is_repeatable(problem, endpoint)
                and self._now() + longest < deadline
            )

        for attempt in stamina.retry_context(
            on=may_repeat,
            attempts=patience.attempts,
            timeout=patience.wait_limit,
            wait_initial=patience.first_wait,
            wait_max=patience.longest_wait,
            wait_jitter=patience.jitter,
        ):
            with attempt:
                return self._attempt(endpoint, request, deadline)
        raise AssertionError("stamina answers or raises")

    def _attempt(self, endpoint: wire.Endpoint[Q, A], request: Q, deadline: float) -> A:
        scrub = Scrubber(self._token, request)
        got = self._exchange(endpoint, request, deadline)
        if isinstance(got, PlatformFault):
            raise got
        return _read(endpoint, got, scrub)

    def _exchange(self, endpoint: wire.Endpoint[Q, A], request: Q, deadline: float) -> _Answer | PlatformFault:
        """One trip. Returns instead of raising, because the frames and errors of a trip hold the address and token."""
        try:
            return _fetched(self._transport, self._written(endpoint, request, deadline))
        except NOT_SENT as problem:
            return _silence(endpoint, problem, sent=False)
        except LOST as problem:
            return _silence(endpoint, problem, sent=True)

    def _written(self, endpoint: wire.Endpoint[Q, A], request: Q, deadline: float) -> httpx.Request:
        url = self.base_url + endpoint.full_path
        content = b""
        kind = "application/json"
        if endpoint.method == "GET":
            url += f"?{_encoded(request)}"
        elif endpoint.form:
            content, kind = _encoded(request).encode(), "application/x-www-form-urlencoded"
        else:
            # Plain ASCII, so that no proxy on the way has to agree with us about an encoding.
            content = json.dumps(wire.dump(request), separators=(",", ":")).encode()
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "Content-Type": kind}
        headers |= {"User-Agent": _user_agent(), "Connection": "close"}
        if endpoint.token is not wire.TokenKind.NONE:
            headers["Access-Token"] = self._token.reveal()
        patience = self._patience
        limits = {"connect": patience.connect, "write": patience.write, "read": patience.read, "pool": patience.connect}
        extensions = {"timeout": limits, DEADLINE: deadline}
        return httpx.Request(endpoint.method, url, headers=headers, content=content, extensions=extensions)


class Scrubber:
    """Takes out of a text every spelling of the secrets that one request carried, and what looks like another code."""

    def __init__(self, token: Secret, request: object) -> None:
        # The words of the wire keep what must not be shown out of their repr; that is the list of secrets.
        hidden = [str(getattr(request, field.name) or "") for field in fields(request) if not field.repr]  # type: ignore[arg-type]
        spellings = {spelling for secret in (token.reveal(), *hidden) for spelling in _spellings(secret)}
        # Longest first: a spelling may hold a shorter one.
        self._spellings = sorted(spellings, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Scrubber()"

    def __call__(self, text: str) -> str:
        for spelling in self._spellings:
            text = text.replace(spelling, MASK)
        text = _LIKE_A_CODE.sub(MASK, text)
        # A database takes neither NUL nor half a surrogate pair, and both can stand in JSON.
        return text.replace("\0", "").encode("utf-8", "replace").decode()[:_KEPT]


@dataclass(frozen=True, repr=False)
class _Answer:
    status: int
    log_id: str
    body: bytes
    is_whole: bool


def _fetched(transport: httpx.BaseTransport, request: httpx.Request) -> _Answer:
    response = transport.handle_request(request)
    # Decoding needs to know it; httpx.Client would have set it.
    response.request = request
    body = bytearray()
    is_whole = True
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > ANSWER_LIMIT:
                is_whole = False
                break
    finally:
        response.close()
    return _Answer(response.status_code, response.headers.get("x-tt-logid", ""), bytes(body), is_whole)


def _silence(endpoint: wire.Endpoint[Any, Any], problem: Exception, *, sent: bool) -> PlatformFault:
    """The fault for no whole answer, in our words alone: those of the problem may hold the address."""
    timed_out = isinstance(problem, TIMED_OUT)
    outcome = outcomes.of_silence(sent=sent, timed_out=timed_out, writes=_writes(endpoint))
    if not sent:
        return PlatformFault(outcome.says, outcome.cause, "The platform could not be reached; nothing was sent.")
    what = "No answer came in time." if timed_out else "The connection ended before the whole answer came."
    return PlatformFault(outcome.says, outcome.cause, what)


def _read(endpoint: wire.Endpoint[Q, A], answer: _Answer, scrub: Scrubber) -> A:
    envelope = _envelope(answer)
    if envelope is None:
        outcome = outcomes.of_status(answer.status, writes=_writes(endpoint))
        raise PlatformFault(outcome.says, outcome.cause, scrub(_described(answer)), scrub(answer.log_id))
    request_id = scrub(envelope.request_id or answer.log_id)
    if envelope.code != wire.ErrorCode.OK:
        outcome = outcomes.of_envelope(envelope.code, envelope.message, writes=_writes(endpoint))
        raise PlatformFault(outcome.says, outcome.cause, scrub(envelope.message), request_id)
    try:
        return wire.parse(endpoint.answer, envelope.data)
    except wire.Malformed as problem:
        described = f"It answered with success, but not in the known form. {problem}"
    outcome = outcomes.of_status(200, writes=_writes(endpoint))
    raise PlatformFault(outcome.says, outcome.cause, described, request_id)


def _envelope(answer: _Answer) -> wire.Envelope | None:
    if not answer.is_whole:
        return None
    try:
        decoded = json.loads(answer.body)
        # TikTok's own SDK takes only an object with a code; anything else came from somebody in between.
        return wire.Envelope.parse(decoded) if isinstance(decoded, dict) else None
    except (ValueError, RecursionError):
        return None


def _described(answer: _Answer) -> str:
    """What came instead of an envelope. Of something that began as JSON nothing is kept: it may hold other codes."""
    text = answer.body.decode("utf-8", "replace").strip()
    said = "" if text[:1] in ("{", "[", '"', "\ufeff") else f": {text[:_EXCERPT]}"
    size = f"{len(answer.body)} bytes" if answer.is_whole else f"more than {ANSWER_LIMIT} bytes"
    return f"HTTP {answer.status} without TikTok's envelope, {size}{said}"


def _writes(endpoint: wire.Endpoint[Any, Any]) -> bool:
    return endpoint.method != "GET"


def _is_repeatable(fault: PlatformFault, endpoint: wire.Endpoint[Any, Any]) -> bool:
    return fault.cause == outcomes.THROTTLED or (not _writes(endpoint) and fault.says is Says.TRY_LATER)


def _encoded(request: object) -> str:
    """Query or form text with nothing left bare: `#` `+` `/` `=` all mean something there, and all stand in codes."""
    return urlencode(wire.dump_query(request), quote_via=quote, safe="", errors="replace")


def _spellings(secret: str) -> set[str]:
    """How a platform or a gateway may echo a text that was sent to it."""
    if not secret:
        return set()
    spaced = secret.replace("+", " ")
    found = {secret, spaced, json.dumps(secret)[1:-1], secret.replace("/", "\\/")}
    for safe in ("", "/", "=", "/=", "#", "#/="):
        encoded = quote(secret, safe=safe, errors="replace")
        found |= {encoded, re.sub("%..", lambda sign: sign[0].lower(), encoded), encoded.replace("%20", "+")}
    # Without its leading sign it still is the code to anybody who reads it.
    if len(secret) > 8 and secret.startswith("#"):
        found |= _spellings(secret[1:])
    return found


def _sendable(token: Secret) -> Secret:
    if re.fullmatch(r"[!-~]*", token.reveal()) is None:
        raise ValueError("The token holds a space, a line break or a letter outside ASCII; copy it again.")
    return token


def _user_agent() -> str:
    try:
        return f"valetkey/{version('valetkey')}"
    except PackageNotFoundError:
        return "valetkey/unreleased"
