"""Too frequent: how many calls a second the stand-in takes, per ad account and for the whole app.

Decides by real seconds, never by the sandbox's clock: a client that waits does so in real time even where the clock is
stopped. A call that was refused or throttled is not counted. The numbers of `/tt_video/*` are unpublished (U).
"""

from __future__ import annotations

import sqlite3
import time

from valetkey.connectors.tiktok import wire

from .refusals import Refusal
from .switches import Settings


def count(rows: sqlite3.Connection, settings: Settings, *, path: str, ad_account_id: str | None) -> None:
    """Refusal 40100 or 40133 (meanings C2) when this second is full."""
    if settings["throttle_app"] != "off" and _is_full(rows, "app", int(settings["throttle_app"])):
        raise Refusal(wire.ErrorCode.APP_THROTTLED, "Too many requests in total. Please retry later: QPS limit.")
    limit = settings["throttle_advertiser"]
    if limit == "off" or ad_account_id is None or not path.startswith("/tt_video/"):
        return
    if _is_full(rows, f"{ad_account_id} {path}", int(limit)):
        # Text pattern C2: the advertiser's QPS reaches the QPS limit for the current path.
        raise Refusal(
            wire.ErrorCode.ADVERTISER_THROTTLED,
            f"The advertiser's QPS ({int(limit) + 1}) reaches the QPS limit ({limit}) for the current path {path}; "
            "requests are temporarily restricted.",
        )


def _is_full(rows: sqlite3.Connection, counted: str, limit: int) -> bool:
    second = int(time.time())
    row = rows.execute(
        "INSERT INTO seconds (counted, second, calls) VALUES (?, ?, 1) ON CONFLICT (counted) DO UPDATE SET "
        "calls = CASE WHEN second = excluded.second THEN calls + 1 ELSE 1 END, second = excluded.second "
        "RETURNING calls",
        (counted, second),
    ).fetchone()
    return bool(row["calls"] > limit)
