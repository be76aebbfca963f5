"""TikTok's connector keeps the promises of the port: in this process, over HTTP, and, when asked, at TikTok itself.

The last class never runs unless it is selected by its marker (`make conformance`), and then never passes by being
skipped: what it needs and is not told fails. It also writes down what TikTok answers to our open doubts.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.connectors.conformance import PlatformConformance
from valetkey.connectors.base import Address, Platform, PlatformFault, Renewal, Seeded, SeededAdAccount
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.client import Client
from valetkey.connectors.tiktok.connector import platform
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.connectors.tiktok.transport import BoundedTransport, proxy_for
from valetkey.secret import MASK, Secret


class StandInConformance(PlatformConformance):
    """What both ways to the stand-in share: its cast and its clock."""

    @pytest.fixture
    def base_url(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def cast(self) -> Seeded:
        raise NotImplementedError

    @pytest.fixture
    def platform(self) -> Platform:
        return platform

    @pytest.fixture
    def creator_address(self, base_url: str, cast: Seeded) -> Address:
        return Address(base_url, cast.creators[0].token, cast.creators[0].account_id)

    @pytest.fixture
    def advertiser_address(self, base_url: str, cast: Seeded) -> Address:
        return Address(base_url, cast.advertisers[0].token)

    @pytest.fixture
    def post_id(self, cast: Seeded) -> str:
        return cast.creators[0].posts["public"]

    @pytest.fixture
    def ad_account(self, cast: Seeded) -> SeededAdAccount:
        return cast.advertisers[0].ad_accounts[0]

    @pytest.fixture
    def second_ad_account(self, cast: Seeded) -> SeededAdAccount:
        return cast.advertisers[0].ad_accounts[1]

    @pytest.fixture
    def foreign_ad_account_id(self, cast: Seeded) -> str:
        return cast.advertisers[1].ad_accounts[0].ad_account_id

    @pytest.fixture
    def renewal(self, cast: Seeded) -> Renewal:
        return Renewal(cast.app_id, cast.app_secret, cast.creators[0].refresh_token)

    def test_the_open_doubts_can_be_asked(
        self,
        creator_address: Address,
        advertiser_address: Address,
        post_id: str,
        ad_account: SeededAdAccount,
        tmp_path: Path,
    ) -> None:
        asked = Doubts(creator_address, advertiser_address, post_id, ad_account.ad_account_id)
        found = asked.close()
        assert found["3 instants of /tt_video/list/"].startswith("2")
        assert found["6 extending by 30 days moves the end by"] == "30 days"
        assert "40002" in found["1 a malformed code is refused with"]
        assert set(found) == set(Doubts.ASKED)
        asked.keep(tmp_path / "doubts.json")
        kept = (tmp_path / "doubts.json").read_text()
        for secret in (creator_address.token, advertiser_address.token, *asked.codes):
            assert secret.reveal() not in kept


class TestInThisProcess(StandInConformance):
    @pytest.fixture
    def state(self, tmp_path: Path) -> Path:
        return tmp_path / "sandbox.sqlite3"

    @pytest.fixture
    def base_url(self, state: Path) -> str:
        return f"sandbox:{state}"

    @pytest.fixture
    def cast(self, platform: Platform, state: Path) -> Seeded:
        return platform.sandbox(state).seed()

    @pytest.fixture
    def clock(self, platform: Platform, state: Path) -> Callable[[datetime], None]:
        return platform.sandbox(state).set_clock


@dataclass(frozen=True)
class Served:
    url: str
    state: Path

    def order(self, what: str, **wanted: object) -> None:
        assert httpx.post(f"{self.url}/_sandbox/{what}", json=wanted, timeout=5).status_code == 200


_SERVE = """
import sys
from pathlib import Path
from valetkey.connectors.tiktok.sandbox import Sandbox
Sandbox(Path(sys.argv[1])).serve("127.0.0.1", int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, unused_port: int) -> Iterator[Served]:
    """The stand-in as a server process of its own, as anybody's tests would start it."""
    state = tmp_path_factory.mktemp("served") / "sandbox.sqlite3"
    command = [sys.executable, "-c", _SERVE, str(state), str(unused_port)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3]) as process:
        try:
            served = Served(f"http://127.0.0.1:{unused_port}", state)
            wait_for(served.url, process)
            yield served
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture(scope="module")
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the sandbox server ended by itself"
        try:
            httpx.get(f"{url}/_sandbox/clock", timeout=1)
            return
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError("the sandbox server did not answer")


class TestOverHttp(StandInConformance):
    @pytest.fixture
    def base_url(self, served: Served) -> str:
        return served.url

    @pytest.fixture
    def cast(self, served: Served) -> Seeded:
        served.order("reset")
        return Sandbox(served.state).seed()

    @pytest.fixture
    def clock(self, served: Served) -> Callable[[datetime], None]:
        return Sandbox(served.state).set_clock


# -- TikTok itself -------------------------------------------------------------------------------------------------

