"""Filters as a flat dict of texts and back: a query string and a saved view mean what was chosen, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.authorizations.filters import STATES, Filters, Group, Order
from valetkey.authorizations.lifecycle import LIVE, State
from valetkey.errors import Invalid

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(
    lambda text: " ".join(text.split()[:10])
)
every = st.builds(
    Filters,
    text=words,
    group=st.none() | st.sampled_from(Group),
    states=st.frozensets(st.sampled_from(State)),
    creator=words,
    advertiser=words,
    ends_within=st.none() | st.integers(1, 3650),
    is_short=st.booleans(),
    differs=st.booleans(),
    is_uncertain=st.booleans(),
    order=st.sampled_from(Order),
)


@given(every)
def test_what_was_chosen_comes_back_from_a_query_string(filters: Filters) -> None:
    plain = filters.plain()
    assert all(isinstance(value, str) and value for value in plain.values())
    assert Filters.of(plain) == filters
    assert Filters.of(dict(parse_qsl(urlencode(plain)))) == filters


def test_nothing_chosen_is_an_empty_dict_and_an_empty_form_is_nothing_chosen() -> None:
    assert Filters().plain() == {}
    empty = dict.fromkeys(("text", "group", "state", "creator", "advertiser", "ends_within", "short", "order"), " ")
    assert Filters.of(empty) == Filters.of({}) == Filters()


@given(
    st.dictionaries(st.sampled_from(["text", "group", "state", "creator", "ends_within", "short", "order"]), st.text())
)
def test_whatever_is_given_is_taken_or_refused_in_a_sentence(plain: dict[str, str]) -> None:
    try:
        filters = Filters.of(plain)
    except Invalid as refused:
        assert refused.sentence.endswith((".", "…")) and refused.next_step and len(refused.sentence) < 200
    else:
        assert Filters.of(filters.plain()) == filters


@pytest.mark.parametrize(
    ("plain", "code", "told"),
    [
        ({"colour": "red"}, "no_such_filter", "colour"),
        ({"state": "asleep"}, "filter_value", "end_asked"),
        ({"state": "issued,asleep"}, "filter_value", "end_asked"),
        ({"group": "everything"}, "filter_value", "waiting, live, in_use, ending, over"),
        ({"order": "random"}, "filter_value", "newest, ends"),
        ({"short": "no"}, "filter_value", "yes"),
        ({"differs": "1"}, "filter_value", "yes"),
        ({"ends_within": "soon"}, "filter_days", "1 to 3650"),
        ({"ends_within": "0"}, "filter_days", "1 to 3650"),
        ({"ends_within": "-3"}, "filter_days", "1 to 3650"),
        ({"ends_within": "3651"}, "filter_days", "1 to 3650"),
        ({"ends_within": "٣"}, "filter_days", "1 to 3650"),
        ({"text": "a\x00b"}, "not_text", "plain text"),
        ({"text": "x" * 201}, "text_too_long", "200 fit"),
        ({"text": "a b c d e f g h i j k"}, "too_many_words", "10 words"),
        ({"creator": "\x1b[2J"}, "not_text", "plain text"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_is_no_filter_is_refused_and_says_what_there_is(plain: dict[str, str], code: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        Filters.of(plain)
    assert refused.value.code == code and told in str(refused.value)


def test_a_value_that_goes_on_for_ever_is_not_told_whole() -> None:
    with pytest.raises(Invalid) as refused:
        Filters.of({"group": "x" * 100_000})
    assert len(str(refused.value)) < 300


def test_every_state_stands_in_a_group_and_live_holds_what_is_in_use_and_ending() -> None:
    assert frozenset().union(*STATES.values()) == frozenset(State)
    assert STATES[Group.LIVE] == LIVE and STATES[Group.IN_USE] | STATES[Group.ENDING] < LIVE
    apart = (Group.WAITING, Group.LIVE, Group.OVER)
    assert sum(len(STATES[group]) for group in apart) == len(State)


def test_a_group_and_a_state_narrow_each_other() -> None:
    assert Filters().only() is None
    assert Filters(group=Group.ENDING).only() == STATES[Group.ENDING]
    assert Filters(group=Group.LIVE, states=frozenset({State.IN_USE, State.ENDED})).only() == frozenset({State.IN_USE})
    assert Filters(group=Group.OVER, states=frozenset({State.IN_USE})).only() == frozenset()
