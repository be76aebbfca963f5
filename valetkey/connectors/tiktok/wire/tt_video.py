"""PURE. The four words an advertiser has for codes: apply, look at, list, drop. Rows 1 to 4 are the whole family (C).

Does not decide whether a code is good: TikTok's answers for bad ones have not been documented.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .envelope import PageInfo
from .post import ItemType, PostObject
from .shape import within


@dataclass(frozen=True)
class TtVideoAuthorizeRequest:
    """Apply one code to one ad account; answered with `Empty`, so read back. Portal 1738376435339265, C.

    The code keeps its leading `#`. `original_post_auth_code` is the code of the source post when the post is a duet or
    stitch or mentions another (C2).
    """

    advertiser_id: str
    auth_code: str = field(repr=False)
    original_post_auth_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class TtVideoInfoRequest:
    """The post behind a code; answered with one `PostObject`. Portal 1738376324021250, C2.

    Whether the code must have been applied to this advertiser first is U.
    """

    advertiser_id: str
    auth_code: str = field(repr=False)


@dataclass(frozen=True)
class TtVideoListRequest:
    """All posts authorized to an ad account. Portal 1738376465972226, C and C2.

    `keyword` searches captions; a number of 19 digits or more must equal an `item_id`. No `item_types`: both kinds.
    """

    advertiser_id: str
    item_types: tuple[ItemType, ...] | None = None
    keyword: str | None = field(default=None, metadata=within(0, 500))
    page: int = field(default=1, metadata=within(1, 2**31 - 1))
    page_size: int = field(default=20, metadata=within(1, 50))


@dataclass(frozen=True)
class TtVideoListAnswer:
    list: tuple[PostObject, ...]
    page_info: PageInfo


@dataclass(frozen=True)
class TtVideoUnbindRequest:
    """Take a post off the ad account's list, by post and not by code; answered with `Empty`.

    Portal 1738376509936641, C2. Meant for codes that ended; whether it works on a live one is U.
    """

    advertiser_id: str
    item_id: str
