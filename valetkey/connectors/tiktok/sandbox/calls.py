"""One call on its way through the stand-in: what every rule is given, and what each rule may ask of it.

Decides which ad account and which post a token reaches (checklist 3 and 4). Does not decide what is done with them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from valetkey.connectors.tiktok import wire

from . import clock
from .refusals import Refusal, missing
from .sealing import Seal
from .switches import Settings

Row = sqlite3.Row


@dataclass(frozen=True)
class Holder:
    """Who a token stands for: an advertiser's ad accounts, or one creator."""

    ad_account_ids: frozenset[str] = frozenset()
    open_id: str = ""


@dataclass(frozen=True)
class Call:
    rows: sqlite3.Connection
    seal: Seal
    settings: Settings
    now: int
    holder: Holder

    def one(self, query: str, *values: object) -> Row | None:
        row: Row | None = self.rows.execute(query, values).fetchone()
        return row

    def all(self, query: str, *values: object) -> list[Row]:
        return self.rows.execute(query, values).fetchall()

    def write(self, query: str, *values: object) -> int:
        """How many rows it changed."""
        return self.rows.execute(query, values).rowcount

    def is_on(self, switch: str) -> bool:
        return self.settings[switch] == "yes"

    def ad_account(self, ad_account_id: str) -> Row:
        """Refuses 40300 for one that does not exist, and by switch for one the token does not reach."""
        row = self.one("SELECT * FROM ad_accounts WHERE ad_account_id = ?", ad_account_id)
        if row is None:
            raise Refusal(wire.ErrorCode.NO_SUCH_ADVERTISER, "The advertiser does not exist.")
        if ad_account_id not in self.holder.ad_account_ids:
            raise Refusal(
                int(self.settings["foreign_ad_account"]), f"No permission to operate advertiser {ad_account_id}."
            )
        return row

    def own_post(self, business_id: str, item_id: str) -> Row:
        """A post of the token's own creator. Nobody switches on somebody else's post (C: the guide says "owned")."""
        self.own_account(business_id)
        row = self.one("SELECT * FROM posts WHERE item_id = ? AND open_id = ?", item_id, business_id)
        if row is None:
            raise missing("post")
        return row

    def own_account(self, business_id: str) -> Row:
        row = self.one("SELECT * FROM creators WHERE open_id = ?", business_id)
        if row is None or business_id != self.holder.open_id:
            raise Refusal(wire.ErrorCode.NO_PERMISSION, "The access token does not belong to this business_id.")
        return row


class Rule(Protocol):
    """What one endpoint does. Takes the endpoint's request, returns its answer, raises Refusal."""

    def __call__(self, call: Call, asked: Any, /) -> object: ...


def instant(seconds: int) -> datetime:
    return clock.instant(seconds)


def page_of(rows: list[Row], page: int, page_size: int) -> tuple[list[Row], wire.PageInfo]:
    total = len(rows)
    shown = rows[(page - 1) * page_size : page * page_size]
    return shown, wire.PageInfo(page, page_size, total, -(-total // page_size))
