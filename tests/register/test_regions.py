"""Countries in two letters: however they are typed, and nothing that is none."""

from __future__ import annotations

import pytest

from valetkey.errors import Invalid
from valetkey.register.regions import REGIONS, region


def test_all_are_there() -> None:
    assert len(REGIONS) == 249 and {"DE", "GB", "US", "ZA"} <= REGIONS


@pytest.mark.parametrize(("typed", "is_meant"), [("de", "DE"), (" US ", "US"), ("", ""), (None, ""), ("  ", "")])
def test_however_it_is_typed(typed: object, is_meant: str) -> None:
    assert region(typed) == is_meant


@pytest.mark.parametrize("typed", ["XX", "DEU", "Germany", "D", "49", "dé", 7])
def test_what_is_none_is_refused_and_not_repeated(typed: object) -> None:
    with pytest.raises(Invalid) as refused:
        region(typed)
    assert str(typed) not in refused.value.sentence.split()


def test_who_writes_what_everybody_says_is_told_the_code() -> None:
    with pytest.raises(Invalid) as refused:
        region("uk")
    assert refused.value.next_step == "Write GB."
