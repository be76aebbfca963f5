"""One table: verb by verb, who may, who is told that it belongs to others, and who is told that there is nothing.

Every refusal is tried on the very authorization on which the permitted then succeed, so that nobody is refused for
another reason, and nothing it does leaves a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator

from tests.desk import AT, HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import ApiToken, Invitation, Membership, Party, Person, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.services import Invited
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Application, Authorization, GuideLink, HandOver, RequestLink, Reveal
from valetkey.changes import services as changes
from valetkey.changes.models import Change, Step
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.diagnosis.services import diagnose
from valetkey.errors import Forbidden, NotFound, Refused
from valetkey.export import services as everything_out
from valetkey.findings import services as findings
from valetkey.findings.models import Finding, Spell, Sweep
from valetkey.history.services import read_about, read_history
from valetkey.intake import services as intake
from valetkey.intake.models import Batch, Row
from valetkey.notices import services as notices
from valetkey.notices.models import Endpoint, Feed, Notice, Preference
from valetkey.register import services as register
from valetkey.register.exposed import Shared
from valetkey.register.looking import moment
from valetkey.register.models import (
    Access,
    AdAccount,
    Asset,
    Campaign,
    Engagement,
    Exposure,
    ExposureKnower,
    Ownership,
    Post,
    Responsibility,
    Source,
    Surface,
)
from valetkey.register.services import PostFacts
from valetkey.reviews import services as reviews
from valetkey.reviews.models import Line, Review
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

YES, NO, GONE = "allowed", "forbidden", "not found"
PEOPLE: Final = (
    "creator_manager", "creator_member", "creator_viewer", "buyer_manager", "buyer_member", "buyer_viewer",
    "admin", "auditor", "stranger", "inactive", "left",
)  # fmt: skip
BOTH = (YES, YES, NO, YES, YES, NO, YES, NO, GONE, GONE, GONE)
CREATORS = (YES, YES, NO, NO, NO, NO, YES, NO, GONE, GONE, GONE)
BUYERS = (NO, NO, NO, YES, YES, NO, YES, NO, GONE, GONE, GONE)
SEES_THE_CODE = (YES, YES, NO, YES, YES, NO, NO, NO, GONE, GONE, GONE)
CODE = "#AbC+dEf/12_x-9=="
codes = count()


@dataclass
class Stage:
    desk: Desk
    people: dict[str, Actor]

    def by_hand(self) -> Authorization:
        """A recorded code that is there in the record only: what is done with it needs no platform."""
        return services.record(
            code=new_code(self),
            days=30,
            post=self.desk.post,
            advertiser=self.desk.advertiser,
            actor=HOST,
            at=self.desk.at,
        )

    def requested(self) -> Authorization:
        return services.request(
            creator=self.desk.creator, advertiser=self.desk.advertiser, platform="tiktok",
            post_id=self.desk.post.platform_id, days=30, actor=self.desk.bo, at=self.desk.at,
        )  # fmt: skip

    def sent(self) -> Authorization:
        row = self.requested()
        services.send_request(
            authorization=row, recipient="Mara", mail="", send_mail=False, actor=HOST, at=self.desk.at
        )
        return row

    def shared(self) -> Authorization:
        row = self.by_hand()
        services.hand_over(authorization=row, recipient="Bo", mail="bo@example.org", actor=HOST, at=self.desk.at)
        return row

    def applied(self) -> Authorization:
        row = self.by_hand()
        services.apply(authorization=row, ad_account=self.desk.eu, by_hand=True, actor=self.desk.bo, at=self.desk.at)
        row.refresh_from_db()
        return row

    def beside_a_campaign(self) -> Authorization:
        self.desk.campaign()
        return self.applied()

    def asked(self) -> Authorization:
        row = self.applied()
        return services.ask_to_end(authorization=row, reason="Early end.", actor=HOST, at=self.desk.at)

    def paused(self) -> Authorization:
        return services.pause_ads(authorization=self.asked(), by_hand=True, actor=HOST, at=self.desk.at)

    def switched_off(self) -> Authorization:
        return services.switch_off(authorization=self.paused(), by_hand=True, actor=HOST, at=self.desk.at)

    def ended(self) -> Authorization:
        return services.confirm_end(authorization=self.switched_off(), seen="Off.", actor=HOST, at=self.desk.at)

    def past(self) -> Authorization:
        row = self.applied()
        self.desk.later(days=31)
        return row


Start = Callable[[Stage], Authorization]
Do = Callable[[Stage, Authorization, Actor], object]


def verb(service: Callable[..., object], **given: Any) -> Do:
    """One service call. A value that is a function is asked with the stage."""

    def do(stage: Stage, row: Authorization, actor: Actor) -> object:
        values = {name: value(stage) if callable(value) else value for name, value in given.items()}
        return service(authorization=row, actor=actor, at=stage.desk.at, **values)

    return do


def authorize(stage: Stage, row: Authorization, actor: Actor) -> object:
    desk = stage.desk
    return services.authorize(post=desk.post, advertiser=desk.advertiser, days=30, actor=actor, at=desk.at)


def request(stage: Stage, row: Authorization, actor: Actor) -> object:
    desk = stage.desk
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=actor, at=desk.at,
    )  # fmt: skip


def ask(stage: Stage, row: Authorization, actor: Actor) -> object:
    desk = stage.desk
    return services.ask(
        creator=desk.creator.name, advertiser=desk.advertiser, platform="tiktok", post=desk.post.platform_id, days=30,
        actor=actor, at=desk.at,
    )  # fmt: skip


def record_anew(stage: Stage, row: Authorization, actor: Actor) -> object:
    desk = stage.desk
    return services.record(
        code=new_code(stage), days=30, post=desk.post, advertiser=desk.advertiser, actor=actor, at=desk.at
    )


def new_code(stage: Stage) -> str:
    return f"{CODE}{next(codes)}"


def stop_sharing(stage: Stage, row: Authorization, actor: Actor) -> None:
    at = stage.desk.at
    hand_over = row.hand_overs.last()
    if hand_over is None:
        hand_over = services.hand_over(authorization=row, recipient="Bo", actor=HOST, at=at).hand_over
    services.stop_sharing(hand_over=hand_over, actor=actor, at=at)


def unshare_guide(stage: Stage, row: Authorization, actor: Actor) -> None:
    found = row.guide_links.first() or GuideLink(authorization=row)
    services.unshare_guide(guide_link=found, actor=actor, at=stage.desk.at)


def name_owner(stage: Stage, row: Authorization, actor: Actor, *, of: str) -> object:
    """Each time somebody new, since the same again is no news."""
    party: Party = getattr(stage.desk, of)
    new = Person.objects.create(kept_by=party, party=party, name=f"Fay {next(codes)}", created_at=stage.desk.at)
    try:
        return services.name_owner(authorization=row, person=new, actor=actor, at=stage.desk.at)
    except Refused:
        new.delete()
        raise


def guide_shared(stage: Stage) -> Authorization:
    row, desk = stage.by_hand(), stage.desk
    services.share_guide(authorization=row, name="apply-a-code", recipient="Lou", actor=desk.mara, at=desk.at)
    return row


def ad_account(stage: Stage) -> AdAccount:
    return stage.desk.eu


def both_ad_accounts(stage: Stage) -> list[AdAccount]:
    return [stage.desk.eu, stage.desk.us]


def campaigns(stage: Stage) -> list[Campaign]:
    return list(Campaign.objects.all())


TABLE: Final[dict[str, tuple[Start, Do, tuple[str, ...]]]] = {
    "request": (Stage.requested, request, BUYERS),
    "ask": (Stage.requested, ask, (GONE, GONE, GONE, *BUYERS[3:])),
    "send_request": (Stage.requested, verb(services.send_request, recipient="Mara", mail="m@example.org"), BUYERS),
    "remind": (Stage.sent, verb(services.remind), BUYERS),
    "extend_request": (Stage.sent, verb(services.extend_request, days=7), BUYERS),
    "withdraw": (Stage.sent, verb(services.withdraw), BUYERS),
    "decline": (Stage.requested, verb(services.decline, reason="Not now."), CREATORS),
    "authorize": (Stage.requested, authorize, CREATORS),
    "issue": (Stage.requested, verb(services.issue, days=30), CREATORS),
    "record": (Stage.requested, verb(services.record, code=new_code, days=30), BOTH),
    "record anew": (Stage.requested, record_anew, BOTH),
    "hand_over": (Stage.by_hand, verb(services.hand_over, recipient="Bo"), CREATORS),
    "stop_sharing": (Stage.shared, stop_sharing, CREATORS),
    "open": (Stage.by_hand, verb(services.open), SEES_THE_CODE),
    "apply": (Stage.by_hand, verb(services.apply, ad_account=ad_account, by_hand=True), BUYERS),
    "apply_each": (Stage.by_hand, verb(services.apply_each, ad_accounts=both_ad_accounts, by_hand=True), BUYERS),
    "share_guide": (Stage.by_hand, verb(services.share_guide, name="apply-a-code", recipient="Lou"), BOTH),
    "unshare_guide": (guide_shared, unshare_guide, BOTH),
    "name_owner": (Stage.by_hand, partial(name_owner, of="creator"), CREATORS),
    "name_owner of the advertiser": (Stage.by_hand, partial(name_owner, of="advertiser"), BUYERS),
    "set_campaigns": (Stage.beside_a_campaign, verb(services.set_campaigns, campaigns=campaigns), BUYERS),
    "unbind": (Stage.applied, verb(services.unbind, ad_account=ad_account, by_hand=True), BUYERS),
    "check": (Stage.applied, verb(services.check), BOTH),
    "extend": (Stage.applied, verb(services.extend, days=30, by_hand=True), CREATORS),
    "replace": (Stage.applied, verb(services.replace, days=30, code=new_code), CREATORS),
    "ask_to_end": (Stage.applied, verb(services.ask_to_end, reason="Early end."), BOTH),
    "acknowledge_end": (Stage.asked, verb(services.acknowledge_end), BUYERS),
    "pause_ads": (Stage.asked, verb(services.pause_ads, by_hand=True), BUYERS),
    "switch_off": (Stage.paused, verb(services.switch_off, by_hand=True), CREATORS),
    "confirm_end": (Stage.switched_off, verb(services.confirm_end, seen="Off."), BOTH),
    "tell_advertiser": (Stage.ended, verb(services.tell_advertiser, how="By mail."), CREATORS),
    "expire": (Stage.past, verb(services.expire), (NO, NO, NO, NO, NO, NO, YES, NO, GONE, GONE, GONE)),
}
A_DESK_EACH: Final = {"authorize", "issue"}
"""On the platform a post has one code at a time."""
KINDS: Final[dict[str, type[Refused]]] = {NO: Forbidden, GONE: NotFound}
OFFERED_NOWHERE: Final = {
    "request", "ask", "authorize", "record anew", "expire", "send_request", "remind", "extend_request",
    "apply_each", "set_campaigns", "stop_sharing", "share_guide", "unshare_guide", "name_owner",
    "name_owner of the advertiser",
}  # fmt: skip
"""What starts an authorization is not done with one, an end by the clock is nobody's button, and what is done with
links, with its campaigns or with several ad accounts at once is no verb of its life."""
ALLOWED: Final = {
    name: [who for who, what in zip(PEOPLE, row[2], strict=True) if what == YES] for name, row in TABLE.items()
}
CASES: Final = [
    (name, group)
    for name, allowed in ALLOWED.items()
    for group in ([[who] for who in allowed] if name in A_DESK_EACH else [allowed])
]


@pytest.fixture
def stage(desk: Desk) -> Stage:
    people = {
        "creator_manager": desk.mara,
        "creator_member": person("Cleo", desk.creator, Role.MEMBER),
        "creator_viewer": person("Vic", desk.creator, Role.VIEWER),
        "buyer_manager": desk.bo,
        "buyer_member": desk.kim,
        "buyer_viewer": desk.viewer,
        "admin": desk.admin,
        "auditor": desk.auditor,
        "stranger": desk.stranger,
        "inactive": person("Ines", desk.advertiser, Role.MANAGER),
        "left": person("Lea", desk.advertiser, Role.MANAGER),
    }
    User.objects.filter(pk=user_of(people["inactive"]).pk).update(is_active=False)
    accounts.join(user=user_of(people["inactive"]), party=desk.creator, role=Role.MANAGER, actor=HOST, at=AT)
    accounts.join(user=user_of(people["left"]), party=desk.creator, role=Role.MANAGER, actor=HOST, at=AT)
    for party in (desk.creator, desk.advertiser):
        accounts.leave(user=user_of(people["left"]), party=party, actor=HOST, at=AT)
    return Stage(desk, people)


def person(name: str, party: Party, role: Role) -> Actor:
    user = accounts.create_user(email=f"{name.lower()}@example.org", name=name, actor=HOST, at=AT)
    accounts.join(user=user, party=party, role=role, actor=HOST, at=AT)
    return Actor(name=name, door=Door.CLI, user_id=user.pk)


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def everything() -> list[object]:
    kept = (Entry, Authorization, Application, HandOver, RequestLink, Reveal, Post, Exposure, ExposureKnower,
            Person, Ownership, Engagement, Responsibility, Asset, Surface, Access, Change, Step, Batch, Row,
            Review, Line, Finding, Spell, Sweep, Notice, Preference)  # fmt: skip
    return [list(model._default_manager.order_by("pk").values_list()) for model in kept]


@pytest.mark.parametrize(("name", "allowed"), CASES, ids=lambda value: value if isinstance(value, str) else value[0])
def test_a_verb_is_its_sides_and_nobody_elses(stage: Stage, name: str, allowed: list[str]) -> None:
    start, do, outcomes = TABLE[name]
    for who in allowed:
        row = start(stage)
        before = everything()
        for other, outcome in zip(PEOPLE, outcomes, strict=True):
            if outcome != YES:
                with pytest.raises(KINDS[outcome]) as refused:
                    do(stage, row, stage.people[other])
                assert type(refused.value) is KINDS[outcome], f"{other}: {refused.value!r}"
                assert refused.value.next_step
        assert everything() == before, "who is refused changes nothing and leaves no line"
        offered = [each for each in PEOPLE if name in services.allowed(authorization=row, actor=stage.people[each])]
        assert offered == ([] if name in OFFERED_NOWHERE else ALLOWED[name]), "what is offered is what is allowed"
        do(stage, row, stage.people[who])
        assert everything() != before, who


BY_LINK: Final = {
    "answer_request", "decline_request", "find_request", "look_at_request", "tick",
    "find_hand_over", "look_at_hand_over", "open_shared", "prove", "send_proof",
    "find_guide_link", "look_at_guide_link",
}  # fmt: skip
"""For guests: the link is the authority. What it is good for is said in tests/authorizations, in
test_answer_request.py, test_shared_links.py, test_proof.py and test_guide_progress.py."""

OF_ONESELF: Final = {"forget_view", "save_view", "tick_guide"}
"""Change what is the actor's alone; tests/authorizations/test_saved_views.py and test_guide_progress.py."""


