"""What the demo desk with pages holds: the story, told a while ago, then authorizations in every kind of state.

Everything is done by the services, as people would do it, at moments that lie behind us; then the sandbox's clock runs.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.accounts.policy import DeskRole
from valetkey.audit.entry import Door
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.cli.story import LENGTH, Cast, Story
from valetkey.cli.verbs import PLATFORM
from valetkey.connectors.base import Sandbox
from valetkey.register.models import Campaign, Post, Source
from valetkey.register.services import PostFacts, note_campaign, note_post
from valetkey.secret import Secret

SIGN_INS: Final = "sign-ins"
"""The file that says that the desk is filled, and how to sign in to it."""

_WHY_SHORT: Final = "30 days to begin with; more when it goes well."
_TOLD_BEFORE: Final = timedelta(days=60)


@dataclass(frozen=True)
class SignIn:
    """One of the demo's people. The password is drawn anew for each demo desk, and opens nothing else."""

    who: str
    mail: str
    password: str
    what: str


def _file() -> Path:
    return Path(settings.VALETKEY_HOME) / SIGN_INS


def sign_ins() -> list[SignIn]:
    """Those of a desk that is filled; none of one that is not."""
    try:
        return [SignIn(**one) for one in json.loads(_file().read_text())]
    except FileNotFoundError:
        return []


def fill(sandbox: Sandbox, now: datetime) -> list[SignIn]:
    """All of it, or nothing that counts: the file is written last, and a desk without it is cleared and filled anew."""
    story = Story(sandbox, now - _TOLD_BEFORE + LENGTH)
    story.play()
    _Scenes(sandbox, story, now).play()
    sandbox.run_clock()
    return keep_sign_ins(
        let_in("creator", "mara@example.org", "Mara, who makes posts", now),
        let_in("buyer", "bo@example.org", "Bo, who buys ads for Northwind", now),
        let_in("admin", "ada@example.org", "Ada, who hosts the desk", now),
    )


def keep_sign_ins(*found: SignIn) -> list[SignIn]:
    """For the next start, readable by the desk's owner only."""
    with open(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(one) for one in found], file)
    return list(found)


def let_in(who: str, mail: str, what: str, at: datetime) -> SignIn:
    """One of those who are there, with a password drawn anew."""
    password = Secret(secrets.token_urlsafe(9))
    actor = accounts.actor_by_mail(email=mail, door=Door.CLI)
    accounts.set_password(user=User.objects.get(email=mail), password=password, actor=actor, at=at)
    return SignIn(who, mail, password.reveal(), what)


class _Scenes:
    """One authorization a scene, each on another post."""

    def __init__(self, sandbox: Sandbox, story: Story, now: datetime) -> None:
        self.sandbox, self.now, self.host = sandbox, now, story.host
        self.cast: Cast = story.cast
        self.posts = sandbox.seed().creators[0].posts

    def play(self) -> None:
        accounts.create_user(
            email="ada@example.org", name="Ada", desk_role=DeskRole.ADMIN, actor=self.host, at=self._ago(days=59)
        )
        self.in_use_and_too_short()
        self.end_is_asked()
        self.handed_over()
        self.asked_of_mara()
        self.asked_by_link()

    def in_use_and_too_short(self) -> None:
        """The one to look at: in use, and its code ends before the campaign does."""
        at = self._ago(days=21)
        today = self.now.date()
        campaign = note_campaign(
            ad_account=self.cast.eu, name="Winter craft", starts_on=today - timedelta(days=19),
            ends_on=today + timedelta(days=18), actor=self.cast.bo, at=at,
        )  # fmt: skip
        row = self._authorize("public_two", 30, at, campaign)
        services.hand_over(
            authorization=row, recipient="Bo", days=60, actor=self.cast.mara, at=self._ago(days=21, hours=-1)
        )
        self._use(row, self._ago(days=20))

    def end_is_asked(self) -> None:
        at = self._ago(days=16)
        row = self._authorize("carousel", 60, at)
        services.hand_over(authorization=row, recipient="Bo", days=60, actor=self.cast.mara, at=at)
        self._use(row, self._ago(days=15))
        at = self._ago(days=2)
        services.ask_to_end(authorization=row, reason="The quilt is sold.", actor=self.cast.mara, at=at)

    def handed_over(self) -> None:
        at = self._ago(days=1, hours=3)
        row = self._authorize("duet", 30, at)
        services.hand_over(authorization=row, recipient="Bo", mail="bo@example.org", actor=self.cast.mara, at=at)

    def asked_of_mara(self) -> None:
        self._at(at := self._ago(hours=20))
        services.request(
            creator=self.cast.creator, advertiser=self.cast.advertiser, platform=PLATFORM,
            post_id=self.posts["stitch"], days=30, message="We would love to run your bread video in January.",
            agreed_until=self.now.date() + timedelta(days=45), ad_account=self.cast.eu, short_reason=_WHY_SHORT,
            actor=self.cast.bo, at=at,
        )  # fmt: skip

    def asked_by_link(self) -> None:
        """Of a creator who has no account here. The link was never opened."""
        self._at(at := self._ago(hours=6))
        theo = accounts.enter_creator(name="@theo.tries", actor=self.cast.bo, at=at)
        row = services.request(
            creator=theo, advertiser=self.cast.advertiser, platform=PLATFORM,
            post_id=self.sandbox.seed().creators[1].posts["public"], days=60,
            message="May we run your bread video until spring?", actor=self.cast.bo, at=at,
        )  # fmt: skip
        services.send_request(
            authorization=row,
            recipient="Theo Park",
            mail="theo@example.org",
            send_mail=False,
            actor=self.cast.bo,
            at=at,
        )

    def _authorize(self, post: str, days: int, at: datetime, *campaigns: Campaign) -> Authorization:
        self._at(at)
        facts = PostFacts(platform=PLATFORM, platform_id=self.posts[post], visibility=Post.Visibility.PUBLIC)
        found = note_post(held_by=self.cast.creator, facts=facts, source=Source.STATED, actor=self.cast.mara, at=at)
        return services.authorize(
            post=found, advertiser=self.cast.advertiser, days=days, ad_account=self.cast.eu, campaigns=campaigns,
            agreed_until=self.now.date() + timedelta(days=40), terms_seen=True, short_reason=_WHY_SHORT,
            actor=self.cast.mara, at=at,
        )  # fmt: skip

    def _use(self, row: Authorization, at: datetime) -> None:
        """Opened and applied by Bo, and read back."""
        self._at(at)
        services.open(authorization=row, actor=self.cast.bo, at=at)
        services.apply(authorization=row, ad_account=self.cast.eu, actor=self.cast.bo, at=at)

    def _ago(self, **by: float) -> datetime:
        return self.now - timedelta(**by)

    def _at(self, at: datetime) -> None:
        self.sandbox.set_clock(at)
