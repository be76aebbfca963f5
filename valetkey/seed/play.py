"""Plays a made-up desk through the services, act by act, as people would have done it: by hand, unconnected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, Person, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.reference import drawn_from
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services as authorizations
from valetkey.changes import services as changes
from valetkey.changes.grammar import Effect
from valetkey.changes.models import Step
from valetkey.errors import Conflict
from valetkey.export.services import refuse_filled
from valetkey.register import services as register
from valetkey.register.models import AdAccount, Asset, Post, Source
from valetkey.register.services import PostFacts
from valetkey.reviews import services as reviews
from valetkey.reviews.decisions import Decision
from valetkey.reviews.models import Line
from valetkey.seed.acts import Act, Key
from valetkey.seed.agency import Agency, dice

_A_STEP: Final = timedelta(seconds=5)
_PROOF: Final = "Looked, and it is so."
_NOT_NOW: Final = "Not now: the record does not show it yet."
_OF_A_LEAVER: Final = frozenset({"leaver", "incident", "agency_end"})
"""Occasions whose checklist closes what was shared; others leave that to whoever is on it."""

Told = Callable[[int, int, datetime], None]


def play(agency: Agency, *, seed: int, host: Actor, told: Told = lambda done, of, at: None) -> None:
    """Into an empty desk only: raises Conflict for any other. `told` hears how far it is."""
    refuse_filled()
    with playing(seed):
        player = Player(host, seed)
        for number, act in enumerate(agency.acts, start=1):
            player.do(act)
            told(number, len(agency.acts), act.at)


@contextmanager
def playing(seed: int) -> Iterator[None]:
    """References are drawn from the seed, and nothing is waited for."""
    with drawn_from(dice(seed, "references")), _quickly():
        yield


@contextmanager
def _quickly() -> Iterator[None]:
    """A desk of invented people that is lost with the power is made anew."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


