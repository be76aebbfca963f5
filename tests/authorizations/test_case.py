"""What the record proves of one authorization, which values it has for a guide, and which guides fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from valetkey.authorizations.case import GUIDES, Ends, Known, fitting, proofs, ticked, values
from valetkey.authorizations.coverage import Coverage, Verdict, Window
from valetkey.authorizations.eligibility import KnownPost
from valetkey.authorizations.lifecycle import Drift, State, Verb
from valetkey.authorizations.turn import NEXT
from valetkey.connectors.base import PostKind, Visibility
from valetkey.guides.grammar import PLACEHOLDERS, Proof

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LIVE = Window(AT - timedelta(days=1), AT + timedelta(days=29))
PAST = Window(AT - timedelta(days=31), AT - timedelta(days=1))
PUBLIC = KnownPost(PostKind.VIDEO, Visibility.PUBLIC, True)
UNSEEN = KnownPost(PostKind.UNKNOWN, Visibility.UNKNOWN, None)

BARE = Known(State.REQUESTED, "Mara Lindt", "Northwind", "", UNSEEN)
GIVEN = replace(BARE, state=State.IN_USE, has_code=True, window=LIVE, ad_accounts=("EU",), in_use=1)


def campaign(verdict: Verdict, name: str = "Spring shoes", ends_on: date = date(2026, 12, 8)) -> Ends:
    return Ends(name, ends_on, Coverage(verdict, days_short=0 if verdict is Verdict.COVERS else 7))


P = Proof
CASES: list[tuple[Known, dict[str, Any], Proof, bool | None]] = [
    (BARE, {"post": PUBLIC}, P.POST_PUBLIC, True),
    (BARE, {"post": UNSEEN}, P.POST_PUBLIC, None),
    (BARE, {"post": replace(PUBLIC, visibility=Visibility.FRIENDS)}, P.POST_PUBLIC, False),
    (BARE, {"post": PUBLIC}, P.POST_USABLE, True),
    (BARE, {"post": UNSEEN}, P.POST_USABLE, None),
    (BARE, {"post": replace(PUBLIC, kind=PostKind.STORY)}, P.POST_USABLE, False),
    (BARE, {"post": replace(PUBLIC, ad_authorization_available=False)}, P.POST_USABLE, True),
    (BARE, {"post": replace(PUBLIC, visibility=Visibility.REMOVED)}, P.POST_USABLE, False),
    (BARE, {"post": PUBLIC}, P.AD_AUTHORIZATION_OFFERED, True),
    (BARE, {}, P.AD_AUTHORIZATION_OFFERED, None),
    (BARE, {"post": replace(PUBLIC, ad_authorization_available=False)}, P.AD_AUTHORIZATION_OFFERED, False),
    (GIVEN, {}, P.AD_AUTHORIZATION_OFFERED, True),
    (BARE, {}, P.CAMPAIGN_NAMED, False),
    (BARE, {"campaigns": (campaign(Verdict.COVERS),)}, P.CAMPAIGN_NAMED, True),
    (BARE, {}, P.DATES_AGREED, False),
    (BARE, {"agreed_until": date(2026, 12, 1)}, P.DATES_AGREED, None),
    (GIVEN, {"agreed_until": date(2026, 12, 1)}, P.DATES_AGREED, True),
    (GIVEN, {}, P.DATES_AGREED, False),
    (GIVEN, {}, P.COVERED, None),
    (GIVEN, {"campaigns": (campaign(Verdict.COVERS),)}, P.COVERED, True),
    (GIVEN, {"campaigns": (campaign(Verdict.COVERS), campaign(Verdict.ENDS_BEFORE))}, P.COVERED, False),
    (GIVEN, {"campaigns": (campaign(Verdict.COVERS), campaign(Verdict.UNKNOWN))}, P.COVERED, None),
    (GIVEN, {"campaigns": (campaign(Verdict.STARTS_AFTER),)}, P.COVERED, True),
    (GIVEN, {"campaigns": (campaign(Verdict.BOTH),)}, P.COVERED, False),
    (GIVEN, {"campaigns": (campaign(Verdict.MISSES),)}, P.COVERED, False),
    (BARE, {"creator_connected": True}, P.CREATOR_CONNECTED, True),
    (BARE, {}, P.CREATOR_CONNECTED, False),
    (BARE, {"advertiser_connected": True}, P.ADVERTISER_CONNECTED, True),
    (BARE, {}, P.ADVERTISER_CONNECTED, False),
    (BARE, {}, P.CODE_THERE, False),
    (BARE, {"uncertain": frozenset({Verb.ISSUE})}, P.CODE_THERE, None),
    (GIVEN, {}, P.CODE_THERE, True),
    (BARE, {}, P.CODE_LIVE, False),
    (GIVEN, {}, P.CODE_LIVE, True),
    (GIVEN, {"window": PAST}, P.CODE_LIVE, False),
    (GIVEN, {"window": Window(None, LIVE.ends_at)}, P.CODE_LIVE, None),
    (GIVEN, {"state": State.EXPIRED}, P.CODE_LIVE, False),
    (GIVEN, {"state": State.SWITCHED_OFF}, P.CODE_LIVE, None),
    (GIVEN, {"drifts": frozenset({Drift.OTHER_CODE})}, P.CODE_LIVE, None),
    (BARE, {"was_handed_over": True}, P.HANDED_OVER, True),
    (BARE, {}, P.HANDED_OVER, False),
    (BARE, {"was_opened": True}, P.OPENED, True),
    (BARE, {}, P.OPENED, False),
    (GIVEN, {}, P.APPLIED, True),
    (GIVEN, {"ad_accounts": ()}, P.APPLIED, False),
    (GIVEN, {"ad_accounts": (), "drifts": frozenset({Drift.USED_ELSEWHERE})}, P.APPLIED, None),
    (GIVEN, {"ad_accounts": (), "uncertain": frozenset({Verb.APPLY})}, P.APPLIED, None),
    (GIVEN, {}, P.IN_USE, True),
    (GIVEN, {"in_use": 0}, P.IN_USE, None),
    (GIVEN, {"in_use": 0, "advertiser_connected": True}, P.IN_USE, False),
    (GIVEN, {"in_use": 0, "ad_accounts": ()}, P.IN_USE, False),
    (GIVEN, {}, P.EXTENDED, False),
    (GIVEN, {"was_extended": True}, P.EXTENDED, True),
    (GIVEN, {"was_extended": True, "campaigns": (campaign(Verdict.ENDS_BEFORE),)}, P.EXTENDED, None),
    (GIVEN, {"was_extended": True, "window": PAST}, P.EXTENDED, None),
    (GIVEN, {"uncertain": frozenset({Verb.EXTEND})}, P.EXTENDED, None),
    (GIVEN, {}, P.REPLACED, False),
    (GIVEN, {"was_replaced": True}, P.REPLACED, True),
    (GIVEN, {"uncertain": frozenset({Verb.REPLACE})}, P.REPLACED, None),
    (GIVEN, {"end_asked": True}, P.END_ASKED, True),
    (GIVEN, {}, P.END_ASKED, False),
    (GIVEN, {"state": State.ENDED}, P.END_ASKED, None),
    (GIVEN, {"end_acknowledged": True}, P.END_ACKNOWLEDGED, True),
    (GIVEN, {}, P.END_ACKNOWLEDGED, False),
    (GIVEN, {"ads_paused": True}, P.ADS_PAUSED, True),
    (GIVEN, {"uncertain": frozenset({Verb.PAUSE_ADS})}, P.ADS_PAUSED, None),
    (GIVEN, {"state": State.ENDED}, P.ADS_PAUSED, None),
    (GIVEN, {"switched_off": True}, P.SWITCHED_OFF, True),
    (GIVEN, {"uncertain": frozenset({Verb.SWITCH_OFF})}, P.SWITCHED_OFF, None),
    (GIVEN, {"state": State.ENDED}, P.SWITCHED_OFF, True),
    (GIVEN, {"state": State.ENDED}, P.ENDED, True),
    (GIVEN, {"state": State.EXPIRED}, P.ENDED, False),
    (GIVEN, {}, P.TOLD, False),
    (GIVEN, {"was_told": True}, P.TOLD, True),
]


@pytest.mark.parametrize(("known", "facts", "proof", "expected"), CASES, ids=str)
def test_what_the_record_proves(known: Known, facts: dict[str, Any], proof: Proof, expected: bool | None) -> None:
    assert proofs(replace(known, **facts), AT)[proof] is expected


def test_every_proof_is_answered_and_tried() -> None:
    assert set(proofs(BARE, AT)) == set(proofs(GIVEN, AT)) == set(Proof) == {proof for _, _, proof, _ in CASES}


@pytest.mark.parametrize("verb", list(Verb), ids=str)
def test_an_unknown_outcome_takes_nothing_back(verb: Verb) -> None:
    before, after = proofs(GIVEN, AT), proofs(replace(GIVEN, uncertain=frozenset({verb})), AT)
    assert all(after[proof] in {holds, None} for proof, holds in before.items())
    assert all(after[proof] is True for proof, holds in before.items() if holds is True)


def test_values_are_what_is_known_in_the_readers_words() -> None:
    known = replace(
        GIVEN, caption="Winter boots", requested_days=30,
        campaigns=(campaign(Verdict.COVERS), campaign(Verdict.COVERS, "Sale", date(2026, 12, 31))),
    )  # fmt: skip
    assert values(known, lambda day: day.isoformat()[:10]) == {
        "post": "“Winter boots”", "creator": "Mara Lindt", "advertiser": "Northwind", "days": "30",
        "ends": "2026-12-01", "ad_account": "EU", "campaign": "Sale", "campaign_ends": "2026-12-31",
    }  # fmt: skip
    assert values(known, str, "„{}“")["post"] == "„Winter boots“"


def test_what_is_not_known_has_no_value() -> None:
    assert values(BARE, str) == {"creator": "Mara Lindt", "advertiser": "Northwind"}
    assert "ad_account" not in values(replace(GIVEN, ad_accounts=("EU", "US")), str), "which of two is not known"
    assert values(replace(GIVEN, agreed_ad_account="UK"), str)["ad_account"] == "UK"
    assert set(values(replace(GIVEN, caption="x", requested_days=1), str)) <= set(PLACEHOLDERS)


def test_a_long_caption_is_cut_and_says_so() -> None:
    shown = values(replace(BARE, caption="boots " * 40), str)["post"]
    assert len(shown) < 65 and shown.endswith("…”")


@pytest.mark.parametrize("state", list(State), ids=str)
def test_the_guide_of_the_next_step_comes_first(state: State) -> None:
    following = NEXT.get(state)
    found = fitting(state, following)
    assert len(set(found)) == len(found) > 0 and found[-1] == "login-was-shared"
    if following is not None:
        assert found[0] == GUIDES[following]


def test_ticks_keep_the_guides_order_and_forget_what_it_has_no_more() -> None:
    assert ticked({"copied", "gone", "switched_on"}, ["switched_on", "generated", "copied"]) == [
        "switched_on",
        "copied",
    ]
