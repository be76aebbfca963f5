"""PURE. What a line of the history can be about: the first word of its subject.

Does not know which of them an actor may see.
"""

from __future__ import annotations

from typing import Final

SUBJECTS: Final = (
    "authorization", "post", "ad_account", "campaign", "party", "person", "asset", "surface", "access", "engagement",
    "responsibility", "exposure", "change", "plan", "review", "intake", "connection", "user", "token", "invitation",
    "finding", "feed", "webhook", "desk",
)  # fmt: skip
"""The first word of what a line is about."""

ASSETS: Final = ("asset", "post", "ad_account")
"""One thing may go by any of them: a post is an asset."""
