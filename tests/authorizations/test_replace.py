"""Replace: a new code for the same post in a new authorization. The old one runs to its own end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import (
    SETTING,
    Tap,
    accesses,
    application,
    by_hand,
    events,
    fresh,
    holds,
    last,
    live,
    order,
    refused,
    switch,
)  # fmt: skip
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def _replaced(desk: Desk, row: Authorization, days: int = 60, **given: object) -> Authorization:
    asked = {"authorization": row, "days": days, "actor": desk.mara, "at": desk.at, **given}
    return services.replace(**asked)  # type: ignore[arg-type]  # as a door gives them


def test_the_successor_has_its_own_code_and_window_and_names_what_it_replaces(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    campaign = desk.campaign()
    old = desk.issued(campaigns=(campaign,), ad_account=desk.eu)
    new = _replaced(desk, old)
    assert new.replaces == old and new.code != old.code and new.state == "issued"
    assert new.ends_at == desk.at + timedelta(days=60) and list(new.campaigns.all()) == [campaign]
    assert new.agreed_ad_account == desk.eu
    assert events(new) == ["started", "issue.attempted", "issue.done"]
    assert services.history(authorization=new)[0].detail["replaces"] == old.reference
    assert fresh(old).state == "issued" and events(old)[-1] == "issue.done"
    holds()


def test_renewing_with_an_overlap_the_olds_end_does_not_end_the_new(desk: Desk) -> None:
    """Renewing with an overlap: in another tool the old grant's end also ended the new one."""
    switch(desk, setting_on_again="new_code")
    old = desk.in_use()
    new = _replaced(desk, old)
    desk.applied(new)
    assert [access.until for access in (*live(desk, old), *live(desk, new))] == [old.ends_at, new.ends_at]
    desk.later(days=30)
    services.expire(authorization=old, actor=desk.admin, at=desk.at)
    assert live(desk, old) == [] and len(live(desk, new)) == 1 and fresh(new).state == "in_use"
    assert application(new, desk.eu).state == "in_use"
    services.check(authorization=new, actor=desk.admin, at=desk.at)
    services.check(authorization=old, actor=desk.admin, at=desk.at)
    assert fresh(old).state == "expired" and fresh(new).state == "in_use" and len(live(desk, new)) == 1


def test_switching_the_old_one_off_on_the_platform_would_end_the_new_and_is_refused(desk: Desk, tap: Tap) -> None:
    """Ad authorization is switched off for the post: every code of it ends. *Ending one never ends another.*"""
    switch(desk, setting_on_again="new_code")
    old = desk.in_use()
    new = _replaced(desk, old)
    services.ask_to_end(authorization=old, reason="Replaced.", actor=desk.mara, at=desk.at)
    tap.clear()
    with refused("other_code", Conflict):
        services.switch_off(authorization=old, actor=desk.mara, at=desk.at)
    assert tap.writes() == [] and fresh(new).state == "issued"
    with refused("not_shown", Conflict):
        services.switch_off(authorization=old, by_hand=True, actor=desk.mara, at=desk.at)
        services.confirm_end(authorization=old, actor=desk.mara, at=desk.at)
    services.check(authorization=new, actor=desk.admin, at=desk.at)
    assert fresh(new).state == "issued"


def test_taking_the_old_one_off_an_ad_account_would_take_the_new_off_too_and_is_refused(desk: Desk, tap: Tap) -> None:
    switch(desk, setting_on_again="new_code")
    old = desk.in_use()
    new = _replaced(desk, old)
    desk.applied(new)
    tap.clear()
    with refused("others_applied_there", Conflict):
        services.unbind(authorization=old, ad_account=desk.eu, actor=desk.bo, at=desk.at)
    assert tap.writes() == [] and application(new, desk.eu).state == "in_use"


def test_a_code_that_comes_back_unchanged_replaces_nothing(desk: Desk, tap: Tap) -> None:
    """The platform keeps one code per post (inferred); then extending is the way, and the refusal says so."""
    old = desk.in_use()
    tap.clear()
    with refused("same_code", Conflict):
        _replaced(desk, old)
    left = Authorization.objects.get(replaces=old)
    assert left.state == "new" and left.claim_id is None and left.code is None
    assert events(left)[-1] == "issue.refused" and tap.writes() == [SETTING]
    assert fresh(old).state == "in_use" and len(live(desk, old)) == 1


def test_a_lost_answer_to_a_replacement_is_told_from_the_old_code(desk: Desk) -> None:
    old = desk.in_use()
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        _replaced(desk, old)
    left = Authorization.objects.get(replaces=old)
    services.check(authorization=left, actor=desk.mara, at=desk.at)
    assert events(left)[-1] == "issue.not_done" and fresh(left).state == "new"
    switch(desk, setting_on_again="new_code")
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        _replaced(desk, old)
    services.check(authorization=left, actor=desk.mara, at=desk.at)
    assert fresh(left).state == "issued" and fresh(left).code != old.code


def test_an_expired_one_can_be_replaced(desk: Desk) -> None:
    old = desk.in_use()
    desk.later(days=31)
    services.expire(authorization=old, actor=desk.admin, at=desk.at)
    new = _replaced(desk, old)
    assert new.state == "issued" and new.code != old.code and fresh(old).state == "expired"


def test_by_hand_the_new_code_is_typed_in(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    old = by_hand(desk)
    with refused("by_hand", Conflict):
        _replaced(desk, old)
    new = _replaced(desk, old, 7, code="#theNewOne1234567890")
    assert new.replaces == old and new.window_source == "computed" and new.ends_at == desk.at + timedelta(days=7)
    assert tap.calls == [] and last(new)["source"] == "computed"
    with refused("same_code", Conflict):
        _replaced(desk, new, 7, code="#theNewOne1234567890")


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    row = desk.in_use()
    with refused("days_out_of_range", Invalid):
        _replaced(desk, row, 0)
    with refused("not_your_verb", Forbidden):
        _replaced(desk, row, actor=desk.bo)
    with refused("no_such_authorization", NotFound):
        _replaced(desk, row, actor=desk.stranger)
    desk.note("public", visibility="private")
    with refused("post_private", Invalid):
        _replaced(desk, fresh(row))
    desk.note("public", visibility="public")
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        _replaced(desk, row)
    assert Authorization.objects.count() == 1 and len(accesses(row)) == 1
