"""What goes back over WSGI: an envelope at HTTP 200, or the few plain texts that TikTok answers outside of it.

Decides form, request ids and headers (checklist 1 and 2). Does not decide what is answered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from valetkey.connectors.tiktok import wire

StartResponse = Callable[..., Any]

JSON: Final = "application/json"
STAND_IN: Final = ("X-Valetkey-Sandbox", "This is not TikTok.")
"""Said in every answer, so that nobody takes a stand-in's answer for TikTok's (checklist 19)."""


class Dropped(ConnectionResetError):
    """On order of a test: the connection ends without an answer. Python's server treats it as a caller who hung up."""


@dataclass(frozen=True)
class Answer:
    status: str
    content_type: str
    body: bytes
    request_id: str = ""
    cut: bool = False

    def send(self, start_response: StartResponse, *, head_only: bool = False) -> list[bytes]:
        headers = [("Content-Type", self.content_type), ("Content-Length", str(len(self.body))), STAND_IN]
        if self.request_id:
            headers.append(("X-TT-LOGID", self.request_id))  # seen live (C2)
        start_response(self.status, headers)
        if head_only:
            return []
        return [self.body[: len(self.body) // 2] if self.cut else self.body]

    def cut_short(self) -> Answer:
        return replace(self, cut=True)


def new_request_id() -> str:
    """Timestamp, then hex, like the ones seen (C2)."""
    return f"{datetime.now(UTC):%Y%m%d%H%M%S}{secrets.token_hex(10).upper()}"


def done(answer: object, times: wire.TimeStyle) -> Answer:
    return _envelope(wire.ErrorCode.OK, "OK", wire.dump(answer, times))


def refused(code: int, message: str) -> Answer:
    """HTTP 200 all the same (C2): TikTok's `code` wins over the HTTP status."""
    return _envelope(code, message, {})


def not_found() -> Answer:
    """Also for a path without its slash: HTTP 404 with this text (C2)."""
    return text("404 Not Found", "404 page not found")


def wrong_method() -> Answer:
    """A *choice*: our notes say only that a wrong method gets a 4xx and no envelope."""
    return text("405 Method Not Allowed", "405 method not allowed")


def text(status: str, words: str, content_type: str = "text/plain; charset=utf-8") -> Answer:
    return Answer(status, content_type, words.encode(), new_request_id())


def plain_json(status: str, value: object) -> Answer:
    return Answer(status, JSON, json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")


def _envelope(code: int, message: str, told: object) -> Answer:
    request_id = new_request_id()
    envelope = {"code": int(code), "message": message, "request_id": request_id, "data": told}
    return Answer("200 OK", JSON, json.dumps(envelope, ensure_ascii=False).encode(), request_id)
