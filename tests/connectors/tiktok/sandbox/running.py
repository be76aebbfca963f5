"""The real server for tests that need threads, processes or sockets."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from valetkey.connectors.tiktok.sandbox import Sandbox, server


@contextlib.contextmanager
def in_a_thread(sandbox: Sandbox) -> Iterator[int]:
    """Serves on a free loopback port; its number."""
    with server.listen(sandbox.wsgi, "127.0.0.1", 0) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield listener.server_port
        finally:
            listener.shutdown()
            thread.join()


_PROGRAM = """
import sys
from pathlib import Path
from valetkey.connectors.tiktok.sandbox import Sandbox, server

listen = server.listen
def listen_and_tell(*args, **kwargs):
    listener = listen(*args, **kwargs)
    print(listener.server_port, flush=True)
    return listener

server.listen = listen_and_tell
Sandbox(Path(sys.argv[1])).serve("127.0.0.1", 0)
print("stopped", flush=True)
"""


@contextlib.contextmanager
def in_a_process(state: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`Sandbox.serve` in a process of its own, and its port."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(state)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def ask(port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, body=body.encode() or None, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()


def wait_until(claim: object, seconds: float = 5) -> None:
    assert callable(claim)
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "It did not come true in time."
        time.sleep(0.01)
