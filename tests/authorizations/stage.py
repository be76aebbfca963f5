"""What the tests of the verbs share: a tap on the wire, faults on order, levels of connection, and short questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.desk import SHORT, Desk
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.authorizations.models import Application, Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.errors import Refused
from valetkey.register.models import Access, AdAccount

PREFIX: Final = "/open_api/v1.3"
SETTING: Final = "/business/post/authorize/setting/"
STATUS: Final = "/business/post/authorize/status/"
EXTEND: Final = "/business/post/authorize/"
APPLY: Final = "/tt_video/authorize/"
LIST: Final = "/tt_video/list/"
UNBIND: Final = "/tt_video/unbind/"
PAUSE: Final = "/ad/status/update/"
ADS: Final = "/ad/get/"
RENEW: Final = "/tt_user/oauth2/refresh_token/"


class Tap:
    """Stands between the connector and the sandbox and writes down every call; may do something after a path."""

    def __init__(self, desk: Desk) -> None:
        self.calls: list[tuple[str, str]] = []
        self.then: dict[str, Callable[[], object]] = {}
        self.before: dict[str, Callable[[], object]] = {}
        box: Any = desk.sandbox
        self._app, box.wsgi = box.wsgi, self

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"].removeprefix(PREFIX)
        self.calls.append((environ["REQUEST_METHOD"], path))
        self.before.pop(path, _nothing)()
        try:
            return self._app(environ, start_response)
        finally:
            self.then.pop(path, _nothing)()

    def writes(self) -> list[str]:
        return [path for method, path in self.calls if method == "POST"]

    def reads(self) -> list[str]:
        return [path for method, path in self.calls if method == "GET"]

    def clear(self) -> None:
        self.calls.clear()


def _nothing() -> None:
    return None


def order(desk: Desk, path: str, fault: str, **more: object) -> None:
    """The next call of this path meets a fault."""
    _control(desk, "fail-next", {"path": path, "fault": fault, **more})


def switch(desk: Desk, **choices: str) -> None:
    """The sandbox behaves in another way that TikTok's documents leave open."""
    _control(desk, "switches", choices)


def _control(desk: Desk, name: str, wanted: dict[str, Any]) -> None:
    box: Any = desk.sandbox
    app = box.wsgi
    while isinstance(app, Tap):
        app = app._app
    request = httpx.Request("POST", f"http://localhost/_sandbox/{name}", content=json.dumps(wanted).encode())
    answer = httpx.WSGITransport(app=app).handle_request(request)
    assert answer.status_code == 200, answer.read()


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    """The block is refused with this code, in sentences, and says what to do next."""
    try:
        yield
    except kind as refusal:
        assert refusal.code == code, f"{refusal.code}: {refusal}"
        assert refusal.sentence.endswith(".")
    else:
        raise AssertionError(f"It was not refused with {code}.")


def keep_only(desk: Desk, level: Level) -> None:
    """Take away every connection but those of one level."""
    for connection in Connection.objects.live().exclude(level=level):
        party = connection.party
        actor = desk.mara if party == desk.creator else desk.bo
        connections.disconnect(connection=connection, actor=actor, at=desk.at)


def events(row: Authorization) -> list[str]:
    """What its history tells, without the word they all begin with."""
    return [entry.event.removeprefix("authorization.") for entry in services.history(authorization=row)]


def last(row: Authorization) -> dict[str, Any]:
    """The detail of its newest entry."""
    newest = services.history(authorization=row).last()
    assert newest is not None
    found: dict[str, Any] = newest.detail
    return found


def accesses(row: Authorization) -> list[Access]:
    """The accesses it ever gave, oldest first."""
    return list(Access.objects.filter(basis__startswith=f"authorization {row.reference} ").order_by("pk"))


def live(desk: Desk, row: Authorization) -> list[Access]:
    found = Access.objects.live(desk.at).filter(basis__startswith=f"authorization {row.reference} ")
    return list(found.order_by("pk"))


def fresh(row: Authorization) -> Authorization:
    return Authorization.objects.select_related("post__held_by", "advertiser").get(pk=row.pk)


def application(row: Authorization, account: AdAccount) -> Application:
    return row.applications.select_related("ad_account", "authorization").get(ad_account=account)


def by_hand(desk: Desk, code: str = "#handMadeCode1234567890abcdef=", **given: Any) -> Authorization:
    """A code somebody typed in, without any connection."""
    asked: dict[str, Any] = {
        "code": code, "post": desk.post, "advertiser": desk.advertiser, "days": 30, "short_reason": SHORT,
        "actor": desk.mara, "at": desk.at, **given,
    }  # fmt: skip
    return services.record(**asked)


def holds() -> None:
    verdict = verify()
    assert verdict.holds, verdict.fault


@dataclass(frozen=True)
class Case:
    """One platform verb: the state it starts from, how it is done, the path that writes, and what shows it as done."""

    name: str
    path: str
    start: Callable[[Desk], Authorization]
    do: Callable[[Desk, Authorization], object]
    is_done: Callable[[Desk, Authorization], bool]

    def __str__(self) -> str:
        return self.name


def _new(desk: Desk) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def _ending(desk: Desk) -> Authorization:
    row = desk.in_use()
    desk.ad(row)
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    return row


def _without_ads(desk: Desk) -> Authorization:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    return row


CASES: Final = (
    Case(
        "issue",
        SETTING,
        _new,
        lambda desk, row: services.issue(authorization=row, days=30, actor=desk.mara, at=desk.at),
        lambda desk, row: row.state == "issued" and row.code is not None,
    ),
    Case(
        "apply",
        APPLY,
        lambda desk: desk.opened(),
        lambda desk, row: services.apply(authorization=row, ad_account=desk.eu, actor=desk.bo, at=desk.at),
        lambda desk, row: row.applications.bound().count() == 1 and row.state in {"applied", "in_use"},
    ),
    Case(
        "extend",
        EXTEND,
        lambda desk: desk.in_use(),
        lambda desk, row: services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at),
        lambda desk, row: row.window_changes.filter(verb="extend").count() == 1,
    ),
    Case(
        "pause_ads",
        PAUSE,
        _ending,
        lambda desk, row: services.pause_ads(authorization=row, actor=desk.bo, at=desk.at),
        lambda desk, row: row.ads_paused_at is not None,
    ),
    Case(
        "switch_off",
        SETTING,
        _without_ads,
        lambda desk, row: services.switch_off(authorization=row, actor=desk.mara, at=desk.at),
        lambda desk, row: row.switched_off_at is not None,
    ),
    Case(
        "unbind",
        UNBIND,
        lambda desk: desk.in_use(),
        lambda desk, row: services.unbind(authorization=row, ad_account=desk.eu, actor=desk.bo, at=desk.at),
        lambda desk, row: row.applications.bound().count() == 0,
    ),
)
BY_NAME: Final = {case.name: case for case in CASES}
