"""Which ads run: enabled, and the post authorized to that ad account, by the clock at the moment somebody looks.

Decides delivery and which ads stand in the way of an end. TikTok's own minute of stopping is unknown (doubt 15).
"""

from __future__ import annotations

from . import codes, posts
from .calls import Call, Row


def is_authorized(call: Call, account_id: str, item_id: str) -> bool:
    """A live application of the post on the ad account: not unbound, not ended by its owner, not over."""
    applied = call.all(
        "SELECT c.* FROM applications a JOIN codes c USING (code_id) WHERE a.ad_account_id = ? AND a.item_id = ?",
        account_id,
        item_id,
    )
    return any(codes.is_live(call, code) for code in applied)


def may_run(call: Call, ad: Row) -> bool:
    """Delivery stops when the window ends (U). After a deletion it may go on, by switch; the window still holds."""
    post = call.one("SELECT * FROM posts WHERE item_id = ?", ad["item_id"])
    if post is None or not posts.is_showable(call, post):
        return False
    if is_authorized(call, ad["ad_account_id"], ad["item_id"]):
        return True
    return call.is_on("ads_outlive_deleted_code") and _was_authorized(call, ad)


def ads_in_the_way(call: Call, item_id: str) -> bool:
    """Whether switching off or deleting is refused (C2 that it is; which ads count is U, hence the switch)."""
    query = "SELECT 1 FROM ads WHERE item_id = ? AND deleted = 0"
    if call.settings["off_refused_by"] == "enabled_ad":
        query += " AND operation_status = 'ENABLE'"
    return call.one(query, item_id) is not None


def _was_authorized(call: Call, ad: Row) -> bool:
    row = call.one(
        "SELECT 1 FROM applications a JOIN codes c USING (code_id) WHERE a.ad_account_id = ? AND a.item_id = ? "
        "AND (c.deleted_at IS NOT NULL OR c.off_at IS NOT NULL) AND c.ends_at > ? "
        "AND ? < coalesce(c.deleted_at, c.off_at) + 1",
        ad["ad_account_id"],
        ad["item_id"],
        call.now,
        ad["created_at"],
    )
    return row is not None
