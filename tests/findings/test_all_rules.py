"""What holds of every rule: its words, its guide's step, and that order and repetition change nothing."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.urls import get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.findings.codes import LIMITS
from valetkey.authorizations.lifecycle import Drift, State, Verb
from valetkey.findings.facts import (
    AccessFacts,
    ApplicationFacts,
    AssetFacts,
    AuthorizationFacts,
    CampaignFacts,
    ConnectionFacts,
    EngagementFacts,
    ExposureFacts,
    OtherCode,
    ReviewFacts,
    Thing,
    Who,
)
from valetkey.findings.finding import About, Found
from valetkey.findings.rule import Rule
from valetkey.findings.rules import RULES, judge
from valetkey.guides.library import LANGUAGES, library
from valetkey.register.models import Post

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"

JARGON = {"api", "null", "token", "claim", "timestamp", "endpoint", "fingerprint", "database", "sync", "revoke"}


def rule_of(rule: Rule) -> str:
    return rule.id


def test_each_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(rule.id for rule in RULES).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", rule.id) and len(rule.id) <= 40 for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=rule_of)
def test_each_leads_to_a_step_of_a_guide_in_every_language(rule: Rule) -> None:
    for language in LANGUAGES:
        steps = {step.name for step in library().guide(rule.guide, language).steps}
        assert rule.step in steps, f"{rule.guide} ({language}) has no step {rule.step}"


@pytest.mark.parametrize("rule", RULES, ids=rule_of)
def test_each_says_what_it_is_and_what_happens_in_plain_words(rule: Rule) -> None:
    assert rule.title and len(rule.title) <= 60 and not rule.title.endswith(".")
    assert rule.why.endswith(".") and len(rule.why) <= 200
    words = set(re.findall(r"[a-z_]+", f"{rule.title} {rule.why}".lower()))
    assert not words & JARGON and not any("_" in word for word in words)


@pytest.mark.parametrize("rule", RULES, ids=rule_of)
def test_what_the_desk_offers_for_it_is_a_verb_or_a_page(rule: Rule) -> None:
    pages = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert rule.verb == "" or rule.verb in {verb.value for verb in Verb} | pages


def row(rule: Rule) -> str:
    """Its line on the page."""
    return f"| `{rule.id}` | {rule.title} | {rule.group} | {rule.why} | `{rule.guide}#{rule.step}` |"


def test_the_page_lists_every_rule_as_it_is() -> None:
    """Where this fails, the expected lines are the ones to put there."""
    page = PAGE.read_text(encoding="utf-8").partition("## The rules\n")[2].partition("\n## ")[0]
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    assert listed == [row(rule) for rule in RULES]


NOW = datetime(2027, 3, 10, tzinfo=UTC)
# Few moments and many at the same one, so that boundaries meet.
moments = st.integers(-40, 40).map(lambda days: NOW + timedelta(days=days))
days = st.integers(-40, 40).map(lambda days: (NOW + timedelta(days=days)).date())
maybe = st.none() | moments
references = st.sampled_from(["creator", "buyer", "third"])
things = st.builds(Thing, references, st.sampled_from(["A", "B", "C"]))
who = st.builds(Who, references, st.sampled_from(["Kim", "Lee"]), st.none() | days)
people = st.none() | who
few: dict[str, Any] = {"min_size": 0, "max_size": 3}


def some(one: st.SearchStrategy[Any], of: Any) -> st.SearchStrategy[Any]:
    """A few, no two of the same row."""
    return st.lists(one, unique_by=of, **few).map(tuple)


campaigns = st.builds(
    lambda number, starts_at, length: CampaignFacts(
        f"c{number}", f"Campaign {number}", starts_at, starts_at + timedelta(days=length), "Europe/Berlin"
    ),
    st.integers(0, 5), moments, st.integers(1, 60),
)  # fmt: skip
applications = st.builds(
    ApplicationFacts, things, references, st.just("in_use"), st.booleans(), maybe, maybe, st.booleans(),
    st.booleans(), maybe, st.sampled_from(["", "DE", "US"]),
)  # fmt: skip
others = st.builds(
    OtherCode, st.sampled_from(["auth1", "zz1", "zz2"]), st.sampled_from(["one", "two"]), references, moments, maybe,
    maybe, st.just(("c1",)) | st.just(()), st.just(()),
)  # fmt: skip
authorizations = st.builds(
    AuthorizationFacts,
    reference=st.sampled_from(["auth", "auth3", "auth4"]), post=things, creator=things, advertiser=things,
    state=st.sampled_from([state.value for state in State]), created_at=moments, starts_at=maybe, ends_at=maybe,
    window_source=st.sampled_from(["", "platform", "stated", "contract"]), window_told_at=maybe,
    agreed_until=st.none() | days, agreed_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    creator_owner=people, advertiser_owner=people, campaigns=some(campaigns, lambda each: each.reference),
    applications=some(applications, lambda each: each.ad_account.reference), handed_over_at=maybe, opened_at=maybe,
    end_asked_at=maybe, end_acknowledged_at=maybe, ads_paused_at=maybe, switched_off_at=maybe, ended_at=maybe,
    end_source=st.sampled_from(["", "stated", "observed"]), told_at=maybe, checked_at=maybe,
    drift=some(st.sampled_from([each.name for each in Drift]), str), is_uncertain=st.booleans(), claimed_until=maybe,
    visibility=st.sampled_from([each.value for each in Post.Visibility]),
    visibility_source=st.sampled_from(["", "observed"]), visibility_seen_at=maybe,
    region=st.sampled_from(["", "DE"]), succeeded_by=some(others, lambda each: each.reference),
    succeeds=some(others, lambda each: each.reference), beside=some(others, lambda each: each.reference),
    elsewhere=some(things, lambda each: each.reference), code_is_of=st.none() | things, is_let_end=st.booleans(),
    engagement_ended_at=maybe,
    creator_connected=st.booleans(), advertiser_connected=st.booleans(),
)  # fmt: skip

BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "a", "b"]), bool: st.booleans(), int: st.integers(0, 3), datetime: moments,
    datetime | None: maybe, date: days, date | None: st.none() | days, Thing: things, Thing | None: st.none() | things,
    Who | None: people, tuple[str, ...]: some(st.sampled_from(["recovery_mail", "recovery_phone"]), str),
    tuple[Who, ...]: some(who, lambda each: each.reference),
}  # fmt: skip


def built(kind: type[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Each field by what it holds, but for those that say otherwise."""
    types = get_type_hints(kind)
    return st.builds(kind, **{each.name: BY_TYPE[types[each.name]] for each in fields(kind)} | more)


