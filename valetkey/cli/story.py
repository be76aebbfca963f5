"""The story `valetkey demo` plays: one post from the first question to the proven end, against the sandbox.

Every beat asks the record whether it was done already, so that a story that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.authorizations.coverage import shortest_term, span
from valetkey.authorizations.lifecycle import BOUND, NOTHING_YET, State, Verb, words
from valetkey.authorizations.models import Application, Authorization
from valetkey.cli.verbs import PLATFORM
from valetkey.cli.views import entry_line, moment
from valetkey.connectors import registry
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level, Renewal, Sandbox, Seeded
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.errors import Refused, TooShort
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.register.services import PostFacts, note_ad_account, note_campaign, note_post

LENGTH = timedelta(days=12)
"""The story began this long ago and ends about now, so that nothing in its history lies in the future."""


_WHY_SHORT = "30 days were agreed on; more when it goes well."


@dataclass
class Told:
    """One beat as it was told: who did what, what came of it, and what each side sees now."""

    step: str
    at: datetime
    who: str
    did: str
    came_of_it: str
    refused: str = ""
    creator_sees: str = ""
    advertiser_sees: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cast:
    creator: Party
    advertiser: Party
    eu: AdAccount
    us: AdAccount
    campaign: Campaign
    mara: Actor
    bo: Actor
    kim: Actor
    public_id: str
    private_id: str
    ad_group_id: str


class Story:
    """Plays beat after beat. `begun_at` is the instant of the first beat; a desk that has begun keeps its own."""

    def __init__(self, sandbox: Sandbox, now: datetime) -> None:
        self.sandbox = sandbox
        first = Entry.objects.order_by("seq").first()
        self.begun_at = first.at if first else now - LENGTH
        self.at = self.begun_at
        self.host = Actor(name="the desk's host", door=Door.CLI)

    def beats(self) -> list[tuple[str, timedelta, Callable[[], Told]]]:
        return [
            ("set_up", _day(0), self.set_up),
            ("private_post", _day(0, 1), self.private_post),
            ("too_short", _day(0, 2), self.too_short),
            ("authorize", _day(0, 2), self.authorize),
            ("coverage", _day(0, 3), self.coverage),
            ("hand_over", _day(0, 4), self.hand_over),
            ("open", _day(1), self.open),
            ("apply", _day(1, 1), self.apply),
            ("read_back", _day(1, 2), self.read_back),
            ("create_ad", _day(2), self.create_ad),
            ("extend", _day(3), self.extend),
            ("second_ad_account", _day(5), self.second_ad_account),
            ("ask_to_end", _day(10), self.ask_to_end),
            ("refused_while_ads_run", _day(10, 1), self.refused_while_ads_run),
            ("acknowledge", _day(10, 5), self.acknowledge),
            ("pause_ads", _day(11), self.pause_ads),
            ("switch_off", _day(11, 2), self.switch_off),
            ("confirm", _day(11, 4), self.confirm),
            ("tell", _day(11, 5), self.tell),
            ("history", _day(11, 6), self.history),
        ]

    def play(self) -> list[Told]:
        return [self.play_beat(*beat) for beat in self.beats()]

    def play_beat(self, step: str, offset: timedelta, beat: Callable[[], Told]) -> Told:
        self.at = self.begun_at + offset
        self.sandbox.set_clock(self.at)
        if step != "set_up":
            self.settle_what_was_left()
        told = beat()
        told.step = step
        return told

    def settle_what_was_left(self) -> None:
        """After a kill a verb may be left open. It is never repeated: a look at the platform settles it."""
        left = Authorization.objects.filter(claim_id__isnull=False) | Authorization.objects.filter(
            applications__claim_id__isnull=False
        )
        for row in left.distinct():
            # Whoever made the claim is gone, and the story's own clock need not wait for its time to be over.
            claims = [row.claimed_until, *row.applications.values_list("claimed_until", flat=True)]
            after = max([self.at, *(until for until in claims if until)])
            self.sandbox.set_clock(after)
            services.check(authorization=row, actor=self.host, at=after)
        self.sandbox.set_clock(self.at)

    # The cast, and what they stand on.

    def set_up(self) -> Told:
        seeded = self.sandbox.seed()
        self.cast = self._cast(seeded)
        return self._told(
            "the desk's host",
            "set up an empty desk: a creator, a brand with two ad accounts, a campaign, both connected to the sandbox",
            f"the campaign runs {self.cast.campaign.starts_on} – {self.cast.campaign.ends_on}"
            f" ({self.cast.eu.time_zone}); the sandbox is a stand-in, not TikTok",
        )

    def _cast(self, seeded: Seeded) -> Cast:
        mara, northwind = seeded.creators[0], seeded.advertisers[0]
        creator = self._party(mara.name, Party.Kind.CREATOR)
        advertiser = self._party(northwind.name, Party.Kind.BRAND)
        eu, us = (
            self._ad_account(advertiser, one.ad_account_id, one.name, one.time_zone) for one in northwind.ad_accounts
        )
        people = {
            name: self._person(name, mail, party)
            for name, mail, party in (
                ("Mara", "mara@example.org", creator),
                ("Bo", "bo@example.org", advertiser),
                ("Kim", "kim@example.org", advertiser),
            )
        }
        if Connection.objects.creator_of(creator, PLATFORM) is None:
            connections.connect(
                party=creator, platform=PLATFORM, level=Level.CREATOR, token=mara.token, account_id=mara.account_id,
                base_url=SANDBOX, token_ends_at=self.at + timedelta(seconds=mara.token_seconds),
                renewal=Renewal(seeded.app_id, seeded.app_secret, mara.refresh_token), actor=self.host, at=self.at,
            )  # fmt: skip
        if Connection.objects.advertiser_of(advertiser, PLATFORM) is None:
            connections.connect(
                party=advertiser, platform=PLATFORM, level=Level.ADVERTISER, token=northwind.token, base_url=SANDBOX,
                actor=self.host, at=self.at,
            )  # fmt: skip
        campaign = Campaign.objects.first() or note_campaign(
            ad_account=eu,
            name="Spring shoes",
            starts_on=(self.begun_at + timedelta(days=2)).date(),
            ends_on=(self.begun_at + timedelta(days=38)).date(),
            actor=people["Bo"],
            at=self.at,
        )
        return Cast(
            creator, advertiser, eu, us, campaign, people["Mara"], people["Bo"], people["Kim"],
            mara.posts["public"], mara.posts["private"], northwind.ad_accounts[0].ad_group_id,
        )  # fmt: skip

    def _party(self, name: str, kind: Party.Kind) -> Party:
        found = Party.objects.filter(name=name).first()
        return found or accounts.create_party(name=name, kind=kind.value, actor=self.host, at=self.at)

    def _person(self, name: str, mail: str, party: Party) -> Actor:
        user = User.objects.filter(email=mail).first()
        user = user or accounts.create_user(email=mail, name=name, actor=self.host, at=self.at)
        if not user.memberships.current().exists():
            accounts.join(user=user, party=party, role=Role.MANAGER, actor=self.host, at=self.at)
        return Actor(name=name, door=Door.CLI, user_id=user.pk)

    def _ad_account(self, party: Party, number: str, name: str, time_zone: str) -> AdAccount:
        return note_ad_account(
            held_by=party,
            platform=PLATFORM,
            platform_id=number,
            name=name,
            time_zone=time_zone,
            actor=self.host,
            at=self.at,
        )

    # The beats.

    def private_post(self) -> Told:
        cast = self.cast
        services.list_posts(party=cast.creator, platform=PLATFORM, actor=cast.mara, at=self.at)
        facts = PostFacts(platform=PLATFORM, platform_id=cast.private_id, visibility=Post.Visibility.PRIVATE)
        post = note_post(held_by=cast.creator, facts=facts, source=Source.STATED, actor=cast.mara, at=self.at)
        try:
            services.authorize(post=post, advertiser=cast.advertiser, days=30, actor=cast.mara, at=self.at)
        except Refused as refused:
            return self._told("Mara", "tries to authorize a private post", str(refused), refused=refused.code)
        raise AssertionError("A private post was authorized.")

    def too_short(self) -> Told:
        try:
            self._authorize_30_days()
        except TooShort as refused:
            return self._told("Mara", "tries to authorize a public post for 30 days", str(refused), refused.code)
        raise AssertionError("Days that are too few were taken without a word.")

    def authorize(self) -> Told:
        cast = self.cast
        row = self._row()
        if row is None or State(row.state) in NOTHING_YET:
            row = self._authorize_30_days(short_reason=_WHY_SHORT)
        return self._told(
            "Mara",
            f"authorizes it for {cast.advertiser}, 30 days all the same, and says why: “{_WHY_SHORT}”",
            f"{row.reference}: code {row.code}, {moment(row.starts_at)} – {moment(row.ends_at)},"
            f" as the platform shows it",
        )

    def coverage(self) -> Told:
        (campaign, coverage), *_ = self._authorization().coverages()
        return self._told("the desk", f"compares the code with the campaign “{campaign.name}”", coverage.sentence())

    def hand_over(self) -> Told:
        row = self._authorization()
        if row.handed_over_at is None:
            services.hand_over(authorization=row, recipient="Bo", actor=self.cast.mara, at=self.at)
        return self._told("Mara", "hands the code over to Bo by a link that ends", "the code itself is not in it")

    def open(self) -> Told:
        row = self._authorization()
        if row.opened_at is None:
            services.open(authorization=row, actor=self.cast.bo, at=self.at)
        return self._told("Bo", "opens the code", "that he saw it, and when, is written down")

    def apply(self) -> Told:
        return self._applied(self.cast.eu, self.cast.bo, "Bo")

    def read_back(self) -> Told:
        application = self._application(self.cast.eu)
        if application.seen_at is None:
            services.check(authorization=application.authorization, actor=self.cast.bo, at=self.at)
            application.refresh_from_db()
        return self._told(
            "the desk",
            f"reads back what {self.cast.eu} shows",
            f"{words(State.IN_USE)} until {moment(application.ends_at)};"
            f" for the ad: identity {application.identity_type} {application.identity_id}",
        )

    def create_ad(self) -> Told:
        cast, application = self.cast, self._application(self.cast.eu)
        side = connections.advertiser_side(party=cast.advertiser, platform=PLATFORM)
        if side is None:
            raise AssertionError("The brand is not connected.")
        account_id = cast.eu.platform_id
        ads = side.ads_on(ad_account_id=account_id, post_id=cast.public_id) or [
            side.create_ad(
                ad_account_id=account_id, ad_group_id=cast.ad_group_id, name="Spring shoes 1", post_id=cast.public_id,
                identity_id=application.identity_id, identity_type=application.identity_type,
            )
        ]  # fmt: skip
        return self._told("Bo's ad tool", "creates the ad on the post", f"ad {ads[0].ad_id} runs in the sandbox")

    def extend(self) -> Told:
        row = self._authorization()
        campaign = self.cast.campaign
        if not row.window_changes.filter(verb=Verb.EXTEND).exists():
            needed = span(campaign.starts_on, campaign.ends_on, self.cast.eu.time_zone).ends_at
            terms = registry.platform(PLATFORM).terms.confirmed
            days = row.ends_at and shortest_term(row.ends_at, needed, terms)
            services.extend(authorization=row, days=days or max(terms), actor=self.cast.mara, at=self.at)
        days = row.window_changes.filter(verb=Verb.EXTEND).values_list("days", flat=True).first()
        (_, coverage), *_ = row.coverages()
        added = f"adds {days} days, the shortest term that covers" if days else "adds days"
        return self._told("Mara", added, f"ends {moment(row.ends_at)}; {coverage.sentence().lower()}")

    def second_ad_account(self) -> Told:
        return self._applied(self.cast.us, self.cast.kim, "Kim, at the same brand,")

    def ask_to_end(self) -> Told:
        row = self._authorization()
        if row.end_asked_at is None:
            reason = "The partnership ends early."
            services.ask_to_end(authorization=row, reason=reason, actor=self.cast.mara, at=self.at)
        return self._told("Mara", "asks to end it", "nothing has changed on the platform yet, and the desk says so")

    def refused_while_ads_run(self) -> Told:
        row = self._authorization()
        tries = "tries to switch it off at once"
        before = services.history(authorization=row).filter(event="authorization.switch_off.refused").first()
        if before is not None:
            return self._told("Mara", tries, f"The platform said: {before.detail['platform']}", before.detail["cause"])
        try:
            services.switch_off(authorization=row, actor=self.cast.mara, at=self.at)
        except Refused as refused:
            return self._told("Mara", tries, str(refused), refused=refused.code)
        raise AssertionError("The platform switched it off while an ad runs.")

    def acknowledge(self) -> Told:
        row = self._authorization()
        if row.state == State.END_ASKED:
            services.acknowledge_end(authorization=row, actor=self.cast.bo, at=self.at)
        return self._told("Bo", "acknowledges", "the creator sees that it was read")

    def pause_ads(self) -> Told:
        row = self._authorization()
        if row.ads_paused_at is None:
            services.pause_ads(authorization=row, actor=self.cast.bo, at=self.at)
        return self._told("Bo", "pauses the ads on the post", "no ad on it runs any more")

    def switch_off(self) -> Told:
        row = self._authorization()
        if row.switched_off_at is None:
            services.switch_off(authorization=row, actor=self.cast.mara, at=self.at)
        return self._told("Mara", "switches ad authorization off for the post", "accepted, and not yet called ended")

    def confirm(self) -> Told:
        row = self._authorization()
        if row.state == State.SWITCHED_OFF:
            services.confirm_end(authorization=row, actor=self.cast.mara, at=self.at)
        return self._told("the desk", "asks the platform", "the code is gone there: now it is ended")

    def tell(self) -> Told:
        row = self._authorization()
        if row.told_at is None:
            services.tell_advertiser(authorization=row, how="by mail to Bo", actor=self.cast.mara, at=self.at)
        return self._told("Mara", "tells the brand", "a step with its own date, so that it cannot be forgotten")

    def history(self) -> Told:
        entries = list(services.history(authorization=self._authorization()))
        verdict = verify()
        holds = "every entry is as it was written" if verdict.holds else verdict.fault
        told = self._told("anybody", "reads the history and verifies it", f"{verdict.entries} entries; {holds}")
        told.lines = [entry_line(entry) for entry in entries]
        return told

    # What the beats share.

    def _authorize_30_days(self, short_reason: str = "") -> Authorization:
        cast = self.cast
        facts = PostFacts(platform=PLATFORM, platform_id=cast.public_id, visibility=Post.Visibility.PUBLIC)
        post = note_post(held_by=cast.creator, facts=facts, source=Source.STATED, actor=cast.mara, at=self.at)
        return services.authorize(
            post=post, advertiser=cast.advertiser, days=30, ad_account=cast.eu, campaigns=(cast.campaign,),
            short_reason=short_reason, actor=cast.mara, at=self.at,
        )  # fmt: skip

    def _applied(self, ad_account: AdAccount, actor: Actor, who: str) -> Told:
        row = self._authorization()
        application = row.applications.filter(ad_account=ad_account, state__in=BOUND).first()
        if application is None:
            application = services.apply(authorization=row, ad_account=ad_account, actor=actor, at=self.at)
        warnings = services.warnings(application=application)
        came = "the platform accepted it"
        return self._told(
            who, f"applies the code to {ad_account}", " ".join(("Warning:", *warnings)) if warnings else came
        )

    def _row(self) -> Authorization | None:
        return Authorization.objects.filter(post__platform_id=self.cast.public_id).first()

    def _authorization(self) -> Authorization:
        return Authorization.objects.select_related("post__held_by", "advertiser").get(
            post__platform_id=self.cast.public_id
        )

    def _application(self, ad_account: AdAccount) -> Application:
        return (
            self._authorization().applications.select_related("ad_account", "authorization").get(ad_account=ad_account)
        )

    def _told(self, who: str, did: str, came_of_it: str, refused: str = "") -> Told:
        told = Told(step="", at=self.at, who=who, did=did, came_of_it=came_of_it, refused=refused)
        row = self._row()
        if row is not None:
            told.creator_sees = _sees(row, self.cast.mara)
            told.advertiser_sees = _sees(row, self.cast.bo)
        return told


def _day(days: int, hours: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


def _sees(row: Authorization, actor: Actor) -> str:
    """The state and what this side can do next."""
    next_verbs = [words(verb) for verb in services.allowed(authorization=row, actor=actor) if verb is not Verb.CHECK]
    return f"{words(State(row.state))}; can {', '.join(next_verbs) or 'look'}"