def test_every_service_of_a_verb_is_in_the_table() -> None:
    verbs = {each.value for each in Verb} & set(services.__all__)
    assert verbs <= set(TABLE)
    without = {each.value for each in Verb} - verbs
    assert without == {"read_back", "seen_live", "seen_gone"}, "what a look finds out has no service of its own"
    reading = {name for name in services.__all__ if name not in {*TABLE, *BY_LINK, *OF_ONESELF}}
    assert reading == {
        "Ahead", "Applied", "Asked", "AtStake", "DayAhead", "Ending", "HandedOver", "KeptShort", "Losing",
        "MadeGuideLink", "Page", "Reading", "Sent", "Shared", "SharedGuide", "Stakes", "Stopping", "Stops", "Waiting",
        "addressee", "allowed", "answer_of", "authorizations_owned_by",
        "certificate", "ends_ahead", "find",
        "find_advertiser", "find_creator", "find_post", "find_their_ad_account", "find_their_campaign", "find_view",
        "guide_values", "history", "kept_short", "levels", "list_campaigns", "list_posts", "losing",
        "may_share_guide",
        "not_known", "of_bases", "page", "post_id_of", "read_guide", "recorded_posts", "saved_views", "search",
        "sides_to_name", "stakes", "standing_of_link", "waiting", "warnings",
        "what_stops",
    }  # fmt: skip