FACTS: dict[About, st.SearchStrategy[Any]] = {
    About.AUTHORIZATION: authorizations,
    About.ACCESS: built(
        AccessFacts,
        end=st.sampled_from(["at", "none", "unknown"]),
        way=st.sampled_from(["entered", "authorization"]),
        ended_how=st.sampled_from(["", "seen"]),
    ),
    About.ASSET: built(
        AssetFacts,
        kept_by_kind=st.sampled_from(["creator", "agency"]),
        owned_by_kind=st.sampled_from(["", "agency", "company"]),
        posts_applied=st.integers(8_990, 10_010),
    ),
    About.EXPOSURE: built(ExposureFacts),
    About.ENGAGEMENT: built(EngagementFacts),
    About.REVIEW: built(ReviewFacts),
    About.CONNECTION: built(ConnectionFacts),
}


@pytest.mark.parametrize("about", About, ids=str)
def test_the_same_record_and_clock_say_the_same_in_any_order(about: About) -> None:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(FACTS[about], unique_by=lambda each: each.reference, max_size=3), moments, st.randoms())
    def holds(rows: list[Any], at: datetime, order: random.Random) -> None:
        found = judge(about, rows, at, LIMITS)
        assert judge(about, rows, at, LIMITS) == found
        mixed = [turned(each, order) for each in order.sample(rows, len(rows))]
        rules = order.sample(RULES, len(RULES))
        again = [each for rule in rules if rule.about is about for row in mixed for each in rule.judge(row, at, LIMITS)]
        assert sorted(again, key=said) == sorted(found, key=said)
        assert len({identity(each) for each in found}) == len(found), "one rule, one subject, one party: one finding"

    holds()


def said(each: Found) -> str:
    return repr(each)


def identity(each: Found) -> tuple[str, str, str]:
    return each.rule, each.subject, each.party


def turned(facts: Any, order: random.Random) -> Any:
    """The same, with what hangs on it in another order."""
    if not isinstance(facts, AuthorizationFacts):
        return facts
    rows = {each.name: getattr(facts, each.name) for each in fields(facts)}
    mixed: dict[str, Any] = {name: mix(value, order) for name, value in rows.items() if isinstance(value, tuple)}
    return replace(facts, **mixed)


def mix(rows: Sequence[Any], order: random.Random) -> tuple[Any, ...]:
    return tuple(order.sample(rows, len(rows)))
