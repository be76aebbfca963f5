"""The standard cast: who is in a seeded state. Two creators, two advertisers, one app.

Decides names, ids and kinds of post; the ids are the same in every state. Does not decide tokens and codes: those are
drawn anew for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from valetkey.connectors.base import SeededAdAccount
from valetkey.connectors.tiktok import wire

APP_ID: Final = "7100000000000000001"
NUMERIC_SCOPES: Final = (6, 69, 690, 691, 692, 693)
DOTTED_SCOPES: Final = ("user.info.basic", "user.info.username", "video.list", "biz.spark.auth")
"""The fewest a desk for codes needs (inferred)."""

_PUBLIC: Final = wire.PostStatus.HESITATE_RECOMMEND


@dataclass(frozen=True)
class CastPost:
    short_name: str
    caption: str
    kind: str = "video"
    state: wire.PostStatus = _PUBLIC
    duet_of: str | None = None
    stitch_of: str | None = None
    of_carousel: bool = False
    is_multi: bool = False
    mentions: tuple[str, ...] = ()
    has_code: bool = False
    """Its owner made a code before the post went bad, so that the refusal can be met."""


@dataclass(frozen=True)
class CastCreator:
    open_id: str
    handle: str
    name: str
    is_business: bool
    first_item_id: int
    posts: tuple[CastPost, ...]

    def item_id(self, index: int) -> str:
        return str(self.first_item_id + 1_000_003 * index)


THEO: Final = CastCreator(
    "_000theoParkOpenId0000000000000000000002",
    "theo.tries",
    "Theo Park",
    is_business=False,
    first_item_id=7320000000000020011,
    posts=(CastPost("public", "I tried the five-minute bread"),),
)
MARA: Final = CastCreator(
    "_000maraLindtOpenId000000000000000000001",
    "mara.makes",
    "Mara Lindt",
    is_business=True,
    first_item_id=7310000000000010007,
    posts=(
        CastPost("public", "Three bags out of one old tent"),
        CastPost("public_two", "How I dye with onion skins"),
        CastPost("carousel", "Ten pictures, one quilt", kind="carousel"),
        CastPost("private", "Not ready yet", state=wire.PostStatus.ONLY_AUTHOR_SEE),
        CastPost("friends", "For friends: the messy corner", state=wire.PostStatus.ONLY_FRIEND_SEE),
        CastPost("story", "Today in the workshop", kind="story"),
        CastPost("duet", "Baking along with Theo", duet_of=THEO.item_id(0)),
        CastPost("stitch", "What Theo forgot about bread", stitch_of=THEO.item_id(0)),
        CastPost("multi_duet", "A duet of a duet", duet_of="7305000000000000001", is_multi=True),
        CastPost("carousel_duet", "Next to a quilt in pictures", duet_of="7305000000000000002", of_carousel=True),
        CastPost("two_mentions", "Thanks to both", mentions=("7305000000000000003", "7305000000000000004")),
        CastPost("deleted", "Gone", state=wire.PostStatus.USER_DELETE, has_code=True),
        CastPost("unavailable", "Taken down", state=wire.PostStatus.AUDIT_DELETE, has_code=True),
        CastPost("illegal", "Limited by reviewers", state=wire.PostStatus.ONLY_USER_PASS, has_code=True),
        CastPost("under_review", "Just uploaded", state=wire.PostStatus.REVIEW_PENDING),
    ),
)
CREATORS: Final = (MARA, THEO)

AD_ACCOUNTS: Final[dict[str, tuple[SeededAdAccount, ...]]] = {
    "Northwind": (
        SeededAdAccount("Northwind EU", "7200000000000000011", "1800000000000011", "Europe/Berlin"),
        SeededAdAccount("Northwind US", "7200000000000000012", "1800000000000012", "America/New_York"),
    ),
    "Contoso Ads": (SeededAdAccount("Contoso Ads", "7200000000000000021", "1800000000000021", "Europe/London"),),
}
