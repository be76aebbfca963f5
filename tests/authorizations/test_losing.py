"""What somebody would lose, and what would stop."""

from __future__ import annotations

import pytest

from tests.desk import HOST, SHORT, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.accounts.models import Person
from valetkey.authorizations import services
from valetkey.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Recorded:
    return recorded(desk)


def test_a_person_with_the_codes_they_answer_for_and_the_campaigns_on_them(record: Recorded) -> None:
    desk = record.desk
    campaign = desk.campaign()
    row = desk.issued(campaigns=(campaign,), short_reason=SHORT)
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    desk.applied(row)
    services.name_owner(authorization=row, person=record.jo, actor=desk.bo, at=desk.at)

    found = services.losing(person=record.jo, actor=desk.bo, at=desk.at)
    (stake,) = found.authorizations
    assert (stake.authorization, stake.why, found.count) == (row, "answers for it", 1)
    assert [each.campaign for each in stake.campaigns] == [campaign]
    assert stake.ad_accounts == (desk.eu,)
    assert found.look.count == 1 and found.look.ownerships and not found.is_empty


def test_a_party_with_what_it_holds_and_what_it_gave(record: Recorded) -> None:
    desk = record.desk
    row = record.shared()
    for party, why, actor in ((desk.advertiser, "holds it", desk.bo), (desk.creator, "gave it", desk.mara)):
        found = services.losing(party=party, actor=actor, at=desk.at)
        assert [(each.authorization, each.why) for each in found.authorizations] == [(row, why)]


def test_a_code_that_is_over_is_no_loss(record: Recorded) -> None:
    desk = record.desk
    row = services.record(
        code="#AbC+dEf/12_x-9==", days=30, post=desk.post, advertiser=desk.advertiser, short_reason=SHORT, actor=HOST,
        at=desk.at,
    )  # fmt: skip
    desk.later(days=40)
    services.expire(authorization=row, actor=HOST, at=desk.at)
    assert services.losing(party=desk.creator, actor=desk.mara, at=desk.at).count == 0


def test_who_answers_on_the_other_side_is_their_own_affair(record: Recorded) -> None:
    desk = record.desk
    row = record.shared()
    services.name_owner(authorization=row, person=record.lee, actor=desk.bo, at=desk.at)
    assert services.losing(party=record.agency, actor=desk.bo, at=desk.at).count == 1
    with pytest.raises(NotFound):
        services.losing(party=record.agency, actor=desk.mara, at=desk.at)


def test_the_stranger_is_told_there_is_nobody(record: Recorded) -> None:
    for about in ({"person": record.jo}, {"party": record.agency}, {"party": record.desk.advertiser}):
        with pytest.raises(NotFound):
            services.losing(**about, actor=record.desk.stranger, at=record.at)


def test_somebody_with_nothing_loses_nothing(record: Recorded) -> None:
    new = record.person("Ina New")
    assert services.losing(person=new, actor=record.keeper, at=record.at).is_empty
    assert Person.objects.filter(pk=new.pk).exists()