OUTSIDERS = ("stranger", "inactive", "left")


def exposed(desk: Desk) -> Exposure:
    return Exposure.objects.first() or register.open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST, at=desk.at
    )


def duties(desk: Desk) -> tuple[Engagement, Responsibility]:
    """One of each, on the records of the two sides."""
    bo = Person.objects.get(user=desk.bo.user_id, kept_by=desk.advertiser)
    mara = Person.objects.get(user=desk.mara.user_id, kept_by=desk.creator)
    engagement = Engagement.objects.first() or register.start_engagement(
        kept_by=desk.advertiser, party=desk.rival, purpose="Ads", starts_on=AT.date(), owner=bo, actor=HOST, at=desk.at
    )
    responsibility = Responsibility.objects.first() or register.give_responsibility(
        kept_by=desk.creator, person=mara, occasion="leaver", what="Tell them", within_days=1, actor=HOST, at=desk.at
    )
    return engagement, responsibility


def center(desk: Desk) -> tuple[Person, Surface, Access]:
    """Somebody on the list of people of a Business Center, on the advertiser's record."""
    kept = {"kept_by": desk.advertiser, "actor": HOST, "at": desk.at}
    jo = Person.objects.filter(name="Jo Berg").first() or accounts.enter_person(name="Jo Berg", **kept)  # type: ignore[arg-type]
    surface = Surface.objects.filter(kind="people").first()
    if surface is None:
        asset = register.enter_asset(
            held_by=desk.advertiser, platform="tiktok", kind="business_center", name="BC", actor=HOST, at=desk.at
        )
        surface = register.surfaces(asset=asset).get(kind="people")
    access = Access.objects.filter(person=jo).first() or register.open_access(
        surface=surface, person=jo, role="Standard", end="at", until=AT + timedelta(days=90), actor=HOST, at=desk.at
    )
    return jo, surface, access


