"""The stand-in over HTTP: Python's own WSGI server with a thread per request, quiet, on loopback unless told otherwise.

Decides where it may listen and how it stops. Not a server for production, and not meant to be one.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from types import FrameType
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .loopback import is_loopback

_log = logging.getLogger(__name__)

_STOPPED_BY: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_IDLE_SECONDS: Final = 60.0


class Listener(ThreadingMixIn, WSGIServer):
    """Bound and ready; `serve_forever`, `shutdown` and `server_close` as in the standard library."""

    daemon_threads = True  # a call that hangs on order of a test must not hold up the end
    request_queue_size = 128

    def server_bind(self) -> None:
        # Not WSGIServer's: it asks DNS for the host's full name, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.info("A caller went away before its answer.")


class _ListenerV6(Listener):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = _IDLE_SECONDS

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        # Without the query: codes travel in it.
        path = getattr(self, "path", "")  # a line that is no request has none
        _log.info("%s %s %s", self.command, path.partition("?")[0], code)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the texts hold request lines with their queries."""

    def get_stderr(self) -> Any:
        return _Silence()


class _Silence:
    """wsgiref prints tracebacks here; ours are logged without values."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...


def listen(app: Any, host: str, port: int, *, public: bool = False) -> Listener:
    """A bound listener; port 0 takes a free one. OSError in one sentence when the address cannot be had."""
    if not public and not is_loopback(host):
        raise OSError(
            errno.EACCES,
            f"{host or 'Every address'} can be reached from other machines. The sandbox listens on 127.0.0.1 unless "
            "a public address is asked for explicitly.",
        )
    kind = _ListenerV6 if ":" in host else Listener
    try:
        listener = kind((host, port), _Quiet)
    except OSError as fault:
        why = "another program uses this port" if fault.errno == errno.EADDRINUSE else fault.strerror
        raise OSError(fault.errno, f"The sandbox cannot listen on {host}:{port}: {why}.") from None
    except OverflowError:
        raise OSError(errno.EINVAL, f"{port} is not a port: it is 0 to 65535.") from None
    listener.set_app(app)
    return listener


def serve(app: Any, host: str, port: int, *, public: bool = False) -> None:
    with listen(app, host, port, public=public) as listener, _stopped_by_signal(listener):
        _log.info("The sandbox listens on %s:%s. It is not TikTok.", *listener.server_address[:2])
        listener.serve_forever(poll_interval=0.1)


@contextlib.contextmanager
def _stopped_by_signal(listener: Listener) -> Iterator[None]:
    """SIGTERM and a closed terminal like Ctrl-C, while serving; Python allows handlers in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        # Not by an exception: raised while Python clears away an ended thread, it would be lost. `shutdown` waits for
        # the loop that this very thread runs.
        threading.Thread(target=listener.shutdown).start()

    before = {each: signal.signal(each, stop) for each in _STOPPED_BY}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