class Player:
    """`rows`: what was made so far, by its key. `clock`: never goes back, whatever takes longer than was planned."""

    def __init__(self, host: Actor, seed: int) -> None:
        self.host, self.dice = host, dice(seed, "decisions")
        self.rows: dict[str, Any] = {}
        self.actors: dict[str, Actor] = {"": host}
        self.clock: datetime | None = None
        self._own: Mapping[str, Callable[..., Any]] = {
            "let_in": self._let_in,
            "create_user": self._create_user,
            "employ": self._employ,
            "enter_asset": self._enter_asset,
            "enter_ad_account": self._enter_ad_account,
            "note_post": self._note_post,
            "go_through": self._go_through,
            "review": self._review,
        }

    def do(self, act: Act) -> None:
        at = max(act.at, self.clock or act.at)
        self.clock = at
        given = {name: self._row(value) for name, value in act.given.items()}
        given |= {"actor": self.actors[act.by], "at": at}
        made = self._own[act.do](act, **given) if act.do in self._own else DO[act.do](**given)
        if act.makes:
            self.rows[act.makes] = made

    def _row(self, value: object) -> Any:
        if isinstance(value, Key):
            return self.rows[value]
        if isinstance(value, Mapping):
            return {name: self._row(each) for name, each in value.items()}
        return tuple(self._row(each) for each in value) if isinstance(value, tuple) else value

    # ---- People

    def _let_in(self, act: Act, *, name: str, mail: str, party: Party, role: str, actor: Actor, at: datetime) -> User:
        user = accounts.create_user(email=mail, name=name, actor=actor, at=at)
        accounts.join(user=user, party=party, role=Role(role), actor=actor, at=at)
        self.actors[act.makes] = Actor(name=name, door=Door.WEB, user_id=user.pk)
        return user

    def _create_user(self, act: Act, *, desk_role: str, actor: Actor, at: datetime, **given: Any) -> User:
        return accounts.create_user(desk_role=DeskRole(desk_role), actor=actor, at=at, **given)

    def _employ(self, act: Act, *, role: str, user: str, actor: Actor, at: datetime, **given: Any) -> Person:
        """On record first, then a user: so the one becomes the other's."""
        person = accounts.enter_person(actor=actor, at=at, **given)
        made = accounts.create_user(email=person.mail, name=person.name, actor=actor, at=at)
        accounts.join(user=made, party=person.kept_by, role=Role(role), actor=actor, at=at)
        self.actors[user] = Actor(name=person.name, door=Door.WEB, user_id=made.pk)
        return Person.objects.select_related("kept_by", "party").get(pk=person.pk)

    # ---- The record

    def _enter_asset(self, act: Act, *, actor: Actor, at: datetime, **given: Any) -> Asset:
        return self._with_lists(act.makes, register.enter_asset(actor=actor, at=at, **given))

    def _enter_ad_account(self, act: Act, *, within: Asset, actor: Actor, at: datetime, **given: Any) -> AdAccount:
        row = register.note_ad_account(actor=actor, at=at, **given)
        register.change_asset(asset=row, changes={"within": within}, actor=actor, at=at)
        register.add_usual_surfaces(asset=row, actor=actor, at=at)
        self._with_lists(act.makes, row)
        return row

    def _with_lists(self, key: str, row: Asset) -> Asset:
        self.rows |= {f"{key}/{each.kind}": each for each in register.surfaces(asset=row)}
        return row

    # ---- Codes

    def _note_post(self, act: Act, *, held_by: Party, actor: Actor, at: datetime, **given: Any) -> Post:
        facts = PostFacts(visibility=Post.Visibility.PUBLIC, **given)
        return register.note_post(held_by=held_by, facts=facts, source=Source.STATED, actor=actor, at=at)

    # ---- Checklists and reviews

    def _go_through(
        self, act: Act, *, occasion: str, kept_by: Party, about: dict[str, Any], to: Person, is_done: bool,
        actor: Actor, at: datetime,
    ) -> None:  # fmt: skip
        change = changes.open_change(occasion=occasion, kept_by=kept_by, **about, day=at.date(), actor=actor, at=at)
        steps = list(change.steps.order_by("number"))
        for step in steps if is_done else steps[: len(steps) // 2]:
            self._settle(step, change.occasion, to, actor)
        if is_done:
            changes.close_change(change=change, actor=actor, at=self._tick())

    def _settle(self, step: Step, occasion: str, to: Person, actor: Actor) -> None:
        at, effect = self._tick(), step.effect
        if effect == Effect.CLOSE_EXPOSURE and occasion not in _OF_A_LEAVER:
            changes.skip_step(step=step, reason=_NOT_NOW, actor=actor, at=at)
            return
        try:
            changes.do_step(
                step=step, proof=_PROOF, to=to if effect == Effect.PASS_ON else None,
                actor=self.host if effect == Effect.END_TOKEN else actor, at=at,
            )  # fmt: skip
        except Conflict:
            changes.skip_step(step=step, reason=_NOT_NOW, actor=actor, at=at)

    def _review(
        self, act: Act, *, kept_by: Party, asset: Asset, is_done: bool, next_on: date, actor: Actor, at: datetime
    ) -> None:
        review = reviews.open_review(kept_by=kept_by, asset=asset, actor=actor, at=at)
        lines = list(review.lines.select_related("access").order_by("number"))
        for line in lines if is_done else lines[: len(lines) // 2]:
            decision = self._decision(line)
            note = "A narrower role is enough." if decision is Decision.CHANGE else ""
            reviews.decide(line=line, decision=decision, note=note, actor=actor, at=self._tick())
        if is_done:
            reviews.close_review(review=review, next_on=next_on, actor=actor, at=self._tick())

    def _decision(self, line: Line) -> Decision:
        fits = line.access is not None and line.access.until is not None and line.access.let_end_at is None
        if fits and self.dice.random() < 0.3:
            return Decision.LET_IT_END
        return self.dice.choices((Decision.KEEP, Decision.END, Decision.CHANGE, Decision.NOT_MINE), (80, 10, 6, 4))[0]

    def _tick(self) -> datetime:
        assert self.clock is not None  # noqa: S101  # something is being done
        self.clock += _A_STEP
        return self.clock


def _by_hand(service: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **given: service(by_hand=True, **given)


DO: Final[Mapping[str, Callable[..., Any]]] = {
    "create_party": accounts.create_party,
    "enter_person": accounts.enter_person,
    "person_left": accounts.person_left,
    "note_ad_account": register.note_ad_account,
    "note_campaign": register.note_campaign,
    "open_access": register.open_access,
    "change_access": register.change_access,
    "confirm_access": register.confirm_access,
    "end_access": register.end_access,
    "set_ownership": register.set_ownership,
    "confirm_ownership": register.confirm_ownership,
    "start_engagement": register.start_engagement,
    "end_engagement": register.end_engagement,
    "give_responsibility": register.give_responsibility,
    "open_exposure": register.open_exposure,
    "add_knower": register.add_knower,
    "close_exposure": register.close_exposure,
    "request": authorizations.request,
    "decline": authorizations.decline,
    "withdraw": authorizations.withdraw,
    "record_code": authorizations.record,
    "set_campaigns": authorizations.set_campaigns,
    "hand_over": authorizations.hand_over,
    "open_code": authorizations.open,
    "apply": _by_hand(authorizations.apply),
    "extend": _by_hand(authorizations.extend),
    "replace": authorizations.replace,
    "expire": authorizations.expire,
    "ask_to_end": authorizations.ask_to_end,
    "acknowledge_end": authorizations.acknowledge_end,
    "pause_ads": _by_hand(authorizations.pause_ads),
    "switch_off": _by_hand(authorizations.switch_off),
    "confirm_end": authorizations.confirm_end,
    "tell_advertiser": authorizations.tell_advertiser,
}
