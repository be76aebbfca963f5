"""PURE. TikTok's instants: two spellings in, one aware UTC datetime out, and back in either spelling.

Does not decide which spelling an endpoint uses (whoever answers says so), and never reads the clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias

Instant: TypeAlias = datetime
"""An instant of the wire, whole seconds. As a field's type it says: text on the wire, aware UTC datetime in Python."""


class TimeStyle(StrEnum):
    """How an instant is spelled. TikTok answers in UTC in both, although SPACE carries no zone."""

    SPACE = "space"  # 2026-05-24 07:09:07, the reference's own form (C2)
    ISO = "iso"  # 2026-05-24T07:09:07Z, TikTok's /identity/video/info/ sample (C) and a logged live call (C2)


_FORMATS: Final = {TimeStyle.SPACE: "%Y-%m-%d %H:%M:%S", TimeStyle.ISO: "%Y-%m-%dT%H:%M:%SZ"}
# strptime alone would also take "2026-5-4 7:9:7"; the wire has fixed widths, so anything else is a misread field.
_SHAPES: Final = {
    TimeStyle.SPACE: re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII),
    TimeStyle.ISO: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
}


def parse_instant(text: str) -> datetime:
    """Aware UTC datetime from either spelling; ValueError, without the text in it, for anything else.

    Which of the two `/tt_video/*` uses is not settled (U), so a reader takes both.
    """
    for style, shape in _SHAPES.items():
        if shape.fullmatch(text):
            try:
                return datetime.strptime(text, _FORMATS[style]).replace(tzinfo=UTC)
            except ValueError:
                break  # 30 February has the right shape and no meaning
    raise ValueError("an instant is written YYYY-MM-DD HH:MM:SS or YYYY-MM-DDTHH:MM:SSZ, in UTC")


def dump_instant(dt: datetime, style: TimeStyle) -> str:
    """The wire's text for an aware datetime of any zone, cut to whole seconds; ValueError for a naive one."""
    if dt.utcoffset() is None:
        raise ValueError("an instant needs a time zone: a naive datetime could mean any of them")
    at = dt.astimezone(UTC)
    # Not strftime for the year: the C library does not pad years below 1000 on every system.
    return f"{at.year:04d}{at.strftime(_FORMATS[style][2:])}"


def parse_epoch(text: str) -> datetime:
    """Aware UTC datetime from Unix seconds written as digits, as `create_time` of `/business/video/list/` is (C2)."""
    if not re.fullmatch(r"\d{1,11}", text, re.ASCII):
        raise ValueError("an epoch time is a whole number of seconds")
    return datetime.fromtimestamp(int(text), tz=UTC)


def dump_epoch(dt: datetime) -> str:
    """Unix seconds as text, for an aware datetime; ValueError for a naive one."""
    if dt.utcoffset() is None:
        raise ValueError("an instant needs a time zone: a naive datetime could mean any of them")
    return str(int(dt.timestamp()))
