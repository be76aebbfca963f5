"""PURE. A code as people paste it: what is taken off its outside, and what about its look is worth a warning.

The inside is never changed, and the look is never a reason to refuse: the format is not documented.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from valetkey import credential
from valetkey.errors import Invalid
from valetkey.secret import Secret

QUOTES: Final = frozenset("\"'`“”‘’«»„‚‹›")
# Spaces of any width, line ends, and what chat apps put around a text unseen: zero-width, direction, byte-order marks.
UNSEEN: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_LONGEST: Final = 512
_SHORTEST_SEEN: Final = 12


def clean(text: str) -> Secret:
    """The code without what surrounds it: spaces, invisible characters, quotes, one full stop or comma at the end.

    Raises Invalid for nothing at all, several lines, a link, what is far too long to be a code, broken text, and what
    seems to carry a password or a login code.
    """
    inner = _without_around(text)
    if inner[-1:] in {".", ","}:
        inner = _without_around(inner[:-1])
    if not inner:
        raise Invalid("code_missing", "There is no code here.", "Paste the code the creator copied from TikTok.")
    if len(inner.splitlines()) > 1:
        raise Invalid("code_several_lines", "This is more than one line.", "Give one code at a time.")
    if "://" in inner or re.match(r"www\.|([a-z]+\.)?tiktok\.com/", inner, re.IGNORECASE):
        raise Invalid(
            "code_is_link", "This is a link, not a code.", "The code is under Ad settings > Manage > Copy code."
        )
    if len(inner) > _LONGEST:
        raise Invalid("code_too_long", "This is too long to be a code.", "Copy the code alone.")
    if any(unicodedata.category(character) in {"Cs", "Cc"} for character in inner):
        raise Invalid("code_not_text", "This is not readable text.", "Copy the code again and paste it.")
    # A bare code is random letters, in which nothing is looked for.
    if (" " in inner or ":" in inner) and credential.find(inner):
        raise Invalid(
            "code_is_credential",
            "This looks like something that signs somebody in, not like a code for a post. Nothing of it was kept.",
            "Paste the code alone: in TikTok, under Ad settings > Manage > Copy code.",
        )
    return Secret(inner)


def _without_around(text: str) -> str:
    start, end = 0, len(text)
    while start < end and _is_around(text[start]):
        start += 1
    while end > start and _is_around(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_around(character: str) -> bool:
    return character in QUOTES or unicodedata.category(character) in UNSEEN


def spellings(code: Secret) -> tuple[Secret, ...]:
    """The code with and without its `#`. People copy it both ways, and whether the sign belongs to it is unknown."""
    bare = code.reveal().removeprefix("#")
    return Secret(f"#{bare}"), Secret(bare)


def warnings(code: Secret) -> tuple[str, ...]:
    """What is unusual about the look of a code. Samples start with # and use A-Z a-z 0-9 + / = (unconfirmed)."""
    text = code.reveal()
    return tuple(
        warning
        for warning, applies in (
            ("It does not start with #; codes usually do. Part of it may be missing.", not text.startswith("#")),
            ("There is a space inside. A + may have been lost on the way; ask for the code again.", " " in text),
            ("It is shorter than the codes we know. Part of it may be missing.", len(text) < _SHORTEST_SEEN),
            (
                "It has characters that codes usually do not have. It may have been changed on the way.",
                re.search(r"[^A-Za-z0-9+/=#_\- ]", text) is not None,
            ),
        )
        if applies
    )
