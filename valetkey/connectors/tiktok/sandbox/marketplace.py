"""/tcm/tt_video/*: a brand of the marketplace asks a creator for a code. The creator's answer comes by control path.

Decides how a request moves. Any marketplace account id is taken: our notes say nothing about those accounts (*choice*).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from valetkey.connectors.tiktok import wire

from . import codes, creator, posts, refusals
from .calls import Call, Row, Rule, instant

_MOST_REQUESTS: Final = 30
"""C2."""


def apply(call: Call, asked: wire.TcmTtVideoApplyRequest) -> wire.Empty:
    """Ask, or with EXTEND ask for more time; the request waits for the creator (C2)."""
    post = _post(call, asked.video_id)
    posts.check_exists(call, post)
    days = codes.days_of(call, asked.authorization_days)
    if asked.action is wire.TcmAction.EXTEND and codes.newest(call, post["item_id"]) is None:
        raise refusals.missing("code to extend")
    before = _request(call, asked.video_id, asked.tcm_account_id)
    if before is not None and before["requests"] >= _MOST_REQUESTS:
        raise refusals.parameter("video_id", "no requests remain for this post")
    call.write(
        "INSERT INTO marketplace_requests (item_id, tcm_account_id, days, status, updated_at, requests) "
        "VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET days = excluded.days, status = excluded.status, "
        "updated_at = excluded.updated_at, requests = requests + 1",
        post["item_id"],
        asked.tcm_account_id,
        days,
        wire.TcmAuthStatus.WAITING.value,
        call.now,
    )
    return wire.Empty()


def read(call: Call, asked: wire.TcmTtVideoStatusRequest) -> wire.TcmTtVideoStatusAnswer:
    """The request and, once the post has one, the code; also while it still reads WAITING (C2)."""
    request = _request(call, asked.video_id, asked.tcm_account_id)
    if request is None:
        raise refusals.missing("request for this post")
    shown = creator.shown(call, _post(call, asked.video_id))
    return wire.TcmTtVideoStatusAnswer(
        video_id=asked.video_id,
        auth_status=request["status"],
        auth_status_updated_time=instant(request["updated_at"]),
        num_remaining_request=_MOST_REQUESTS - request["requests"],
        requested_authorization_days=request["days"],
        auth_code=shown.auth_code,
        auth_code_start_time=shown.auth_code_start_time,
        auth_code_end_time=shown.auth_code_end_time,
        auth_code_status=shown.auth_code_status,
    )


def settle(call: Call, item_id: str, tcm_account_id: str, status: wire.TcmAuthStatus, days: int | None) -> None:
    """The creator's answer. May grant another term than was asked for (C2). Refusal when nothing was asked."""
    request = _request(call, item_id, tcm_account_id)
    if request is None:
        raise refusals.missing("request for this post")
    call.write(
        "UPDATE marketplace_requests SET status = ?, updated_at = ? WHERE item_id = ? AND tcm_account_id = ?",
        status.value,
        call.now,
        item_id,
        tcm_account_id,
    )
    if status is wire.TcmAuthStatus.ACCEPTED:
        creator.accept(call, _post(call, item_id), codes.days_of(call, days or request["days"]))


def _request(call: Call, item_id: str, tcm_account_id: str) -> sqlite3.Row | None:
    return call.one(
        "SELECT * FROM marketplace_requests WHERE item_id = ? AND tcm_account_id = ?", item_id, tcm_account_id
    )


def _post(call: Call, item_id: str) -> Row:
    post = call.one("SELECT * FROM posts WHERE item_id = ?", item_id)
    if post is None:
        raise refusals.Refusal(wire.ErrorCode.INVALID_VIDEO, "The video_id does not exist.")
    return post


RULES: Final[Mapping[str, Rule]] = {wire.TCM_TT_VIDEO_APPLY.path: apply, wire.TCM_TT_VIDEO_STATUS.path: read}
