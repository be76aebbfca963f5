"""How one request travels: a connection of its own, a moment after which nothing moves, and the proxy of the machine.

Decides that nothing leaves after the deadline, even when the name or the handshake took all the time. Does not decide
what a failure means, and follows nothing, retries nothing, keeps no cookie and logs no address.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

DEADLINE = "deadline"
"""Name of the request extension that carries the deadline, as the clock of the transport counts it."""

NOT_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""Failures before the first byte of the request: it was certainly not carried out."""

TIMED_OUT = (httpcore.TimeoutException, httpx.TimeoutException)

LOST = (
    *TIMED_OUT,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.HTTPError,
    httpx.StreamError,
    OSError,
)
"""Failures after it: the request may have arrived, whatever came back."""


class BoundedTransport(httpx.BaseTransport):
    """One connection per request, bounded as a whole by the request's deadline.

    Connections are not kept: a write sent down a connection that the other side is just closing could not be told from
    a write that arrived. TLS is always verified, against the certificates of `SSL_CERT_FILE` when that is set.
    """

    def __init__(self, proxy: httpcore.Proxy | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._proxy = proxy
        self._now = now

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline: float = request.extensions[DEADLINE]
        pool = httpcore.ConnectionPool(
            ssl_context=_verified(),
            proxy=self._proxy,
            max_keepalive_connections=0,
            network_backend=_BoundedBackend(lambda: deadline - self._now()),
        )
        try:
            answer = pool.handle_request(_in_core_words(request))
        except BaseException:
            pool.close()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, pool))


def proxy_for(base_url: str) -> httpcore.Proxy | None:
    """The proxy that this machine's environment names for an https address; none for http, which is loopback only."""
    parts = urlsplit(base_url)
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if parts.scheme != "https" or not proxy or proxy_bypass(parts.netloc):
        return None
    way = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if way.scheme not in ("http", "https") or not way.hostname:
        raise ValueError("The proxy of this machine must be an http or https address; other kinds are not spoken here.")
    login = (unquote(way.username), unquote(way.password or "")) if way.username else None
    port = f":{way.port}" if way.port else ""
    host = f"[{way.hostname}]" if ":" in way.hostname else way.hostname
    return httpcore.Proxy(f"{way.scheme}://{host}{port}/", auth=login)


@cache
def _verified() -> ssl.SSLContext:
    # Reading the certificates takes longer than a call to a near server, so once per process.
    return httpx.create_ssl_context()


def _in_core_words(request: httpx.Request) -> httpcore.Request:
    url = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    return httpcore.Request(
        request.method, url, headers=request.headers.raw, content=request.read(), extensions=request.extensions
    )


class _Body(httpx.SyncByteStream):
    """The answer's bytes; closing them closes the connection."""

    def __init__(self, answer: httpcore.Response, pool: httpcore.ConnectionPool) -> None:
        self._answer = answer
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._pool.close()


class _BoundedBackend(httpcore.NetworkBackend):
    """Opens connections whose every step gets what is left of the whole call, or its own limit when that is shorter."""

    def __init__(self, left: Callable[[], float]) -> None:
        self._left = left
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        limit = _shorter(timeout, self._left(), httpcore.ConnectTimeout)
        # Looking up the name cannot be bounded, nor can many addresses together; the first write looks at the deadline.
        stream = self._plain.connect_tcp(host, port, limit, local_address, socket_options)
        return _BoundedStream(stream, self._left)


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream = stream
        self._left = left
        self._begun = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, self._left(), httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Before the first byte the call still counts as never sent.
        late = httpcore.WriteTimeout if self._begun else httpcore.ConnectTimeout
        limit = _shorter(timeout, self._left(), late)
        self._begun = True
        self._stream.write(buffer, limit)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = _shorter(timeout, self._left(), httpcore.ConnectTimeout)
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._left)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _shorter(limit: float | None, left: float, late: type[httpcore.TimeoutException]) -> float:
    if left <= 0:
        raise late("the whole call took too long")
    return left if limit is None else min(limit, left)
