"""PURE. The port: what the desk asks of any platform, in the desk's own words, and how a platform may fail.

Decides the shape of a connector and of a sandbox. Does not decide whether a verb is allowed, nor how it is spelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from valetkey.secret import Secret


class Level(StrEnum):
    """How much of a platform a party has connected. Shown on every page, because it says who really does the work."""

    BY_HAND = "by_hand"
    ADVERTISER = "advertiser_token"
    CREATOR = "creator_token"


class PostKind(StrEnum):
    VIDEO = "video"
    CAROUSEL = "carousel"
    STORY = "story"
    UNKNOWN = "unknown"


class Visibility(StrEnum):
    PUBLIC = "public"
    FRIENDS = "friends"
    PRIVATE = "private"
    DELETED = "deleted"
    UNDER_REVIEW = "under_review"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class CodeStatus(StrEnum):
    UNUSED = "unused"
    IN_USE = "in_use"
    EXPIRED = "expired"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class Says(StrEnum):
    """What a failed call tells about the code. The desk acts on this, people read the platform's own text."""

    CODE_IS_BAD = "code_is_bad"
    TRY_LATER = "try_later"
    NOTHING_ABOUT_THE_CODE = "nothing_about_the_code"
    UNCERTAIN = "uncertain"


class Trouble(StrEnum):
    """What is wrong, in our words: what a platform's own names and numbers come down to.

    A connector tells which one its platform means (`Platform.trouble_in`); what follows from it is for diagnosis.
    """

    POST_UNAVAILABLE = "post_unavailable"
    POST_DELETED = "post_deleted"
    POST_NOT_USABLE = "post_not_usable"
    POST_IS_STORY = "post_is_story"
    CAROUSEL_DUET = "carousel_duet"
    SEVERAL_LEVELS = "several_levels"
    MENTIONS_SEVERAL = "mentions_several"
    SOURCE_CODE_NEEDED = "source_code_needed"
    CODE_NOT_FOUND = "code_not_found"
    CODE_MALFORMED = "code_malformed"
    CODE_EXPIRED = "code_expired"
    ALREADY_APPLIED = "already_applied"
    WRONG_AD_ACCOUNT = "wrong_ad_account"
    NO_PERMISSION = "no_permission"
    TOKEN_LAPSED = "token_lapsed"  # noqa: S105  # a name
    LOGIN_CODE = "login_code"
    NOT_OFFERED_HERE = "not_offered_here"
    ADS_RUNNING = "ads_running"
    AD_LIMIT = "ad_limit"
    THROTTLED = "throttled"
    PLATFORM_FAULT = "platform_fault"
    NOT_REACHED = "not_reached"
    PARAMETERS = "parameters"
    OTHER = "other"


class PlatformFault(Exception):
    """A platform call that did not succeed.

    `says`        which of the four outcomes it was. UNCERTAIN: the request may have been carried out.
    `cause`       the platform's own short name for it, or ours ("timeout", "throttled"); "" when it gave none
    `raw`         the platform's own text, kept whole; it never holds a code or token of ours
    `request_id`  the platform's id of the call, "" when there is none
    """

    def __init__(self, says: Says, cause: str, raw: str, request_id: str = "") -> None:
        super().__init__(f"{says.value}: {cause}: {raw}")
        self.says = says
        self.cause = cause
        self.raw = raw
        self.request_id = request_id


@dataclass(frozen=True)
class SeenPost:
    """A post as the platform listed it. Facts the platform does not tell are UNKNOWN, never guessed."""

    platform_id: str
    kind: PostKind
    caption: str
    url: str
    visibility: Visibility
    published_at: datetime | None


@dataclass(frozen=True)
class SeenCode:
    """What the creator's side of the platform shows for one post. `code` and the window are None when it shows none."""

    post_id: str
    status: CodeStatus
    code: Secret | None
    starts_at: datetime | None
    ends_at: datetime | None
    term_days: int | None


@dataclass(frozen=True)
class SeenApplication:
    """What an ad account shows for one applied post, and the identity an ad on it needs."""

    post_id: str
    code: Secret | None = field(repr=False)
    status: CodeStatus
    starts_at: datetime | None
    ends_at: datetime | None
    identity_id: str
    identity_type: str
    visibility: Visibility


@dataclass(frozen=True)
class SeenAd:
    ad_id: str
    name: str
    post_id: str
    is_running: bool


@dataclass(frozen=True)
class Terms:
    """The numbers of days a platform offers: `confirmed` by its documents, `unconfirmed` seen elsewhere."""

    confirmed: tuple[int, ...]
    unconfirmed: tuple[int, ...]
    shortest: int
    longest: int


