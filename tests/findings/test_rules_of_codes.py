"""Each rule of codes: from which very instant it fires, to whom, and what closes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.findings.codes import LIMITS, MARA, TICK, application, campaign, changed, code, day, other, said_by
from valetkey.authorizations.lifecycle import Drift, State
from valetkey.findings.facts import AssetFacts, AuthorizationFacts, ConnectionFacts, Thing, Who
from valetkey.findings.finding import About, Severity, Told
from valetkey.findings.rules import RULES, judge

NOTE, SOON, IMPORTANT, URGENT = Severity.NOTE, Severity.SOON, Severity.IMPORTANT, Severity.URGENT
BOTH, CREATOR, ADVERTISER = {"creator", "buyer"}, {"creator"}, {"buyer"}

SHORT = code(ends_at=day(3, 20), campaigns=(campaign(),))
SPARE = code(applications=(), state="issued")
ENDED = code(state="ended", ended_at=day(3, 1), end_source="stated", told_at=day(3, 1), checked_at=day(2, 20))


def ending(state: str, **steps: datetime) -> AuthorizationFacts:
    return code(state=state, end_asked_at=day(3, 1), **steps)


@dataclass(frozen=True)
class Case:
    """It fires from `since` on (None: whenever one looks) until `until` (None: no clock closes it).

    `closes`: each of these changes closes it. `by`: from when it is an incident.
    """

    rule: str
    facts: AuthorizationFacts
    to: set[str]
    severity: Severity
    since: datetime | None
    closes: tuple[dict[str, Any], ...]
    until: datetime | None = None
    by: datetime | None = None
    at: datetime = field(default=day(3, 10))

    def moments(self) -> tuple[datetime, ...]:
        first = self.since or self.at
        return (first, *([self.until - TICK] if self.until else [first + timedelta(days=400)]))


TAKEN_OVER = other(ends_at=day(4, 1), applied_on=("a-Northwind DE",))

CASES = [
    # The campaign ends with 31 March, which is over on 1 April.
    Case("ends_before_campaign", SHORT, BOTH, SOON, None,
         ({"ends_at": day(4, 1)}, {"campaigns": ()}, {"state": "end_asked"}, {"ends_at": None},
          {"succeeded_by": (TAKEN_OVER,)}),
         until=day(3, 20), by=day(3, 20), at=day(2, 2)),
    Case("ran_out_under_campaign", SHORT, BOTH, URGENT, day(3, 20),
         ({"ends_at": day(4, 1)}, {"campaigns": ()}, {"state": "ended"},
          {"succeeded_by": (TAKEN_OVER,)}),
         until=day(4, 1)),
    Case("starts_after_campaign", code(starts_at=day(3, 5), campaigns=(campaign(),)), BOTH, SOON, None,
         ({"starts_at": day(3, 1)}, {"starts_at": None}, {"campaigns": ()}, {"succeeds": (other(ends_at=day(3, 5)),)}),
         until=day(3, 5), by=day(3, 1), at=day(1, 20)),
    Case("ends_soon_in_use", code(), BOTH, IMPORTANT, day(3, 3),
         ({"ends_at": day(6, 1)}, {"state": "ended"}, {"applications": ()},
          {"succeeded_by": (other(ends_at=day(5, 1)),)}),
         until=day(4, 2), by=day(4, 2)),
    Case("ends_soon_unused", SPARE, BOTH, NOTE, day(3, 3),
         ({"ends_at": day(6, 1)}, {"is_let_end": True}, {"state": "ended"}, {"applications": (application(),)}),
         until=day(4, 2), by=day(4, 2)),
    Case("successor_not_applied", replace(SHORT, succeeded_by=(other(ends_at=day(4, 1)),)), BOTH, IMPORTANT,
         day(2, 18),
         ({"succeeded_by": (TAKEN_OVER,)}, {"succeeded_by": ()}, {"applications": ()}),
         until=day(3, 20), by=day(3, 20)),
    Case("end_unknown", code(ends_at=None), BOTH, NOTE, None,
         ({"ends_at": day(4, 2)}, {"applications": ()}, {"state": "ended"})),
    Case("code_past_end", code(), BOTH, SOON, day(4, 3),
         ({"state": "expired"}, {"state": "ended"}, {"ends_at": day(12, 1, year=2029)})),
    Case("agreed_use_over", code(ends_at=None, agreed_until=date(2027, 3, 9)), CREATOR, IMPORTANT, day(3, 10),
         ({"agreed_until": None}, {"agreed_until": date(2029, 1, 1)}, {"is_let_end": True}, {"state": "end_asked"},
          {"ends_at": day(3, 10)})),
    Case("ads_past_agreed_use", code(ends_at=None, agreed_until=date(2027, 3, 9)), ADVERTISER, IMPORTANT, day(3, 10),
         ({"agreed_until": None}, {"applications": ()}, {"ads_paused_at": day(3, 9)}, {"ends_at": day(3, 10)})),
    Case("code_after_engagement", code(engagement_ended_at=day(3, 10)), CREATOR, IMPORTANT, day(3, 10),
         ({"engagement_ended_at": None}, {"created_at": day(3, 10)}, {"is_let_end": True}, {"state": "end_asked"}),
         until=day(4, 2)),
    Case("other_ad_account", code(applications=(application(is_agreed=False),)), BOTH, IMPORTANT, None,
         ({"applications": (application(),)}, {"applications": (application(is_agreed=False, is_bound=False),)},
          {"state": "ended"})),
    Case("code_elsewhere", code(elsewhere=(Thing("auth2", "Contoso"),)), CREATOR, URGENT, None,
         ({"elsewhere": ()}, {"state": "ended"}, {"state": "expired"})),
    Case("code_of_another_post", code(code_is_of=Thing("post2", "Rye")), BOTH, URGENT, None,
         ({"code_is_of": None}, {"state": "ended"})),
    Case("two_live_codes", code(beside=(other(),)), BOTH, SOON, None,
         ({"beside": ()}, {"state": "ended"}, {"beside": (other(created_at=day(1, 1)),)})),
    Case("request_unanswered", code(state="requested", created_at=day(2, 1), applications=()), BOTH, SOON, day(2, 4),
         ({"state": "declined"}, {"state": "withdrawn"}, {"state": "issued"})),
    Case("not_handed_over", replace(SPARE, ends_at=None, campaigns=(campaign(),)), CREATOR, SOON, day(2, 4),
         ({"state": "handed_over"}, {"campaigns": ()}, {"state": "ended"}), until=day(4, 1), by=day(3, 1)),
    Case("never_opened", code(state="handed_over", applications=()), BOTH, SOON, day(2, 4),
         ({"state": "opened"}, {"state": "end_asked"}), until=day(4, 2)),
    Case("never_applied", code(state="opened", applications=()), BOTH, SOON, day(2, 7),
         ({"state": "applied"}, {"state": "end_asked"}), until=day(4, 2)),
    Case("outcome_unknown", code(is_uncertain=True, claimed_until=day(3, 1)), BOTH, IMPORTANT, day(3, 2),
         ({"is_uncertain": False, "claimed_until": None},)),
    Case("code_owner_left", code(creator_owner=Who("mara", "Mara Voss", date(2027, 3, 1))), CREATOR, SOON, day(3, 2),
         ({"creator_owner": Who("lea", "Lea Voss")}, {"creator_owner": None}, {"state": "ended"})),
    Case("end_asked_under_campaign", replace(ending("end_asked"), campaigns=(campaign(),)), ADVERTISER, URGENT, None,
         ({"state": "end_acknowledged"}, {"campaigns": ()}, {"succeeded_by": (TAKEN_OVER,)}), until=day(4, 1)),
    Case("end_not_read", ending("end_asked"), ADVERTISER, IMPORTANT, day(3, 3),
         ({"state": "end_acknowledged"}, {"state": "ads_paused"})),
    Case("ads_not_paused", ending("end_acknowledged", end_acknowledged_at=day(3, 5)), ADVERTISER, IMPORTANT, day(3, 7),
         ({"state": "ads_paused"}, {"state": "expired"})),
    Case("not_switched_off", ending("ads_paused", ads_paused_at=day(3, 6)), CREATOR, IMPORTANT, day(3, 8),
         ({"state": "switched_off"}, {"state": "expired"})),
    Case("end_not_seen", ending("switched_off", switched_off_at=day(3, 7)), BOTH, IMPORTANT, day(3, 9),
         ({"state": "ended"},)),
    Case("advertiser_not_told", replace(ENDED, told_at=None), CREATOR, SOON, day(3, 2),
         ({"told_at": day(3, 2)}, {"handed_over_at": None, "opened_at": None, "applications": ()})),
    Case("ended_without_proof", replace(ENDED, creator_connected=True), CREATOR, SOON, None,
         ({"checked_at": day(3, 1, 1)}, {"end_source": "observed"}, {"creator_connected": False}),
         until=day(4, 2)),
    Case("drift", code(drift=("ENDED_ELSEWHERE",)), BOTH, IMPORTANT, None, ({"drift": ()},)),
    Case("code_not_checked", code(advertiser_connected=True), ADVERTISER, NOTE, day(4, 8),
         ({"checked_at": day(6, 1, year=2028)}, {"advertiser_connected": False}, {"applications": ()},
          {"state": "ended"})),
    Case("post_hidden", code(visibility="private"), BOTH, IMPORTANT, None,
         ({"visibility": "public"}, {"visibility": "unknown"}, {"state": "ended"})),
    Case("post_gone", code(visibility="deleted"), BOTH, URGENT, None,
         ({"visibility": "public"}, {"visibility": "unknown"}, {"state": "ended"})),
    Case("regions_differ", code(region="DE", applications=(application(region="US"),)), ADVERTISER, NOTE, None,
         ({"region": ""}, {"region": "US"}, {"applications": (application(region=""),)}, {"state": "ended"})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_it_fires_from_the_very_instant_and_not_a_microsecond_before(case: Case) -> None:
    if case.since is not None:
        assert not said_by(case.rule, case.facts, case.since - TICK)
    for at in case.moments():
        found = said_by(case.rule, case.facts, at)
        assert {each.party for each in found} == case.to and len(found) == len(case.to), at
    if case.until is not None:
        assert not said_by(case.rule, case.facts, case.until)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_it_says_how_pressing_and_until_when(case: Case) -> None:
    for each in said_by(case.rule, case.facts, case.since or case.at):
        assert (each.severity, each.by) == (case.severity, case.by)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_of_these_closes_it(case: Case) -> None:
    for change in case.closes:
        for at in case.moments():
            assert not said_by(case.rule, changed(case.facts, **change), at), change


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_it_speaks_in_whole_sentences_with_evidence_to_who_answers(case: Case) -> None:
    owners = {"creator": "mara", "buyer": "ben"}
    for each in said_by(case.rule, case.facts, case.since or case.at):
        assert each.sentence.endswith(".") and each.sentence[0].isupper() | (each.sentence[0] == "“")
        assert each.evidence and all(fact.what and not fact.what.endswith(" ") for fact in each.evidence)
        left = case.rule == "code_owner_left"
        assert each.owner == ("" if left else owners[each.party])


def test_every_rule_of_codes_has_its_row_here() -> None:
    rules = {rule.id for rule in RULES if rule.about is About.AUTHORIZATION}
    assert rules == {case.rule for case in CASES}


@pytest.mark.parametrize(
    ("days_before", "severity"), [(60, SOON), (31, SOON), (30, IMPORTANT), (8, IMPORTANT), (7, URGENT), (1, URGENT)]
)
def test_the_nearer_the_end_the_more_pressing(days_before: int, severity: Severity) -> None:
    ends_at = day(3, 20)
    at = ends_at - timedelta(days=days_before)
    assert said_by("ends_before_campaign", SHORT, at)[0].severity is severity
    before = said_by("ends_before_campaign", SHORT, at - TICK)[0].severity
    assert before is (severity if days_before not in {30, 7} else Severity(severity - 1))


def test_the_desk_s_own_limits_hold() -> None:
    limits = replace(LIMITS, urgent_within=20)
    assert said_by("ends_before_campaign", SHORT, day(3, 1), limits)[0].severity is URGENT
    assert said_by("ends_before_campaign", SHORT, day(3, 1))[0].severity is IMPORTANT


def test_an_end_before_two_campaigns_names_the_longest_and_counts_what_stops() -> None:
    facts = replace(
        SHORT,
        campaigns=(
            campaign(),
            campaign("Summer", "2027-06-01", "2027-06-30"),
            campaign("Old", "2027-01-01", "2027-01-31"),
        ),
    )
    found = said_by("ends_before_campaign", facts, day(3, 1))[0]
    assert (
        "103 days before “Summer” does, and before 1 more campaign." in found.sentence and "may stop" in found.sentence
    )
    assert found.stops == 2 and [each.what for each in found.evidence[1:]] == [
        "“Spring” runs until 31 Mar 2027 (UTC)",
        "“Summer” runs until 30 Jun 2027 (UTC)",
    ]
    assert found.evidence[0].source is Told.OBSERVED and found.evidence[0].at == day(2, 1)


def test_the_end_that_somebody_typed_is_told_as_recorded_and_that_of_a_contract_as_agreed() -> None:
    for source, told in (("stated", Told.RECORDED), ("computed", Told.RECORDED), ("contract", Told.AGREED)):
        found = said_by("ends_before_campaign", replace(SHORT, window_source=source), day(3, 1))
        assert found[0].evidence[0].source is told


@pytest.mark.parametrize(
    ("successor", "is_silent"),
    [
        (other(ends_at=day(4, 1)), True),
        (other(ends_at=day(4, 1) - TICK), False),
        (other(ends_at=None), False),
        (other(starts_at=day(3, 20), ends_at=day(4, 1)), True),
        (other(starts_at=day(3, 20) + TICK, ends_at=day(4, 1)), False),
        (other(starts_at=None, ends_at=day(4, 1)), True),
        (other(ends_at=day(3, 25), campaigns=("c-Spring",)), True),
        (other(ends_at=day(3, 19), campaigns=("c-Spring",)), False),
    ],
    ids=["lasts", "a moment short", "end unknown", "takes over", "a gap", "no start", "judged itself", "ends sooner"],
)
def test_a_successor_that_carries_on_silences_it(successor: Any, is_silent: bool) -> None:
    facts = replace(SHORT, succeeded_by=(successor,))
    assert bool(said_by("ends_before_campaign", facts, day(3, 1))) is not is_silent


@pytest.mark.parametrize(
    ("zone", "over_at"),
    [
        # Clocks go forward in the night to 28 March in Berlin, and on 14 March in New York.
        ("Europe/Berlin", datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 29, 4, tzinfo=UTC)),
        ("UTC", datetime(2027, 3, 29, tzinfo=UTC)),
    ],
)
def test_an_agreed_day_ends_where_its_zone_says_across_a_change_of_clocks(zone: str, over_at: datetime) -> None:
    facts = code(ends_at=None, agreed_until=date(2027, 3, 28), agreed_zone=zone)
    for rule in ("agreed_use_over", "ads_past_agreed_use"):
        assert not said_by(rule, facts, over_at - TICK)
        assert "28 Mar 2027" in said_by(rule, facts, over_at)[0].evidence[0].what


@pytest.mark.parametrize(
    ("zone", "ends", "over_at"),
    [
        ("Europe/Berlin", "2027-03-27", datetime(2027, 3, 27, 23, tzinfo=UTC)),
        ("Europe/Berlin", "2027-03-28", datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ("Europe/Berlin", "2027-10-31", datetime(2027, 10, 31, 23, tzinfo=UTC)),
        ("America/New_York", "2027-03-13", datetime(2027, 3, 14, 5, tzinfo=UTC)),
        ("America/New_York", "2027-03-14", datetime(2027, 3, 15, 4, tzinfo=UTC)),
        ("America/New_York", "2027-11-07", datetime(2027, 11, 8, 5, tzinfo=UTC)),
    ],
)
def test_a_campaign_s_last_day_counts_in_its_own_zone_across_a_change_of_clocks(
    zone: str, ends: str, over_at: datetime
) -> None:
    one = campaign("Late", "2027-03-01", ends, zone)
    at = day(2, 1)
    assert not said_by("ends_before_campaign", code(ends_at=over_at, campaigns=(one,)), at)
    found = said_by("ends_before_campaign", code(ends_at=over_at - TICK, campaigns=(one,)), at)
    assert found and "1 day before “Late” does" in found[0].sentence
    last = date.fromisoformat(ends)
    assert found[0].evidence[1].what == f"“Late” runs until {last.day} {last:%b %Y} ({zone})"
    ran_out = code(ends_at=day(2, 15), state="expired", campaigns=(one,))
    assert said_by("ran_out_under_campaign", ran_out, over_at - TICK)
    assert not said_by("ran_out_under_campaign", ran_out, over_at)


def test_days_before_an_end_are_of_24_hours_across_a_change_of_clocks() -> None:
    ends_at = datetime(2027, 3, 30, 10, tzinfo=UTC)
    near = datetime(2027, 3, 23, 10, tzinfo=UTC)
    facts = code(ends_at=ends_at)
    assert said_by("ends_soon_in_use", facts, near)[0].severity is URGENT
    assert said_by("ends_soon_in_use", facts, near - TICK)[0].severity is IMPORTANT


def test_an_end_that_is_planned_is_no_more_than_a_note() -> None:
    facts = code(campaigns=(campaign(),))
    assert said_by("ends_soon_in_use", facts, day(3, 30))[0].severity is NOTE


def test_what_a_campaign_waits_for_gets_pressing_with_its_first_day() -> None:
    facts = code(state="opened", applications=(), campaigns=(campaign("Late", "2027-03-20", "2027-03-31"),))
    found = [
        said_by("never_applied", facts, at)[0] for at in (day(3, 13) - TICK, day(3, 13), day(3, 20) - TICK, day(3, 20))
    ]
    assert [each.severity for each in found] == [SOON, IMPORTANT, IMPORTANT, URGENT]
    assert [each.by for each in found] == [day(3, 20)] * 3 + [None] and found[0].stops == 1


@pytest.mark.parametrize("each", Drift, ids=lambda each: each.name)
def test_every_difference_is_told_in_its_own_words(each: Drift) -> None:
    found = said_by("drift", code(state="ended", drift=(each.name,)), day(3, 1))
    assert len(found) == 2 and each.value in found[0].sentence and each.name not in found[0].sentence
    assert found[0].evidence[0].source is Told.OBSERVED


def test_a_difference_that_this_version_does_not_know_is_not_told() -> None:
    assert not said_by("drift", code(drift=("OF_A_LATER_VERSION",)), day(3, 1))


def test_a_code_on_somebody_else_s_ad_account_is_urgent() -> None:
    facts = code(applications=(application("Contoso", held_by="contoso", is_agreed=False),))
    assert {each.severity for each in said_by("other_ad_account", facts, day(3, 1))} == {URGENT}


def test_an_advertiser_never_hears_whom_else_the_creator_works_with() -> None:
    facts = code(
        elsewhere=(Thing("auth2", "Contoso"),),
        beside=(other("for Contoso", advertiser="contoso"),),
        code_is_of=Thing("post2", "For Contoso"),
    )
    for each in judge(About.AUTHORIZATION, [facts], day(3, 1), LIMITS):
        told = each.sentence + " ".join(fact.what for fact in each.evidence)
        assert each.party == "creator" or "Contoso" not in told


def test_a_code_that_was_taken_off_again_was_applied() -> None:
    """Taken off the only ad account it counts as opened again."""
    taken_off = application(state="unbound", is_bound=False)
    assert not said_by("never_applied", code(state="opened", applications=(taken_off,)), day(3, 1))
    refused = application(state="new", is_bound=False, applied_at=None, seen_at=None)
    assert said_by("never_applied", code(state="opened", applications=(refused,)), day(3, 1))


def test_an_outcome_on_an_ad_account_counts_too_and_one_without_a_clock_at_once() -> None:
    facts = code(applications=(application(is_uncertain=True, claimed_until=day(3, 1)),))
    assert not said_by("outcome_unknown", facts, day(3, 2) - TICK)
    assert "“Northwind DE”" in said_by("outcome_unknown", facts, day(3, 2))[0].evidence[0].what
    assert said_by("outcome_unknown", code(is_uncertain=True), day(2, 1))


def test_each_side_hears_of_its_own_owner_who_left() -> None:
    gone = Who("ben", "Ben Ito", date(2027, 3, 1))
    found = said_by("code_owner_left", code(advertiser_owner=gone), day(3, 2))
    assert [(each.party, each.owner) for each in found] == [("buyer", "")] and "Ben Ito" in found[0].sentence


def test_who_left_is_named_as_owner_of_nothing() -> None:
    gone = Who("ben", "Ben Ito", date(2027, 3, 1))
    found = said_by("ends_soon_in_use", code(advertiser_owner=gone), day(3, 20))
    assert {each.party: each.owner for each in found} == {"creator": "mara", "buyer": ""}


def test_a_party_on_both_sides_is_told_once() -> None:
    facts = replace(code(advertiser_owner=Who("m", "M", date(2027, 1, 1))), advertiser=MARA, applications=())
    found = judge(About.AUTHORIZATION, [replace(facts, visibility="deleted")], day(3, 20), LIMITS)
    assert len({(each.rule, each.party) for each in found}) == len(found) > 0


OVER_WITH_IT = {"ends_soon_unused", "agreed_use_over", "code_after_engagement"}
END_RELATED = {rule.id for rule in RULES if rule.about is About.AUTHORIZATION and rule.may_end}


@pytest.mark.parametrize("case", [case for case in CASES if case.rule in END_RELATED], ids=lambda case: case.rule)
def test_an_end_that_was_let_come_is_told_to_whoever_still_uses_the_code(case: Case) -> None:
    assert len(END_RELATED) == 7
    let_end = replace(case.facts, is_let_end=True)
    for at in (*case.moments(), day(3, 19), day(4, 1)):
        told = [each for each in judge(About.AUTHORIZATION, [let_end], at, LIMITS) if each.rule in END_RELATED]
        # It is the creator's decision: the advertiser still hears of ads that may stop.
        assert not {each.rule for each in told} & OVER_WITH_IT
        assert {each.party for each in told} <= {"buyer"}
    if case.rule not in OVER_WITH_IT:
        assert said_by(case.rule, let_end, case.since or case.at)


@pytest.mark.parametrize("state", State, ids=str)
def test_what_never_became_a_code_or_is_over_says_nothing_of_time(state: State) -> None:
    silent = {State.NEW, State.DECLINED, State.WITHDRAWN}
    facts = code(state=state.value, applications=(), campaigns=(campaign(),), checked_at=None, told_at=day(2, 1))
    found = judge(About.AUTHORIZATION, [facts], day(3, 10), LIMITS)
    assert not found if state in silent else all(each.stops == 1 for each in found)


def connection(**more: Any) -> ConnectionFacts:
    return ConnectionFacts(**{"reference": "conn", "party": MARA, "platform": "TikTok", "level": "creator_token",
                              "token_ends_at": day(3, 20), **more})  # fmt: skip


def test_a_token_that_cannot_renew_itself_is_told_before_and_after_it_lapses() -> None:
    def found(facts: ConnectionFacts, at: datetime) -> list[Any]:
        return [(each.severity, each.by) for each in judge(About.CONNECTION, [facts], at, LIMITS)]

    assert found(connection(), day(3, 13) - TICK) == []
    assert found(connection(), day(3, 13)) == [(SOON, day(3, 20))] == found(connection(), day(3, 20) - TICK)
    assert found(connection(), day(3, 20)) == [(IMPORTANT, None)]
    assert found(connection(renews_itself=True), day(3, 20)) == found(connection(token_ends_at=None), day(3, 20)) == []


def test_an_ad_account_is_told_near_ten_thousand() -> None:
    def found(posts: int) -> list[Any]:
        facts = AssetFacts("a", "Northwind DE", "ad_account", Thing("buyer", "Northwind"), "brand", posts_applied=posts)
        every = judge(About.ASSET, [facts], day(3, 1), LIMITS)
        return [(each.party, each.severity) for each in every if each.rule == "ad_account_full"]

    assert found(8_999) == [] and found(9_000) == [("buyer", SOON)] == found(9_999)
    assert found(10_000) == [("buyer", IMPORTANT)]