def checked(desk: Desk) -> Change:
    """A change on the advertiser's record."""
    return Change.objects.first() or changes.open_change(
        occasion="continuity_check", kept_by=desk.advertiser, day=AT.date(), actor=HOST, at=desk.at
    )


def reviewed(desk: Desk) -> Review:
    """A review of the advertiser's record."""
    center(desk)
    return Review.objects.first() or reviews.open_review(kept_by=desk.advertiser, actor=HOST, at=desk.at)


def told(desk: Desk) -> Finding:
    """What the sweep has found for the advertiser, of an authorization that is there."""
    if not Finding.objects.exists():
        findings.sweep(actor=HOST, at=desk.at, look=False)
    return Finding.objects.filter(party=desk.advertiser).order_by("pk")[0]


def hooked(desk: Desk) -> Endpoint:
    """A webhook of the advertiser's."""
    return (
        Endpoint.objects.first()
        or notices.add_endpoint(party=desk.advertiser, url="https://8.8.8.8/", actor=HOST, at=desk.at).endpoint
    )


def heard(desk: Desk) -> Notice:
    """What Bo was told of it."""
    finding = told(desk)
    return Notice.objects.first() or Notice.objects.create(
        user=user_of(desk.bo), finding=finding, spell=finding.spells.latest("pk"), lead=-1, severity=finding.severity,
        sentence=finding.sentence, why="manager", at=desk.at,
    )  # fmt: skip


def a_sheet(desk: Desk) -> Batch:
    """For the advertiser's record, tried and not carried out."""
    return Batch.objects.first() or intake.try_sheet(
        kept_by=desk.advertiser, content=b"Name\nJo Berg\nMo\n", name="people.csv", actor=HOST, at=desk.at
    )


def read(stage: Stage, row: Authorization, actor: Actor) -> Iterator[Callable[[], object]]:
    """Everything that finds a thing of the two sides for an actor."""
    desk = stage.desk
    campaign, exposure = desk.campaign(), exposed(desk)
    yield lambda: services.find(reference=row.reference, actor=actor)
    yield lambda: services.certificate(authorization=services.find(reference=row.reference, actor=actor))
    yield lambda: services.find_post(text=desk.post.reference, actor=actor)
    yield lambda: services.find_post(text=desk.post.platform_id, actor=actor)
    yield lambda: services.list_posts(party=desk.creator, platform="tiktok", actor=actor, at=desk.at)
    yield lambda: services.recorded_posts(party=desk.creator, platform="tiktok", actor=actor)
    yield lambda: services.stakes(authorization=row, actor=actor, at=desk.at)
    yield lambda: services.read_guide(
        authorization=row, name="apply-a-code", language="en", show=str, actor=actor, at=desk.at
    )
    yield lambda: diagnose(authorization=row, language="en", actor=actor, at=desk.at)
    for thing in (row, desk.post, desk.creator, desk.advertiser, desk.eu, campaign, exposure):
        yield partial(read_about, reference=thing.reference, actor=actor)
    yield lambda: register.find_ad_account(text=desk.eu.reference, actor=actor)
    yield lambda: register.find_ad_account(text=desk.eu.platform_id, actor=actor)
    yield lambda: register.find_campaign(text=campaign.reference, actor=actor)
    yield lambda: register.find_exposure(text=exposure.reference, actor=actor)
    engagement, responsibility = duties(desk)
    yield lambda: register.find_engagement(text=engagement.reference, actor=actor)
    yield lambda: register.find_responsibility(text=responsibility.reference, actor=actor)
    jo, surface, access = center(desk)
    yield lambda: accounts.find_person(text=jo.reference, actor=actor)
    yield lambda: register.find_asset(text=surface.asset.reference, actor=actor)
    yield lambda: register.find_asset(text=desk.post.platform_id, actor=actor)
    yield lambda: register.find_surface(text=surface.reference, actor=actor)
    yield lambda: register.find_access(text=access.reference, actor=actor)
    then = moment(None, zone="UTC", now=desk.at)
    yield lambda: register.look_at_person(person=jo.reference, moment=then, actor=actor)
    yield lambda: register.look_at_party(party=desk.advertiser.reference, moment=then, actor=actor)
    yield lambda: register.look_at_asset(asset=desk.post.reference, moment=then, actor=actor)
    yield lambda: register.look_at_surface(surface=surface.reference, moment=then, actor=actor)
    yield lambda: register.look_at_access(access=access.reference, moment=then, actor=actor)
    yield lambda: register.how_it_came(kind="access", reference=access.reference, actor=actor)
    yield lambda: register.map_of(asset=surface.asset.reference, moment=then, actor=actor)
    yield lambda: register.find_named(kind="person", text=jo.name, actor=actor)
    yield lambda: register.find_on_record(text=desk.creator.name, actor=actor)
    yield lambda: services.losing(person=jo, actor=actor, at=desk.at)
    yield lambda: services.losing(party=desk.creator, actor=actor, at=desk.at)
    change, review = checked(desk), reviewed(desk)
    yield lambda: changes.find_change(text=change.reference, actor=actor)
    sheet = a_sheet(desk)
    yield lambda: intake.find_batch(text=sheet.reference, actor=actor)
    yield lambda: reviews.find_review(text=review.reference, actor=actor)
    finding = told(desk)
    yield lambda: findings.find_finding(text=finding.reference, actor=actor)
    yield lambda: read_about(reference=finding.reference, actor=actor)
    going: dict[str, Any]
    for going in ({"authorization": row}, {"asset": desk.eu}, {"person": jo}, {"party": desk.creator}):
        yield partial(services.what_stops, **going, actor=actor, at=desk.at)
    yield lambda: accounts.find_party(name=desk.creator.name, actor=actor)
    yield lambda: accounts.find_party(name=desk.advertiser.reference, actor=actor)


