"""PURE. A text somebody typed: tidied at its ends, refused where it is missing, too long, no text, or carries a login.

Nothing is cut off in silence: who writes to another person is told before, not after. Does not judge the meaning.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from valetkey.credential import refuse
from valetkey.errors import Invalid

_NOT_TEXT = frozenset({"Cc", "Cs"})
"""Unicode's control characters, and halves of characters that were not UTF-8."""
_STEERING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""What turns the direction of whatever follows it. No script needs one in a name: letters know their own direction."""


def tidy(text: str, *, what: str, longest: int, needed: bool = True) -> str:
    """The text without spaces around it, to be kept. Raises Invalid; `what` names it at the start of the sentence.

    A text that carries a credential is refused, unless the person insists that it is none (`credential.Insisted`).
    """
    fitting = fit(text, what=what, longest=longest, needed=needed)
    refuse(fitting, what=what)
    return str(fitting)


def fit(text: str, *, what: str, longest: int, needed: bool = True) -> str:
    """The same for what is looked for and never kept: it may be about anything."""
    text = text.strip()
    if needed and not text:
        raise Invalid("text_missing", f"{what} is missing.", "A word or a short sentence is enough.")
    if len(text) > longest:
        raise Invalid("text_too_long", f"{what} has {len(text)} characters; {longest} fit.", "Say it in fewer words.")
    refuse_no_text(text, what=what)
    return text


def line(text: str, *, what: str, longest: int, needed: bool = True) -> str:
    """The same for a name: on one line, so that in a mail it stays where it stands, and turning no text around it."""
    made = " ".join(tidy(text, what=what, longest=longest, needed=needed).translate(_STEERING).split())
    return fit(made, what=what, longest=longest, needed=needed)


def refuse_no_text(text: str, *, what: str) -> None:
    """Raises Invalid for control characters other than a tab or the end of a line, and for what is not Unicode."""
    if any(unicodedata.category(one) in _NOT_TEXT and one not in "\t\n\r" for one in text):
        raise Invalid("not_text", f"{what} holds control characters or is not UTF-8.", "Type it anew, as plain text.")


def visible(text: str) -> str:
    """The text with a mark where a control character was: what a platform sends must not steer a terminal."""
    return "".join("�" if unicodedata.category(one) in _NOT_TEXT and one not in "\t\n" else one for one in text)
