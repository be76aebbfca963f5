"""Whose token a call carries, and whether it opens the path (checklist 3 and 4).

Decides empty, invalid, expired and out of scope, in that order. Does not decide which ad account or post is meant.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

from valetkey.connectors.tiktok import wire

from .calls import Holder
from .refusals import Refusal
from .sealing import Seal, new_token

ACCESS_SECONDS: Final = 24 * 3600
"""A creator's access token lives a day, its refresh token a year (C2)."""
REFRESH_SECONDS: Final = 365 * 24 * 3600

# A branch of TikTok's permission tree opens its leaves: 6 Creative Management, 69 TikTok Posts Management (C2).
_BRANCHES: Final = {690: {69, 6}, 691: {69, 6}, 692: {6}, 693: {6}}


def holder_of(
    rows: sqlite3.Connection, seal: Seal, now: int, endpoint: wire.Endpoint[Any, Any], token: str | None
) -> Holder:
    """Refuses 40104 without a token, 40105 for one that opens nothing here, 40102 after its end, 40001 out of scope."""
    if endpoint.token is wire.TokenKind.NONE:
        return Holder()
    if not token:
        # Observed on a live call without a token, HTTP 200 (C2).
        raise Refusal(
            wire.ErrorCode.TOKEN_EMPTY,
            "Access token is null, you should set it in http header with key Access-Token.",
        )
    find = _advertiser if endpoint.token is wire.TokenKind.ADVERTISER else _creator
    holder, scopes = find(rows, now, seal.fingerprint(token))
    if endpoint.scope is not None and not _opens(endpoint.scope, scopes & granted(rows)):
        # Text of a logged live call for a missing scope (C2).
        raise Refusal(
            wire.ErrorCode.NO_PERMISSION,
            f"advertiser does not grant you {endpoint.path}:{endpoint.method} permission",
        )
    return holder


def granted(rows: sqlite3.Connection) -> frozenset[int | str]:
    """What the developer app itself was given: no token can hold more."""
    row = rows.execute("SELECT numeric_scopes, dotted_scopes FROM apps").fetchone()
    return frozenset(json.loads(row[0]) + json.loads(row[1])) if row else frozenset()


def issue_to_advertiser(
    rows: sqlite3.Connection, seal: Seal, *, holder: str, ad_account_ids: list[str], scopes: list[int]
) -> str:
    token = new_token()
    rows.execute(
        "INSERT INTO advertiser_tokens (token_print, token, holder, ad_account_ids, scopes) VALUES (?, ?, ?, ?, ?)",
        (seal.fingerprint(token), seal.shut(token), holder, json.dumps(ad_account_ids), json.dumps(scopes)),
    )
    return token


def log_in_creator(
    rows: sqlite3.Connection, seal: Seal, now: int, *, open_id: str, scopes: list[str]
) -> tuple[int, str]:
    """A new login; its id and its refresh token."""
    refresh = new_token()
    login = rows.execute(
        "INSERT INTO logins (refresh_print, refresh, open_id, scopes, ends_at) VALUES (?, ?, ?, ?, ?)",
        (seal.fingerprint(refresh), seal.shut(refresh), open_id, json.dumps(scopes), now + REFRESH_SECONDS),
    )
    return int(login.lastrowid or 0), refresh


def issue_to_creator(rows: sqlite3.Connection, seal: Seal, now: int, *, login_id: int) -> str:
    token = new_token()
    rows.execute(
        "INSERT INTO creator_tokens (token_print, token, login_id, ends_at) VALUES (?, ?, ?, ?)",
        (seal.fingerprint(token), seal.shut(token), login_id, now + ACCESS_SECONDS),
    )
    return token


def _advertiser(rows: sqlite3.Connection, now: int, fingerprint: bytes) -> tuple[Holder, frozenset[int | str]]:
    row = rows.execute("SELECT * FROM advertiser_tokens WHERE token_print = ?", (fingerprint,)).fetchone()
    if row is None or row["revoked"]:
        raise _invalid("an advertiser's")
    return Holder(ad_account_ids=frozenset(json.loads(row["ad_account_ids"]))), frozenset(json.loads(row["scopes"]))


def _creator(rows: sqlite3.Connection, now: int, fingerprint: bytes) -> tuple[Holder, frozenset[int | str]]:
    row = rows.execute(
        "SELECT t.ends_at, l.open_id, l.scopes, l.revoked FROM creator_tokens t JOIN logins l USING (login_id) "
        "WHERE t.token_print = ?",
        (fingerprint,),
    ).fetchone()
    if row is None or row["revoked"]:
        raise _invalid("a TikTok account's")
    if row["ends_at"] <= now:
        raise Refusal(wire.ErrorCode.ACCESS_TOKEN_EXPIRED, "Access token has expired; refresh it.")
    return Holder(open_id=row["open_id"]), frozenset(json.loads(row["scopes"]))


def _invalid(whose: str) -> Refusal:
    # One answer for unknown, revoked and of the other kind: which of them it was is nobody's business without a token.
    return Refusal(
        wire.ErrorCode.TOKEN_INVALID, f"Access token is incorrect or revoked; this path takes {whose} token."
    )


def _opens(needed: int | str, scopes: frozenset[int | str]) -> bool:
    if isinstance(needed, str):
        return needed in scopes
    return bool(({needed} | _BRANCHES.get(needed, set())) & scopes)
