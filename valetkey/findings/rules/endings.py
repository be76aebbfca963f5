"""PURE. An end between two sides that does not come to its end: a step nobody takes, nobody told, nothing seen.

Whose turn it is says authorizations.turn. Nothing counts as ended because a button was pressed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.turn import Known, Whose, turn
from valetkey.findings.facts import AuthorizationFacts
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.of_codes import ADVERTISER, BOTH, CREATOR, at_stake, said, uncarried
from valetkey.findings.rules.on_record import later, recorded
from valetkey.findings.rules.proof import can_look
from valetkey.findings.rules.words import campaigns, named, post

_SIDES: Final = {Whose.CREATOR: CREATOR, Whose.ADVERTISER: ADVERTISER, Whose.EITHER: BOTH, Whose.NOBODY: ()}
_DONE: Final = {
    State.END_ASKED: "The end was asked for",
    State.END_ACKNOWLEDGED: "The advertiser's side said that they read it",
    State.ADS_PAUSED: "The ads were paused",
    State.SWITCHED_OFF: "It was switched off",
}


def end_not_read(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    sentence = f"The code for {post(facts)} is to end early, and nobody has said that they read it."
    yield from _not_acted("end_not_read", State.END_ASKED, facts.end_asked_at, sentence, facts, at, limits)


def ads_not_paused(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    sentence = f"The code for {post(facts)} is to end early, and the ads with it are not paused yet."
    since = facts.end_acknowledged_at
    yield from _not_acted("ads_not_paused", State.END_ACKNOWLEDGED, since, sentence, facts, at, limits)


def not_switched_off(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    sentence = f"The ads with {post(facts)} are paused, and its ad authorization is still on."
    yield from _not_acted("not_switched_off", State.ADS_PAUSED, facts.ads_paused_at, sentence, facts, at, limits)


def end_not_seen(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    sentence = f"The code for {post(facts)} was switched off, and nobody has seen yet that it is gone."
    yield from _not_acted("end_not_seen", State.SWITCHED_OFF, facts.switched_off_at, sentence, facts, at, limits)


def _not_acted(
    rule: str,
    state: State,
    since: datetime | None,
    sentence: str,
    facts: AuthorizationFacts,
    at: datetime,
    limits: Limits,
) -> Iterator[Found]:
    """To the side whose turn it is."""
    if facts.state != state or since is None or at < later(since, limits.end_not_acted_after):
        return
    whose = turn(Known(state, facts.creator.name, facts.advertiser.name)).whose
    yield from said(rule, facts, at, Severity.IMPORTANT, sentence, recorded(_DONE[state], since), to=_SIDES[whose])


def end_asked_under_campaign(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """At once, and until they have said that they read it: whoever knows can plan without the post."""
    left = uncarried(facts, at, at) if facts.state == State.END_ASKED else []
    if left:
        verb = "uses" if len(left) == 1 else "use"
        sentence = f"The code for {post(facts)} is to end early, and {named([each.name for each in left])} {verb} it."
        evidence = (recorded("The end was asked for", facts.end_asked_at), *campaigns(left))
        yield from said("end_asked_under_campaign", facts, at, Severity.URGENT, sentence, *evidence, to=ADVERTISER)


def advertiser_not_told(facts: AuthorizationFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """Of a code that they had: one that nobody was given is missed by nobody."""
    had = facts.handed_over_at is not None or facts.opened_at is not None or bool(facts.applications)
    if facts.state != State.ENDED or facts.told_at is not None or facts.ended_at is None or not had:
        return
    if at >= later(facts.ended_at, limits.untold_after):
        severity = Severity.IMPORTANT if at_stake(facts, at) else Severity.SOON
        sentence = f"The code for {post(facts)} has ended, and nobody has told {facts.advertiser.name}."
        evidence = (recorded("It ended", facts.ended_at), *campaigns(at_stake(facts, at)))
        yield from said("advertiser_not_told", facts, at, severity, sentence, *evidence, to=CREATOR)


def ended_without_proof(facts: AuthorizationFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Where the platform can be asked; elsewhere somebody's word is all there is. A look after the end closes it, and
    so does the end that the code would have had by the clock: from then on nothing can be on any more.
    """
    is_over = facts.ends_at is not None and at >= facts.ends_at
    if is_over or facts.state != State.ENDED or facts.end_source != "stated" or facts.ended_at is None:
        return
    looked = facts.checked_at is not None and facts.checked_at > facts.ended_at
    if can_look(facts) and not looked:
        sentence = f"The code for {post(facts)} was written down as ended, and the platform has not been asked since."
        evidence = recorded("Somebody said that it ended", facts.ended_at)
        yield from said("ended_without_proof", facts, at, Severity.SOON, sentence, evidence, to=can_look(facts))


ON_ENDINGS: Final = (
    Rule(
        "end_asked_under_campaign", About.AUTHORIZATION, Group.TIME,
        "An early end, and a campaign",
        "The campaign goes on without the post, and nobody has planned for that.",
        "end-an-authorization", "acknowledged", end_asked_under_campaign, Verb.ACKNOWLEDGE_END.value,
    ),
    Rule(
        "end_not_read", About.AUTHORIZATION, Group.USE,
        "Asked to end, nobody answered",
        "The two sides do not know the same, and ads go on.",
        "end-an-authorization", "acknowledged", end_not_read, Verb.ACKNOWLEDGE_END.value,
    ),
    Rule(
        "ads_not_paused", About.AUTHORIZATION, Group.USE,
        "To end, and the ads are on",
        "TikTok seems to refuse the end while ads with the post run.",
        "end-an-authorization", "ads_paused", ads_not_paused, Verb.PAUSE_ADS.value,
    ),
    Rule(
        "not_switched_off", About.AUTHORIZATION, Group.USE,
        "Ads paused, not switched off",
        "The code still works, and new ads can be made with it.",
        "end-an-authorization", "switched_off", not_switched_off, Verb.SWITCH_OFF.value,
    ),
    Rule(
        "end_not_seen", About.AUTHORIZATION, Group.PROOF,
        "Switched off, not seen as gone",
        "It may still be on: only a look shows that it is gone.",
        "end-an-authorization", "confirmed", end_not_seen, Verb.CONFIRM_END.value,
    ),
    Rule(
        "advertiser_not_told", About.AUTHORIZATION, Group.USE,
        "Ended, and the advertiser was not told",
        "They find out by ads that stop, and look for a fault that is none.",
        "end-an-authorization", "told", advertiser_not_told, Verb.TELL_ADVERTISER.value,
    ),
    Rule(
        "ended_without_proof", About.AUTHORIZATION, Group.PROOF,
        "Ended here, not seen on the platform",
        "The code may still work although the record says that it is over.",
        "end-an-authorization", "confirmed", ended_without_proof, Verb.CHECK.value,
    ),
)  # fmt: skip
