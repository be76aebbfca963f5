"""PURE. Refusals: what a person is told when something is not done, and the kind a door turns into its own form.

Refused                 any refusal: a code for programs, a sentence for people, what to do next
├── Invalid             the input cannot be used as it is
├── NotFound            there is no such thing, or not for this actor
├── Forbidden           the actor may see it, but this verb belongs to somebody else
├── Conflict            the record is in another state, or somebody was faster
│   └── TooShort        the days end before what the code is needed for, and nobody said why
├── PlatformRefused     the platform answered no; its own text is kept
├── PlatformDown        the platform could not be reached, or asked us to come back later; nothing was done
└── Uncertain           the call went out and no answer came back; only a read may follow
"""

from __future__ import annotations


class Refused(Exception):
    """`code` is stable and for programs, `sentence` says what happened, `next_step` what to do now.

    `party_id`: whose connection to a platform it is about; None where it is about none, or nobody can tell.
    """

    exit_code = 1
    party_id: int | None = None

    def __init__(self, code: str, sentence: str, next_step: str = "") -> None:
        super().__init__(code, sentence, next_step)
        self.code = code
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


class Invalid(Refused):
    exit_code = 2


class NotFound(Refused):
    exit_code = 3


class Forbidden(Refused):
    exit_code = 4


class Conflict(Refused):
    exit_code = 5


class TooShort(Conflict):
    """`days`: the fewest on offer that reach, for a door to choose them at once; None where none do."""

    def __init__(self, sentence: str, next_step: str, days: int | None) -> None:
        super().__init__("too_short", sentence, next_step)
        self.days = days


class PlatformRefused(Refused):
    exit_code = 6


class PlatformDown(Refused):
    exit_code = 7


class Uncertain(Refused):
    exit_code = 8
