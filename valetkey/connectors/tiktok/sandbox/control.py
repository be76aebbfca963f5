"""/_sandbox/*: what a test turns on the stand-in that nobody could turn on TikTok. For callers on this machine only.

Decides who may use the control paths and what each takes. These paths answer plain JSON at ordinary HTTP statuses, so
that nobody mistakes them for TikTok's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from valetkey.connectors.base import Seeded
from valetkey.connectors.tiktok import wire

from . import answers, cast, clock, faults, marketplace, oauth, reading, seed, switches
from .answers import Answer
from .calls import Call, Holder
from .loopback import is_from_here
from .refusals import Refusal
from .state import State, StateUnusable

PREFIX: Final = "/_sandbox/"
_BAD: Final = "400 Bad Request"

Wanted = Mapping[str, object]


class Control:
    def __init__(self, state: State, paths: frozenset[str]) -> None:
        self._state = state
        self._paths = paths
        self._routes: Mapping[tuple[str, str], Callable[[sqlite3.Connection, Wanted], object]] = {
            ("GET", "clock"): self._show_clock,
            ("POST", "clock"): self._set_clock,
            ("POST", "reset"): self._reset,
            ("POST", "seed"): self._seed,
            ("POST", "fail-next"): self._fail_next,
            ("GET", "switches"): self._show_switches,
            ("POST", "switches"): self._set_switches,
            ("POST", "oauth-code"): self._oauth_code,
            ("POST", "post"): self._change_post,
            ("POST", "creator"): self._change_creator,
            ("POST", "marketplace"): self._marketplace,
        }

    def answers(self, path: str) -> bool:
        return path.startswith(PREFIX)

    def answer(self, environ: Mapping[str, Any], body: bytes | None) -> Answer:
        if not is_from_here(environ):
            return answers.plain_json("403 Forbidden", {"error": "Control paths answer callers on this machine only."})
        name = environ["PATH_INFO"].removeprefix(PREFIX).rstrip("/")
        method = environ.get("REQUEST_METHOD", "")
        route = self._routes.get((method, name))
        if route is None:
            known = any(each == name for _, each in self._routes)
            status = "405 Method Not Allowed" if known else "404 Not Found"
            return answers.plain_json(status, {"error": f"Control paths: {', '.join(self.paths())}."})
        return self._run(route, body)

    def paths(self) -> list[str]:
        return [f"{method} {PREFIX}{name}" for method, name in self._routes]

    def _run(self, route: Callable[[sqlite3.Connection, Wanted], object], body: bytes | None) -> Answer:
        try:
            wanted = reading.json_object(body or b"")
            with self._state.transaction() as rows:
                told = route(rows, wanted)
        except Refusal as refusal:
            return answers.plain_json(_BAD, {"error": refusal.message})
        except ValueError as mistake:
            return answers.plain_json(_BAD, {"error": str(mistake)})
        except StateUnusable as fault:
            return answers.plain_json("500 Internal Server Error", {"error": str(fault)})
        return answers.plain_json("200 OK", told)

    def _show_clock(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        at = clock.now(rows).isoformat().replace("+00:00", "Z")
        return {"now": at, "stopped": clock.is_stopped(rows)}

    def _set_clock(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        match wanted:
            case {"now": str(at)} if len(wanted) == 1:
                clock.stop_at(rows, clock.parse(at))
            case {"advance_seconds": int() | float() as by} if len(wanted) == 1 and not isinstance(by, bool):
                clock.advance(rows, by)
            case {"run": True} if len(wanted) == 1:
                clock.run(rows)
            case _:
                raise ValueError('Give one of {"now": "2026-11-22T10:00:00Z"}, {"advance_seconds": 60}, {"run": true}.')
        return self._show_clock(rows, {})

    def _reset(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        self._state.erase(rows)
        return {"reset": True}

    def _seed(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        return shown(seed.seed(rows, self._state.seal()))

    def _fail_next(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        faults.order(rows, wanted, self._paths)
        return {"path": wanted["path"], "fault": wanted["fault"]}

    def _show_switches(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        in_force = switches.read(rows)
        return {each.name: {"choice": in_force[each.name], **each.told()} for each in switches.ALL}

    def _set_switches(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        switches.change(rows, {name: str(choice) for name, choice in wanted.items()})
        return switches.read(rows)

    def _oauth_code(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        """{"creator": handle} or {"advertiser": holder}, with or without "scopes"."""
        audience = "creator" if "creator" in wanted else "advertiser"
        column, table, by = ("open_id", "creators", "handle") if audience == "creator" else _AD_ACCOUNTS
        found = rows.execute(
            f"SELECT {column} FROM {table} WHERE {by} = ? ORDER BY 1",  # noqa: S608  words above
            (str(wanted.get(audience, "")),),
        ).fetchall()
        if not found:
            raise ValueError('Give {"creator": "mara.makes"} or {"advertiser": "Northwind"}; seed first.')
        default = cast.DOTTED_SCOPES if audience == "creator" else cast.NUMERIC_SCOPES
        scopes = wanted.get("scopes", list(default))
        if not isinstance(scopes, list) or not all(isinstance(each, type(default[0])) for each in scopes):
            raise ValueError("`scopes` is a list, of names for a creator and of numbers for an advertiser.")
        code = oauth.order_code(
            rows,
            self._state.seal(),
            clock.seconds(rows),
            audience=audience,
            subject=[row[0] for row in found],
            scopes=scopes,
        )
        return {"auth_code": code, "expires_in": oauth.CODE_SECONDS}

    def _change_post(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        """{"item_id": ..., "status": one of TikTok's words}: deleted, made private, taken down after the fact."""
        status = str(wanted.get("status", ""))
        if status not in list(wire.PostStatus):
            raise ValueError(f"`status` is one of: {', '.join(wire.PostStatus)}.")
        _changed(rows, "UPDATE posts SET state = ? WHERE item_id = ?", status, str(wanted.get("item_id", "")))
        return {"item_id": wanted["item_id"], "status": status}

    def _change_creator(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        is_government = wanted.get("is_government")
        if not isinstance(is_government, bool):
            raise ValueError("`is_government` is true or false.")
        handle = str(wanted.get("handle", ""))
        _changed(rows, "UPDATE creators SET is_government = ? WHERE handle = ?", int(is_government), handle)
        return {"handle": handle, "is_government": is_government}

    def _marketplace(self, rows: sqlite3.Connection, wanted: Wanted) -> object:
        status, days = str(wanted.get("status", "")), wanted.get("days")
        if status not in list(wire.TcmAuthStatus) or not (days is None or type(days) is int):
            raise ValueError(f"`status` is one of: {', '.join(wire.TcmAuthStatus)}; `days` is a number.")
        call = Call(rows, self._state.seal(), switches.read(rows), clock.seconds(rows), Holder())
        video_id, account = str(wanted.get("video_id", "")), str(wanted.get("tcm_account_id", ""))
        marketplace.settle(call, video_id, account, wire.TcmAuthStatus(status), days)
        return {"video_id": video_id, "auth_status": status}


_AD_ACCOUNTS: Final = ("ad_account_id", "ad_accounts", "holder")


def shown(seeded: Seeded) -> dict[str, object]:
    """The cast as JSON, tokens in the clear: without them nobody could call the stand-in."""
    return {
        "note": answers.STAND_IN[1],
        "app_id": seeded.app_id,
        "app_secret": seeded.app_secret.reveal(),
        "creators": [
            {
                "name": each.name,
                "handle": each.handle,
                "business_id": each.account_id,
                "access_token": each.token.reveal(),
                "expires_in": each.token_seconds,
                "refresh_token": each.refresh_token.reveal(),
                "posts": dict(each.posts),
            }
            for each in seeded.creators
        ],
        "advertisers": [
            {
                "name": each.name,
                "access_token": each.token.reveal(),
                "ad_accounts": [
                    {
                        "name": account.name,
                        "advertiser_id": account.ad_account_id,
                        "adgroup_id": account.ad_group_id,
                        "time_zone": account.time_zone,
                    }
                    for account in each.ad_accounts
                ],
            }
            for each in seeded.advertisers
        ],
    }


def _changed(rows: sqlite3.Connection, query: str, *values: object) -> None:
    if rows.execute(query, values).rowcount != 1:
        raise ValueError("There is nobody and nothing of that name; seed first.")