def write(stage: Stage, row: Authorization, actor: Actor) -> Iterator[Callable[[], object]]:
    """Everything below the authorizations that changes a thing of the two sides."""
    desk = stage.desk
    given: dict[str, Any] = {"actor": actor, "at": desk.at}
    user, campaign = user_of(actor), desk.campaign()
    facts = PostFacts(platform="tiktok", platform_id=desk.post.platform_id, visibility="private")
    new = PostFacts(platform="tiktok", platform_id="7399")
    yield lambda: register.note_post(held_by=desk.creator, facts=facts, source=Source.STATED, **given)
    yield lambda: register.note_post(held_by=desk.creator, facts=new, source=Source.STATED, **given)
    yield lambda: register.note_ad_account(
        held_by=desk.advertiser, platform="tiktok", platform_id="1", name="", time_zone="UTC", **given
    )
    yield lambda: register.note_campaign(
        ad_account=desk.eu, name="", starts_on=desk.at.date(), ends_on=desk.at.date(), **given
    )
    yield lambda: register.change_campaign(campaign=campaign, name="Mine now", **given)
    exposure = exposed(desk)
    yield lambda: register.open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, **given
    )
    yield lambda: register.add_knower(exposure=exposure, name="Sam", **given)
    yield lambda: register.close_exposure(exposure=exposure, how="Changed.", **given)
    engagement, responsibility = duties(desk)
    hers = responsibility.person
    yield lambda: register.set_ownership(asset=desk.eu, changes={"owned_by": desk.rival}, **given)
    yield lambda: register.confirm_ownership(asset=desk.eu, **given)
    yield lambda: register.start_engagement(
        kept_by=desk.advertiser, party=desk.creator, purpose="Ads", starts_on=AT.date(), **given
    )
    yield lambda: register.change_engagement(engagement=engagement, changes={"note": "Mine now"}, **given)
    yield lambda: register.end_engagement(engagement=engagement, reason="Over.", **given)
    yield lambda: register.give_responsibility(
        kept_by=desk.creator, person=hers, occasion="leaver", what="More", within_days=1, **given
    )
    yield lambda: register.pass_on_responsibility(responsibility=responsibility, to=hers, **given)
    yield lambda: register.end_responsibility(responsibility=responsibility, reason="Over.", **given)
    jo, surface, access = center(desk)
    yield lambda: register.enter_asset(held_by=desk.advertiser, platform="tiktok", kind="shop", name="Mine", **given)
    yield lambda: register.change_asset(asset=surface.asset, changes={"note": "Mine"}, **given)
    yield lambda: register.enter_surface(asset=surface.asset, name="Mine", **given)
    yield lambda: register.add_usual_surfaces(asset=desk.eu, **given)
    yield lambda: register.change_surface(surface=surface, changes={"note": "Mine"}, **given)
    yield lambda: register.open_access(surface=surface, person=jo, role="Admin", end="none", **given)
    yield lambda: register.change_access(access=access, changes={"note": "Mine"}, **given)
    yield lambda: register.confirm_access(access=access, how="Seen.", **given)
    yield lambda: register.end_access(access=access, reason="Over.", **given)
    yield lambda: register.let_access_end(access=access, **given)
    change = checked(desk)
    step = changes.find_step(change=change, number=1)
    yield lambda: changes.open_change(
        occasion="incident", kept_by=desk.advertiser, asset=desk.eu, day=AT.date(), **given
    )
    yield lambda: changes.refresh_change(change=change, **given)
    yield lambda: changes.do_step(step=step, proof="Seen.", **given)
    yield lambda: changes.skip_step(step=step, reason="No.", **given)
    yield lambda: changes.assign_step(step=step, person=None, **given)
    yield lambda: changes.close_change(change=change, **given)
    sheet, content = a_sheet(desk), b"Name\nNew\n"
    yield lambda: intake.try_sheet(kept_by=desk.advertiser, content=content, name="x", **given)
    yield lambda: intake.map_columns(batch=sheet, mapping={"Name": "note"}, **given)
    yield lambda: intake.carry_out(batch=sheet, **given)
    yield lambda: intake.undo(batch=sheet, **given)
    review = reviewed(desk)
    line = reviews.find_line(review=review, number=1)
    yield lambda: reviews.open_review(kept_by=desk.advertiser, party=desk.advertiser, **given)
    yield lambda: reviews.decide(line=line, decision="end", **given)
    yield lambda: reviews.close_review(review=review, next_on=AT.date() + timedelta(days=90), **given)
    reason: dict[str, Any] = {"findings": [told(desk)], "reason": "So.", **given}
    yield lambda: findings.acknowledge(**reason)
    yield lambda: findings.hand_on(to=jo, **reason)
    yield lambda: findings.snooze(until=AT + timedelta(days=60), **reason)
    yield lambda: findings.let_end(**reason)
    yield lambda: findings.wake(**reason)
    notice = heard(desk)
    yield lambda: notices.mark_read(reference=notice.reference, **given)
    webhook = hooked(desk)
    yield lambda: notices.add_endpoint(party=desk.advertiser, url="https://8.8.8.8/", **given)
    yield lambda: notices.rotate_endpoint(endpoint=webhook, **given)
    yield lambda: notices.replay(endpoint=webhook, **given)
    yield lambda: notices.end_endpoint(endpoint=webhook, **given)
    yield lambda: services.set_campaigns(authorization=row, campaigns=[campaign], **given)
    yield lambda: accounts.join(user=user, party=desk.advertiser, role=Role.MANAGER, **given)
    yield lambda: accounts.leave(user=user_of(desk.bo), party=desk.advertiser, **given)
    yield lambda: connections.connect(
        party=desk.advertiser, platform="tiktok", level=Level.ADVERTISER, token=Secret("token"), **given
    )
    for connection in Connection.objects.live():
        yield partial(connections.disconnect, connection=connection, **given)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_whoever_stands_outside_finds_and_changes_nothing(stage: Stage, who: str) -> None:
    row, actor = stage.applied(), stage.people[who]
    attempts = [*read(stage, row, actor), *write(stage, row, actor)]
    before = everything()
    for number, attempt in enumerate(attempts):
        with pytest.raises(NotFound) as refused:
            attempt()
        assert type(refused.value) is NotFound, number
    assert everything() == before


