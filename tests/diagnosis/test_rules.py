"""How causes are ranked, how sure each may be, and what they rest on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diagnosis.cases import AT, CODE, DAY, HOUR, OTHER, answered, nobody, on, other, pasted, post, record, tried
from valetkey.authorizations.lifecycle import LIVE, Drift, State, Verb
from valetkey.connectors.base import Says, Trouble, Visibility
from valetkey.diagnosis.case import Case, KnownPost, Origin
from valetkey.diagnosis.causes import CURES, Cause, Confidence, Name
from valetkey.diagnosis.rules import diagnose

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE

NEVER_CERTAIN = {
    Name.REGION, Name.GOVERNMENT_ACCOUNT, Name.NOT_FOR_THIS_APP, Name.PENDING, Name.POST_PRIVATE, Name.POST_FRIENDS,
    Name.SEVERAL_LEVELS, Name.LOOKS_DAMAGED, Name.CLOCK_OR_ZONE, Name.APPLIED_BY_OTHERS, Name.ADS_RUNNING,
    Name.LOGIN_CODE_PASTED, Name.NEWER_ON_PLATFORM, Name.TOO_SHORT, Name.UNKNOWN,
}  # fmt: skip
"""They rest on something that nobody has confirmed."""

moments = st.none() | st.integers(-60, 60).map(lambda days: AT + timedelta(hours=7 * days))
codes = st.sampled_from(
    ["", CODE, OTHER, CODE[1:], CODE.replace("+", " "), f"“{CODE}”", "7301234567890123456", "hm, no"]
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    if draw(st.integers(0, 5)) == 0:
        return pasted(nobody(), draw(codes), *draw(st.lists(st.sampled_from(Trouble), max_size=2)))
    claim = draw(st.none() | st.sampled_from([Verb.APPLY, Verb.EXTEND]))
    case = record(
        draw(st.sampled_from(State)),
        claim=claim,
        is_uncertain=claim is not None and draw(st.booleans()),
        post=KnownPost("Boots", visibility=draw(st.sampled_from(Visibility)), origin=draw(st.sampled_from(Origin))),
        issued_at=draw(moments),
        starts_at=draw(moments),
        ends_at=draw(moments),
        window_source=draw(st.sampled_from(["", "platform", "stated", "computed", "contract"])),
        drifts=tuple(draw(st.sets(st.sampled_from(Drift), max_size=2))),
        replaced_by=draw(st.sampled_from(["", "AU-9"])),
        applied_on=draw(st.sampled_from([(), (on(),), (on("Northwind US", is_seen=False),)])),
        tried=draw(st.sampled_from([None, tried(), tried("Contoso", is_agreed=False, is_theirs=False)])),
        answer=draw(st.none() | st.sampled_from(Trouble).map(answered)),
        pasted_in=draw(st.sampled_from([(), (other(),), (other(is_same_post=False),)])),
    )
    return pasted(case, draw(codes), *draw(st.lists(st.sampled_from(Trouble), max_size=2)))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_case_has_an_answer_and_each_cause_once(case: Case) -> None:
    """Nothing unconfirmed is certain, what is certain rests on something, and no uncertain step is done again."""
    causes = diagnose(case, at=AT)
    names = [cause.name for cause in causes]
    assert names and len(set(names)) == len(names)
    certain = [cause for cause in causes if cause.confidence is CERTAIN]
    assert not {cause.name for cause in certain} & NEVER_CERTAIN
    assert all(cause.evidence for cause in certain)
    assert names[0] is Name.UNCERTAIN or not case.is_uncertain


def _all(case: Case) -> dict[Name, Cause]:
    return {cause.name: cause for cause in diagnose(case, at=AT)}


def test_what_was_pasted_is_likely_and_the_record_that_agrees_makes_it_certain() -> None:
    alone = _all(pasted(nobody(), "", Trouble.CODE_EXPIRED))[Name.WINDOW_OVER]
    both = _all(pasted(record(State.EXPIRED, ends_at=AT - DAY), "", Trouble.CODE_EXPIRED))[Name.WINDOW_OVER]
    assert (alone.confidence, both.confidence) == (LIKELY, CERTAIN)
    assert {each.id for each in both.evidence} == {"message", "window"}


def test_where_platform_and_record_differ_neither_is_certain_and_the_clock_is_named() -> None:
    causes = _all(record(ends_at=AT + 3 * HOUR, answer=answered(Trouble.CODE_EXPIRED)))
    assert causes[Name.WINDOW_OVER].confidence is LIKELY
    assert "end_on_platform" in causes[Name.WINDOW_OVER].unknown
    assert Name.CLOCK_OR_ZONE in causes


@pytest.mark.parametrize(
    ("source", "confidence"), [("platform", CERTAIN), ("stated", LIKELY), ("computed", LIKELY), ("contract", LIKELY)]
)
def test_an_end_is_as_sure_as_its_source(source: str, confidence: Confidence) -> None:
    over = _all(record(State.OPENED, ends_at=AT - DAY, window_source=source))[Name.WINDOW_OVER]
    assert over.confidence is confidence
    assert ("end_on_platform" in over.unknown) is (confidence is LIKELY)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_end_itself_is_over(seconds: int) -> None:
    found = _all(record(State.IN_USE, ends_at=AT + timedelta(seconds=seconds)))
    assert (Name.WINDOW_OVER in found) is (seconds <= 0)


def test_evidence_names_its_source_and_time() -> None:
    (evidence,) = _all(record(State.EXPIRED, ends_at=AT - DAY))[Name.WINDOW_OVER].evidence
    assert (evidence.origin, evidence.at, evidence.values) == (Origin.PLATFORM, AT - HOUR, {"ends": AT - DAY})
    (answer,) = _all(record(answer=answered(Trouble.POST_IS_STORY)))[Name.STORY].evidence
    assert (answer.origin, answer.at) == (Origin.PLATFORM, AT - HOUR)


def test_a_post_that_somebody_stated_as_deleted_is_likely_and_one_that_was_seen_is_certain() -> None:
    for origin, confidence in ((Origin.RECORD, LIKELY), (Origin.PLATFORM, CERTAIN)):
        case = record(post=post(visibility=Visibility.DELETED, origin=origin))
        assert _all(case)[Name.POST_DELETED].confidence is confidence


def test_not_offered_names_region_app_government_and_account_and_calls_none_more_than_possible() -> None:
    causes = diagnose(record(answer=answered(Trouble.NOT_OFFERED_HERE)), at=AT)
    assert [cause.name for cause in causes[:4]] == [
        Name.REGION,
        Name.NOT_FOR_THIS_APP,
        Name.GOVERNMENT_ACCOUNT,
        Name.NO_AD_AUTHORIZATION,
    ]
    assert {cause.confidence for cause in causes[:4]} == {POSSIBLE}
    assert all(cause.unknown for cause in causes[:4])


def test_a_new_code_is_possibly_pending_for_half_an_hour() -> None:
    for minutes in (0, 29):
        assert Name.PENDING in _all(record(issued_at=AT - timedelta(minutes=minutes)))
    assert Name.PENDING not in _all(record(issued_at=AT - timedelta(minutes=31)))
    assert Name.PENDING not in _all(record(State.IN_USE, issued_at=AT, applied_on=(on(),)))


def test_a_fault_of_the_platform_that_may_have_worked_says_look_and_not_try_again() -> None:
    answer = answered(Trouble.PLATFORM_FAULT, says=Says.UNCERTAIN)
    names = list(_all(record(claim=Verb.APPLY, is_uncertain=True, answer=answer)))
    assert names.index(Name.UNCERTAIN) < names.index(Name.PLATFORM_FAULT)


def test_where_something_failed_nobody_is_told_that_it_works() -> None:
    for state in LIVE:
        for trouble in Trouble:
            assert Name.WORKS not in _all(record(state, answer=answered(trouble), applied_on=(on(),)))


def test_without_a_record_only_what_was_pasted_is_spoken_of() -> None:
    for trouble in Trouble:
        for cause in diagnose(pasted(nobody(), CODE, trouble), at=AT):
            assert {each.origin for each in cause.evidence} <= {Origin.PASTED}
            assert cause.confidence is not CERTAIN


def test_nothing_to_go_by_says_what_would_help() -> None:
    (only,) = diagnose(nobody(), at=AT)
    assert only.name is Name.UNKNOWN
    assert only.unknown == ("message", "record")


def test_every_cause_has_somebody_whose_turn_it_is_and_something_that_helps() -> None:
    assert set(CURES) == set(Name)
    assert all(fix.verb in {"", *Verb} for _, fix in CURES.values())
