"""Decisions on findings: who may, what each does, several at once or none, and what it leaves on the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from tests.findings.swept import ENDS, REASON, extended, let_end, of, only, own_rule, person, swept  # noqa: F401  # a fixture
from valetkey.accounts import services as accounts
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.findings import services
from valetkey.findings.models import Finding
from valetkey.findings.rule import Rule
from valetkey.findings.services import What, decide

pytestmark = pytest.mark.django_db


def _waiting(desk: Desk) -> set[str]:
    return set(Finding.objects.waiting(desk.at).values_list("party__name", flat=True))


def _detail(row: Finding) -> dict[str, object]:
    found: dict[str, object] = Entry.objects.filter(subject=row.entry_subject).latest("seq").detail
    return found


def test_acknowledged_it_stays_and_says_by_whom_and_how_pressing_it_was(desk: Desk) -> None:
    found = _opened(desk)[0]
    (row,) = services.acknowledge(findings=[found], reason="  We extend it.  ", actor=desk.mara, at=desk.at)
    row.refresh_from_db()
    assert (row.acknowledged_at, row.acknowledged_by, row.acknowledged_as) == (desk.at, "Mara", row.severity)
    assert row.reason == "We extend it." and _detail(row)["reason"] == "We extend it."
    assert Entry.objects.latest("seq").event == "finding.acknowledged"
    assert _waiting(desk) == {"Mara Lindt", "Northwind"}


def test_handed_to_somebody_of_that_record_who_is_still_there(desk: Desk) -> None:
    _, found = _opened(desk)
    kim, mara = person(desk, "Kim"), person(desk, "Mara")
    services.acknowledge(findings=[found], reason=REASON, actor=desk.bo, at=desk.at)
    (row,) = services.hand_on(findings=[found], to=kim, reason=REASON, actor=desk.bo, at=desk.at)
    assert row.handed_to == kim and row.acknowledged_at is None, "Kim has not seen it yet."
    assert _detail(row)["to"] == "Kim"
    with refused("not_on_record", Invalid):
        services.hand_on(findings=[found], to=mara, reason=REASON, actor=desk.bo, at=desk.at)
    accounts.person_left(person=kim, on=desk.at.date(), actor=desk.bo, at=desk.at)
    kim.refresh_from_db()
    desk.later(days=2)
    with refused("person_left", Conflict):
        services.hand_on(findings=[found], to=kim, reason=REASON, actor=desk.bo, at=desk.at)


def test_put_off_it_waits_again_from_that_instant_on(desk: Desk) -> None:
    found = _opened(desk)[0]
    until = desk.at + timedelta(days=3)
    services.snooze(findings=[found], until=until, reason=REASON, actor=desk.mara, at=desk.at)
    assert _waiting(desk) == {"Northwind"}
    desk.later(days=3)
    assert _waiting(desk) == {"Mara Lindt", "Northwind"}
    for bad, code in ((desk.at, "not_to_come"), (desk.at + timedelta(days=367), "snooze_too_long")):
        with refused(code, Invalid):
            services.snooze(findings=[found], until=bad, reason=REASON, actor=desk.mara, at=desk.at)


def test_left_to_its_end_the_access_is_noted_so_and_nothing_of_it_is_told(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    services.let_end(findings=[of(row, desk.creator)], reason=REASON, actor=desk.mara, at=desk.at)
    assert let_end(row) == [True] and _waiting(desk) == {"Northwind"}
    desk.later(hours=1)
    assert swept(desk).counts[What.CLOSED] == 2, "It was decided where the access is kept, and no campaign would stop."


def test_the_other_sides_decision_is_its_own_and_leaves_the_access(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    services.let_end(findings=[of(row, desk.advertiser)], reason=REASON, actor=desk.bo, at=desk.at)
    assert let_end(row) == [False] and _waiting(desk) == {"Mara Lindt"}
    desk.later(hours=1)
    assert swept(desk).is_quiet


def test_where_a_campaign_would_stop_the_buyer_is_still_told(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    Finding.objects.update(stops=1)
    services.let_end(findings=[of(row, desk.creator)], reason=REASON, actor=desk.mara, at=desk.at)
    assert let_end(row) == [False] and _waiting(desk) == {"Northwind"}


def test_what_is_about_no_end_cannot_be_left_to_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _opened(desk)[0]
    still = Rule(ENDS.id, ENDS.about, ENDS.group, "x", "x", "x", "x", ENDS.judge)
    monkeypatch.setattr(decide, "BY_ID", {ENDS.id: still})
    with refused("not_about_an_end", Conflict):
        services.let_end(findings=[found], reason=REASON, actor=desk.mara, at=desk.at)


def test_woken_everything_is_taken_back(desk: Desk) -> None:
    _, found = _opened(desk)
    with refused("nothing_decided", Conflict):
        services.wake(findings=[found], reason=REASON, actor=desk.bo, at=desk.at)
    services.hand_on(findings=[found], to=person(desk, "Kim"), reason=REASON, actor=desk.bo, at=desk.at)
    services.let_end(findings=[found], reason=REASON, actor=desk.kim, at=desk.at)
    services.snooze(findings=[found], until=desk.at + timedelta(days=1), reason=REASON, actor=desk.kim, at=desk.at)
    (row,) = services.wake(findings=[found], reason="Not so.", actor=desk.bo, at=desk.at)
    row.refresh_from_db()
    assert (row.handed_to, row.let_end_at, row.snoozed_until, row.acknowledged_at) == (None, None, None, None)
    assert row.reason == "Not so." and "Northwind" in _waiting(desk)


def test_several_at_once_all_or_none(desk: Desk) -> None:
    mine, theirs = _opened(desk)
    with pytest.raises(NotFound):
        services.acknowledge(findings=[mine, theirs], reason=REASON, actor=desk.mara, at=desk.at)
    assert not Finding.objects.exclude(acknowledged_at=None).exists()
    lines = Entry.objects.count()
    both = services.acknowledge(findings=[mine, theirs, mine], reason=REASON, actor=desk.admin, at=desk.at)
    assert both == [mine, theirs] and Entry.objects.count() == lines + 2


@pytest.mark.parametrize(
    ("who", "kind"),
    [("stranger", NotFound), ("mara", NotFound), ("viewer", Forbidden), ("auditor", Forbidden), ("kim", None),
     ("bo", None), ("admin", None)],
)  # fmt: skip
def test_a_decision_is_for_those_who_act_for_its_party(desk: Desk, who: str, kind: type[Refused] | None) -> None:
    _, theirs = _opened(desk)
    actor: Actor = getattr(desk, who)
    calls: tuple[tuple[Callable[..., object], dict[str, Any]], ...] = (
        (services.acknowledge, {}),
        (services.hand_on, {"to": person(desk, "Kim")}),
        (services.snooze, {"until": desk.at + timedelta(days=1)}),
        (services.let_end, {}),
        (services.wake, {}),
    )
    for service, more in calls:
        call = {"findings": [theirs], "reason": REASON, "actor": actor, "at": desk.at, **more}
        if kind is None:
            service(**call)
        else:
            with pytest.raises(kind) as told:
                service(**call)
            assert theirs.sentence not in str(told.value)


def test_a_reason_is_needed_and_carries_no_credential(desk: Desk) -> None:
    found = _opened(desk)[0]
    for text, code in (("", "text_missing"), ("x" * 301, "text_too_long"), ("my password is Kolibri!4711", None)):
        with pytest.raises(Invalid) as told:
            services.acknowledge(findings=[found], reason=text, actor=desk.mara, at=desk.at)
        assert code in {told.value.code, None} and "Kolibri" not in str(told.value)


def test_what_is_over_is_decided_no_more(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    extended(desk, row)
    desk.later(hours=1)
    swept(desk)
    with refused("finding_closed", Conflict):
        services.acknowledge(findings=[of(row, desk.creator)], reason=REASON, actor=desk.mara, at=desk.at)


def test_thresholds_are_the_admins_and_within_bounds(desk: Desk) -> None:
    assert services.limits().ends_within == 30
    assert services.set_limit(name="ends_within", value=10, actor=desk.admin, at=desk.at).ends_within == 10
    assert Entry.objects.latest("seq").detail == {"limit": "ends_within", "from": 30, "to": 10}
    lines = Entry.objects.count()
    services.set_limit(name="ends_within", value=10, actor=desk.admin, at=desk.at)
    assert Entry.objects.count() == lines
    for name, value, code in (("ends_within", 0, "limit_bounds"), ("ends_within", 366, "limit_bounds"),
                              ("nothing", 3, "no_such_limit")):  # fmt: skip
        with refused(code, Invalid):
            services.set_limit(name=name, value=value, actor=HOST, at=desk.at)
    with pytest.raises(Forbidden):
        services.set_limit(name="ends_within", value=5, actor=desk.bo, at=desk.at)
    assert services.set_limit(name="ends_within", value=None, actor=HOST, at=desk.at).ends_within == 30


def test_a_threshold_is_what_the_sweep_goes_by(desk: Desk) -> None:
    desk.in_use()
    services.set_limit(name="ends_within", value=10, actor=HOST, at=desk.at)
    assert swept(desk).open == 0
    desk.later(days=20)
    assert swept(desk).open == 2


def _opened(desk: Desk) -> tuple[Finding, Finding]:
    """The creator's and the advertiser's, of one code."""
    row = desk.in_use()
    swept(desk)
    return of(row, desk.creator), of(row, desk.advertiser)
