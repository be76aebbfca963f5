"""A receiver on loopback that takes messages, and behaves as it is told: fails, is slow, redirects, drops, is gone."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from valetkey.secret import Secret

TAKE, FAIL, SLOW, DRIP, DROP, REDIRECT, GONE, LOST, LATE = (
    "take", "fail", "slow", "drip", "drop", "redirect", "gone", "take and lose the answer", "take and answer late",
)  # fmt: skip
_STATUS = {TAKE: 204, LATE: 204, FAIL: 500, REDIRECT: 302, GONE: 410}


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: Secret) -> Any:
        """As a receiver does it, with the public library."""
        return Webhook(secret.reveal()).verify(self.body, self.headers)


@dataclass
class Receiver:
    """`manners`: how the next requests are answered, one after the other; then it takes everything."""

    port: int = 0
    manners: list[str] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    taken: list[Got] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/desk?for=bo"

    def ids(self) -> list[str]:
        """What was taken, once each: the same id counts as one."""
        return list(dict.fromkeys(each.id for each in self.taken))


@contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            with receiver.lock:
                manner = receiver.manners.pop(0) if receiver.manners else TAKE
                receiver.got.append(got)
                if manner in {TAKE, LOST, LATE}:
                    receiver.taken.append(got)
            self._answer(manner)

        do_GET = do_POST  # whoever follows a redirect is seen

        def _answer(self, manner: str) -> None:
            if manner == SLOW:
                receiver.is_over.wait(30)
            if manner == LATE:
                receiver.is_over.wait(2.1)
            if manner == DRIP:
                self._drip()
            if manner in {DROP, LOST, SLOW, DRIP}:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(_STATUS[manner])
            if manner == REDIRECT:
                self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _drip(self) -> None:
            """A letter of its answer now and then: each of them comes in time."""
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
                    if receiver.is_over.wait(0.05):
                        return
                    self.connection.sendall(bytes([letter]))
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, *_: Any) -> None:
            pass  # whoever speaks to us went away

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
