"""Both logins: a one-hour, single-use code for an advertiser's or a creator's token; refresh, revoke, inspect.

Decides how long a login lives. There is no consent page: a test orders a code on the control path. `auth_code` here is
never a Spark code.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Mapping
from typing import Final

from valetkey.connectors.tiktok import wire

from . import tokens
from .calls import Call, Row, Rule
from .refusals import Refusal
from .sealing import Seal, new_oauth_code, new_token

CODE_SECONDS: Final = 3600
"""One hour, single use (C2)."""


def advertiser_token(call: Call, asked: wire.Oauth2AccessTokenRequest) -> wire.Oauth2AccessTokenAnswer:
    """A token without an end (C2) for the code of a consent."""
    _check_app(call, asked.app_id, asked.secret)
    code = _spend(call, asked.auth_code, "advertiser", wire.ErrorCode.LOGIN_CODE_SPENT)
    ids, scopes = json.loads(code["subject"]), json.loads(code["scopes"])
    holder = call.one("SELECT holder FROM ad_accounts WHERE ad_account_id = ?", ids[0])
    token = tokens.issue_to_advertiser(
        call.rows, call.seal, holder=holder["holder"] if holder else "", ad_account_ids=ids, scopes=scopes
    )
    return wire.Oauth2AccessTokenAnswer(token, tuple(ids), tuple(scopes))


def advertiser_token_by_form(call: Call, asked: wire.OauthTokenRequest) -> wire.Oauth2AccessTokenAnswer:
    """The same, urlencoded (C2)."""
    _check_grant(asked.grant_type, wire.GrantType.AUTHORIZATION_CODE)
    return advertiser_token(call, wire.Oauth2AccessTokenRequest(asked.client_id, asked.client_secret, asked.code))


def ad_accounts(call: Call, asked: wire.Oauth2AdvertiserGetRequest) -> wire.Oauth2AdvertiserGetAnswer:
    """The ad accounts the token reaches (C2)."""
    _check_app(call, asked.app_id, asked.secret)
    found = call.all("SELECT * FROM ad_accounts ORDER BY ad_account_id")
    return wire.Oauth2AdvertiserGetAnswer(
        tuple(
            wire.Advertiser(row["ad_account_id"], row["name"])
            for row in found
            if row["ad_account_id"] in call.holder.ad_account_ids
        )
    )


def revoke_advertiser(call: Call, asked: wire.Oauth2RevokeTokenRequest) -> wire.Empty:
    _check_app(call, asked.app_id, asked.secret)
    if not call.write(
        "UPDATE advertiser_tokens SET revoked = 1 WHERE token_print = ? AND revoked = 0",
        call.seal.fingerprint(asked.access_token),
    ):
        raise Refusal(wire.ErrorCode.TOKEN_INVALID, "Access token is incorrect or has been revoked.")
    return wire.Empty()


def creator_token(call: Call, asked: wire.TtUserOauth2TokenRequest) -> wire.TokenAnswer:
    """A day's token and a year's refresh token (C2)."""
    _check_app(call, asked.client_id, asked.client_secret)
    _check_grant(asked.grant_type, wire.GrantType.AUTHORIZATION_CODE)
    # Code and text of a stale code as seen (C2).
    code = _spend(call, asked.auth_code, "creator", wire.ErrorCode.TIKTOK_LOGIN_FAILED)
    open_id, scopes = json.loads(code["subject"])[0], json.loads(code["scopes"])
    login_id, refresh = tokens.log_in_creator(call.rows, call.seal, call.now, open_id=open_id, scopes=scopes)
    return _token_answer(call, login_id, refresh)


def refresh(call: Call, asked: wire.TtUserOauth2RefreshTokenRequest) -> wire.TokenAnswer:
    """Another access token. Whether the refresh token changes too is not known, hence the switch."""
    _check_app(call, asked.client_id, asked.client_secret)
    _check_grant(asked.grant_type, wire.GrantType.REFRESH_TOKEN)
    login = call.one("SELECT * FROM logins WHERE refresh_print = ?", call.seal.fingerprint(asked.refresh_token))
    if login is None or login["revoked"]:
        raise Refusal(wire.ErrorCode.BAD_REFRESH_TOKEN, "The refresh token is incorrect or has been revoked.")
    if login["ends_at"] <= call.now:
        raise Refusal(wire.ErrorCode.REFRESH_TOKEN_EXPIRED, "The refresh token has expired; log in again.")
    kept = asked.refresh_token
    if call.is_on("refresh_rotates"):
        kept = new_token()
        call.write(
            "UPDATE logins SET refresh_print = ?, refresh = ? WHERE login_id = ?",
            call.seal.fingerprint(kept),
            call.seal.shut(kept),
            login["login_id"],
        )
    return _token_answer(call, login["login_id"], kept)


def revoke_creator(call: Call, asked: wire.TtUserOauth2RevokeRequest) -> wire.Empty:
    """Ends the whole login, refresh token included (*choice*)."""
    _check_app(call, asked.client_id, asked.client_secret)
    login = _login_of(call, asked.access_token)
    call.write("UPDATE logins SET revoked = 1 WHERE login_id = ?", login["login_id"])
    return wire.Empty()


def inspect(call: Call, asked: wire.TtUserTokenInfoGetRequest) -> wire.TtUserTokenInfoGetAnswer:
    if call.one("SELECT 1 FROM apps WHERE app_id = ?", asked.app_id) is None:
        raise _wrong_app()
    login = _login_of(call, asked.access_token)
    if login["token_ends_at"] <= call.now:
        raise Refusal(wire.ErrorCode.ACCESS_TOKEN_EXPIRED, "Access token has expired; refresh it.")
    return wire.TtUserTokenInfoGetAnswer(asked.app_id, ",".join(json.loads(login["scopes"])), login["open_id"])


def order_code(
    rows: sqlite3.Connection, seal: Seal, now: int, *, audience: str, subject: list[str], scopes: list[object]
) -> str:
    """What the consent page would put into the redirect."""
    code = new_oauth_code()
    rows.execute(
        "INSERT INTO oauth_codes (code_print, audience, subject, scopes, ends_at) VALUES (?, ?, ?, ?, ?)",
        (seal.fingerprint(code), audience, json.dumps(subject), json.dumps(scopes), now + CODE_SECONDS),
    )
    return code


def _check_app(call: Call, app_id: str, secret: str) -> None:
    app = call.one("SELECT * FROM apps WHERE app_id = ?", app_id)
    if app is None or not hmac.compare_digest(call.seal.open(app["secret"]).encode(), secret.encode()):
        raise _wrong_app()


def _wrong_app() -> Refusal:
    return Refusal(wire.ErrorCode.APP_BLOCKED, "The app is blocked, or its id or secret is wrong.")


def _check_grant(given: wire.GrantType, wanted: wire.GrantType) -> None:
    if given is not wanted:
        raise Refusal(wire.ErrorCode.BAD_GRANT_TYPE, f"grant_type must be {wanted.value}")


def _spend(call: Call, code: str, audience: str, refusal: wire.ErrorCode) -> Row:
    # One statement decides who was first: of two calls with one code, one row changes once.
    code_print = call.seal.fingerprint(code)
    if not call.write(
        "UPDATE oauth_codes SET used = 1 WHERE code_print = ? AND audience = ? AND used = 0 AND ends_at > ?",
        code_print,
        audience,
        call.now,
    ):
        raise Refusal(refusal, "Authorization code is expired.")
    return call.all("SELECT * FROM oauth_codes WHERE code_print = ?", code_print)[0]


def _token_answer(call: Call, login_id: int, refresh_token: str) -> wire.TokenAnswer:
    login = call.all("SELECT * FROM logins WHERE login_id = ?", login_id)[0]
    return wire.TokenAnswer(
        access_token=tokens.issue_to_creator(call.rows, call.seal, call.now, login_id=login_id),
        refresh_token=refresh_token,
        open_id=login["open_id"],
        expires_in=tokens.ACCESS_SECONDS,
        refresh_token_expires_in=login["ends_at"] - call.now,
        scope=",".join(json.loads(login["scopes"])),
    )


def _login_of(call: Call, token: str) -> Row:
    row = call.one(
        "SELECT l.*, t.ends_at AS token_ends_at FROM creator_tokens t JOIN logins l USING (login_id) "
        "WHERE t.token_print = ? AND l.revoked = 0",
        call.seal.fingerprint(token),
    )
    if row is None:
        raise Refusal(wire.ErrorCode.TOKEN_INVALID, "Access token is incorrect or has been revoked.")
    return row


RULES: Final[Mapping[str, Rule]] = {
    wire.OAUTH2_ACCESS_TOKEN.path: advertiser_token,
    wire.OAUTH_TOKEN.path: advertiser_token_by_form,
    wire.OAUTH2_ADVERTISER_GET.path: ad_accounts,
    wire.OAUTH2_REVOKE_TOKEN.path: revoke_advertiser,
    wire.TT_USER_OAUTH2_TOKEN.path: creator_token,
    wire.TT_USER_OAUTH2_REFRESH_TOKEN.path: refresh,
    wire.TT_USER_OAUTH2_REVOKE.path: revoke_creator,
    wire.TT_USER_TOKEN_INFO_GET.path: inspect,
}
