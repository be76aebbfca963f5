"""A few words find the guide that was meant, in either language, also with a slip of the finger."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.guides.grammar import Audience, Guide, Step
from valetkey.guides.library import load
from valetkey.guides.search import search


def _names(folder: Path, text: str) -> list[str]:
    return [guide.name for guide in load(folder).find(text, "en")]


@pytest.mark.parametrize(
    "text",
    [
        "code not working",
        "CODE NOT WORKING!!",
        "invalid code",
        "invalid",
        "invlaid code",
        "invalld",
        "refused",
        "funktioniert nicht",
        "ungültig",
        "ungueltiger",
        "UNGÜLTIGER CODE",
        "ungultiger",
        "abgelehnt code",
    ],
)
def test_the_guide_that_was_meant_comes_first(folder: Path, text: str) -> None:
    assert _names(folder, text)[0] == "mend-it"


@pytest.mark.parametrize("text", ["new code", "make a code", "how long does it work", "abtippen", "switch", "Studio"])
def test_others_come_first_for_their_own_words(folder: Path, text: str) -> None:
    assert _names(folder, text)[0] == "make-it"


@pytest.mark.parametrize("text", ["", "   ", "zebra", "%%%", "{zebra}", "\N{GRINNING FACE}", "co", "inv"])
def test_what_nobody_wrote_finds_nothing(folder: Path, text: str) -> None:
    assert _names(folder, text) == []


def test_what_is_found_is_in_the_language_of_the_reader(folder: Path) -> None:
    assert {guide.language for guide in load(folder).find("invalid code", "de")} == {"de"}
    assert {guide.language for guide in load(folder).find("ungültiger Code", "en")} == {"en"}


def test_a_short_word_forgives_nothing(folder: Path) -> None:
    assert _names(folder, "cods") == []


def _guide(name: str, title: str, do: str = "") -> Guide:
    step = Step("one", "", "", do, "", "")
    return Guide(name, "en", title, "", Audience.EITHER, "", (), (), (), (step,), (), ())


def test_a_title_says_more_than_a_step() -> None:
    aside, meant = _guide("aside", "Something else", "Extend the code."), _guide("meant", "Extend a code")
    assert search([aside, meant], "extend") == (meant, aside)


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    guides = [_guide(f"g{number}", "About the code") for number in range(5)]
    rare = _guide("rare", "Something else", "A region.")
    assert search([*guides, rare], "region code")[0] == rare


def test_guides_that_fit_alike_keep_their_order() -> None:
    guides = [_guide(f"g{number}", "About the code") for number in range(5)]
    assert search(guides, "code") == tuple(guides)


@given(text=st.text())
def test_any_text_may_be_searched_for(text: str) -> None:
    search([_guide("a", "About the code"), _guide("b", "İstanbul ß ﬁ")], text)
