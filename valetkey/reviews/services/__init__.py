"""Open a review, decide on its lines, close it; find reviews, and say what each holds."""

from __future__ import annotations

from valetkey.reviews.services.close import close_review
from valetkey.reviews.services.decide import decide, refuse_closed
from valetkey.reviews.services.find import Progress, find_line, find_review, gone, progress, reviews
from valetkey.reviews.services.open import open_review

__all__ = [
    "Progress",
    "close_review",
    "decide",
    "find_line",
    "find_review",
    "gone",
    "open_review",
    "progress",
    "refuse_closed",
    "reviews",
]
