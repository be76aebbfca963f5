"""PURE. The bar of an authorization: code window, agreed use and campaigns over one stretch of time, to draw.

Decides where things are drawn, not what they mean (authorizations.coverage). Places are whole numbers from 0 to 1000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from valetkey.authorizations.coverage import Span, Window

WIDTH: Final = 1000
_MARGIN: Final = 0.03


@dataclass(frozen=True)
class Stretch:
    """From `x`, `width` long. `is_open`: the real beginning or end is not known and it is drawn to the edge."""

    x: int
    width: int
    is_open: bool = False


@dataclass(frozen=True)
class Bar:
    window: Stretch | None
    agreed: Stretch | None
    campaigns: tuple[Stretch, ...]
    gaps: tuple[Stretch, ...]
    today: int


def bar(window: Window, agreed_until: datetime | None, campaigns: Sequence[Span], at: datetime) -> Bar:
    """`gaps` are the parts of campaigns that a known window does not reach."""
    known = [at, window.starts_at, window.ends_at, agreed_until]
    known += [moment for each in campaigns for moment in (each.starts_at, each.ends_at)]
    moments = [moment for moment in known if moment is not None]
    first, last = min(moments), max(moments)
    room = max((last - first) * _MARGIN, timedelta(hours=12))
    first, length = first - room, last - first + 2 * room

    def place(moment: datetime) -> int:
        return round((moment - first) / length * WIDTH)

    def stretch(start: datetime | None, end: datetime | None) -> Stretch:
        left, right = place(start) if start else 0, place(end) if end else WIDTH
        return Stretch(left, max(right - left, 2), is_open=start is None or end is None)

    has_window = window.starts_at is not None or window.ends_at is not None
    return Bar(
        window=stretch(window.starts_at, window.ends_at) if has_window else None,
        agreed=stretch(window.starts_at or at, agreed_until) if agreed_until else None,
        campaigns=tuple(stretch(each.starts_at, each.ends_at) for each in campaigns),
        gaps=tuple(stretch(*gap) for each in campaigns for gap in _gaps(window, each)),
        today=place(at),
    )


def _gaps(window: Window, campaign: Span) -> list[tuple[datetime, datetime]]:
    gaps = []
    if window.starts_at is not None and window.starts_at > campaign.starts_at:
        gaps.append((campaign.starts_at, min(window.starts_at, campaign.ends_at)))
    if window.ends_at is not None and window.ends_at < campaign.ends_at:
        gaps.append((max(window.ends_at, campaign.starts_at), campaign.ends_at))
    return gaps
