"""PURE. What switching ad authorization on for a post does, and what of it cannot be undone: read before the button.

Facts about TikTok, each with where it was learned, when, and how sure it is. What is not confirmed is worded so. Who
confirms to have read them is recorded with the digest of this very text, so a changed word is another digest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Confidence(StrEnum):
    """How sure a fact is; the value is how it reads beside the sentence."""

    CONFIRMED = "confirmed"
    SECOND_HAND = "confirmed second-hand"
    UNCONFIRMED = "not confirmed"


@dataclass(frozen=True)
class Effect:
    """One thing that switching on does. `name` is for programs; `read_in` the month in which the source was read."""

    name: str
    sentence: str
    source: str
    read_in: str
    confidence: Confidence


_READ: Final = "2026-11"
_GUIDE: Final = "TikTok help center, Spark Ads creation guide (July 2024)"
_ABOUT: Final = "TikTok help center, About Spark Ads"
_CLIENT: Final = "a public client that transcribes TikTok's reference"
_TOOL: Final = "the documentation of a third-party tool"
_C, _C2, _U = Confidence.CONFIRMED, Confidence.SECOND_HAND, Confidence.UNCONFIRMED

EFFECTS: Final[tuple[Effect, ...]] = (
    Effect(
        "runs_as_ad",
        "With the code, an advertiser can apply this post to an ad account and run it as an ad until the code ends.",
        "TikTok for Business, guide “Create Spark Ads”",
        _READ,
        _C,
    ),
    Effect("caption_locked", "The caption of the post cannot be edited any more.", _GUIDE, _READ, _C),
    Effect(
        "post_kept",
        "The post cannot simply be deleted meanwhile: its ads have to go or ad authorization has to be switched off"
        " first. Which of the two is not certain.",
        "TikTok help center, questions about identities (an old page), and third parties",
        _READ,
        _U,
    ),
    Effect(
        "becomes_visible",
        "A post that is private or for friends may become public once an ad uses it, and may stay so; the sources"
        " disagree, so this is not certain.",
        "TikTok help center, questions about identities (an old page), against third parties",
        _READ,
        _U,
    ),
    Effect(
        "privacy_locked",
        "The post's privacy may change to “Available for Ads”, and you may not be able to change it back while ad"
        " authorization is on; this is not certain.",
        _TOOL,
        _READ,
        _U,
    ),
    Effect(
        "goes_to_review",
        "TikTok may review the post as an ad, may show it as an ad outside TikTok, and may take switching on as your"
        " agreement to its advertising terms; this is not certain.",
        _TOOL,
        _READ,
        _U,
    ),
    Effect(
        "engagement_stays",
        "Likes, comments, shares and new followers that the ad brings count for your post and your account.",
        _ABOUT,
        _READ,
        _C,
    ),
    Effect(
        "off_only_without_ads",
        "TikTok refuses to switch ad authorization off while ads use the post; the advertiser has to stop them first.",
        _CLIENT,
        _READ,
        _C2,
    ),
    Effect(
        "deleting_waits",
        "TikTok lets you delete the code only when all ads with the post are deleted.",
        _GUIDE,
        _READ,
        _C,
    ),
    Effect(
        "ads_after_deletion",
        "Ads that exist may go on after the code was deleted; this is not certain.",
        _TOOL,
        _READ,
        _U,
    ),
    Effect(
        "stops_at_end",
        "When the code ends, delivery should stop by itself and nothing is renewed; this is not certain.",
        "third-party guides for creators",
        _READ,
        _U,
    ),
)


def text() -> str:
    """The canonical text: what is confirmed by its digest."""
    rows = [[one.name, one.sentence, one.source, one.read_in, one.confidence.value] for one in EFFECTS]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


DIGEST: Final = hashlib.sha256(text().encode()).hexdigest()
"""Of the text as it is in this version of the desk."""
