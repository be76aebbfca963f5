"""Speaks to the stand-in without a socket: a WSGI environ in, status, headers and JSON out."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from valetkey.connectors.base import Seeded, SeededAdAccount, SeededAdvertiser, SeededCreator
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.sandbox import Sandbox

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""Where every test's clock stands at first."""


@dataclass(frozen=True)
class Reply:
    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int:
        return int(self.json["code"])

    @property
    def message(self) -> str:
        return str(self.json["message"])

    @property
    def told(self) -> Any:
        """`data`, of an answer that went well."""
        assert self.code == 0, self.message
        return self.json["data"]


class Caller:
    """The cast of a seeded state, and one method per way of asking."""

    def __init__(self, sandbox: Sandbox, state: Path) -> None:
        self.sandbox = sandbox
        self.state = state
        self.cast: Seeded = sandbox.seed()

    @property
    def mara(self) -> SeededCreator:
        return self.cast.creators[0]

    @property
    def theo(self) -> SeededCreator:
        return self.cast.creators[1]

    @property
    def northwind(self) -> SeededAdvertiser:
        return self.cast.advertisers[0]

    @property
    def eu(self) -> SeededAdAccount:
        return self.northwind.ad_accounts[0]

    @property
    def us(self) -> SeededAdAccount:
        return self.northwind.ad_accounts[1]

    @property
    def contoso(self) -> SeededAdvertiser:
        return self.cast.advertisers[1]

    def raw(self, method: str, path: str, *, query: str = "", body: bytes = b"", **environ: Any) -> Reply:
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        setup_testing_defaults(asked)
        begun: list[Any] = []
        sent = b"".join(self.sandbox.wsgi(asked, lambda status, headers: begun.extend((status, headers))))
        return Reply(begun[0], dict(begun[1]), sent)

    def get(self, path: str, token: str | None = None, **query: Any) -> Reply:
        pairs = [(name, each if isinstance(each, str) else json.dumps(each)) for name, each in query.items()]
        return self.raw("GET", wire.PREFIX + path, query=urlencode(pairs), **_token(token))

    def post(self, path: str, token: str | None = None, **body: Any) -> Reply:
        return self.raw("POST", wire.PREFIX + path, body=json.dumps(body).encode(), **_token(token))

    def control(self, name: str, **body: Any) -> Any:
        reply = self.raw("POST", f"/_sandbox/{name}", body=json.dumps(body).encode())
        assert reply.status == "200 OK", reply.body
        return reply.json

    def switch(self, **choices: str) -> None:
        self.control("switches", **choices)

    # The verbs most tests begin with.

    def creator(self, method: str, path: str, who: SeededCreator, **fields: Any) -> Reply:
        ask = self.get if method == "GET" else self.post
        return ask(f"/business/post/authorize/{path}", who.token.reveal(), business_id=who.account_id, **fields)

    def switch_on(self, post: str = "public", who: SeededCreator | None = None, **fields: Any) -> Reply:
        who = who or self.mara
        return self.creator("POST", "setting/", who, item_id=who.posts[post], is_ad_promotable=True, **fields)

    def switch_off(self, post: str = "public") -> Reply:
        return self.creator("POST", "setting/", self.mara, item_id=self.mara.posts[post], is_ad_promotable=False)

    def extend(self, post: str = "public", **fields: Any) -> Reply:
        return self.creator("POST", "", self.mara, item_id=self.mara.posts[post], **fields)

    def delete(self, post: str = "public") -> Reply:
        return self.creator("POST", "delete/", self.mara, item_id=self.mara.posts[post])

    def status(self, post: str = "public", who: SeededCreator | None = None) -> Reply:
        who = who or self.mara
        return self.creator("GET", "status/", who, item_id=who.posts[post])

    def code_of(self, post: str = "public", who: SeededCreator | None = None) -> str:
        """Switched on for 30 days, and read."""
        assert self.switch_on(post, who).code == 0
        return str(self.status(post, who).told["auth_code"])

    def authorize(self, code: str, account: SeededAdAccount | None = None, **fields: Any) -> Reply:
        account = account or self.eu
        return self.post(
            "/tt_video/authorize/",
            self._token_of(account),
            advertiser_id=account.ad_account_id,
            auth_code=code,
            **fields,
        )

    def look(self, code: str, account: SeededAdAccount | None = None) -> Reply:
        account = account or self.eu
        token = self._token_of(account)
        return self.get("/tt_video/info/", token, advertiser_id=account.ad_account_id, auth_code=code)

    def listed(self, account: SeededAdAccount | None = None, **query: Any) -> Any:
        account = account or self.eu
        token = self._token_of(account)
        return self.get("/tt_video/list/", token, advertiser_id=account.ad_account_id, **query).told

    def unbind(self, item_id: str, account: SeededAdAccount | None = None) -> Reply:
        account = account or self.eu
        token = self._token_of(account)
        return self.post("/tt_video/unbind/", token, advertiser_id=account.ad_account_id, item_id=item_id)

    def applied(self, post: str = "public") -> Any:
        """A post of Mara's on Northwind EU, as the list shows it."""
        assert self.authorize(self.code_of(post)).code == 0
        return next(each for each in self.listed()["list"] if each["item_info"]["item_id"] == self.mara.posts[post])

    def create_ad(self, entry: Any, **creative: Any) -> Reply:
        return self.post(
            "/ad/create/",
            self._token_of(self.eu),
            advertiser_id=self.eu.ad_account_id,
            adgroup_id=self.eu.ad_group_id,
            creatives=[
                {
                    "ad_name": "Spark 1",
                    "identity_type": "AUTH_CODE",
                    "identity_id": entry["user_info"]["identity_id"],
                    "ad_format": "SINGLE_VIDEO",
                    "tiktok_item_id": entry["item_info"]["item_id"],
                    "call_to_action": "LEARN_MORE",
                    **creative,
                }
            ],
        )

    def ads(self, **query: Any) -> Any:
        return self.get("/ad/get/", self._token_of(self.eu), advertiser_id=self.eu.ad_account_id, **query).told["list"]

    def set_ad_status(self, ad_id: str, status: str) -> Reply:
        return self.post(
            "/ad/status/update/",
            self._token_of(self.eu),
            advertiser_id=self.eu.ad_account_id,
            ad_ids=[ad_id],
            operation_status=status,
        )

    def _token_of(self, account: SeededAdAccount) -> str:
        holder = self.northwind if account in self.northwind.ad_accounts else self.contoso
        return holder.token.reveal()


def _token(token: str | None) -> dict[str, Any]:
    return {} if token is None else {"HTTP_ACCESS_TOKEN": token}
