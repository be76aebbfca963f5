"""PURE. What the rules are told: the record as plain values, gathered for them in bounded queries (findings.gather).

References name rows; a `Who` or `Thing` carries its name for sentences. None is "not known", never "never".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from valetkey.register.days import end_of_day


@dataclass(frozen=True)
class Thing:
    """A party, asset, ad account or other authorization: what it is called, and its reference."""

    reference: str
    name: str


@dataclass(frozen=True)
class Who:
    """Somebody on record. `left_on`: their last day."""

    reference: str
    name: str
    left_on: date | None = None

    def has_left(self, day: date) -> bool:
        return self.left_on is not None and self.left_on < day

    def gone_at(self) -> datetime | None:
        """The end of their last day, in UTC as all days of the record; None while no last day is on record."""
        return None if self.left_on is None else end_of_day(self.left_on, "UTC")


@dataclass(frozen=True)
class CampaignFacts:
    """`starts_at` and `ends_at`: its days as half-open instants, in the zone of its ad account (`time_zone`).
    `entered_at`: when it was put on record."""

    reference: str
    name: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str = "UTC"
    entered_at: datetime | None = None


@dataclass(frozen=True)
class ApplicationFacts:
    """The code on one ad account. `state`: of lifecycle.ApplicationState. `is_agreed`: the two sides settled on it, or
    none was named. `region`: of the ad account, ISO 3166 alpha-2, "" where nobody entered it."""

    ad_account: Thing
    held_by: str
    state: str
    is_bound: bool
    applied_at: datetime | None = None
    seen_at: datetime | None = None
    is_agreed: bool = True
    is_uncertain: bool = False
    claimed_until: datetime | None = None
    region: str = ""


@dataclass(frozen=True)
class OtherCode:
    """Another live authorization of the same post with a code: `name`, as it is called; `advertiser`, the reference of
    that party; `campaigns`, references of those that use it; `applied_on`, references of the ad accounts."""

    reference: str
    name: str
    advertiser: str
    created_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    campaigns: tuple[str, ...] = ()
    applied_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorizationFacts:
    """`state`: of lifecycle.State. `created_at`: of a request, when it was asked for. `window_told_at`: when the window
    was last written down (its newest change). `succeeded_by`, `succeeds`: live ones that replace it, and that it
    replaces, each directly, and that are not to end themselves. `beside`: other live codes of the same post that
    neither replace it nor are replaced by it. `elsewhere`: authorizations for other advertisers, of the same creator,
    that hold the same code; a `Thing` there is the authorization's reference with the advertiser's name. `drift`: names
    of lifecycle.Drift. `region`: of the creator's account. `is_let_end`: the creator's record says that it may end.
    `engagement_ended_at`: the last engagement of the creator with the advertiser ended then, and none goes on.
    `creator_connected`, `advertiser_connected`: the desk can ask the platform for that side.
    """

    reference: str
    post: Thing
    creator: Thing
    advertiser: Thing
    state: str
    created_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    window_source: str = ""
    window_told_at: datetime | None = None
    agreed_until: date | None = None
    agreed_zone: str = "UTC"
    creator_owner: Who | None = None
    advertiser_owner: Who | None = None
    campaigns: tuple[CampaignFacts, ...] = ()
    applications: tuple[ApplicationFacts, ...] = ()
    handed_over_at: datetime | None = None
    opened_at: datetime | None = None
    end_asked_at: datetime | None = None
    end_acknowledged_at: datetime | None = None
    ads_paused_at: datetime | None = None
    switched_off_at: datetime | None = None
    ended_at: datetime | None = None
    end_source: str = ""
    told_at: datetime | None = None
    checked_at: datetime | None = None
    drift: tuple[str, ...] = ()
    is_uncertain: bool = False
    claimed_until: datetime | None = None
    visibility: str = "unknown"
    visibility_source: str = ""
    visibility_seen_at: datetime | None = None
    region: str = ""
    succeeded_by: tuple[OtherCode, ...] = ()
    succeeds: tuple[OtherCode, ...] = ()
    beside: tuple[OtherCode, ...] = ()
    elsewhere: tuple[Thing, ...] = ()
    code_is_of: Thing | None = None
    """Another post whose code this is, where the platform showed it; None: not known, or its own."""
    is_let_end: bool = False
    engagement_ended_at: datetime | None = None
    creator_connected: bool = False
    advertiser_connected: bool = False


@dataclass(frozen=True)
class AccessFacts:
    """One access. `kept_by`: the party that holds the asset. `end`: at, none, unknown. `way`: entered or authorization.
    `engagement_ended_at`: the last engagement with the holder ended then and none goes on; None: none ended, or one
    goes on. `partner_ended_at`: the holder's own link (no person) on this asset ended then, and no other is open.
    `is_seat`: on a list of people that gives nothing without an asset; `has_asset`: whether they have one there.
    `is_wide`, `has_money`: of the role, by the catalogue; False for a role it does not know. `owns_asset`: the person
    is the asset's owner or backup owner on record, or the holder as a whole is the party that owns it.
    """

    reference: str
    kept_by: Thing
    asset: Thing
    surface: Thing
    holder: Thing
    role: str
    end: str
    recorded_at: datetime
    person: Who | None = None
    owner: Who | None = None
    since: datetime | None = None
    until: datetime | None = None
    way: str = "entered"
    purpose: str = ""
    review_on: date | None = None
    confirmed_at: datetime | None = None
    let_end_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""
    is_wide: bool = False
    has_money: bool = False
    owns_asset: bool = False
    is_seat: bool = False
    has_asset: bool = True
    engagement_ended_at: datetime | None = None
    partner_ended_at: datetime | None = None


@dataclass(frozen=True)
class AssetFacts:
    """`owned_by_kind`: of Party.Kind, "" where nobody knows. `admins`: people with a wide role now, each once, in the
    order of their references. Each control is who has it in hand; None: nobody knows, or nobody. `has_ownership`:
    whether anything of it is on record. `recovery_is_personal`: of recovery_mail and recovery_phone, those in the hand
    of somebody who works neither for the keeper nor for the party that owns it: so as far as the record knows it is
    that person's own. `posts_applied`: of an ad account, how many posts are applied there now, by the record."""

    reference: str
    name: str
    kind: str
    kept_by: Thing
    kept_by_kind: str
    has_ownership: bool = False
    owned_by: Thing | None = None
    owned_by_kind: str = ""
    owner: Who | None = None
    backup_owner: Who | None = None
    recovery_mail: Who | None = None
    recovery_phone: Who | None = None
    second_factor: Who | None = None
    backup_codes: Who | None = None
    recovery_is_personal: tuple[str, ...] = ()
    changed_at: datetime | None = None
    confirmed_at: datetime | None = None
    admins: tuple[Who, ...] = ()
    posts_applied: int = 0