@pytest.mark.parametrize("who", [*OUTSIDERS, "guest"])
def test_whoever_stands_outside_is_shown_empty_lists(stage: Stage, who: str) -> None:
    stage.beside_a_campaign()
    guest = Actor(name="bo@example.org, by link", door=Door.WEB, user_id=GUEST)
    actor, at = {**stage.people, "guest": guest}[who], stage.desk.at
    assert not services.search(filters=Filters(), actor=actor, at=at)
    assert not services.list_campaigns(actor=actor)
    exposed(stage.desk)
    duties(stage.desk)
    assert not register.exposures(actor=actor)
    assert not register.engagements(actor=actor)
    assert not register.responsibilities(actor=actor)
    center(stage.desk)
    assert not accounts.people(actor=actor).exclude(user=actor.user_id)
    assert not register.accesses(actor=actor)
    a_sheet(stage.desk)
    assert not intake.batches(actor=actor)
    assert not register.assets(actor=actor).exclude(held_by=stage.desk.rival)
    assert not list(register.who_has_what(moment=moment(None, zone="UTC", now=at), actor=actor))
    assert register.find_anything(text="Jo Berg", actor=actor, at=at).is_empty
    assert not register.kinds_of(reference=stage.desk.post.reference, actor=actor)
    assert not register.parties_on_record(actor=actor).exclude(pk=stage.desk.rival.pk)
    heard(stage.desk)
    hooked(stage.desk)
    assert not notices.endpoints(actor=actor) and not notices.feeds(actor=actor)
    assert not notices.notices(actor=actor) and not notices.undelivered(actor=actor)
    assert not findings.inbox(actor=actor, at=at).rows and not findings.count_waiting(actor=actor, at=at).all
    for days in (-1, 0, 10):
        assert not findings.on_day(on=at + timedelta(days=days), actor=actor, at=at).lines
    waiting = services.waiting(actor=actor, at=at)
    assert (waiting.few, waiting.newest) == ([], [])
    with pytest.raises(Forbidden):
        read_history(actor=actor)


@pytest.mark.parametrize("who", ["creator_viewer", "buyer_viewer", "auditor"])
def test_whoever_only_reads_changes_nothing(stage: Stage, who: str) -> None:
    row = stage.applied()
    attempts = list(write(stage, row, stage.people[who]))
    before = everything()
    for attempt in attempts:
        with pytest.raises((Forbidden, NotFound)):
            attempt()
    assert everything() == before


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("creator_viewer", (1, 1, 0, 0, 1)),
        ("buyer_viewer", (1, 0, 2, 1, 0)),
        ("admin", (1, 1, 3, 1, 1)),
        ("auditor", (1, 1, 3, 1, 1)),
        *((who, (0, 0, 0, 0, 0)) for who in ("inactive", "left")),
        ("stranger", (0, 0, 1, 0, 0)),  # their own ad account
    ],
)
def test_each_sees_their_own_and_no_more(stage: Stage, who: str, sees: tuple[int, ...]) -> None:
    stage.applied()
    stage.desk.campaign()
    actor = stage.people[who]
    exposed(stage.desk)
    models = (Authorization, Post, AdAccount, Campaign, Exposure)
    found = tuple(model.objects.visible_to(actor).count() for model in models)
    assert found == sees
    if who == "stranger":
        assert list(AdAccount.objects.visible_to(actor)) == [stage.desk.rivals_account]


def test_a_strangers_token_opens_what_the_stranger_sees_and_no_more(stage: Stage) -> None:
    row, desk = stage.applied(), stage.desk
    token = accounts.make_token(user=user_of(desk.stranger), label="script", actor=desk.stranger, at=desk.at)
    actor = accounts.actor_by_token(token=token, door=Door.API, at=desk.at)
    assert actor.user_id == desk.stranger.user_id and not actor.is_operator
    for name, (_, do, _) in TABLE.items():
        with pytest.raises(NotFound):
            do(stage, row, actor)
        assert row.state == State.APPLIED, name
    for attempt in read(stage, row, actor):
        with pytest.raises(NotFound):
            attempt()


