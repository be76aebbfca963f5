"""PURE. Whether a text carries a credential: a password, a one-time or recovery code, a session's cookie or token.

Looks for a word that names one (`words`) beside a piece that could be one (`shapes`, `values`), and for a piece that
few write in talk by the words around it (`around`), in the text as an eye reads it (`reading`). It cannot see a
password that reads as an ordinary word or sentence where nothing names it, a hint at one, or languages other than
English, German, Spanish, French and Portuguese; and it takes some honest texts for one, so that a person may insist:
keeping somebody's password is worse than one question too many.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from valetkey.credential import shapes
from valetkey.errors import Invalid


class Kind(StrEnum):
    PASSWORD = "password"  # noqa: S105  # a name
    ONE_TIME_CODE = "one_time_code"
    RECOVERY_CODE = "recovery_code"
    SESSION = "session"


_CALLED: Final = {
    Kind.PASSWORD: "a password",
    Kind.ONE_TIME_CODE: "a one-time code",
    Kind.RECOVERY_CODE: "a recovery code",
    Kind.SESSION: "what keeps somebody signed in",
}


class Insisted(str):
    """A text of which the person who typed it says that it carries none."""

    __slots__ = ()

    def strip(self, chars: str | None = None, /) -> Insisted:
        """What was said of it holds without the spaces around it, too."""
        return Insisted(super().strip(chars))


def find(text: str) -> Kind | None:
    """What the text seems to carry, the gravest first where it is several; None where it seems to carry none."""
    found = shapes.find(text)
    return Kind(found) if found else None


def refuse(text: str, *, what: str) -> None:
    """Raises Invalid for a text that seems to carry a credential, and never quotes it. `what` begins the sentence."""
    if isinstance(text, Insisted):
        return
    kind = find(text)
    if kind is not None:
        raise Invalid(
            "credential_in_text",
            f"{what} looks as if it carried {_CALLED[kind]}. Nothing of it was kept.",
            "Valetkey never needs anybody's login: leave it out. If it was shared with somebody, change it soon;"
            " the guide “The login was shared” says how. If it is no such thing, say so and it stays as it is.",
        )
