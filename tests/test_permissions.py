"""One table: verb by verb, who may, who is told that it belongs to others, and who is told that there is nothing.

Every refusal is tried on the very authorization on which the permitted then succeed, so that nobody is refused for
another reason, and nothing it does leaves a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final

import pytest

from tests.desk import AT, HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Application, Authorization, HandOver, Reveal
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.errors import Forbidden, NotFound, Refused
from valetkey.register import services as register
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.register.services import PostFacts
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

    def applied(self) -> Authorization:
        row = self.by_hand()
        services.apply(authorization=row, ad_account=self.desk.eu, by_hand=True, actor=self.desk.bo, at=self.desk.at)
        row.refresh_from_db()
        return row

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


def record_anew(stage: Stage, row: Authorization, actor: Actor) -> object:
    desk = stage.desk
    return services.record(
        code=new_code(stage), days=30, post=desk.post, advertiser=desk.advertiser, actor=actor, at=desk.at
    )


def new_code(stage: Stage) -> str:
    return f"{CODE}{next(codes)}"


def ad_account(stage: Stage) -> AdAccount:
    return stage.desk.eu


TABLE: Final[dict[str, tuple[Start, Do, tuple[str, ...]]]] = {
    "request": (Stage.requested, request, BUYERS),
    "decline": (Stage.requested, verb(services.decline, reason="Not now."), CREATORS),
    "authorize": (Stage.requested, authorize, CREATORS),
    "issue": (Stage.requested, verb(services.issue, days=30), CREATORS),
    "record": (Stage.requested, verb(services.record, code=new_code, days=30), BOTH),
    "record anew": (Stage.requested, record_anew, BOTH),
    "hand_over": (Stage.by_hand, verb(services.hand_over, recipient="Bo"), CREATORS),
    "open": (Stage.by_hand, verb(services.open), SEES_THE_CODE),
    "apply": (Stage.by_hand, verb(services.apply, ad_account=ad_account, by_hand=True), BUYERS),
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
OFFERED_NOWHERE: Final = {"request", "authorize", "record anew", "expire"}
"""What starts an authorization is not done with one, and an end by the clock is nobody's button."""
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
    kept = (Entry, Authorization, Application, HandOver, Reveal, Post)
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


def test_every_service_of_a_verb_is_in_the_table() -> None:
    verbs = {each.value for each in Verb} & set(services.__all__)
    assert verbs <= set(TABLE)
    without = {each.value for each in Verb} - verbs
    assert without == {"read_back", "seen_live", "seen_gone"}, "what a look finds out has no service of its own"
    reading = {name for name in services.__all__ if name not in TABLE}
    assert reading == {
        "HandedOver", "allowed", "find", "find_advertiser", "find_creator", "find_post", "find_their_ad_account",
        "find_their_campaign", "history", "levels", "list_posts", "not_known", "post_id_of", "warnings",
    }  # fmt: skip


OUTSIDERS = ("stranger", "inactive", "left")


def read(stage: Stage, row: Authorization, actor: Actor) -> Iterator[Callable[[], object]]:
    """Everything that finds a thing of the two sides for an actor."""
    desk = stage.desk
    campaign = desk.campaign()
    yield lambda: services.find(reference=row.reference, actor=actor)
    yield lambda: services.find_post(text=desk.post.reference, actor=actor)
    yield lambda: services.find_post(text=desk.post.platform_id, actor=actor)
    yield lambda: services.list_posts(party=desk.creator, platform="tiktok", actor=actor, at=desk.at)
    yield lambda: register.find_ad_account(text=desk.eu.reference, actor=actor)
    yield lambda: register.find_ad_account(text=desk.eu.platform_id, actor=actor)
    yield lambda: register.find_campaign(text=campaign.reference, actor=actor)
    yield lambda: accounts.find_party(name=desk.creator.name, actor=actor)
    yield lambda: accounts.find_party(name=desk.advertiser.reference, actor=actor)


def write(stage: Stage, row: Authorization, actor: Actor) -> Iterator[Callable[[], object]]:
    """Everything below the authorizations that changes a thing of the two sides."""
    desk = stage.desk
    given: dict[str, Any] = {"actor": actor, "at": desk.at}
    user = user_of(actor)
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
        ("creator_viewer", (1, 1, 0, 0)),
        ("buyer_viewer", (1, 0, 2, 1)),
        ("admin", (1, 1, 3, 1)),
        ("auditor", (1, 1, 3, 1)),
        *((who, (0, 0, 0, 0)) for who in ("inactive", "left")),
        ("stranger", (0, 0, 1, 0)),  # their own ad account
    ],
)
def test_each_sees_their_own_and_no_more(stage: Stage, who: str, sees: tuple[int, ...]) -> None:
    stage.applied()
    stage.desk.campaign()
    actor = stage.people[who]
    models = (Authorization, Post, AdAccount, Campaign)
    found = tuple(model.objects.visible_to(actor).count() for model in models)
    assert found == sees
    if who == "stranger":
        assert list(AdAccount.objects.visible_to(actor)) == [stage.desk.rivals_account]


def test_a_strangers_token_opens_what_the_stranger_sees_and_no_more(stage: Stage) -> None:
    row, desk = stage.applied(), stage.desk
    token = accounts.make_token(user=user_of(desk.stranger), label="script", actor=desk.stranger, at=desk.at)
    actor = accounts.actor_by_token(token=token, door=Door.API)
    assert actor.user_id == desk.stranger.user_id and not actor.is_operator
    for name, (_, do, _) in TABLE.items():
        with pytest.raises(NotFound):
            do(stage, row, actor)
        assert row.state == State.APPLIED, name
    for attempt in read(stage, row, actor):
        with pytest.raises(NotFound):
            attempt()
