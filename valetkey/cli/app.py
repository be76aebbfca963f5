"""All commands in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer.main
from django.conf import settings

from valetkey.cli import (
    answer,
    demo,
    desk,
    diagnose,
    ending,
    exposures,
    guides,
    invitations,
    listing,
    people,
    reading,
    requests,
    serve,
    sharing,
    things,
    verbs,
)
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


app = DeskTyper(
    name="valetkey",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_LIFE = "The life of an authorization"
_LOOK = "Looking"
_RECORD = "The record"
_DESK = "The desk"

_COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    _LIFE: {
        "request": requests.request,
        "remind": requests.remind,
        "withdraw": requests.withdraw,
        "decline": requests.decline,
        "authorize": verbs.authorize,
        "record": verbs.record,
        "handover": verbs.handover,
        "open": verbs.open_code,
        "apply": verbs.apply,
        "unbind": verbs.unbind,
        "check": verbs.check,
        "extend": verbs.extend,
        "replace": verbs.replace,
    },
    _LOOK: {
        "list": listing.list_authorizations,
        "show": reading.show,
        "stakes": reading.stakes,
        "diagnose": diagnose.diagnose,
        "history": reading.history,
        "certificate": sharing.certificate,
        "terms": sharing.show_terms,
    },
    _RECORD: {"posts": reading.posts, "invite": invitations.invite},
    _DESK: {
        "connect": desk.connect,
        "disconnect": desk.disconnect,
        "connections": desk.list_connections,
        "migrate": desk.migrate,
        "serve": serve.serve,
        "sandbox": desk.sandbox,
        "demo": demo.demo,
    },
}
_NEED_NO_DESK = {"sandbox", "migrate", "guides"}
"""The stand-in has a state of its own, `migrate` makes what the others need, and guides are the same for every desk."""
if os.environ.get("VALETKEY_DEMO_DESK") != str(settings.VALETKEY_HOME):
    _NEED_NO_DESK.add("demo")  # it starts anew in a desk of its own, which is then prepared

_GROUPS: dict[str, tuple[str, str, dict[str, Callable[..., None]]]] = {
    "request-link": (
        _LIFE,
        "The link by which a request is answered without an account.",
        {"send": requests.send, "extend": requests.extend, "show": requests.show},
    ),
    "sharing": (
        _LIFE,
        "The links by which the code was handed over.",
        {"list": sharing.list_sharing, "stop": sharing.stop_sharing},
    ),
    "end": (
        _LIFE,
        "End an authorization, one step at a time.",
        {
            "ask": ending.ask,
            "acknowledge": ending.acknowledge,
            "pause": ending.pause,
            "switch-off": ending.switch_off,
            "confirm": ending.confirm,
            "tell": ending.tell,
        },
    ),
    "guides": (
        _LOOK,
        "How it is done, step by step, and what to do when it does not work.",
        {"list": guides.list_guides, "show": guides.show, "search": guides.search, "check": guides.check},
    ),
    "views": (
        _LOOK,
        "Filters of the list under a name of your own.",
        {"save": listing.save_view, "list": listing.list_views, "forget": listing.forget_view},
    ),
    "party": (
        _RECORD,
        "Creators, brands and agencies.",
        {
            "add": people.add_party,
            "list": people.list_parties,
            "rename": people.rename_party,
            "enter-creator": people.enter_creator,
        },
    ),
    "invitation": (
        _RECORD,
        "Invitations of people, by a link.",
        {"list": invitations.list_invitations, "withdraw": invitations.withdraw},
    ),
    "user": (
        _RECORD,
        "People who act for a party.",
        {
            "add": people.add_user,
            "list": people.list_users,
            "join": people.join,
            "leave": people.leave,
            "desk-role": people.set_desk_role,
            "zone": people.set_time_zone,
            "end": people.end_user,
        },
    ),
    "post": (_RECORD, "Posts, entered by hand.", {"add": things.add_post}),
    "ad-account": (
        _RECORD,
        "Ad accounts of advertisers.",
        {"add": things.add_ad_account, "list": things.list_ad_accounts},
    ),
    "campaign": (
        _RECORD,
        "Campaigns, with their first and last day.",
        {
            "add": things.add_campaign,
            "change": things.change_campaign,
            "use": things.use_campaigns,
            "list": things.list_campaigns,
        },
    ),
    "exposure": (
        _RECORD,
        "Logins that were shared: who knows one, until it is changed. Never the secret.",
        {
            "open": exposures.open_exposure,
            "list": exposures.list_exposures,
            "show": exposures.show,
            "known": exposures.known,
            "close": exposures.close,
        },
    ),
    "token": (
        _DESK,
        "Tokens with which programs act as a user.",
        {"make": people.make_token, "list": people.list_tokens, "end": people.end_token},
    ),
    "audit": (_DESK, "Prove that the history was not altered.", {"verify": desk.audit_verify}),
    "keys": (_DESK, "Keys that the desk's secrets are encrypted with.", {"rotate": desk.rotate_keys}),
}


@app.callback()
def _valetkey(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Show which version this is.")
    ] = False,
) -> None:
    """Let a brand run one post as a Spark Ad by a code, for a set time; keep a clear record of it."""


for panel, commands in _COMMANDS.items():
    for name, command in commands.items():
        app.add(name, command, panel=panel, needs_desk=name not in _NEED_NO_DESK)
for name, (panel, text, commands) in _GROUPS.items():
    group = DeskTyper(help=text)
    for verb, command in commands.items():
        group.add(verb, command, needs_desk=name not in _NEED_NO_DESK)
    app.add_typer(group, name=name, rich_help_panel=panel)

program = typer.main.get_command(app)
"""The same, ready to be run."""
