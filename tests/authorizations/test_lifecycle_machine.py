"""Several authorizations at once, driven by any verb in any order: none takes an illegal edge, none touches another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from valetkey.authorizations.lifecycle import (
    BOUND,
    EDGES,
    ENDING,
    LIVE,
    OVER,
    USABLE,
    ApplicationState,
    Progress,
    Resume,
    State,
    Verb,
    allowed,
    apply,
    apply_to_application,
)
from valetkey.errors import Conflict

ON_AN_AD_ACCOUNT = {Verb.APPLY, Verb.READ_BACK, Verb.UNBIND}
ENDING_STEPS = {
    Verb.ASK_TO_END: State.END_ASKED,
    Verb.ACKNOWLEDGE_END: State.END_ACKNOWLEDGED,
    Verb.PAUSE_ADS: State.ADS_PAUSED,
    Verb.SWITCH_OFF: State.SWITCHED_OFF,
}


@dataclass
class Life:
    """One authorization as the services would keep it, with everywhere it has been."""

    state: State = State.NEW
    progress: Progress = field(default_factory=Progress)
    accounts: list[ApplicationState] = field(default_factory=lambda: [ApplicationState.NEW, ApplicationState.NEW])
    path: list[State] = field(default_factory=lambda: [State.NEW])

    def snapshot(self) -> tuple[object, ...]:
        return self.state, self.progress, tuple(self.accounts), tuple(self.path)

    def do(self, verb: Verb, account: int) -> None:
        """A verb as a service does it: the table first, then what it changes, then where that leads."""
        apply(self.state, verb, self.progress)
        if verb in ON_AN_AD_ACCOUNT:
            self.accounts[account] = apply_to_application(self.accounts[account], verb)
            self.progress = replace(
                self.progress,
                live_applications=sum(each in BOUND for each in self.accounts),
                proven_applications=self.accounts.count(ApplicationState.IN_USE),
            )
        if verb is Verb.HAND_OVER:
            self.progress = replace(self.progress, was_handed_over=True)
        if verb is Verb.OPEN and self.progress.was_handed_over:
            self.progress = replace(self.progress, was_opened=True)
        self.state = apply(self.state, verb, self.progress)
        if verb in ENDING_STEPS:
            self.progress = replace(self.progress, ending=ENDING_STEPS[verb])
        self.path.append(self.state)


class Desk(RuleBasedStateMachine):
    lives: list[Life]

    @initialize()
    def starts_with_one(self) -> None:
        self.lives = [Life()]

    @rule()
    @precondition(lambda self: len(self.lives) < 4)
    def another_is_started(self) -> None:
        self.lives.append(Life())

    @rule(which=st.integers(0, 3), verb=st.sampled_from(Verb), account=st.integers(0, 1))
    def any_verb(self, which: int, verb: Verb, account: int) -> None:
        self._try(which, verb, account)

    @rule(which=st.integers(0, 3), account=st.integers(0, 1), data=st.data())
    def a_verb_the_pages_offer(self, which: int, account: int, data: st.DataObject) -> None:
        offered = allowed(self.lives[which % len(self.lives)].state)
        if offered:
            self._try(which, data.draw(st.sampled_from(offered)), account)

    @rule(which=st.integers(0, 3))
    def it_ends_elsewhere(self, which: int) -> None:
        self._try(which, Verb.SEEN_GONE, 0)

    def _try(self, which: int, verb: Verb, account: int) -> None:
        life = self.lives[which % len(self.lives)]
        before = life.snapshot()
        others = [other.snapshot() for other in self.lives if other is not life]
        was = life.state
        try:
            life.do(verb, account)
        except Conflict as refused:
            assert life.snapshot() == before, "what is refused changes nothing"
            on_account = verb in ON_AN_AD_ACCOUNT and (was, verb) in EDGES
            assert (was, verb) not in EDGES or on_account, refused
        else:
            target = EDGES[was, verb]
            assert life.state is target or isinstance(target, Resume)
        assert others == [other.snapshot() for other in self.lives if other is not life]

    @invariant()
    def what_is_over_never_comes_alive(self) -> None:
        for life in getattr(self, "lives", []):
            over = [index for index, state in enumerate(life.path) if state in OVER]
            assert not over or not LIVE & set(life.path[over[0] :])

    @invariant()
    def an_end_that_was_asked_for_is_never_forgotten(self) -> None:
        for life in getattr(self, "lives", []):
            asked = [index for index, state in enumerate(life.path) if state in ENDING]
            assert not asked or not USABLE & set(life.path[asked[0] :])

    @invariant()
    def in_use_means_an_ad_account_showed_it(self) -> None:
        for life in getattr(self, "lives", []):
            if life.state is State.IN_USE:
                assert ApplicationState.IN_USE in life.accounts
            if life.state in {State.ISSUED, State.HANDED_OVER, State.OPENED}:
                assert not BOUND & set(life.accounts)


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
