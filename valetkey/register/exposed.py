"""PURE. What of an account's login can have been shared, and what makes it worthless again.

Holds words only: the secret itself is kept nowhere. Does not know who knows it, or whether it was changed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Shared(StrEnum):
    """What somebody else knows, or holds."""

    PASSWORD = "password"  # noqa: S105  # the word for it
    ONE_TIME_CODES = "one_time_codes"
    RECOVERY_CODES = "recovery_codes"
    SESSION = "session"
    RECOVERY_CONTACT = "recovery_contact"


_WORDS: Final[dict[Shared, str]] = {
    Shared.PASSWORD: "the password",
    Shared.ONE_TIME_CODES: "one-time codes",
    Shared.RECOVERY_CODES: "recovery codes",
    Shared.SESSION: "a signed-in session",
    Shared.RECOVERY_CONTACT: "the recovery mail address or phone number",
}
_REMEDIES: Final[dict[Shared, str]] = {
    Shared.PASSWORD: "Set a new password that nobody else knows, then sign other devices out.",
    Shared.ONE_TIME_CODES: "A one-time code is soon over, but whoever used it may still be signed in:"
    " look through the account's devices and sign out those that are not yours.",
    Shared.RECOVERY_CODES: "Make new recovery codes, and try that an old one no longer works"
    " or read that the old ones are replaced.",
    Shared.SESSION: "Sign out on all devices, then set a new password.",
    Shared.RECOVERY_CONTACT: "Put your own mail address and phone number in their place, then set a new password:"
    " whoever holds the contact can reset it.",
}


def words(shared: str) -> str:
    """To stand inside a sentence: “the password”."""
    return _WORDS[Shared(shared)]


def remedy(shared: str) -> str:
    """What to do before the change can be confirmed."""
    return _REMEDIES[Shared(shared)]
