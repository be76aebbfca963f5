"""PURE. The thresholds of the rules: days and numbers that a desk may set, each with a default and bounds."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Final


def _limit(default: int, *, lowest: int = 1, highest: int = 3650, says: str) -> Any:
    return field(default=default, metadata={"lowest": lowest, "highest": highest, "says": says})


@dataclass(frozen=True)
class Limits:
    """Days, but for those that say otherwise."""

    ends_within: int = _limit(30, highest=365, says="days before its end at which a code counts as ending soon")
    urgent_within: int = _limit(7, highest=60, says="days before an end at which it becomes urgent")
    unopened_after: int = _limit(3, says="days after which a code that nobody opened is told")
    unapplied_after: int = _limit(5, says="days after which a code that was opened and not applied is told")
    unanswered_after: int = _limit(3, says="days after which a request that nobody answered is told")
    end_not_acted_after: int = _limit(2, says="days after which an asked end that nobody acted on is told")
    untold_after: int = _limit(1, says="days after an end at which the advertiser should have been told")
    uncertain_after: int = _limit(1, says="days after which a step of unknown outcome is told")
    unclosed_after: int = _limit(1, says="days past its end at which something still open in the record is told")
    token_lapses_within: int = _limit(7, says="days before a connection's token lapses")
    unconfirmed_after: int = _limit(180, says="days without anybody looking at the list on the platform")
    unchecked_after: int = _limit(14, says="days without a look at a code, where the desk can ask the platform")
    left_still_open_after: int = _limit(0, lowest=0, says="days after somebody's last day at which open access is told")
    exposure_after: int = _limit(0, lowest=0, says="days after which a shared login that was not changed is told")
    review_open_after: int = _limit(30, says="days after which a review that is still open is told")
    look_again_after: int = _limit(1, says="days after which a live code is looked at on the platform again")
    looks_per_sweep: int = _limit(200, lowest=0, highest=5000, says="looks at the platform in one sweep, at most")
    posts_per_ad_account: int = _limit(9_000, highest=10_000, says="posts on one ad account (TikTok allows 10,000)")


def bounds(name: str) -> tuple[int, int, str]:
    """Lowest, highest, and what it is. Raises KeyError for a name that is none."""
    found = {each.name: each.metadata for each in fields(Limits)}[name]
    return found["lowest"], found["highest"], found["says"]


NAMES: Final = tuple(each.name for each in fields(Limits))
