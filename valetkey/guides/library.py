"""The guides of this desk in every language: read once, refused as a whole when a file's shape is wrong.

Answers by name, in reading order and by search. What has to be right beyond the shape is for `check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from valetkey.errors import NotFound
from valetkey.guides.grammar import Fact, Fault, Guide
from valetkey.guides.reading import Shelf, read
from valetkey.guides.search import search

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
"""The first is the original; who asks for another one than these gets it."""

CONTENT: Final = Path(__file__).parent / "content"
READING_ORDER: Final = (
    "authorize-a-post",
    "hand-over-a-code",
    "apply-a-code",
    "agree-on-a-duration",
    "extend-a-code",
    "replace-a-code",
    "end-an-authorization",
    "take-off-an-ad-account",
    "code-does-not-work",
    "login-was-shared",
    "no-ad-authorization",
    "post-not-eligible",
    "keep-access-in-order",
    "secure-an-asset",
    "remove-access",
)
"""Guides that are not named here follow by their names."""


class BrokenGuide(Exception):
    """Guides that cannot be shown. Its text is the first fault as a sentence; `faults` are all of them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first, more = faults[0], len(faults) - 1
        rest = f" And {more} more." if more else ""
        super().__init__(f"The guides cannot be used: {first.where}: {first.sentence}{rest}")
        self.faults = faults


@dataclass(frozen=True)
class Library:
    """`broken`: what is wrong with the shape of its files; empty in one that was loaded."""

    shelves: Mapping[str, Shelf]
    broken: tuple[Fault, ...] = ()

    def guide(self, name: str, language: str) -> Guide:
        """Raises NotFound for a guide it does not have."""
        try:
            return self._shelf(language).guides[name]
        except KeyError:
            raise NotFound("no_such_guide", "There is no guide of this name.", "The list of guides has all.") from None

    def guides(self, language: str) -> tuple[Guide, ...]:
        """All of them, in the order in which they are read."""
        order = {name: number for number, name in enumerate(READING_ORDER)}
        every = self._shelf(language).guides.values()
        return tuple(sorted(every, key=lambda guide: (order.get(guide.name, len(order)), guide.name)))

    def find(self, text: str, language: str) -> tuple[Guide, ...]:
        """Best first, in this language, whichever of the languages the words were in."""
        every = [guide for one in self.shelves for guide in self.guides(one)]
        names = dict.fromkeys(guide.name for guide in search(every, text))
        return tuple(self.guide(name, language) for name in names)

    def facts(self, language: str) -> Mapping[str, Fact]:
        return self._shelf(language).facts

    def words(self, language: str) -> Mapping[str, str]:
        """Labels, such as “Where” and “Do”."""
        return self._shelf(language).words

    def plain(self, language: str) -> Mapping[str, str]:
        """What a placeholder is called where nothing is known of a case."""
        return self._shelf(language).plain

    def _shelf(self, language: str) -> Shelf:
        spoken = language.lower().replace("_", "-").partition("-")[0]
        return self.shelves[spoken if spoken in self.shelves else LANGUAGES[0]]


def unchecked(folder: Path = CONTENT) -> Library:
    """As much as can be read, with everything that is wrong with it."""
    return Library(*read(folder, LANGUAGES))


def load(folder: Path) -> Library:
    """Raises BrokenGuide when the shape of any file is wrong."""
    made = unchecked(folder)
    if made.broken:
        raise BrokenGuide(made.broken)
    return made


@cache
def library() -> Library:
    """This desk's own. Raises BrokenGuide."""
    return load(CONTENT)
