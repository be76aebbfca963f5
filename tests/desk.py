"""The stage of the tests: one desk, its cast, a sandbox, and the first steps of an authorization in one word each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.models import Application, Authorization
from valetkey.connectors import registry
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level, Renewal, Sandbox, Seeded
from valetkey.connectors.models import SANDBOX
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.register.services import PostFacts, note_ad_account, note_campaign, note_post

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""When the tests happen."""

SHORT = "We agreed on these days."
"""Why the days of a test may be too few for what they are for, where the test is about something else."""

HOST = Actor(name="the desk's host", door=Door.CLI)


@dataclass
class Desk:
    """Everything a test needs by name. `at` is the desk's clock; `later` moves it and the sandbox's together."""

    sandbox: Sandbox
    seeded: Seeded
    creator: Party
    advertiser: Party
    rival: Party
    mara: Actor
    bo: Actor
    kim: Actor
    viewer: Actor
    admin: Actor
    auditor: Actor
    stranger: Actor
    eu: AdAccount
    us: AdAccount
    rivals_account: AdAccount
    post: Post
    at: datetime = AT

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        self.sandbox.set_clock(self.at)
        return self.at

    def note(self, name: str, **facts: Any) -> Post:
        """A seeded post by its short name, entered as the creator states it."""
        known = {"visibility": Post.Visibility.PUBLIC, "medium": Post.Medium.VIDEO, **facts}
        return note_post(
            held_by=self.creator,
            facts=PostFacts(platform="tiktok", platform_id=self.seeded.creators[0].posts[name], **known),
            source=Source.STATED,
            actor=self.mara,
            at=self.at,
        )

    def campaign(self, days: int = 37, starts_in: int = 0) -> Campaign:
        first = self.at.date() + timedelta(days=starts_in)
        return note_campaign(
            ad_account=self.eu,
            name="Spring shoes",
            starts_on=first,
            ends_on=first + timedelta(days=days - 1),
            actor=self.bo,
            at=self.at,
        )

    def issued(self, **given: Any) -> Authorization:
        """An authorization with a code from the platform."""
        asked = {"post": self.post, "advertiser": self.advertiser, "days": 30, "actor": self.mara, "at": self.at}
        asked |= {"short_reason": SHORT}
        return services.authorize(**{**asked, **given})

    def opened(self) -> Authorization:
        row = self.issued()
        services.hand_over(authorization=row, recipient="Bo", actor=self.mara, at=self.at)
        services.open(authorization=row, actor=self.bo, at=self.at)
        return row

    def in_use(self) -> Authorization:
        row = self.opened()
        self.applied(row)
        row.refresh_from_db()
        return row

    def applied(self, row: Authorization, account: AdAccount | None = None) -> Application:
        return services.apply(authorization=row, ad_account=account or self.eu, actor=self.bo, at=self.at)

    def ad(self, row: Authorization) -> str:
        """An ad on the post, as the buyer's own tool would make it; its id."""
        side = connections.advertiser_side(party=self.advertiser, platform="tiktok")
        assert side is not None
        application = row.applications.get(ad_account=self.eu)
        return side.create_ad(
            ad_account_id=self.eu.platform_id,
            ad_group_id=self.seeded.advertisers[0].ad_accounts[0].ad_group_id,
            name="Shoes",
            post_id=row.post.platform_id,
            identity_id=application.identity_id,
            identity_type=application.identity_type,
        ).ad_id

    def disconnect_all(self) -> None:
        """From here on everything is by hand."""
        from valetkey.connectors.models import Connection

        for connection in Connection.objects.live():
            connections.disconnect(connection=connection, actor=HOST, at=self.at)


def make_desk(state: Path, settings: Any) -> Desk:
    settings.VALETKEY_SANDBOX_STATE = state
    sandbox = registry.platform("tiktok").sandbox(state)
    sandbox.set_clock(AT)
    seeded = sandbox.seed()
    creator = accounts.create_party(name="Mara Lindt", kind="creator", actor=HOST, at=AT)
    advertiser = accounts.create_party(name="Northwind", kind="brand", actor=HOST, at=AT)
    rival = accounts.create_party(name="Contoso", kind="brand", actor=HOST, at=AT)
    mara = _person("Mara", creator, Role.MANAGER)
    bo = _person("Bo", advertiser, Role.MANAGER)
    mara_seed, northwind, contoso = seeded.creators[0], seeded.advertisers[0], seeded.advertisers[1]
    connections.connect(
        party=creator, platform="tiktok", level=Level.CREATOR, token=mara_seed.token, account_id=mara_seed.account_id,
        base_url=SANDBOX, token_ends_at=AT + timedelta(seconds=mara_seed.token_seconds),
        renewal=Renewal(seeded.app_id, seeded.app_secret, mara_seed.refresh_token), actor=HOST, at=AT,
    )  # fmt: skip
    connections.connect(
        party=advertiser, platform="tiktok", level=Level.ADVERTISER, token=northwind.token, base_url=SANDBOX,
        actor=HOST, at=AT,
    )  # fmt: skip
    eu, us = (_ad_account(advertiser, one) for one in northwind.ad_accounts)
    desk = Desk(
        sandbox=sandbox,
        seeded=seeded,
        creator=creator,
        advertiser=advertiser,
        rival=rival,
        mara=mara,
        bo=bo,
        kim=_person("Kim", advertiser, Role.MEMBER),
        viewer=_person("Vera", advertiser, Role.VIEWER),
        admin=_person("Ada", None, desk_role=DeskRole.ADMIN),
        auditor=_person("Otto", None, desk_role=DeskRole.AUDITOR),
        stranger=_person("Sam", rival, Role.MANAGER),
        eu=eu,
        us=us,
        rivals_account=_ad_account(rival, contoso.ad_accounts[0]),
        post=None,  # type: ignore[arg-type]  # noted below, by the desk itself
    )
    desk.post = desk.note("public")
    return desk


def _person(name: str, party: Party | None, role: Role = Role.MEMBER, desk_role: DeskRole = DeskRole.NONE) -> Actor:
    mail = f"{name.lower()}@example.org"
    user = accounts.create_user(email=mail, name=name, desk_role=desk_role, actor=HOST, at=AT)
    if party is not None:
        accounts.join(user=user, party=party, role=role, actor=HOST, at=AT)
    return Actor(name=name, door=Door.CLI, user_id=user.pk)


def _ad_account(party: Party, seeded: Any) -> AdAccount:
    return note_ad_account(
        held_by=party, platform="tiktok", platform_id=seeded.ad_account_id, name=seeded.name,
        time_zone=seeded.time_zone, actor=HOST, at=AT,
    )  # fmt: skip
