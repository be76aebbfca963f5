"""PURE. The certificate of an authorization: everything both sides may hold against each other, on one page.

It is the same for both sides and the same at any moment until something is written: no "now" is in it, nor who asks.
The code is not in it; its mark (the beginning of a keyed fingerprint) tells two codes apart and opens nothing. Does not
read the rows; `services.certificate` does.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Final

from valetkey.authorizations.lifecycle import State, Verb, words

VERSION: Final = 1
"""Of the form below. Whoever compares an old checksum knows by it whether the forms are the same."""

Value = str | date | datetime | None
"""An instant stays one, for the page to show it in its reader's zone. None: not known."""


@dataclass(frozen=True)
class Applied:
    """One ad account the code was applied on."""

    ad_account: str
    ad_account_id: str
    state: str
    source: str
    since: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class TermsSeen:
    """Somebody confirmed to have read what switching on does; `digest` names the very text."""

    digest: str
    by: str
    at: datetime


@dataclass(frozen=True)
class HandedOn:
    """One link by which the code was handed over. `mail` is masked."""

    recipient: str
    mail: str
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    proven_at: datetime | None
    views: int


@dataclass(frozen=True)
class Revealed:
    """Somebody saw the code, or copied it. `recipient`: whose link they came by, "" where they came signed in."""

    by: str
    at: datetime
    how: str
    recipient: str


@dataclass(frozen=True)
class Changed:
    """The window, as it became: by which verb, from which source."""

    verb: str
    days: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    source: str
    at: datetime


@dataclass(frozen=True)
class Certificate:
    reference: str
    platform: str
    post_id: str
    post_url: str
    caption: str
    creator: str
    creator_reference: str
    advertiser: str
    advertiser_reference: str
    state: str
    uncertain: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    window_source: str
    term_days: int | None
    requested_days: int | None
    agreed_until: date | None
    agreed_ad_account: str
    agreed_ad_account_id: str
    ended_at: datetime | None
    end_source: str
    code_mark: str
    applications: tuple[Applied, ...]
    terms_seen: tuple[TermsSeen, ...]
    hand_overs: tuple[HandedOn, ...]
    reveals: tuple[Revealed, ...]
    replaces: str
    replaced_by: tuple[str, ...]
    window_changes: tuple[Changed, ...]
    newest_entry: int
    newest_digest: str

    @property
    def meaning(self) -> str:
        """The state in a sentence."""
        if self.state == State.ENDED and self.end_source == "stated":
            return "It has ended, as somebody who looked in the app has stated."
        return MEANINGS[State(self.state)]

    @property
    def lines(self) -> tuple[tuple[str, Value], ...]:
        """Label and value, in the order of the page. What comes in rows (applications, reveals …) stands apart."""
        return (
            ("Authorization", self.reference),
            ("State", words(State(self.state))),
            ("What that means", self.meaning),
            *(
                ("Not certain", f"Whether “{words(Verb(name))}” was carried out is not known.")
                for name in self.uncertain
            ),
            ("Creator", f"{self.creator} ({self.creator_reference})"),
            ("Advertiser", f"{self.advertiser} ({self.advertiser_reference})"),
            ("Post", f"{self.platform} {self.post_id}"),
            ("Link to the post", self.post_url or None),
            ("Caption", self.caption or None),
            ("Code works from", self.starts_at),
            ("Code works until", self.ends_at),
            ("Where the window comes from", _SOURCES.get(self.window_source)),
            ("Asked for", _days(self.requested_days)),
            ("Given for", _days(self.term_days)),
            ("Agreed use until", self.agreed_until),
            ("Agreed ad account", _named(self.agreed_ad_account, self.agreed_ad_account_id)),
            ("Ended", self.ended_at),
            ("Mark of the code", self.code_mark or None),
            ("Replaces", self.replaces or None),
            ("Replaced by", ", ".join(self.replaced_by) or None),
            ("Newest entry of the history", str(self.newest_entry)),
            ("Its digest", self.newest_digest),
        )

    def text(self) -> str:
        """The one text whose SHA-256 is the checksum: JSON, keys sorted, no spaces, instants in UTC."""
        return json.dumps(
            {"version": VERSION, **asdict(self)},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            default=_plain,
        )

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


MEANINGS: Final[dict[State, str]] = {
    State.NEW: "The creator has started it; there is no code yet.",
    State.REQUESTED: "The advertiser has asked for this post and has no answer yet. There is no code.",
    State.DECLINED: "The creator said no. There is no code.",
    State.WITHDRAWN: "The advertiser took the request back. There is no code.",
    State.ISSUED: "There is a code. It was not handed over yet.",
    State.HANDED_OVER: "The code is handed over. The advertiser has not opened it yet.",
    State.OPENED: "The advertiser has seen the code. It is not applied to an ad account yet, as far as is known here.",
    State.APPLIED: "The code is applied to an ad account. The platform was not seen to show it there yet.",
    State.IN_USE: "The code is applied to an ad account, and the platform showed it there.",
    State.END_ASKED: "One side has asked to end it. Nothing was changed on the platform, and the code still works.",
    State.END_ACKNOWLEDGED: "The advertiser has read that it is to end. The code still works.",
    State.ADS_PAUSED: "The ads with the post are paused. The code still works until it is switched off.",
    State.SWITCHED_OFF: "It was switched off. The platform was not seen to confirm it yet.",
    State.ENDED: "It has ended; the platform showed that the code is gone.",
    State.EXPIRED: "The code's window has ended. It opens nothing unless the creator extends it.",
}

_SOURCES: Final = {
    "platform": "as the platform shows it",
    "stated": "as somebody stated it",
    "computed": "as counted from the days",
    "contract": "as the contract says",
}


def _days(days: int | None) -> str | None:
    return None if days is None else f"{days} {'day' if days == 1 else 'days'}"


def _named(name: str, platform_id: str) -> str | None:
    return f"{name} ({platform_id})" if platform_id else None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A certificate holds no {type(value).__name__}.")
