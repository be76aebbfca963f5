"""Commands that only read: posts, show, stakes."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType

from valetkey.accounts.services import find_party
from valetkey.authorizations import services
from valetkey.authorizations.services import Stakes
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.cli.verbs import PLATFORM, Reference, find_authorization, show_authorization
from valetkey.cli.views import days_words, post_values
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


def stakes(reference: Reference) -> None:
    """What stops if it ends: the campaigns that use it, and the ads on each ad account, as the platform shows them."""
    row = find_authorization(reference)
    values = _stakes(services.stakes(authorization=row, actor=SESSION.actor(), at=SESSION.at()))
    SESSION.show(values, *_stakes_parts(row.reference, values))


def _stakes(found: Stakes) -> dict[str, Any]:
    return {
        "campaigns": [
            {
                "reference": one.campaign.reference,
                "campaign": one.campaign.name,
                "ends_on": one.campaign.ends_on,
                "days_left": one.days_left,
                "has_begun": one.has_begun,
            }
            for one in found.campaigns
        ],
        "ad_accounts": [
            {
                "ad_account": one.ad_account.name,
                "ad_account_id": one.ad_account.platform_id,
                "ads": one.ads,
                "running": one.running,
                "not_known_because": one.why or None,
                "seen": [{"ad_id": ad.ad_id, "name": ad.name, "is_running": ad.is_running} for ad in one.seen],
            }
            for one in found.ad_accounts
        ],
        "running": found.running,
    }


def _stakes_parts(reference: str, values: dict[str, Any]) -> list[RenderableType]:
    pairs = []
    for one in values["campaigns"]:
        begun = "" if one["has_begun"] else ", not begun"
        pairs.append(
            ("campaign", f"{one['campaign']} until {one['ends_on']}: {days_words(one['days_left'])} left{begun}")
        )
    for one in values["ad_accounts"]:
        known = f"{one['running']} running of {one['ads']}"
        told = f"ads not known: {one['not_known_because']}" if one["not_known_because"] else f"ads: {known}"
        pairs.append(("ad account", f"{one['ad_account']}: {told}"))
        pairs += [("", f"{'running' if ad['is_running'] else 'paused'}: {ad['name']}") for ad in one["seen"]]
    if not pairs:
        return [f"[bold]{reference}[/]  nothing stops if it ends, as far as the record knows."]
    return [f"[bold]{reference}[/]  stops if it ends:", facts(pairs)]
