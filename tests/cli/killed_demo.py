"""The driver of the demo's tests: `valetkey demo` in a process that dies by -9 in front of or behind its nth write.

Started as its own program with the count in the environment. It stands in front of the sandbox and writes down every
write the platform gets; the product knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from valetkey.connectors.tiktok.sandbox.app import App

PREFIX = "/open_api/v1.3"
RENEWAL = "/tt_user/oauth2/refresh_token/"


def stand_in_front(log: Path, nth: int, where: str) -> None:
    """`where`: "before" or "behind" the platform's own work. No write is the 0th."""
    answer, seen = App.__call__, 0

    def watched(self: App, environ: dict[str, Any], start_response: Any) -> Any:
        nonlocal seen
        path = environ["PATH_INFO"].removeprefix(PREFIX)
        is_write = environ["REQUEST_METHOD"] == "POST" and path != RENEWAL
        seen += is_write
        if is_write and seen == nth and where == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        got = answer(self, environ, start_response)
        if is_write:
            with log.open("a") as lines:
                lines.write(f"{path}\n")
            if seen == nth and where == "behind":
                os.kill(os.getpid(), signal.SIGKILL)
        return got

    App.__call__ = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    desk = Path(sys.argv[1])
    stand_in_front(desk.with_suffix(".writes"), int(sys.argv[2]), sys.argv[3])
    desk.mkdir(exist_ok=True)
    (desk / "this-is-a-demo-desk").touch()
    os.environ["VALETKEY_HOME"] = os.environ["VALETKEY_DEMO_DESK"] = str(desk)
    sys.argv = ["valetkey", "demo", "--json", "--desk", str(desk)]
    from valetkey.__main__ import main

    main()
