"""PURE. What a finding is: something that is wrong or about to be, with its evidence, and to which party it is told.

Decides nothing: the rules do (findings.rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How pressing it is. Urgent: ads stop, a code is in wrong hands, or within the shortest lead time they will."""

    NOTE = 1
    SOON = 2
    IMPORTANT = 3
    URGENT = 4


class Group(StrEnum):
    """What kind of problem it is. People mute notices by group."""

    TIME = "time"
    USE = "use"
    PEOPLE = "people"
    OWNERSHIP = "ownership"
    SCOPE = "scope"
    PROOF = "proof"


class About(StrEnum):
    """What a finding is about. `subject` is then the reference of such a row."""

    AUTHORIZATION = "authorization"
    ACCESS = "access"
    ASSET = "asset"
    EXPOSURE = "exposure"
    ENGAGEMENT = "engagement"
    REVIEW = "review"
    CONNECTION = "connection"


class Told(StrEnum):
    """Where a fact comes from: the two sides settled it, somebody entered it, or the platform showed it."""

    AGREED = "agreed"
    RECORDED = "recorded"
    OBSERVED = "observed"


@dataclass(frozen=True, order=True)
class Evidence:
    """One fact, as a short sentence for people. `at`: when it became so, or when it was seen; None: nobody knows."""

    what: str
    source: Told
    at: datetime | None = None

    @classmethod
    def of_kept(cls, kept: Mapping[str, str | None]) -> Evidence:
        what, source, at = kept["what"], kept["source"], kept["at"]
        return cls(what or "", Told(source or Told.RECORDED), datetime.fromisoformat(at) if at else None)

    def kept(self) -> dict[str, str | None]:
        """As it is kept with the finding."""
        at = self.at.astimezone(UTC).isoformat() if self.at else None
        return {"what": self.what, "source": self.source.value, "at": at}


@dataclass(frozen=True)
class Found:
    """What a rule says of one subject to one party. (`rule`, `subject`, `party`) is its identity.

    `party` and `owner` are references (`owner` "" where nobody answers for it). `by`: the instant from which it is an
    incident, None where it is one already or no clock runs. `stops`: how many campaigns that are not over hang on it.
    `sentence`: plain words without dates that change by themselves, so that the same record says the same tomorrow.
    """

    rule: str
    subject: str
    party: str
    severity: Severity
    sentence: str
    evidence: tuple[Evidence, ...]
    owner: str = ""
    by: datetime | None = None
    stops: int = 0