def test_a_guest_is_a_stranger_to_every_verb_and_finds_nothing(stage: Stage) -> None:
    """Whoever came by a link has what the link is for, by its own services, and nothing beside it."""
    row = stage.shared()
    services.apply(authorization=row, ad_account=stage.desk.eu, by_hand=True, actor=HOST, at=stage.desk.at)
    guest = Actor(name="bo@example.org, by link", door=Door.WEB, user_id=GUEST)
    attempts: list[Callable[[], object]] = [partial(do, stage, row, guest) for _, do, _ in TABLE.values()]
    attempts += read(stage, row, guest)
    before = everything()
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert everything() == before
    assert services.allowed(authorization=row, actor=guest) == ()
    for model in (Authorization, Post, AdAccount, Campaign, Exposure):
        assert not model.objects.visible_to(guest).exists()


def test_whoever_may_see_it_gets_the_same_certificate(stage: Stage) -> None:
    row = stage.shared()
    who = [name for name in PEOPLE if name not in OUTSIDERS]
    found = [services.find(reference=row.reference, actor=stage.people[name]) for name in who]
    assert len({services.certificate(authorization=each).checksum for each in found}) == 1 and len(found) == 8


# People: who may invite, end, name and enter somebody.

WHO: Final = (*PEOPLE, "guest")
ADMIN_ALONE: Final = (NO, NO, NO, NO, NO, NO, YES, NO, NO, NO, NO, NO)
INVITERS: Final = (GONE, GONE, GONE, YES, NO, NO, YES, NO, GONE, GONE, GONE, GONE)
SEE_INVITATIONS: Final = (GONE, GONE, GONE, YES, GONE, GONE, YES, NO, GONE, GONE, GONE, GONE)
SEE_THE_DESKS: Final = (GONE, GONE, GONE, GONE, GONE, GONE, YES, NO, GONE, GONE, GONE, GONE)
WORK_FOR_A_BRAND: Final = (NO, NO, NO, YES, YES, NO, YES, NO, YES, NO, NO, NO)
"""The stranger is a buyer too: for another brand."""
KEEPERS: Final = (GONE, GONE, GONE, YES, YES, NO, YES, NO, GONE, GONE, GONE, GONE)
"""Those who may write on the advertiser's record."""
KIM_OR_ADMIN: Final = (NO, NO, NO, NO, YES, NO, YES, NO, NO, NO, NO, NO)


def invite(stage: Stage, actor: Actor, **to: Any) -> Invited:
    to = to or {"party": stage.desk.advertiser, "role": Role.VIEWER}
    return accounts.invite(mail=f"new{next(codes)}@example.org", actor=actor, at=stage.desk.at, **to)


def withdraw(stage: Stage, actor: Actor, **to: Any) -> None:
    """Of one that is there already, so that who is refused leaves no other trace."""
    row = Invitation.objects.live(stage.desk.at).filter(**to).first() or invite(stage, HOST, **to).invitation
    accounts.withdraw_invitation(invitation=row, actor=actor, at=stage.desk.at)


def with_kim(service: Callable[..., object], **given: Any) -> Callable[[Stage, Actor], object]:
    return lambda stage, actor: service(user=user_of(stage.desk.kim), actor=actor, at=stage.desk.at, **given)


def forget_factors(stage: Stage, actor: Actor) -> None:
    kim = user_of(stage.desk.kim)
    Authenticator.objects.get_or_create(user=kim, type="totp", data={})
    accounts.forget_factors(user=kim, reason="Lost her phone.", actor=actor, at=stage.desk.at)


def end_feed(stage: Stage, actor: Actor) -> None:
    """Of one that is there already, so that who is refused leaves no other trace."""
    kim = user_of(stage.desk.kim)
    feed = Feed.objects.live().first() or notices.add_feed(user=kim, actor=HOST, at=stage.desk.at).feed
    notices.end_feed(feed=feed, actor=actor, at=stage.desk.at)


def enter_person(stage: Stage, actor: Actor) -> object:
    return accounts.enter_person(
        kept_by=stage.desk.advertiser, name=f"Fay {next(codes)}", actor=actor, at=stage.desk.at
    )


def with_somebody(
    service: Callable[..., object], left_on: date | None = None, **given: Any
) -> Callable[[Stage, Actor], object]:
    """Each time somebody new on the advertiser's record, since who has left does not leave again."""

    def do(stage: Stage, actor: Actor) -> object:
        party = stage.desk.advertiser
        new = Person.objects.create(
            kept_by=party, party=party, name=f"Fay {next(codes)}", left_on=left_on, created_at=stage.desk.at
        )
        try:
            return service(person=new, actor=actor, at=stage.desk.at, **given)
        except Refused:
            new.delete()
            raise

    return do


def sweep(stage: Stage, actor: Actor) -> None:
    """There is something to be found, so that it leaves a line."""
    if actor == stage.people["admin"]:
        stage.applied()
    findings.sweep(look=False, actor=actor, at=stage.desk.at)


