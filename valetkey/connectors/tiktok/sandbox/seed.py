"""Seeding: the standard cast put into an empty state, and a seeded state's answer to who is in it.

Decides that seeding twice changes nothing and that the tokens it tells do work. Who the cast are stands in `cast`.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

from valetkey.connectors.base import Seeded, SeededAdAccount, SeededAdvertiser, SeededCreator
from valetkey.secret import Secret

from . import clock, codes, switches, tokens
from .calls import Call, Holder
from .cast import AD_ACCOUNTS, APP_ID, CREATORS, DOTTED_SCOPES, NUMERIC_SCOPES, CastCreator, CastPost
from .sealing import Seal, new_token

_DAY: Final = 24 * 3600


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
    for creator in CREATORS:
        _add_creator(rows, seal, now, creator)
    for holder, accounts in AD_ACCOUNTS.items():
        _add_advertiser(rows, seal, holder, accounts)


def _add_creator(rows: sqlite3.Connection, seal: Seal, now: int, creator: CastCreator) -> None:
    rows.execute(
        "INSERT INTO creators (open_id, handle, name, is_business, followers) VALUES (?, ?, ?, ?, ?)",
        (creator.open_id, creator.handle, creator.name, int(creator.is_business), 48_200),
    )
    login_id, _ = tokens.log_in_creator(rows, seal, now, open_id=creator.open_id, scopes=list(DOTTED_SCOPES))
    tokens.issue_to_creator(rows, seal, now, login_id=login_id)
    call = Call(rows, seal, switches.read(rows), now, Holder())
    for index, post in enumerate(creator.posts):
        _add_post(call, creator, index, post)


def _add_post(call: Call, creator: CastCreator, index: int, post: CastPost) -> None:
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
        advertisers=tuple(_advertiser(rows, seal, holder) for holder in AD_ACCOUNTS),
        app_id=app["app_id"],
        app_secret=Secret(seal.open(app["secret"])),
    )


def _creator(rows: sqlite3.Connection, seal: Seal, creator: CastCreator) -> SeededCreator:
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
    accounts = AD_ACCOUNTS[holder]
    found = rows.execute(
        "SELECT token FROM advertiser_tokens WHERE holder = ? AND revoked = 0 ORDER BY rowid LIMIT 1", (holder,)
    ).fetchone()
    token = seal.open(found["token"]) if found is not None else None
    if token is None:
        ids = [account.ad_account_id for account in accounts]
        token = tokens.issue_to_advertiser(rows, seal, holder=holder, ad_account_ids=ids, scopes=list(NUMERIC_SCOPES))
    return SeededAdvertiser(name=holder, token=Secret(token), ad_accounts=accounts)
