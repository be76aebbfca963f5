"""What the record holds besides authorizations: `valetkey post`, `ad-account`, `campaign`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType

from valetkey.accounts.services import find_party
from valetkey.authorizations import services
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day, parse_zone
from valetkey.cli.verbs import PLATFORM, Campaigns, Reference, find_authorization, show_authorization
from valetkey.cli.views import post_values
from valetkey.errors import Invalid
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.register.services import (
    PostFacts,
    find_ad_account,
    find_campaign,
    note_ad_account,
    note_campaign,
    note_post,
)
from valetkey.register.services import change_campaign as change


def add_post(
    post: Annotated[str, typer.Argument(help="Link or id of the post.")],
    creator: Annotated[str, typer.Option("--creator", help="Whose post it is.")],
    kind: Annotated[Post.Medium, typer.Option("--kind", help="What it is.")] = Post.Medium.UNKNOWN,
    visibility: Annotated[
        Post.Visibility, typer.Option("--visibility", help="Who can see it.")
    ] = Post.Visibility.UNKNOWN,
    caption: Annotated[str, typer.Option("--caption", help="Its first words.")] = "",
    ad_authorization: Annotated[
        bool | None, typer.Option("--ad-authorization/--no-ad-authorization", help="Whether the account offers it.")
    ] = None,
) -> None:
    """Enter a post by hand, or add to what is known of it."""
    actor = SESSION.actor()
    stated = PostFacts(
        platform=PLATFORM,
        platform_id=services.post_id_of(PLATFORM, post),
        caption=caption,
        url=post if "://" in post else "",
        medium=kind.value,
        visibility=visibility.value,
        ad_authorization_available=ad_authorization,
    )
    held_by = find_party(name=creator, actor=actor)
    row = note_post(held_by=held_by, facts=stated, source=Source.STATED, actor=actor, at=SESSION.at())
    values = post_values(row)
    SESSION.show(
        values,
        f"[bold]{row.reference}[/]  post",
        facts([("post", row.platform_id), ("caption", row.name), ("kind", row.medium), ("seen by", row.visibility)]),
    )


def add_ad_account(
    number: Annotated[str, typer.Argument(metavar="ID", help="The ad account's id on the platform.")],
    party: Annotated[str, typer.Option("--party", help="Whose ad account it is.")],
    name: Annotated[str, typer.Option("--name", help="How you call it.")],
    time_zone: Annotated[str, typer.Option("--zone", help="Its time zone, as Europe/Berlin.")],
) -> None:
    """Enter an ad account."""
    actor = SESSION.actor()
    row = note_ad_account(
        held_by=find_party(name=party, actor=actor),
        platform=PLATFORM,
        platform_id=number.strip(),
        name=name,
        time_zone=parse_zone(time_zone),
        actor=actor,
        at=SESSION.at(),
    )
    values = _ad_account(row)
    SESSION.show(values, _ad_accounts([values]))


def list_ad_accounts() -> None:
    """The ad accounts you can see."""
    rows = AdAccount.objects.visible_to(SESSION.actor()).select_related("held_by").order_by("name", "pk")
    values = [_ad_account(row) for row in rows]
    SESSION.show(values, _ad_accounts(values))


def add_campaign(
    name: Annotated[str, typer.Argument(help="How you call it.")],
    ad_account: Annotated[str, typer.Option("--ad-account", help="Where it runs.")],
    starts_on: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, as 2027-03-01.")],
    ends_on: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day, included.")],
) -> None:
    """Enter a campaign."""
    actor = SESSION.actor()
    row = note_campaign(
        ad_account=find_ad_account(text=ad_account, actor=actor),
        name=name,
        starts_on=parse_day(starts_on),
        ends_on=parse_day(ends_on),
        actor=actor,
        at=SESSION.at(),
    )
    values = _campaign(row)
    SESSION.show(values, _campaigns([values]))


def change_campaign(
    reference: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Its reference, as `campaign list` shows it.")],
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    starts_on: Annotated[str | None, typer.Option("--from", metavar="DAY", help="Another first day.")] = None,
    ends_on: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Another last day, included.")] = None,
) -> None:
    """Correct a campaign. What you leave out stays as it is."""
    actor = SESSION.actor()
    row = change(
        campaign=find_campaign(text=reference, actor=actor),
        name=name,
        starts_on=parse_day(starts_on) if starts_on else None,
        ends_on=parse_day(ends_on) if ends_on else None,
        actor=actor,
        at=SESSION.at(),
    )
    values = _campaign(row)
    SESSION.show(values, _campaigns([values]))


def use_campaigns(
    reference: Reference,
    campaign: Campaigns = None,
    none: Annotated[bool, typer.Option("--none", help="No campaign uses it.")] = False,
) -> None:
    """Say which campaigns use an authorization, all of them. Coverage is reckoned for these."""
    if bool(campaign) == none:
        raise Invalid(
            "what_for", "Name the campaigns that use it, or --none.", "Those that are not named are taken off."
        )
    actor = SESSION.actor()
    row = services.set_campaigns(
        authorization=find_authorization(reference),
        campaigns=[find_campaign(text=text, actor=actor) for text in campaign or ()],
        actor=actor,
        at=SESSION.at(),
    )
    show_authorization(row)


def list_campaigns() -> None:
    """The campaigns you can see."""
    rows = Campaign.objects.visible_to(SESSION.actor()).select_related("ad_account").order_by("starts_on", "pk")
    values = [_campaign(row) for row in rows]
    SESSION.show(values, _campaigns(values))


def _ad_account(row: AdAccount) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "ad_account_id": row.platform_id,
        "name": row.name,
        "party": row.held_by.name,
        "time_zone": row.time_zone,
    }


def _ad_accounts(rows: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("Reference", "Ad account", "Name", "Party", "Time zone"),
        [(row["reference"], row["ad_account_id"], row["name"], row["party"], row["time_zone"]) for row in rows],
        empty="No ad accounts. `valetkey ad-account add` enters one.",
    )


def _campaign(row: Campaign) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "name": row.name,
        "ad_account": row.ad_account.name,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "time_zone": row.ad_account.time_zone,
    }


def _campaigns(rows: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("Reference", "Campaign", "First day", "Last day", "Time zone", "Ad account"),
        [
            (row["reference"], row["name"], row["starts_on"], row["ends_on"], row["time_zone"], row["ad_account"])
            for row in rows
        ],
        empty="No campaigns. `valetkey campaign add` enters one.",
    )