PEOPLE_TABLE: Final[dict[str, tuple[Callable[[Stage, Actor], object], tuple[str, ...]]]] = {
    "invite": (invite, INVITERS),
    "invite an admin": (partial(invite, desk_role=DeskRole.ADMIN), ADMIN_ALONE),
    "invite an auditor": (partial(invite, desk_role=DeskRole.AUDITOR), ADMIN_ALONE),
    "withdraw_invitation": (withdraw, SEE_INVITATIONS),
    "withdraw_invitation to the desk": (partial(withdraw, desk_role=DeskRole.AUDITOR), SEE_THE_DESKS),
    "end_user": (with_kim(accounts.end_user), ADMIN_ALONE),
    "set_desk_role": (with_kim(accounts.set_desk_role, desk_role=DeskRole.AUDITOR), ADMIN_ALONE),
    "set_language": (with_kim(accounts.set_language, language="de"), KIM_OR_ADMIN),
    "set_time_zone": (with_kim(accounts.set_time_zone, time_zone="Europe/Berlin"), KIM_OR_ADMIN),
    "make a calendar": (with_kim(notices.add_feed), KIM_OR_ADMIN),
    "end a calendar": (end_feed, KIM_OR_ADMIN),
    "set what they are told": (with_kim(notices.set_preference, changes={"by_mail": False}), KIM_OR_ADMIN),
    "forget_factors": (forget_factors, ADMIN_ALONE),
    "enter_person": (enter_person, KEEPERS),
    "change_person": (with_somebody(accounts.change_person, changes={"work": "Editor"}), KEEPERS),
    "person_left": (with_somebody(accounts.person_left, on=AT.date()), KEEPERS),
    "person_back": (with_somebody(accounts.person_back, left_on=AT.date()), KEEPERS),
    "make_token": (with_kim(accounts.make_token, label="script"), KIM_OR_ADMIN),
    "create_user": (
        lambda stage, actor: accounts.create_user(email="new@example.org", name="", actor=actor, at=stage.desk.at),
        ADMIN_ALONE,
    ),
    "rename_party": (
        lambda stage, actor: accounts.rename_party(
            party=stage.desk.advertiser, name="Northwind Europe", actor=actor, at=stage.desk.at
        ),
        ADMIN_ALONE,
    ),
    "sweep the record": (sweep, ADMIN_ALONE),
    "set a threshold": (
        lambda stage, actor: findings.set_limit(name="ends_within", value=9, actor=actor, at=stage.desk.at),
        ADMIN_ALONE,
    ),
    "enter_creator": (
        lambda stage, actor: accounts.enter_creator(name=f"Zoë {next(codes)}", actor=actor, at=stage.desk.at),
        WORK_FOR_A_BRAND,
    ),
}


def people_on_record() -> list[object]:
    kept = (Entry, User, Party, Person, Membership, Invitation, ApiToken)
    return [list(model._default_manager.order_by("pk").values_list()) for model in kept]


@pytest.mark.parametrize("name", PEOPLE_TABLE)
def test_people_are_let_in_and_go_by_those_who_may_say_so_alone(stage: Stage, name: str) -> None:
    do, outcomes = PEOPLE_TABLE[name]
    people = {**stage.people, "guest": Actor(name="kim@example.org", door=Door.WEB, user_id=GUEST)}
    invite(stage, HOST)
    invite(stage, HOST, desk_role=DeskRole.AUDITOR)
    notices.add_feed(user=user_of(stage.desk.kim), actor=HOST, at=stage.desk.at)
    before = people_on_record()
    for who, outcome in zip(WHO, outcomes, strict=True):
        if outcome != YES:
            with pytest.raises(KINDS[outcome]) as refused:
                do(stage, people[who])
            assert type(refused.value) is KINDS[outcome], f"{who}: {refused.value!r}"
            assert refused.value.next_step and "valetkey" not in refused.value.next_step
    assert people_on_record() == before
    for who, outcome in zip(WHO, outcomes, strict=True):
        if outcome == YES:
            do(stage, people[who])
            assert people_on_record() != before or name in {"set_language", "set_time_zone"}, who


def test_every_service_of_people_that_changes_something_is_in_a_table() -> None:
    by_link = {"accept_invitation", "find_invitation", "join_by_invitation"}  # the link is the authority
    of_oneself = {"Factor", "note_factor", "note_sign_in", "set_password", "sign_out"}
    tried_elsewhere = {"join", "leave", "create_party", "end_token"}  # write(), tests/accounts/
    reading = {
        "Invited",
        "actor_by_mail",
        "actor_by_token",
        "find_party",
        "find_person",
        "invitation_address",
        "people",
    }
    rights = {name for name in accounts.__all__ if name.startswith(("require_", "no_such_"))}
    assert set(accounts.__all__) - by_link - of_oneself - tried_elsewhere - reading - rights == {
        name for name in PEOPLE_TABLE if " " not in name
    }


@pytest.mark.parametrize("who", [*PEOPLE, "guest"])
def test_what_takes_everything_along_is_for_readers_and_the_rest_for_the_admin(
    stage: Stage, who: str, tmp_path: Path
) -> None:
    """What it does for those who may is said in tests/export."""
    guest = Actor(name="bo@example.org, by link", door=Door.WEB, user_id=GUEST)
    actor, at = {**stage.people, "guest": guest}[who], stage.desk.at
    file, before = tmp_path / "desk.jsonl", everything()
    attempts: list[Callable[[], object]] = [
        lambda: everything_out.export(
            target=file, form=everything_out.Form.JSONL, with_codes=True, reason="Moving.", actor=actor, at=at
        ),
        lambda: everything_out.import_all(stream=BytesIO(), actor=actor, at=at),
        lambda: everything_out.backup(target=file, actor=actor, at=at),
        lambda: everything_out.restore(source=file, actor=actor, at=at),
    ]
    if who not in {"admin", "auditor"}:
        attempts.append(lambda: everything_out.export(target=file, form=everything_out.Form.JSONL, actor=actor, at=at))
    for attempt in attempts if who != "admin" else ():
        with pytest.raises(Forbidden):
            attempt()
    assert everything() == before and not file.exists()
    if who in {"admin", "auditor"}:
        everything_out.export(target=file, form=everything_out.Form.JSONL, actor=actor, at=at)
        assert file.exists()
