"""PURE. What is known when somebody says “it does not work”: all that a rule may look at, and nothing else.

Whatever nobody knows is None, UNKNOWN or empty, and no rule takes that for a no. Decides nothing; holds no code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from valetkey.authorizations.lifecycle import Drift, State, Verb
from valetkey.authorizations.turn import Whose
from valetkey.connectors.base import Level, PostKind, Says, Trouble, Visibility
from valetkey.diagnosis.paste import Paste
from valetkey.register.days import Span


class Origin(StrEnum):
    """Who says it: the desk's own record (what people stated there included), the platform, what was pasted."""

    RECORD = "record"
    PLATFORM = "platform"
    PASTED = "pasted"


@dataclass(frozen=True)
class KnownPost:
    """`origin`: PLATFORM where the platform showed the visibility, RECORD where a person stated it."""

    name: str = ""
    kind: PostKind = PostKind.UNKNOWN
    visibility: Visibility = Visibility.UNKNOWN
    origin: Origin = Origin.RECORD
    seen_at: datetime | None = None
    ad_authorization_available: bool | None = None


@dataclass(frozen=True)
class Connected:
    """One side's connection. BY_HAND: none. `lapsed_at`: when its token ends or ended, None where that is not known."""

    level: Level = Level.BY_HAND
    lapsed_at: datetime | None = None


@dataclass(frozen=True)
class AppliedOn:
    """An ad account on which this code is applied. `seen_at`: when the platform showed it; None: somebody stated it."""

    ad_account: str
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Tried:
    """The ad account in question. None: not known. `is_theirs`: it is one of the advertiser's in the register."""

    ad_account: str
    is_agreed: bool | None = None
    is_theirs: bool | None = None


@dataclass(frozen=True)
class Other:
    """Another record that the asker may see, of the same code or of the pasted one."""

    reference: str
    post: str
    is_same_post: bool
    is_same_advertiser: bool


@dataclass(frozen=True)
class Answer:
    """What came of the last attempt that did not succeed, from the history. Only one that nothing has overtaken counts.

    `cause`: the short name in the entry; `troubles`: what the connector makes of it and of the platform's own text.
    """

    verb: Verb
    at: datetime
    says: Says | None = None
    cause: str = ""
    troubles: tuple[Trouble, ...] = ()
    ad_account: str = ""


@dataclass(frozen=True)
class Flight:
    """A campaign that uses the code."""

    name: str
    span: Span


@dataclass(frozen=True)
class Case:
    """Without a record (`state` None) only `pasted`, `troubles` and `zone` are ever filled.

    `asker`: the side of the person who asks (EITHER for the host and for who acts for both). `zone`: their time zone.
    `claim`, `is_uncertain`: a step under way or left uncertain, on the authorization or on an application of it.
    `window_source`: a value of authorizations.models.WindowSource. `end_source`: a value of register.models.Source.
    `replaced_by`: the reference of the newer record. `same_code`: others of this record's code; `pasted_in`: others of
    the pasted code, this record never among them. `pasted_post_is_it`: a link or post id was pasted, and is it this
    record's post. `troubles`: what the connector finds in the pasted message, the surest first.
    """

    asker: Whose = Whose.NOBODY
    zone: str = ""

    creator: str = ""
    advertiser: str = ""
    state: State | None = None
    claim: Verb | None = None
    is_uncertain: bool = False
    post: KnownPost = field(default_factory=KnownPost)

    issued_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    window_source: str = ""
    checked_at: datetime | None = None
    drifts: tuple[Drift, ...] = ()
    ended_at: datetime | None = None
    end_source: str = ""
    replaced_by: str = ""
    campaigns: tuple[Flight, ...] = ()

    agreed_ad_account: str = ""
    applied_on: tuple[AppliedOn, ...] = ()
    tried: Tried | None = None
    same_code: tuple[Other, ...] = ()
    creator_side: Connected = field(default_factory=Connected)
    advertiser_side: Connected = field(default_factory=Connected)
    answer: Answer | None = None

    pasted: Paste | None = None
    pasted_in: tuple[Other, ...] = ()
    pasted_post_is_it: bool | None = None
    troubles: tuple[Trouble, ...] = ()

    @property
    def has_record(self) -> bool:
        return self.state is not None
