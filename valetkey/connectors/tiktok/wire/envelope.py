"""PURE. What wraps every answer: the address, the envelope, the page, and the answer that says nothing.

Decides how an envelope reads and writes. Does not decide what a code means: see `error_codes` and `spark_errors`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .instants import TimeStyle
from .shape import DIGITS, NULL, dump, parse

BASE: Final = "https://business-api.tiktok.com"
"""TikTok's host, without a slash at the end. Its own sandbox host has no Spark Ads endpoints (C2)."""

PREFIX: Final = "/open_api/v1.3"
"""Before every path. Every path ends in a slash; without it TikTok answers HTTP 404 (C2)."""


@dataclass(frozen=True)
class Envelope:
    """Around every answer, at HTTP 200 also for errors; `code` 0 is success and wins over the HTTP status (C2).

    `data` is decoded JSON, or an answer of this package that is dumped with the envelope; the SDK reads a missing one
    as None. It is kept out of the repr, because it may hold a code or a token.
    """

    code: int = field(metadata=DIGITS)
    message: str = ""
    request_id: str = ""
    data: object = field(default=None, repr=False, metadata=NULL)

    @classmethod
    def parse(cls, mapping: object) -> Envelope:
        """From decoded JSON; a `code` sent as "0" is read as 0, as the SDK does (C). Malformed without a `code`."""
        return parse(cls, mapping)

    def dump(self, times: TimeStyle = TimeStyle.SPACE) -> dict[str, object]:
        return dump(self, times)


@dataclass(frozen=True)
class PageInfo:
    """Where a paged answer stands; pages count from 1. Portal guide "Create Spark Ads", C.

    `/identity/get/` fills it reliably only when an `identity_type` was given (C).
    """

    page: int
    page_size: int
    total_number: int
    total_page: int


@dataclass(frozen=True)
class Empty:
    """`{}`: done, and nothing to read. Also fits an answer whose fields nobody has described."""
