"""The inbox: whose findings somebody sees, theirs first, the most pressing on top, and no more queries for many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from tests.findings.swept import REASON, of, own_rule, person, swept  # noqa: F401  # a fixture
from valetkey.accounts.models import Party
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.errors import NotFound
from valetkey.findings import services
from valetkey.findings.finding import About, Group, Severity
from valetkey.findings.models import Finding, Spell
from valetkey.findings.services import Narrowed, Which
from valetkey.history.services import read_about

pytestmark = pytest.mark.django_db


def finding(desk: Desk, party: Party, number: int = 0, **more: Any) -> Finding:
    facts = {
        "rule": "test_ends", "about": "authorization", "subject": f"S{number:06}", "party": party, "severity": 2,
        "sentence": f"Number {number}.", "first_opened_at": desk.at, "opened_at": desk.at, "changed_at": desk.at,
    }  # fmt: skip
    return Finding(**{**facts, **more})


def kept(desk: Desk, *rows: Finding) -> list[Finding]:
    return Finding.objects.bulk_create(rows)


def seen(desk: Desk, actor: Actor, **narrowed: Any) -> list[str]:
    page = services.inbox(actor=actor, at=desk.at, narrowed=Narrowed(**narrowed))
    assert page.count == len(page.rows)
    return [row.subject for row in page.rows]


def test_everybody_sees_what_is_told_to_their_own_parties(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    mine, theirs = of(row, desk.creator), of(row, desk.advertiser)
    guest = Actor(name="a guest", door=Door.WEB, user_id=GUEST)
    table: dict[str, tuple[Actor, set[Finding]]] = {
        "creator": (desk.mara, {mine}), "manager": (desk.bo, {theirs}), "member": (desk.kim, {theirs}),
        "viewer": (desk.viewer, {theirs}), "admin": (desk.admin, {mine, theirs}),
        "auditor": (desk.auditor, {mine, theirs}), "host": (HOST, {mine, theirs}), "stranger": (desk.stranger, set()),
        "guest": (guest, set()),
    }  # fmt: skip
    for who, (actor, expected) in table.items():
        page = services.inbox(actor=actor, at=desk.at)
        assert set(page.rows) == expected, who
        assert services.count_waiting(actor=actor, at=desk.at).all == len(expected)
        for each in (mine, theirs):
            if each in expected:
                assert services.find_finding(text=f" {each.reference.lower()} ", actor=actor) == each
                assert read_about(reference=each.reference, actor=actor).lines.entries
            else:
                with refused("no_such_finding", NotFound):
                    services.find_finding(text=each.reference, actor=actor)
                with pytest.raises(NotFound):
                    read_about(reference=each.reference, actor=actor)


def test_the_history_of_a_code_has_what_was_found_of_it_for_ones_own_side(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    for actor, count in ((desk.mara, 1), (desk.bo, 1), (desk.auditor, 2)):
        lines = read_about(reference=row.reference, actor=actor).lines.entries
        assert [entry.event for entry in lines].count("finding.opened") == count


def test_mine_first_then_what_presses_most_and_would_stop_most(desk: Desk) -> None:
    kim, soon = person(desk, "Kim"), desk.at + timedelta(days=1)
    kept(
        desk,
        finding(desk, desk.advertiser, 1, severity=3, stops=2),
        finding(desk, desk.advertiser, 2, severity=4, stops=1),
        finding(desk, desk.advertiser, 3, severity=4, stops=7),
        finding(desk, desk.advertiser, 4, severity=1, owner=kim),
        finding(desk, desk.advertiser, 5, severity=3, stops=2, by=soon),
        finding(desk, desk.advertiser, 6, severity=2, handed_to=kim),
        finding(desk, desk.advertiser, 7, severity=2, owner=kim, handed_to=person(desk, "Bo")),
    )
    names = {f"S{number:06}": number for number in range(9)}
    assert [names[each] for each in seen(desk, desk.kim)] == [6, 4, 3, 2, 5, 1, 7]
    assert [names[each] for each in seen(desk, desk.kim, mine=True)] == [6, 4]
    assert [names[each] for each in seen(desk, desk.bo)] == [7, 3, 2, 5, 1, 6, 4]
    assert [names[each] for each in seen(desk, HOST)] == [3, 2, 5, 1, 6, 7, 4]
    counts = services.count_waiting(actor=desk.kim, at=desk.at)
    assert counts.mine == 2 and counts.by_severity == {
        Severity.URGENT: 2, Severity.IMPORTANT: 2, Severity.SOON: 2, Severity.NOTE: 1
    }  # fmt: skip


def test_narrowed(desk: Desk) -> None:
    later = desk.at + timedelta(days=1)
    kept(
        desk,
        finding(desk, desk.advertiser, 1, severity=4),
        finding(desk, desk.advertiser, 2, about="access", rule="else"),
        finding(desk, desk.creator, 3),
        finding(desk, desk.creator, 4, snoozed_until=later),
        finding(desk, desk.creator, 5, snoozed_until=desk.at),
        finding(desk, desk.creator, 6, let_end_at=desk.at),
        finding(desk, desk.creator, 7, closed_at=desk.at),
    )

    def of_which(**narrowed: Any) -> set[int]:
        return {int(each[1:]) for each in seen(desk, HOST, **narrowed)}

    assert of_which() == {1, 2, 3, 5} and of_which(which=Which.ALL) == {1, 2, 3, 4, 5, 6, 7}
    assert of_which(which=Which.PUT_OFF) == {4, 6} and of_which(which=Which.CLOSED) == {7}
    assert of_which(severity=Severity.IMPORTANT) == {1} and of_which(about=About.ACCESS) == {2}
    assert (
        of_which(rule="else") == {2} and of_which(group=Group.TIME) == {1, 3, 5} and of_which(group=Group.USE) == set()
    )
    assert of_which(party=desk.creator.reference.lower()) == {3, 5} and of_which(subject="s000001") == {1}


def test_pages(desk: Desk) -> None:
    kept(desk, *(finding(desk, desk.advertiser, number) for number in range(1100)))
    first = services.inbox(actor=desk.bo, at=desk.at, size=30)
    last = services.inbox(actor=desk.bo, at=desk.at, number=999, size=30)
    assert (first.count, first.is_more, first.last, last.number) == (1000, True, 34, 34)
    assert [row.subject for row in first.rows] == [f"S{number:06}" for number in range(30)]
    assert len(last.rows) == 10


def test_ten_thousand_ask_no_more_than_ten(desk: Desk) -> None:
    kim = person(desk, "Kim")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            for row in services.inbox(actor=desk.kim, at=desk.at).rows:
                assert str(row.party) and str(row.owner) and row.handed_to is None
            services.count_waiting(actor=desk.kim, at=desk.at)
            services.on_day(on=desk.at, actor=desk.kim, at=desk.at)
            services.on_day(on=desk.at - timedelta(days=1), actor=desk.kim, at=desk.at)
        return len(queries)

    def many(first: int, number: int) -> None:
        rows = kept(desk, *(finding(desk, desk.advertiser, first + n, owner=kim) for n in range(number)))
        opened_at = desk.at - timedelta(days=2)
        Spell.objects.bulk_create(Spell(finding=row, opened_at=opened_at, severity=2, sentence="x") for row in rows)

    many(0, 10)
    few = asked()
    many(10, 9_990)
    assert asked() == few <= 20
