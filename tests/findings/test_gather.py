"""What the rules are told comes out of a real record, in few queries, and no row of which a rule speaks is missed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.authorizations.stage import switch
from tests.desk import Desk
from tests.findings import stages_of_codes, stages_of_the_record
from tests.findings.stages_of_codes import used
from tests.many import many
from tests.register.looked_at import recorded
from tests.seed.seeded import NOW, seeded
from valetkey.accounts.models import Party
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors.models import Connection
from valetkey.findings.facts import AuthorizationFacts, Facts
from valetkey.findings.finding import About, Found
from valetkey.findings.gather import BATCH, GATHERS
from valetkey.findings.limits import Limits
from valetkey.findings.rules import BY_ID, RULES, judge
from valetkey.register.models import Access, Asset, Engagement, Exposure
from valetkey.reviews.models import Review

pytestmark = pytest.mark.django_db

MODELS: Final[dict[About, Any]] = {
    About.AUTHORIZATION: Authorization,
    About.ACCESS: Access,
    About.ASSET: Asset,
    About.EXPOSURE: Exposure,
    About.ENGAGEMENT: Engagement,
    About.REVIEW: Review,
    About.CONNECTION: Connection,
}
LIMITS: Final = Limits()
ONE_POST: Final = replace(LIMITS, posts_per_ad_account=1)
STAGES: Final = stages_of_codes.STAGES | stages_of_the_record.STAGES
INSTANTS: Final = [NOW + timedelta(days=days) for days in (-400, -30, 0, 40, 365)]


def candidates(
    about: About, at: datetime, limits: Limits = LIMITS, parties: Collection[int] | None = None
) -> list[int]:
    return [pk for batch in GATHERS[about].candidates(at, limits, parties) for pk in batch]


def found(about: About, pks: Collection[int], at: datetime, limits: Limits = LIMITS) -> list[Found]:
    return judge(about, GATHERS[about].facts(pks, at), at, limits)


def all_of(about: About) -> list[int]:
    return list(MODELS[about].objects.order_by("pk").values_list("pk", flat=True))


def told(row: Authorization, at: datetime) -> AuthorizationFacts:
    (facts,) = GATHERS[About.AUTHORIZATION].facts([row.pk], at)
    assert isinstance(facts, AuthorizationFacts)
    return facts


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_rule_speaks_of_a_record_that_services_made(desk: Desk, rule: str) -> None:
    about = BY_ID[rule].about
    STAGES[rule](desk)
    of_candidates = found(about, candidates(about, desk.at, ONE_POST), desk.at, ONE_POST)
    assert rule in {each.rule for each in of_candidates}
    assert of_candidates == found(about, all_of(about), desk.at, ONE_POST)


def test_a_code_is_told_with_all_that_hangs_on_it(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    campaign = desk.campaign()
    row = used(desk, campaigns=(campaign,), ad_account=desk.us)
    successor = services.replace(authorization=row, days=60, short_reason="So agreed.", actor=desk.mara, at=desk.at)
    facts = told(row, desk.at)
    assert (facts.reference, facts.state, facts.ends_at) == (row.reference, "in_use", row.ends_at)
    assert facts.window_source == "platform" and facts.window_told_at == desk.at
    assert [each.reference for each in facts.campaigns] == [campaign.reference]
    assert facts.campaigns[0].ends_at == campaign.ends_at and facts.campaigns[0].time_zone == desk.eu.time_zone
    (application,) = facts.applications
    assert application.is_bound and not application.is_agreed and application.held_by == desk.advertiser.reference
    (next_code,) = facts.succeeded_by
    assert next_code.reference == successor.reference and next_code.campaigns == (campaign.reference,)
    assert next_code.applied_on == () and facts.beside == () and facts.elsewhere == ()
    assert facts.creator_connected and facts.advertiser_connected
    (before,) = told(successor, desk.at).succeeds
    assert before.reference == row.reference and before.applied_on == (desk.eu.reference,)


def test_a_successor_that_is_to_end_itself_carries_nothing_on(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    row = used(desk)
    successor = services.replace(authorization=row, days=60, short_reason="So agreed.", actor=desk.mara, at=desk.at)
    assert told(row, desk.at).succeeded_by
    services.ask_to_end(authorization=successor, reason="Early.", actor=desk.mara, at=desk.at)
    assert told(row, desk.at).succeeded_by == ()


def test_an_end_that_was_decided_on_stays_decided_when_it_has_come(desk: Desk) -> None:
    from valetkey.register.services import let_access_end

    row = desk.in_use()
    desk.applied(row, desk.us)
    services.unbind(authorization=row, ad_account=desk.us, actor=desk.bo, at=desk.at)
    let_access_end(access=Access.objects.get(way=Access.Way.AUTHORIZATION, ended_at=None), actor=desk.mara, at=desk.at)
    desk.later(days=30)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    assert told(row, desk.at).is_let_end


def test_an_end_that_was_decided_on_is_told(desk: Desk) -> None:
    from valetkey.register.services import let_access_end

    row = desk.in_use()
    assert not told(row, desk.at).is_let_end
    desk.applied(row, desk.us)
    first, second = Access.objects.filter(way=Access.Way.AUTHORIZATION).order_by("pk")
    let_access_end(access=first, actor=desk.mara, at=desk.at)
    assert not told(row, desk.at).is_let_end
    let_access_end(access=second, actor=desk.mara, at=desk.at)
    assert told(row, desk.at).is_let_end


def test_no_code_and_no_token_is_read(desk: Desk) -> None:
    desk.in_use()
    with CaptureQueriesContext(connection) as queries:
        for about in About:
            GATHERS[about].facts(all_of(about), desk.at)
    asked = " ".join(query["sql"] for query in queries)
    assert '"code"' not in asked and '"token"' not in asked


def test_a_batch_takes_as_many_queries_as_one_row(desk: Desk) -> None:
    record = recorded(desk)
    many(desk, 1100)
    for number in range(60):
        record.open(record.person(f"Person {number}"), role="Admin")

    def asked(about: About, pks: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            GATHERS[about].facts(pks, desk.at)
        return len(queries)

    for about in (About.AUTHORIZATION, About.ACCESS, About.ASSET):
        pks = all_of(about)
        few, whole = asked(about, pks[:20]), asked(about, pks[:BATCH])
        assert whole <= few <= 15, about


def test_batches_are_whole_and_in_order_and_each_row_comes_once(desk: Desk) -> None:
    many(desk, 1100)
    batches = list(GATHERS[About.AUTHORIZATION].candidates(desk.at, LIMITS, None))
    assert [len(batch) for batch in batches[:-1]] == [BATCH] * (len(batches) - 1)
    flat = [pk for batch in batches for pk in batch]
    assert flat == sorted(set(flat)) and len(flat) > BATCH


def test_what_is_gone_is_left_out(desk: Desk) -> None:
    row = desk.in_use()
    gather = GATHERS[About.AUTHORIZATION]
    assert gather.pks_of([row.reference, "NOSUCH"]) == [row.pk]
    assert gather.facts([row.pk, 10_000_000], desk.at) == gather.facts([row.pk], desk.at)
    connected = all_of(About.CONNECTION)
    desk.disconnect_all()
    assert GATHERS[About.CONNECTION].facts(connected, desk.at) == []


@pytest.fixture(scope="module")
def agency(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), seeded("small"):
        yield


@pytest.mark.parametrize("at", INSTANTS, ids=lambda at: f"{at:%Y-%m-%d}")
@pytest.mark.parametrize("about", About, ids=str)
def test_no_row_of_which_a_rule_speaks_is_missed(agency: None, about: About, at: datetime) -> None:
    everything = found(about, all_of(about), at)
    assert found(about, candidates(about, at), at) == everything


@pytest.mark.parametrize("about", About, ids=str)
def test_narrowed_to_parties_it_is_what_concerns_them(agency: None, about: About) -> None:
    for party in Party.objects.order_by("pk")[:12]:
        mine = candidates(about, NOW, parties=[party.pk])
        assert set(mine) <= set(candidates(about, NOW))
        everything = [each for each in found(about, all_of(about), NOW) if each.party == party.reference]
        assert [each for each in found(about, mine, NOW) if each.party == party.reference] == everything
        assert all(party.reference in parties_of(each) for each in GATHERS[about].facts(mine, NOW))


def parties_of(facts: Facts) -> set[str]:
    named = (getattr(facts, name, None) for name in ("creator", "advertiser", "kept_by", "held_by", "party"))
    return {each.reference for each in named if each is not None}
