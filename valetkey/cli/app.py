"""All commands in one place."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from valetkey.cli import demo, desk, ending, people, reading, things, verbs
from valetkey.cli.session import DeskTyper

app = DeskTyper(
    name="valetkey",
    help="Let a brand run one post as a Spark Ad by a code, for a set time; keep a clear record of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "posts": reading.posts,
    "request": verbs.request,
    "decline": verbs.decline,
    "authorize": verbs.authorize,
    "record": verbs.record,
    "handover": verbs.handover,
    "open": verbs.open_code,
    "apply": verbs.apply,
    "unbind": verbs.unbind,
    "check": verbs.check,
    "extend": verbs.extend,
    "replace": verbs.replace,
    "show": reading.show,
    "list": reading.list_authorizations,
    "history": reading.history,
    "connect": desk.connect,
    "disconnect": desk.disconnect,
    "demo": demo.demo,
    "sandbox": desk.sandbox,
    "migrate": desk.migrate,
}
_GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "end": (
        "End an authorization: a process between two sides, one step at a time.",
        {
            "ask": ending.ask,
            "acknowledge": ending.acknowledge,
            "pause": ending.pause,
            "switch-off": ending.switch_off,
            "confirm": ending.confirm,
            "tell": ending.tell,
        },
    ),
    "audit": ("The history: prove that nothing was altered.", {"verify": desk.audit_verify}),
    "party": ("Creators, brands and agencies.", {"add": people.add_party, "list": people.list_parties}),
    "user": (
        "People who act for a party.",
        {"add": people.add_user, "list": people.list_users, "join": people.join, "leave": people.leave},
    ),
    "token": (
        "Tokens with which programs act as a user.",
        {"make": people.make_token, "list": people.list_tokens, "end": people.end_token},
    ),
    "post": ("Posts: enter one by hand, or say what you know of it.", {"add": things.add_post}),
    "ad-account": (
        "Ad accounts of advertisers.",
        {"add": things.add_ad_account, "list": things.list_ad_accounts},
    ),
    "campaign": (
        "Campaigns: first and last day in the ad account's time zone.",
        {"add": things.add_campaign, "list": things.list_campaigns},
    ),
}

for name, command in _COMMANDS.items():
    app.add(name, command)
for name, (text, commands) in _GROUPS.items():
    group = DeskTyper(no_args_is_help=True, help=text)
    for verb, command in commands.items():
        group.add(verb, command)
    app.add_typer(group, name=name)


def prepare_embedded() -> None:
    """The embedded form makes its own tables; a server's are made by `valetkey migrate`, when somebody says so."""
    if settings.VALETKEY_IS_EMBEDDED and "audit_entry" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
