"""The standard cast: two creators, two advertisers, one app. Everybody's first test runs against these.

Decides names, ids and kinds of post; ids are the same in every state, tokens and codes in none. A seeded state
answers with the cast it has.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from valetkey.connectors.base import Seeded, SeededAdAccount, SeededAdvertiser, SeededCreator
from valetkey.connectors.tiktok import wire
from valetkey.secret import Secret

from . import clock, codes, switches, tokens
from .calls import Call, Holder
from .sealing import Seal, new_token

APP_ID: Final = "7100000000000000001"
NUMERIC_SCOPES: Final = (6, 69, 690, 691, 692, 693)
DOTTED_SCOPES: Final = ("user.info.basic", "user.info.username", "video.list", "biz.spark.auth")
"""The fewest a desk for codes needs (inferred)."""

_DAY: Final = 24 * 3600
_PUBLIC: Final = wire.PostStatus.HESITATE_RECOMMEND


@dataclass(frozen=True)
class _Post:
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
class _Creator:
    open_id: str
    handle: str
    name: str
    is_business: bool
    first_item_id: int
    posts: tuple[_Post, ...]

    def item_id(self, index: int) -> str:
        return str(self.first_item_id + 1_000_003 * index)


THEO: Final = _Creator(
    "_000theoParkOpenId0000000000000000000002",
    "theo.tries",
    "Theo Park",
    is_business=False,
    first_item_id=7320000000000020011,
    posts=(_Post("public", "I tried the five-minute bread"),),
)
MARA: Final = _Creator(
    "_000maraLindtOpenId000000000000000000001",
    "mara.makes",
    "Mara Lindt",
    is_business=True,
    first_item_id=7310000000000010007,
    posts=(
        _Post("public", "Three bags out of one old tent"),
        _Post("public_two", "How I dye with onion skins"),
        _Post("carousel", "Ten pictures, one quilt", kind="carousel"),
        _Post("private", "Not ready yet", state=wire.PostStatus.ONLY_AUTHOR_SEE),
        _Post("friends", "For friends: the messy corner", state=wire.PostStatus.ONLY_FRIEND_SEE),
        _Post("story", "Today in the workshop", kind="story"),
        _Post("duet", "Baking along with Theo", duet_of=THEO.item_id(0)),
        _Post("stitch", "What Theo forgot about bread", stitch_of=THEO.item_id(0)),
        _Post("multi_duet", "A duet of a duet", duet_of="7305000000000000001", is_multi=True),
        _Post("carousel_duet", "Next to a quilt in pictures", duet_of="7305000000000000002", of_carousel=True),
        _Post("two_mentions", "Thanks to both", mentions=("7305000000000000003", "7305000000000000004")),
        _Post("deleted", "Gone", state=wire.PostStatus.USER_DELETE, has_code=True),
        _Post("unavailable", "Taken down", state=wire.PostStatus.AUDIT_DELETE, has_code=True),
        _Post("illegal", "Limited by reviewers", state=wire.PostStatus.ONLY_USER_PASS, has_code=True),
        _Post("under_review", "Just uploaded", state=wire.PostStatus.REVIEW_PENDING),
    ),
)
CREATORS: Final = (MARA, THEO)

_AD_ACCOUNTS: Final[dict[str, tuple[SeededAdAccount, ...]]] = {
    "Northwind": (
        SeededAdAccount("Northwind EU", "7200000000000000011", "1800000000000011", "Europe/Berlin"),
        SeededAdAccount("Northwind US", "7200000000000000012", "1800000000000012", "America/New_York"),
    ),
    "Contoso Ads": (SeededAdAccount("Contoso Ads", "7200000000000000021", "1800000000000021", "Europe/London"),),
}


def seed(rows: sqlite3.Connection, seal: Seal) -> Seeded:
    """Fill an empty state; say who is in a seeded one, with tokens that work."""
    if rows.execute("SELECT 1 FROM apps").fetchone() is None:
        _fill(rows, seal)
    return _cast(rows, seal)


def _fill(rows: sqlite3.Connection, seal: Seal) -> None:
    now = clock.seconds(rows)
    rows.execute(
        "INSERT INTO apps (app_id, secret, numeric_scopes, dotted_scopes) VALUES (?, ?, ?, ?)",
        (APP_ID, seal.shut(new_token()), json.dumps(NUMERIC_SCOPES), json.dumps(DOTTED_SCOPES)),
    )
    for creator in (THEO, MARA):
        _add_creator(rows, seal, now, creator)
    for holder, accounts in _AD_ACCOUNTS.items():
        _add_advertiser(rows, seal, holder, accounts)


def _add_creator(rows: sqlite3.Connection, seal: Seal, now: int, creator: _Creator) -> None:
    rows.execute(
        "INSERT INTO creators (open_id, handle, name, is_business, followers) VALUES (?, ?, ?, ?, ?)",
        (creator.open_id, creator.handle, creator.name, int(creator.is_business), 48_200),
    )
    login_id, _ = tokens.log_in_creator(rows, seal, now, open_id=creator.open_id, scopes=list(DOTTED_SCOPES))
    tokens.issue_to_creator(rows, seal, now, login_id=login_id)
    call = Call(rows, seal, switches.read(rows), now, Holder())
    for index, post in enumerate(creator.posts):
        _add_post(call, creator, index, post)


def _add_post(call: Call, creator: _Creator, index: int, post: _Post) -> None:
    columns: dict[str, Any] = {
        "item_id": creator.item_id(index),
        "open_id": creator.open_id,
        "short_name": post.short_name,
        "kind": post.kind,
        "state": post.state.value,
        "caption": post.caption,
        "created_at": call.now - (index + 1) * _DAY,
        "duet_of": post.duet_of,
        "stitch_of": post.stitch_of,
        "of_carousel": int(post.of_carousel),
        "is_multi": int(post.is_multi),
        "mentions": json.dumps(post.mentions),
    }
    call.rows.execute(
        f"INSERT INTO posts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608  names above
        tuple(columns.values()),
    )
    if post.has_code:
        codes.mint(call, creator.item_id(index), 365)


def _add_advertiser(rows: sqlite3.Connection, seal: Seal, holder: str, accounts: tuple[SeededAdAccount, ...]) -> None:
    for account in accounts:
        rows.execute(
            "INSERT INTO ad_accounts (ad_account_id, holder, name, time_zone) VALUES (?, ?, ?, ?)",
            (account.ad_account_id, holder, account.name, account.time_zone),
        )
        rows.execute(
            "INSERT INTO ad_groups (ad_group_id, ad_account_id, name, campaign_id, campaign_name) "
            "VALUES (?, ?, ?, ?, ?)",
            (account.ad_group_id, account.ad_account_id, "Spark posts", "9" + account.ad_group_id[1:], account.name),
        )
    tokens.issue_to_advertiser(
        rows,
        seal,
        holder=holder,
        ad_account_ids=[account.ad_account_id for account in accounts],
        scopes=list(NUMERIC_SCOPES),
    )


def _cast(rows: sqlite3.Connection, seal: Seal) -> Seeded:
    app = rows.execute("SELECT app_id, secret FROM apps").fetchone()
    return Seeded(
        creators=tuple(_creator(rows, seal, creator) for creator in CREATORS),
        advertisers=tuple(_advertiser(rows, seal, holder) for holder in _AD_ACCOUNTS),
        app_id=app["app_id"],
        app_secret=Secret(seal.open(app["secret"])),
    )


def _creator(rows: sqlite3.Connection, seal: Seal, creator: _Creator) -> SeededCreator:
    now = clock.seconds(rows)
    held = _working_token(rows, seal, now, creator.open_id)
    return SeededCreator(
        name=creator.name,
        handle=creator.handle,
        account_id=creator.open_id,
        token=Secret(seal.open(held["token"])),
        token_seconds=held["ends_at"] - now,  # of this answer: a state seeded yesterday has less left
        refresh_token=Secret(seal.open(held["refresh"])),
        posts={post.short_name: creator.item_id(index) for index, post in enumerate(creator.posts)},
    )


def _working_token(rows: sqlite3.Connection, seal: Seal, now: int, open_id: str) -> sqlite3.Row:
    """The newest token that still opens; a fresh one after a day, or once all were revoked."""
    query = (
        "SELECT t.token, t.ends_at, l.refresh FROM creator_tokens t JOIN logins l USING (login_id) "
        "WHERE l.open_id = ? AND l.revoked = 0 AND t.ends_at > ? ORDER BY t.ends_at DESC, l.login_id LIMIT 1"
    )
    held: sqlite3.Row | None = rows.execute(query, (open_id, now)).fetchone()
    if held is None:
        login_id, _ = tokens.log_in_creator(rows, seal, now, open_id=open_id, scopes=list(DOTTED_SCOPES))
        tokens.issue_to_creator(rows, seal, now, login_id=login_id)
        held = rows.execute(query, (open_id, now)).fetchone()
    if held is None:
        raise LookupError("A token that was just issued is not there.")
    return held


def _advertiser(rows: sqlite3.Connection, seal: Seal, holder: str) -> SeededAdvertiser:
    accounts = _AD_ACCOUNTS[holder]
    found = rows.execute(
        "SELECT token FROM advertiser_tokens WHERE holder = ? AND revoked = 0 ORDER BY rowid LIMIT 1", (holder,)
    ).fetchone()
    token = seal.open(found["token"]) if found is not None else None
    if token is None:
        ids = [account.ad_account_id for account in accounts]
        token = tokens.issue_to_advertiser(rows, seal, holder=holder, ad_account_ids=ids, scopes=list(NUMERIC_SCOPES))
    return SeededAdvertiser(name=holder, token=Secret(token), ad_accounts=accounts)
