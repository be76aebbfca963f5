"""Tell the right person once: who is told of what and when, by mail and on their pages, and what they want of it."""

from __future__ import annotations

from valetkey.notices.services.delivering import Delivered, collect_deliveries, deliver, prune_deliveries
from valetkey.notices.services.digests import Sent, send_digests
from valetkey.notices.services.endpoints import (
    MadeEndpoint,
    add_endpoint,
    deliveries,
    end_endpoint,
    endpoints,
    find_endpoint,
    replay,
    rotate_endpoint,
)
from valetkey.notices.services.feeds import FEED_PATH, MadeFeed, add_feed, end_feed, feeds, find_feed, read_feed
from valetkey.notices.services.plan import plan_notices
from valetkey.notices.services.preferences import set_preference, wishes
from valetkey.notices.services.read import mark_read, notices, undelivered
from valetkey.notices.services.unsubscribe import (
    GROUPS,
    UNSUBSCRIBE_PATH,
    Unsubscribe,
    find_unsubscribe,
    unsubscribe,
    unsubscribe_address,
)

__all__ = [
    "FEED_PATH",
    "GROUPS",
    "UNSUBSCRIBE_PATH",
    "Delivered",
    "MadeEndpoint",
    "MadeFeed",
    "Sent",
    "Unsubscribe",
    "add_endpoint",
    "add_feed",
    "collect_deliveries",
    "deliver",
    "deliveries",
    "end_endpoint",
    "end_feed",
    "endpoints",
    "feeds",
    "find_endpoint",
    "find_feed",
    "find_unsubscribe",
    "mark_read",
    "notices",
    "plan_notices",
    "prune_deliveries",
    "read_feed",
    "replay",
    "rotate_endpoint",
    "send_digests",
    "set_preference",
    "undelivered",
    "unsubscribe",
    "unsubscribe_address",
    "wishes",
]
