"""Commands that only read: posts, show, list, history."""

from __future__ import annotations

from typing import Annotated

import typer

from valetkey.accounts.services import find_party
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.verbs import PLATFORM, Reference, find_authorization, show_authorization
from valetkey.cli.views import entry_table, entry_values, post_values, summary_table, summary_values
from valetkey.register.models import Post

Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")]


def posts(
    party: Annotated[str, typer.Argument(metavar="CREATOR", help="Whose posts.")],
    limit: Limit = 50,
) -> None:
    """A creator's posts, from the connection where there is one."""
    actor = SESSION.actor()
    found = services.list_posts(
        party=find_party(name=party, actor=actor), platform=PLATFORM, actor=actor, at=SESSION.at()
    )
    rows = [post_values(post) for post in found[:limit]]
    notes = []
    if any(row["visibility"] == Post.Visibility.UNKNOWN for row in rows):
        notes = [
            "",
            "unknown: the platform does not tell who can see a post. Say what you know with `valetkey post add`.",
        ]
    SESSION.show(
        rows,
        table(
            ("Reference", "Post", "Kind", "Who sees it", "Caption"),
            [(row["reference"], row["post"], row["kind"], row["visibility"], row["caption"]) for row in rows],
            empty="No posts. `valetkey post add` enters one.",
        ),
        *notes,
    )


def show(reference: Reference) -> None:
    """One authorization: window, coverage, applications and their proof, and what you can do."""
    show_authorization(find_authorization(reference))


def list_authorizations(
    state: Annotated[State | None, typer.Option("--state", help="Only those in this state.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Only those whose code may still open something.")] = False,
    limit: Limit = 50,
) -> None:
    """The authorizations you can see, newest first."""
    rows = Authorization.objects.visible_to(SESSION.actor()).select_related("post__held_by", "advertiser").defer("code")
    if state is not None:
        rows = rows.filter(state=state)
    if live:
        rows = rows.live()
    at = SESSION.at()
    values = [summary_values(row, at) for row in rows[:limit]]
    SESSION.show(values, summary_table(values))


def history(reference: Reference) -> None:
    """Everything that happened to one authorization, oldest first."""
    entries = list(services.history(authorization=find_authorization(reference)))
    SESSION.show([entry_values(entry) for entry in entries], entry_table(entries))
