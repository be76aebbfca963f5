"""Spark codes as the stand-in keeps them: drawn, found, their state by the clock, their end moved.

Decides NOT_USED, IN_USE, EXPIRED and DELETED (checklist 7 and 11). Its own idea of these, shared with no client.
"""

from __future__ import annotations

import re
from typing import Final

from valetkey.connectors.tiktok import wire

from . import refusals
from .calls import Call, Row
from .sealing import new_spark_code

DAY: Final = 24 * 3600
"""A logged 30-day code was exactly 30 x 24 hours (C2)."""
DEFAULT_DAYS: Final = 30
_LONGEST_FREE_TERM: Final = 365

# Look of public samples (U). The "#" is part of the code: a client that loses it should notice here (*choice*).
_SHAPE: Final = re.compile(r"#[A-Za-z0-9+/=]{12,200}", re.ASCII)
_PERCENT_PLUS: Final = re.compile("%2b", re.IGNORECASE)


def days_of(call: Call, days: int | None) -> int:
    """The term asked for, 30 when none is (C2). Refuses 40002 for one that the switch `term_days` leaves out."""
    days = DEFAULT_DAYS if days is None else days
    match call.settings["term_days"]:
        case "any":
            fits = 1 <= days <= _LONGEST_FREE_TERM
        case "with_180":
            fits = days in (*wire.TERM_DAYS, *wire.TERM_DAYS_UNCONFIRMED)
        case _:
            fits = days in wire.TERM_DAYS
    if not fits:
        raise refusals.parameter("authorization_days", "this number of days is not offered")
    return days


def mint(call: Call, item_id: str, days: int) -> None:
    code = new_spark_code()
    call.write(
        "INSERT INTO codes (item_id, code_print, code, starts_at, ends_at, term_days) VALUES (?, ?, ?, ?, ?, ?)",
        item_id,
        call.seal.fingerprint(code),
        call.seal.shut(code),
        call.now,
        call.now + days * DAY,
        days,
    )


def newest(call: Call, item_id: str) -> Row | None:
    """The code `status` shows: TikTok has one at a time (inferred)."""
    return call.one("SELECT * FROM codes WHERE item_id = ? ORDER BY code_id DESC LIMIT 1", item_id)


def find(call: Call, text: str, *, in_body: bool, field: str = "auth_code") -> Row:
    """The row of a code that was sent. Refuses a text that is no code, and one nobody made or whose owner ended it."""
    if in_body and call.is_on("body_percent_2b"):
        text = _PERCENT_PLUS.sub("+", text)
    if not _SHAPE.fullmatch(text):
        raise refusals.spark(
            call.settings, wire.SparkCodeError.AUTH_CODE_FORMAT_ERROR, f"{field} does not have the form of a code."
        )
    row = call.one("SELECT * FROM codes WHERE code_print = ?", call.seal.fingerprint(text))
    if row is None or is_ended(row):
        raise refusals.spark(
            call.settings, wire.SparkCodeError.AUTH_CODE_NOT_FOUND, f"{field} does not exist or its owner deleted it."
        )
    return row


def find_live(call: Call, text: str, *, field: str = "auth_code") -> Row:
    row = find(call, text, in_body=True, field=field)
    if row["ends_at"] <= call.now:
        raise refusals.spark(call.settings, wire.SparkCodeError.AUTH_CODE_EXPIRED, f"the window of {field} has ended.")
    return row


def is_ended(row: Row) -> bool:
    """By its owner, not by the clock."""
    return row["deleted_at"] is not None or row["off_at"] is not None


def is_live(call: Call, row: Row) -> bool:
    return not is_ended(row) and bool(row["ends_at"] > call.now)


def status(call: Call, row: Row) -> wire.AuthCodeStatus:
    """The four values C2; that an end by the owner outranks the clock is a *choice*."""
    if row["deleted_at"] is not None:
        return wire.AuthCodeStatus.DELETED
    if row["off_at"] is not None:
        return wire.AuthCodeStatus(call.settings["status_after_off"])
    if row["ends_at"] <= call.now:
        return wire.AuthCodeStatus.EXPIRED
    return wire.AuthCodeStatus.NOT_USED if row["applied_at"] is None else wire.AuthCodeStatus.IN_USE
