"""PURE. What a guide is made of: reroutes, what to look at first, steps, mistakes, questions, the facts behind them.

Every step says Where · Do · Confirm · If this fails. Decides the shape alone; nothing about where texts come from.
A text may hold placeholders such as `{post}`; `guides.fill` puts in what the record knows, or plain words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Confidence(StrEnum):
    """How sure a fact is. Confirmed: the platform's own page or program says so. Second-hand: somebody transcribed it,
    or logged a real call. Unconfirmed: a claim, a conflict between sources, or our own inference."""

    CONFIRMED = "confirmed"
    SECOND_HAND = "second_hand"
    UNCONFIRMED = "unconfirmed"


class Audience(StrEnum):
    CREATOR = "creator"
    ADVERTISER = "advertiser"
    EITHER = "either"


class Proof(StrEnum):
    """What the record can prove of one authorization: the ticks that a guide sets by itself."""

    POST_PUBLIC = "post_public"
    POST_USABLE = "post_usable"
    AD_AUTHORIZATION_OFFERED = "ad_authorization_offered"
    CAMPAIGN_NAMED = "campaign_named"
    DATES_AGREED = "dates_agreed"
    COVERED = "covered"
    CREATOR_CONNECTED = "creator_connected"
    ADVERTISER_CONNECTED = "advertiser_connected"
    CODE_THERE = "code_there"
    CODE_LIVE = "code_live"
    HANDED_OVER = "handed_over"
    OPENED = "opened"
    APPLIED = "applied"
    IN_USE = "in_use"
    EXTENDED = "extended"
    REPLACED = "replaced"
    END_ASKED = "end_asked"
    END_ACKNOWLEDGED = "end_acknowledged"
    ADS_PAUSED = "ads_paused"
    SWITCHED_OFF = "switched_off"
    ENDED = "ended"
    TOLD = "told"


PLACEHOLDERS: Final = ("post", "creator", "advertiser", "days", "ends", "ad_account", "campaign", "campaign_ends")
"""What a text may name of a case, as `{post}`. Each language has plain words for each, for a reader without a case."""

DIAGNOSIS: Final = "diagnosis"
"""Where a step that fails may lead instead of to a guide."""

NAMES: Final = frozenset({"name", "language", "verb", "to", "fails_to", "facts", "plain"})
"""Fields below that hold names or words to fill in. All other strings are texts for people."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a guide. `where`: file and place in it, as `en/apply-a-code.toml: steps.applied.do`."""

    where: str
    sentence: str


@dataclass(frozen=True)
class Fact:
    """`disagreement`: one line for the reader where sources say different things; "" where they do not."""

    name: str
    says: str
    source: str
    address: str
    read_on: date
    confidence: Confidence
    disagreement: str = ""


@dataclass(frozen=True)
class Reroute:
    """“If your situation is actually …”. `to`: another guide's name."""

    name: str
    situation: str
    to: str


@dataclass(frozen=True)
class Precondition:
    """Before you start. `how` to see it for oneself; `proof`: what the desk can look up by itself."""

    name: str
    says: str
    how: str
    proof: Proof | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Elsewhere:
    """The same step in TikTok Studio, where it differs from the app."""

    where: str
    do: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """`fails_to`: the guide to open when it does not work, or "diagnosis". `proof`: what shows in the record that it is
    done. `studio`: how it is done in TikTok Studio."""

    name: str
    title: str
    where: str
    do: str
    confirm: str
    fails: str
    fails_to: str = ""
    proof: Proof | None = None
    studio: Elsewhere | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """`why` it happens, and what to do when it has `already` happened."""

    name: str
    says: str
    why: str
    already: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    name: str
    asks: str
    answer: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guide:
    """`verb`: the step of the desk it ends in, by its name; "" for one that ends nowhere in particular. `finds`: other
    words by which people look for it. `plain`: the language's words for each placeholder."""

    name: str
    language: str
    title: str
    summary: str
    audience: Audience
    verb: str
    finds: tuple[str, ...]
    reroutes: tuple[Reroute, ...]
    before: tuple[Precondition, ...]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    questions: tuple[Question, ...]
    plain: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def fact_names(self) -> tuple[str, ...]:
        """Each once, in the order in which the guide rests on them."""
        named = [one.facts for one in self.before]
        named += [facts for step in self.steps for facts in (step.facts, step.studio.facts if step.studio else ())]
        named += [one.facts for one in self.mistakes] + [one.facts for one in self.questions]
        return tuple(dict.fromkeys(name for names in named for name in names))

    def step(self, name: str) -> Step:
        """Raises KeyError for a step it does not have."""
        return {step.name: step for step in self.steps}[name]