class CreatorSide(Protocol):
    """The verbs a creator token opens. Every method raises PlatformFault."""

    def posts(self, *, newest: int | None = None) -> Sequence[SeenPost]:
        """The newest posts: as many as asked for, or as many as the platform gives in reasonable time."""

    def switch_on(self, *, post_id: str, term_days: int) -> None:
        """Switch ad authorization on for one post. Read the code with `code_of`: answers of this call differ."""

    def code_of(self, *, post_id: str) -> SeenCode: ...
    def extend(self, *, post_id: str, days: int) -> None:
        """Add `days` to the code of a post. Read the new end with `code_of`."""

    def switch_off(self, *, post_id: str) -> None: ...


class AdvertiserSide(Protocol):
    """The verbs an advertiser token opens. Every method raises PlatformFault."""

    def apply(self, *, ad_account_id: str, code: Secret, source_code: Secret | None = None) -> None: ...
    def application_of(self, *, ad_account_id: str, code: Secret | None, post_id: str) -> SeenApplication | None:
        """What the ad account's own list shows for the post or, where the post is not known, for the code.

        None: it is not on the list.
        """

    def unbind(self, *, ad_account_id: str, post_id: str) -> None: ...
    def ads_on(self, *, ad_account_id: str, post_id: str) -> Sequence[SeenAd]: ...
    def pause_ads(self, *, ad_account_id: str, ad_ids: Sequence[str]) -> None: ...
    def create_ad(
        self, *, ad_account_id: str, ad_group_id: str, name: str, post_id: str, identity_id: str, identity_type: str
    ) -> SeenAd: ...


@dataclass(frozen=True)
class Address:
    """Where and as whom a connector speaks. `base_url` "sandbox:" is the stand-in inside this process.

    `account_id` is the creator's own account id on the platform; an advertiser token has none.
    """

    base_url: str
    token: Secret
    account_id: str = ""


@dataclass(frozen=True)
class Renewal:
    """What renews a token that lapses: the developer app's own credentials and the refresh token."""

    app_id: str
    app_secret: Secret
    refresh_token: Secret


@dataclass(frozen=True)
class FreshToken:
    """A renewed token. `seconds` is how long it lasts from now; the refresh token may have changed with it."""

    token: Secret
    seconds: int
    refresh_token: Secret


class Platform(Protocol):
    """What one connector folder offers. Settings name the object by string; nothing imports it."""

    name: str
    real_base_url: str
    terms: Terms

    def post_id_in(self, text: str) -> str | None:
        """The platform's post id in a link or a bare id; None where it cannot be told. Never fetches the link."""

    def trouble_in(self, text: str) -> tuple[Trouble, ...]:
        """What an answer of the platform speaks of: a fault's `cause` and `raw`, or a message somebody pasted.

        The surest first; empty where nothing in it is known.
        """

    def creator(self, address: Address) -> CreatorSide: ...
    def advertiser(self, address: Address) -> AdvertiserSide: ...
    def renew(self, address: Address, renewal: Renewal) -> FreshToken:
        """A new creator token for one that lapses. Raises PlatformFault."""

    def sandbox(self, state: Path) -> Sandbox: ...


@dataclass(frozen=True)
class SeededCreator:
    name: str
    handle: str
    account_id: str
    token: Secret
    token_seconds: int
    """How long the token still lasts, by the sandbox's clock."""
    refresh_token: Secret
    posts: Mapping[str, str]
    """Our short name of a seeded post ("public", "private", "story") to its platform id."""


@dataclass(frozen=True)
class SeededAdAccount:
    name: str
    ad_account_id: str
    ad_group_id: str
    time_zone: str


@dataclass(frozen=True)
class SeededAdvertiser:
    name: str
    token: Secret
    ad_accounts: tuple[SeededAdAccount, ...]


@dataclass(frozen=True)
class Seeded:
    creators: tuple[SeededCreator, ...]
    advertisers: tuple[SeededAdvertiser, ...]
    app_id: str
    app_secret: Secret


class SandboxUnusable(Exception):
    """A stand-in's state cannot be read or written. The message is a sentence fit to show."""


class Sandbox(Protocol):
    """A stand-in of the platform with a state of its own. It is never the platform, and says so."""

    def seed(self) -> Seeded:
        """Fill an empty state with the standard cast; an already seeded state answers with what it has."""

    def now(self) -> datetime: ...
    def set_clock(self, at: datetime) -> None:
        """Stop the sandbox's clock at an instant."""

    def run_clock(self) -> None:
        """Let it go with real time again."""

    def serve(self, host: str, port: int) -> None:
        """Answer HTTP until interrupted."""
