"""Who owns an asset and what its login is recovered by: written down, confirmed, and what was before is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk import Desk
from tests.register.on_record import an_account, said, somebody
from valetkey.accounts.services import person_left
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.register.models import Ownership
from valetkey.register.services import confirm_ownership, ownership_of, set_ownership

pytestmark = pytest.mark.django_db


def test_who_has_what_in_hand_is_written_down_and_the_rest_stays(desk: Desk) -> None:
    asset, cleo, dora = an_account(desk), somebody(desk, "Cleo"), somebody(desk, "Dora")
    assert ownership_of(asset=asset) is None, "nobody has said anything yet"
    changes = {"owned_by": desk.creator, "owner": cleo, "recovery_phone": dora, "evidence": "On a call."}
    set_ownership(asset=asset, changes=changes, actor=desk.mara, at=desk.at)
    row = set_ownership(asset=asset, changes={"owner": dora, "recovery_phone": None}, actor=desk.mara, at=desk.at)
    assert (row.owned_by, row.owner, row.recovery_phone, row.evidence) == (desk.creator, dora, None, "On a call.")
    assert Ownership.objects.count() == 1
    found = said("ownership", asset.reference)
    assert [each["owner"] for each in found] == [cleo.reference, dora.reference], "what was before is kept"
    first, last = Entry.objects.filter(event="ownership.set").order_by("seq")
    assert first.subject == f"asset {asset.reference}" and first.detail["asset"] == "mara.makes"
    assert last.detail["changes"] == {
        "owner": {"from": "Cleo", "to": "Dora"},
        "recovery_phone": {"from": "Dora", "to": None},
    }


def test_saying_the_same_again_writes_nothing(desk: Desk) -> None:
    asset, cleo = an_account(desk), somebody(desk, "Cleo")
    set_ownership(asset=asset, changes={"owner": cleo}, actor=desk.mara, at=desk.at)
    before = Entry.objects.count()
    set_ownership(asset=asset, changes={"owner": cleo}, actor=desk.mara, at=desk.later(days=1))
    assert Entry.objects.count() == before and len(said("ownership", asset.reference)) == 1


def test_it_is_confirmed_by_who_looked_and_other_hands_are_not(desk: Desk) -> None:
    asset, cleo, dora = an_account(desk), somebody(desk, "Cleo"), somebody(desk, "Dora")
    with pytest.raises(Conflict) as refused:
        confirm_ownership(asset=asset, actor=desk.mara, at=desk.at)
    assert refused.value.code == "no_ownership"
    set_ownership(asset=asset, changes={"owner": cleo}, actor=desk.mara, at=desk.at)
    row = confirm_ownership(asset=asset, evidence="Looked together.", actor=desk.mara, at=desk.at)
    assert (row.confirmed_at, row.confirmed_by, row.evidence) == (desk.at, "Mara", "Looked together.")
    row = confirm_ownership(asset=asset, actor=desk.mara, at=desk.later(days=1))
    assert (row.confirmed_at, row.evidence) == (desk.at, "Looked together."), "an evidence left out stays"
    row = set_ownership(asset=asset, changes={"evidence": "On a call."}, actor=desk.mara, at=desk.at)
    assert row.confirmed_by == "Mara", "other words for it change no hands"
    row = set_ownership(asset=asset, changes={"second_factor": dora}, actor=desk.mara, at=desk.at)
    assert (row.confirmed_at, row.confirmed_by) == (None, "")


def test_who_has_left_may_still_have_the_phone_in_hand(desk: Desk) -> None:
    asset, cleo = an_account(desk), somebody(desk, "Cleo")
    person_left(person=cleo, on=desk.at.date(), actor=desk.mara, at=desk.at)
    later = desk.later(days=5)
    row = set_ownership(asset=asset, changes={"recovery_phone": cleo}, actor=desk.mara, at=later)
    assert row.recovery_phone == cleo


def test_people_are_those_of_the_holders_record(desk: Desk) -> None:
    asset, theirs = an_account(desk), somebody(desk, "Fay", desk.advertiser, desk.bo)
    with pytest.raises(Invalid) as refused:
        set_ownership(asset=asset, changes={"backup_codes": theirs}, actor=desk.mara, at=desk.at)
    assert refused.value.code == "not_on_record" and ownership_of(asset=asset) is None


def test_an_address_or_a_code_has_no_place_here(desk: Desk) -> None:
    asset = an_account(desk)
    with pytest.raises(TypeError):
        set_ownership(asset=asset, changes={"recovery_code": "1"}, actor=desk.mara, at=desk.at)
    carries = "The password is Sunflower88!"
    tries: tuple[Callable[[], object], ...] = (
        lambda: set_ownership(asset=asset, changes={"evidence": carries}, actor=desk.mara, at=desk.at),
        lambda: confirm_ownership(asset=asset, evidence=carries, actor=desk.mara, at=desk.at),
    )
    for attempt in tries:
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "credential_in_text" and "Sunflower" not in str(refused.value)


@pytest.mark.parametrize(("who", "kind"), [("stranger", NotFound), ("bo", NotFound), ("auditor", Forbidden)])
def test_it_is_for_those_who_act_for_the_holder(desk: Desk, who: str, kind: type[Exception]) -> None:
    asset, cleo = an_account(desk), somebody(desk, "Cleo")
    set_ownership(asset=asset, changes={"owner": cleo}, actor=desk.admin, at=desk.at)
    actor = getattr(desk, who)
    with pytest.raises(kind):
        set_ownership(asset=asset, changes={"owner": None}, actor=actor, at=desk.at)
    with pytest.raises(kind):
        confirm_ownership(asset=asset, actor=actor, at=desk.at)
    assert Ownership.objects.visible_to(actor).exists() == (who == "auditor")
