"""All commands in one place, each by its module's and its own name: what is not asked for is not loaded."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Annotated, Any

import typer.main
from django.conf import settings

from valetkey.cli import answer
from valetkey.cli.session import DeskTyper


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        answer.lines(f"valetkey {_version()}")
        raise typer.Exit


def _version() -> str:
    """Of the installed package; of the changelog beside it where it runs from a checkout."""
    try:
        return metadata.version("valetkey")
    except metadata.PackageNotFoundError:
        changelog = Path(__file__).parent.parent.parent / "CHANGELOG.md"
        newest = (
            re.search(r"^## \[?(\d+\.\d+\.\d+)", changelog.read_text(), re.MULTILINE) if changelog.exists() else None
        )
        return newest.group(1) if newest else "unknown"


_LIFE = "The life of an authorization"
_LOOK = "Looking"
_RECORD = "The record"
_DESK = "The desk"

_COMMANDS: dict[str, dict[str, str]] = {
    _LIFE: {
        "request": "requests.request",
        "remind": "requests.remind",
        "withdraw": "requests.withdraw",
        "decline": "requests.decline",
        "authorize": "verbs.authorize",
        "record": "verbs.record",
        "handover": "verbs.handover",
        "open": "verbs.open_code",
        "apply": "verbs.apply",
        "unbind": "verbs.unbind",
        "check": "verbs.check",
        "extend": "verbs.extend",
        "replace": "verbs.replace",
        "owner": "ownership.owner",
    },
    _LOOK: {
        "list": "listing.list_authorizations",
        "show": "reading.show",
        "stakes": "reading.stakes",
        "who": "looking.who",
        "find": "looking.find",
        "map": "looking.show_map",
        "came": "looking.came",
        "losing": "looking.losing",
        "stops": "stops.stops",
        "diagnose": "diagnose.diagnose",
        "history": "past.history",
        "certificate": "sharing.certificate",
        "terms": "sharing.show_terms",
    },
    _RECORD: {
        "posts": "reading.posts",
        "invite": "invitations.invite",
        "catalogue": "record_assets.catalogue",
    },
    _DESK: {
        "connect": "desk.connect",
        "disconnect": "desk.disconnect",
        "connections": "desk.list_connections",
        "sweep": "sweep.sweep",
        "migrate": "desk.migrate",
        "export": "export.export",
        "import": "export.import_all",
        "backup": "export.backup",
        "restore": "export.restore",
        "serve": "serve.serve",
        "worker": "worker.worker",
        "sandbox": "desk.sandbox",
        "demo": "demo.demo",
        "simulate": "simulate.simulate",
    },
}
_NEED_NO_DESK = {"sandbox", "migrate", "restore", "guides", "catalogue", "seed", "simulate"}
"""The stand-in has a state of its own, `migrate`, `restore`, `seed` and `simulate` make what others need, and texts are
the same everywhere."""
if os.environ.get("VALETKEY_DEMO_DESK") != str(settings.VALETKEY_HOME):
    _NEED_NO_DESK.add("demo")  # it starts anew in a desk of its own, which is then prepared

_GROUPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "request-link": (
        _LIFE,
        "The link by which a request is answered without an account.",
        {"send": "requests.send", "extend": "requests.extend", "show": "requests.show"},
    ),
    "sharing": (
        _LIFE,
        "The links by which the code was handed over.",
        {"list": "sharing.list_sharing", "stop": "sharing.stop_sharing"},
    ),
    "end": (
        _LIFE,
        "End an authorization, one step at a time.",
        {
            "ask": "ending.ask",
            "acknowledge": "ending.acknowledge",
            "pause": "ending.pause",
            "switch-off": "ending.switch_off",
            "confirm": "ending.confirm",
            "tell": "ending.tell",
        },
    ),
    "findings": (
        _LOOK,
        "What is wrong or about to be, found by the sweep: evidence, decisions, rules and thresholds.",
        {
            "list": "findings.list_findings",
            "show": "findings.show",
            "acknowledge": "findings.acknowledge",
            "hand-on": "findings.hand_on",
            "snooze": "findings.snooze",
            "let-end": "findings.let_end",
            "wake": "findings.wake",
            "rules": "findings.rules",
            "limits": "findings.list_limits",
            "limit": "findings.set_limit",
        },
    ),
    "guides": (
        _LOOK,
        "How it is done, step by step, and what to do when it does not work.",
        {"list": "guides.list_guides", "show": "guides.show", "search": "guides.search", "check": "guides.check"},
    ),
    "views": (
        _LOOK,
        "Filters of the list under a name of your own.",
        {"save": "listing.save_view", "list": "listing.list_views", "forget": "listing.forget_view"},
    ),
    "notices": (
        _LOOK,
        "What you were told of, and what you want to be told.",
        {"list": "notices.list_notices", "read": "notices.read", "preferences": "notices.preferences"},
    ),
    "party": (
        _RECORD,
        "Creators, brands and agencies.",
        {
            "add": "people.add_party",
            "list": "people.list_parties",
            "rename": "people.rename_party",
            "enter-creator": "people.enter_creator",
        },
    ),
    "feeds": (
        _DESK,
        "Calendars at secret addresses, which other programs follow.",
        {"list": "feeds.list_feeds", "add": "feeds.add", "end": "feeds.end"},
    ),
    "webhooks": (
        _DESK,
        "Where programs of a party are told what happens.",
        {
            "list": "webhooks.list_webhooks",
            "add": "webhooks.add",
            "rotate": "webhooks.rotate",
            "end": "webhooks.end",
            "deliveries": "webhooks.list_deliveries",
            "replay": "webhooks.replay",
        },
    ),
    "invitation": (
        _RECORD,
        "Invitations of people, by a link.",
        {"list": "invitations.list_invitations", "withdraw": "invitations.withdraw"},
    ),
    "user": (
        _RECORD,
        "People who act for a party.",
        {
            "add": "people.add_user",
            "list": "people.list_users",
            "join": "people.join",
            "leave": "people.leave",
            "desk-role": "people.set_desk_role",
            "zone": "people.set_time_zone",
            "end": "people.end_user",
        },
    ),
    "post": (_RECORD, "Posts, entered by hand.", {"add": "things.add_post"}),
    "ad-account": (
        _RECORD,
        "Ad accounts of advertisers.",
        {"add": "things.add_ad_account", "list": "things.list_ad_accounts"},
    ),
    "campaign": (
        _RECORD,
        "Campaigns, with their first and last day.",
        {
            "add": "things.add_campaign",
            "change": "things.change_campaign",
            "use": "things.use_campaigns",
            "list": "things.list_campaigns",
        },
    ),
    "person": (
        _RECORD,
        "People on a party's record, whether they use this desk or not.",
        {
            "add": "record_people.add",
            "list": "record_people.list_people",
            "show": "record_people.show",
            "change": "record_people.change",
            "left": "record_people.left",
            "back": "record_people.back",
        },
    ),
    "asset": (
        _RECORD,
        "What a party has on a platform: accounts, Business Centers, shops, pages, channels.",
        {
            "add": "record_assets.add_asset",
            "list": "record_assets.list_assets",
            "show": "record_assets.show_asset",
            "change": "record_assets.change_asset",
        },
    ),
    "surface": (
        _RECORD,
        "The lists of access that an asset has.",
        {
            "add": "record_assets.add_surface",
            "list": "record_assets.list_surfaces",
            "change": "record_assets.change_surface",
        },
    ),
    "access": (
        _RECORD,
        "Who is on which list, in which role, until when.",
        {
            "open": "record_access.open_access",
            "list": "record_access.list_accesses",
            "show": "record_access.show",
            "change": "record_access.change",
            "confirm": "record_access.confirm",
            "end": "record_access.end",
            "let-end": "record_access.let_end",
        },
    ),
    "ownership": (
        _RECORD,
        "Who owns an asset, and who controls what its login is recovered by.",
        {"show": "ownership.show", "set": "ownership.set_ownership", "confirm": "ownership.confirm"},
    ),
    "engagement": (
        _RECORD,
        "That a party works with another: since when, until when, looked at again when.",
        {
            "start": "engagements.start",
            "list": "engagements.list_engagements",
            "show": "engagements.show",
            "change": "engagements.change",
            "end": "engagements.end",
        },
    ),
    "responsibility": (
        _RECORD,
        "Who must do what, within how many days, when something changes.",
        {
            "give": "responsibilities.give",
            "list": "responsibilities.list_responsibilities",
            "pass": "responsibilities.pass_on",
            "end": "responsibilities.end",
        },
    ),
    "exposure": (
        _RECORD,
        "Logins that were shared: who knows one, until it is changed. Never the secret.",
        {
            "open": "exposures.open_exposure",
            "list": "exposures.list_exposures",
            "show": "exposures.show",
            "known": "exposures.known",
            "close": "exposures.close",
        },
    ),
    "change": (
        _RECORD,
        "Somebody joins or leaves, a partner begins or ends: a checklist made from the record, with proofs.",
        {
            "open": "changes.open_change",
            "list": "changes.list_changes",
            "show": "changes.show",
            "refresh": "changes.refresh",
            "do": "changes.do",
            "skip": "changes.skip",
            "assign": "changes.assign",
            "close": "changes.close",
            "report": "changes.report",
        },
    ),
    "review": (
        _RECORD,
        "Everybody who has access, looked at once: decided line by line, and what is decided becomes work.",
        {
            "open": "reviews.open_review",
            "list": "reviews.list_reviews",
            "show": "reviews.show",
            "decide": "reviews.decide",
            "close": "reviews.close",
        },
    ),
    "plan": (
        _RECORD,
        "What a checklist is made from.",
        {"list": "plans.list_plans", "show": "plans.show", "edit": "plans.edit"},
    ),
    "intake": (
        _RECORD,
        "Sheets of people and access: tried first, carried out, undone.",
        {
            "try": "intake.try_sheet",
            "columns": "intake.columns",
            "list": "intake.list_sheets",
            "show": "intake.show",
            "do": "intake.carry_out",
            "undo": "intake.undo",
            "rejected": "intake.rejected",
        },
    ),
    "token": (
        _DESK,
        "Tokens with which programs act as a user.",
        {"make": "people.make_token", "list": "people.list_tokens", "end": "people.end_token"},
    ),
    "audit": (
        _DESK,
        "Prove that the history was not altered, here or with a signed file.",
        {"verify": "past.audit_verify", "export": "past.audit_export", "key": "past.audit_key"},
    ),
    "seed": (_DESK, "Made-up desks, to look around in and to measure.", {"agency": "seed.agency"}),
    "keys": (_DESK, "Keys that the desk's secrets are encrypted with.", {"rotate": "desk.rotate_keys"}),
}


def _valetkey(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Show which version this is.")
    ] = False,
) -> None:
    """Let a brand run one post as a Spark Ad by a code, for a set time; keep a clear record of it."""


def program(words: Sequence[str] = ()) -> Any:
    """What runs these words: with the command or group alone that they begin with, and with all where they begin with
    none, to tell of them.
    """
    first = words[0] if words else ""
    is_known = first in _GROUPS or any(first in commands for commands in _COMMANDS.values())
    return _ready(first if is_known else None)


@cache
def _ready(only: str | None) -> Any:
    return typer.main.get_command(app(only))


def app(only: str | None = None) -> DeskTyper:
    """`only`: the name of a command or group, without which everything is loaded, and that takes a second."""
    made = DeskTyper(
        name="valetkey",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_valetkey)
    for panel, commands in _COMMANDS.items():
        for name, where in commands.items():
            if only in (None, name):
                made.add(name, _loaded(where), panel=panel, needs_desk=name not in _NEED_NO_DESK)
    for name, (panel, text, commands) in _GROUPS.items():
        if only in (None, name):
            group = DeskTyper(help=text)
            for verb, where in commands.items():
                group.add(verb, _loaded(where), needs_desk=name not in _NEED_NO_DESK)
            made.add_typer(group, name=name, rich_help_panel=panel)
    return made


def _loaded(where: str) -> Callable[..., None]:
    module, _, name = where.partition(".")
    command: Callable[..., None] = getattr(import_module(f"valetkey.cli.{module}"), name)
    return command
