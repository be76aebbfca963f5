"""The driver of the tests that kill: a process whose children do one verb each and are killed -9 at one beat of it.

Run by the tests alone. A JSON line on standard input is a list of orders, for a child each, and all begin at the same
moment; it answers with how they ended. The product knows nothing of it: every beat is reached by standing in front of a
function or of the sandbox.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import httpx  # noqa: F401  # loaded once here, and not once in every child
from cryptography import fernet  # noqa: F401

PREFIX = "/open_api/v1.3"
WRITES = {
    "issue": "/business/post/authorize/setting/",
    "extend": "/business/post/authorize/",
    "apply": "/tt_video/authorize/",
    "switch_off": "/business/post/authorize/setting/",
    "pause_ads": "/ad/status/update/",
    "unbind": "/tt_video/unbind/",
}
BEATS = (
    "before the claim is committed",
    "after the claim is committed",
    "before the platform did it",
    "after the platform did it",
    "after the answer",
    "before the settling is committed",
    "after the settling",
)


def main() -> None:
    django.setup()
    from valetkey.authorizations import services  # noqa: F401  # loaded once here

    for line in sys.stdin:
        print(json.dumps(_all_together(json.loads(line))), flush=True)


def _all_together(orders: list[dict[str, Any]]) -> list[dict[str, int]]:
    """A child for each order; all wait for the same moment, which is when this end of the pipe is closed."""
    wait, go = os.pipe()
    children = []
    for order in orders:
        child = os.fork()
        if child == 0:
            os.close(go)
            _be_the_child(order, wait)
        children.append(child)
    os.close(wait)
    os.close(go)
    return [_ended(child) for child in children]


def _ended(child: int) -> dict[str, int]:
    _, status = os.waitpid(child, 0)
    killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": killed_by, "code": 0 if killed_by else os.WEXITSTATUS(status)}


def _be_the_child(order: dict[str, Any], wait: int) -> None:
    from valetkey.errors import Refused

    code = 0
    try:
        os.read(wait, 1)
        _do(order)
    except Refused as refused:
        code = refused.exit_code
    except BaseException as fault:
        print(repr(fault), file=sys.stderr)
        code = 99
    os._exit(code)


def _do(order: dict[str, Any]) -> None:
    from django.conf import settings

    from valetkey.audit.entry import Actor, Door
    from valetkey.authorizations import services
    from valetkey.authorizations.models import Authorization
    from valetkey.connectors import registry
    from valetkey.register.models import AdAccount

    settings.VALETKEY_SANDBOX_STATE = Path(order["state"])
    sandbox: Any = registry.platform("tiktok").sandbox(Path(order["state"]))
    sandbox.wsgi = _Watched(sandbox.wsgi, order)
    if order.get("beat"):
        _stand_at(order["beat"])
    actor = Actor(name="the desk's host", door=Door.CLI)
    row = Authorization.objects.get(reference=order["reference"])
    at = datetime.fromisoformat(order["at"])
    given: dict[str, Any] = {"authorization": row, "actor": actor, "at": at}
    if order["verb"] in {"issue", "extend"}:
        given["days"] = 30
    if order["verb"] in {"apply", "unbind"}:
        given["ad_account"] = AdAccount.objects.get(reference=order["ad_account"])
    getattr(services, order["verb"])(**given)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """Writes down what the platform gets, across processes, and kills in front of or behind its own work."""

    def __init__(self, app: Any, order: dict[str, Any]) -> None:
        self._app = app
        self._log = Path(order["state"]).with_suffix(".calls")
        self._path = WRITES.get(order["verb"])
        self._beat = order.get("beat")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path, method = environ["PATH_INFO"].removeprefix(PREFIX), environ["REQUEST_METHOD"]
        is_it = method == "POST" and path == self._path
        if is_it and self._beat == "before the platform did it":
            _kill()
        with self._log.open("a") as log:
            log.write(f"{method} {path}\n")
        answer = self._app(environ, start_response)
        if is_it and self._beat == "after the platform did it":
            _kill()
        return answer


def _stand_at(beat: str) -> None:
    from valetkey.authorizations.services import claims

    def after(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            answer = function(*given, **named)
            _kill()
            return answer

        return run

    def at_entry(ending: str) -> Callable[..., Any]:
        write = vars(claims)["record"]

        def run(*, event: str, **named: Any) -> Any:
            entry = write(event=event, **named)
            if event.endswith(ending):
                _kill()
            return entry

        return run

    def at_once(*given: Any, **named: Any) -> None:
        _kill()

    stands: dict[str, tuple[str, Callable[..., Any]]] = {
        "before the claim is committed": ("record", at_entry(".attempted")),
        "after the claim is committed": ("_claim", after(claims._claim)),
        "after the answer": ("_settle", at_once),
        "before the settling is committed": ("record", at_entry(".done")),
        "after the settling": ("_settle", after(claims._settle)),
        "after it is marked uncertain": ("_mark_uncertain", after(claims._mark_uncertain)),
    }
    if beat == "before the look is committed":
        # The package's own name `check` is the service, not its module.
        vars(sys.modules["valetkey.authorizations.services.check"])["settle_applied"] = at_once
    if beat in stands:
        name, function = stands[beat]
        setattr(claims, name, function)


if __name__ == "__main__":
    main()