@dataclass(frozen=True)
class ExposureFacts:
    """`shared`: to stand inside a sentence, as register.exposed.words says it. `knowers`: those on record who know it,
    or have known; `others`: how many more are named without being on record. Open until it is changed. `owner`: of the
    account where it is an asset on record."""

    reference: str
    held_by: Thing
    account: str
    shared: str
    opened_at: datetime
    knowers: tuple[Who, ...] = ()
    others: int = 0
    owner: Who | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class EngagementFacts:
    reference: str
    kept_by: Thing
    party: Thing
    starts_on: date
    review_on: date | None = None
    ends_on: date | None = None
    owner: Who | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class ReviewFacts:
    """The newest review of a scope. `scope`: to be read alone, as in a title. `next_on`: said on closing."""

    reference: str
    kept_by: Thing
    scope: str
    opened_at: datetime
    closed_at: datetime | None = None
    next_on: date | None = None


@dataclass(frozen=True)
class ConnectionFacts:
    """A live connection. `renews_itself`: it has what renews its token."""

    reference: str
    party: Thing
    platform: str
    level: str
    token_ends_at: datetime | None = None
    renews_itself: bool = False


Facts = AuthorizationFacts | AccessFacts | AssetFacts | ExposureFacts | EngagementFacts | ReviewFacts | ConnectionFacts