PREFIX = "VALETKEY_CONFORMANCE_"
NEEDED = ("BASE_URL", "CREATOR_TOKEN", "BUSINESS_ID", "POST_ID", "ADVERTISER_TOKEN", "ADVERTISER_ID")
WELCOME = ("ADGROUP_ID", "SECOND_ADVERTISER_ID", "FOREIGN_ADVERTISER_ID", "RECORD")


@pytest.fixture
def told(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the environment tells about the real platform, by the name after the prefix."""
    if "real" not in str(request.config.option.markexpr):
        pytest.skip("speaks to the platform itself; select it with -m real")
    found = {name: os.environ.get(PREFIX + name, "") for name in (*NEEDED, *WELCOME)}
    missing = [PREFIX + name for name in NEEDED if not found[name]]
    if missing:
        pytest.fail(f"set {', '.join(missing)}; a post that is public and has no live code is needed")
    return found


@pytest.mark.real
@pytest.mark.enable_socket
class TestAtTikTok(PlatformConformance):
    @pytest.fixture
    def platform(self, told: dict[str, str]) -> Platform:
        # Named, although unused: not one of these tests may run unasked.
        return platform

    @pytest.fixture
    def creator_address(self, told: dict[str, str]) -> Address:
        return Address(told["BASE_URL"], Secret(told["CREATOR_TOKEN"]), told["BUSINESS_ID"])

    @pytest.fixture
    def advertiser_address(self, told: dict[str, str]) -> Address:
        return Address(told["BASE_URL"], Secret(told["ADVERTISER_TOKEN"]))

    @pytest.fixture
    def post_id(self, told: dict[str, str]) -> str:
        return told["POST_ID"]

    @pytest.fixture
    def ad_account(self, told: dict[str, str]) -> SeededAdAccount:
        return SeededAdAccount("ad account", told["ADVERTISER_ID"], told["ADGROUP_ID"], "UTC")

    @pytest.fixture
    def second_ad_account(self, told: dict[str, str]) -> SeededAdAccount:
        if not told["SECOND_ADVERTISER_ID"]:
            pytest.skip(f"{PREFIX}SECOND_ADVERTISER_ID is not set")
        return SeededAdAccount("second ad account", told["SECOND_ADVERTISER_ID"], "", "UTC")

    @pytest.fixture
    def foreign_ad_account_id(self, told: dict[str, str]) -> str:
        if not told["FOREIGN_ADVERTISER_ID"]:
            pytest.skip(f"{PREFIX}FOREIGN_ADVERTISER_ID is not set")
        return told["FOREIGN_ADVERTISER_ID"]

    def test_the_open_doubts_are_asked_and_written_down(
        self,
        told: dict[str, str],
        creator_address: Address,
        advertiser_address: Address,
        post_id: str,
        ad_account: SeededAdAccount,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        asked = Doubts(creator_address, advertiser_address, post_id, ad_account.ad_account_id)
        found = asked.close()
        with capsys.disabled():
            print("\n" + "\n".join(f"{doubt}: {answer}" for doubt, answer in found.items()))
        if told["RECORD"]:
            asked.keep(Path(told["RECORD"]))


@dataclass
class Doubts:
    """Asks one post and one ad account what TikTok's documents leave open, and keeps the answers without secrets.

    The numbers are those of the list of open doubts in our notes. The post ends switched off and off the list.
    """

    creator: Address
    advertiser: Address
    post_id: str
    ad_account_id: str
    codes: list[Secret] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)

    ASKED = (
        "1 a malformed code is refused with",
        "1 applying the same code again answers",
        "3 instants of /business/post/authorize/status/",
        "3 instants of /tt_video/list/",
        "4 body of setting, on",
        "4 body of setting, off",
        "4 body of extend",
        "4 body of delete",
        "4 status after switching off",
        "5 a term of 180 days",
        "6 extending by 30 days moves the end by",
        "7 %2B for + inside a JSON body",
        "14 unbinding a live authorization",
        "14 status after unbinding",
    )

    def close(self) -> dict[str, str]:
        try:
            self._issue()
            self._apply()
            self._extend()
            self._unbind()
            self._end()
            self._rare_term()
        finally:
            self._put("", wire.BUSINESS_POST_AUTHORIZE_SETTING, self._setting(False))
        return self.found

    def keep(self, path: Path) -> None:
        path.write_text(json.dumps(self.found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _issue(self) -> None:
        self._put("4 body of setting, on", wire.BUSINESS_POST_AUTHORIZE_SETTING, self._setting(True, 7))
        shown = self._status()
        self.codes.append(Secret(str(shown["auth_code"])))
        self.found["3 instants of /business/post/authorize/status/"] = str(shown["auth_code_end_time"])

    def _apply(self) -> None:
        malformed = wire.TtVideoAuthorizeRequest(self.ad_account_id, "#this is not a code")
        self._put("1 a malformed code is refused with", wire.TT_VIDEO_AUTHORIZE, malformed)
        code = self.codes[0].reveal()
        escaped = wire.TtVideoAuthorizeRequest(self.ad_account_id, code.replace("+", "%2B"))
        if "+" in code:
            self._put("7 %2B for + inside a JSON body", wire.TT_VIDEO_AUTHORIZE, escaped)
        else:
            self.found["7 %2B for + inside a JSON body"] = "not asked: this code has no +; run it again"
        plain = wire.TtVideoAuthorizeRequest(self.ad_account_id, code)
        self._put("", wire.TT_VIDEO_AUTHORIZE, plain)
        self._put("1 applying the same code again answers", wire.TT_VIDEO_AUTHORIZE, plain)
        rows = self._said(wire.TT_VIDEO_LIST, wire.TtVideoListRequest(self.ad_account_id, keyword=self.post_id))
        data = rows.get("data")
        listed = data.get("list") if isinstance(data, dict) else None
        self.found["3 instants of /tt_video/list/"] = (
            str(listed[0]["auth_info"]["auth_end_time"]) if listed else _in_short(rows)
        )

    def _extend(self) -> None:
        before = wire.parse_instant(str(self._status()["auth_code_end_time"]))
        request = wire.BusinessPostAuthorizeRequest(self.creator.account_id, self.post_id, 30)
        self._put("4 body of extend", wire.BUSINESS_POST_AUTHORIZE, request)
        after = wire.parse_instant(str(self._status()["auth_code_end_time"]))
        moved = (after - before).total_seconds() / 86400
        self.found["6 extending by 30 days moves the end by"] = f"{moved:g} days"

    def _unbind(self) -> None:
        request = wire.TtVideoUnbindRequest(self.ad_account_id, self.post_id)
        self._put("14 unbinding a live authorization", wire.TT_VIDEO_UNBIND, request)
        self.found["14 status after unbinding"] = str(self._status().get("auth_code_status"))

    def _end(self) -> None:
        self._put("4 body of setting, off", wire.BUSINESS_POST_AUTHORIZE_SETTING, self._setting(False))
        self.found["4 status after switching off"] = str(self._status().get("auth_code_status"))

    def _rare_term(self) -> None:
        self._put("5 a term of 180 days", wire.BUSINESS_POST_AUTHORIZE_SETTING, self._setting(True, 180))
        self._put("", wire.BUSINESS_POST_AUTHORIZE_SETTING, self._setting(True, 7))
        if code := self._status().get("auth_code"):
            self.codes.append(Secret(str(code)))
        request = wire.BusinessPostAuthorizeDeleteRequest(self.creator.account_id, self.post_id)
        self._put("4 body of delete", wire.BUSINESS_POST_AUTHORIZE_DELETE, request)

    def _setting(self, on: bool, days: int | None = None) -> wire.BusinessPostAuthorizeSettingRequest:
        return wire.BusinessPostAuthorizeSettingRequest(self.creator.account_id, self.post_id, on, days)

    def _status(self) -> dict[str, object]:
        request = wire.BusinessPostAuthorizeStatusRequest(self.creator.account_id, self.post_id)
        data = self._said(wire.BUSINESS_POST_AUTHORIZE_STATUS, request).get("data")
        return data if isinstance(data, dict) else {}

    def _put(self, doubt: str, endpoint: wire.Endpoint[Any, Any], request: object) -> None:
        said = _in_short(self._said(endpoint, request))
        if doubt:
            for code in self.codes:
                said = said.replace(code.reveal(), MASK)
            self.found[doubt] = said

    def _said(self, endpoint: wire.Endpoint[Any, Any], request: object) -> dict[str, object]:
        """The answer as it came, whatever the client makes of it."""
        at = self.creator if endpoint.token is wire.TokenKind.CREATOR else self.advertiser
        heard = Listening(at.base_url)
        base_url = "http://localhost" if at.base_url.startswith("sandbox:") else at.base_url
        with Client(base_url, at.token, heard) as client:
            try:
                client.call(endpoint, request)
            except PlatformFault as fault:
                if not heard.bodies:
                    return {"code": None, "message": str(fault)}
        said = json.loads(heard.bodies[-1])
        assert isinstance(said, dict)
        return said


class Listening(httpx.BaseTransport):
    """Carries requests like the client's own transport and keeps the bodies of the answers."""

    def __init__(self, base_url: str) -> None:
        self.bodies: list[bytes] = []
        self._way: httpx.BaseTransport = (
            httpx.WSGITransport(app=Sandbox(Path(base_url.removeprefix("sandbox:"))).wsgi)
            if base_url.startswith("sandbox:")
            else BoundedTransport(proxy_for(base_url))
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._way.handle_request(request)
        try:
            body = b"".join(response.iter_bytes())
        finally:
            response.close()
        self.bodies.append(body)
        return httpx.Response(response.status_code, content=body)


def _in_short(said: dict[str, object]) -> str:
    data = said.get("data")
    fields = sorted(data) if isinstance(data, dict) else type(data).__name__
    return f"code {said.get('code')}, {said.get('message')!r}, data with {fields or 'nothing'}"
