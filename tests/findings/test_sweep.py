"""The sweep: what fires is opened, kept, closed and opened anew with its past; what the clock ended is written down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from tests.authorizations.stage import LIST, STATUS, order
from tests.cli.conftest import everything
from tests.desk import HOST, Desk
from tests.findings.swept import REAL, REASON, extended, of, only, own_rule, state, swept  # noqa: F401  # a fixture
from tests.many import many
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services as codes
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.connectors.tiktok import connector
from valetkey.connectors.tiktok.client import Patience
from valetkey.errors import Forbidden
from valetkey.findings import services
from valetkey.findings.finding import Severity
from valetkey.findings.models import Finding, Spell, Sweep
from valetkey.findings.services import What

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Patience(attempts=1, first_wait=0.001, longest_wait=0.001, jitter=0.001, read=0.5, whole_call=5.0)
    monkeypatch.setattr(connector.platform, "patience", patience)


def _events(row: Finding) -> list[str]:
    return list(Entry.objects.filter(subject=row.entry_subject).order_by("seq").values_list("event", flat=True))


def test_what_fires_is_opened_for_each_side_with_its_evidence(desk: Desk) -> None:
    row = desk.in_use()
    done = swept(desk)
    assert (done.counts[What.OPENED], done.open, done.is_quiet) == (2, 2, False)
    assert {each.party for each in done.changes} == {"Mara Lindt", "Northwind"}
    found = of(row, desk.creator)
    assert found.severity == Severity.SOON and found.by == row.ends_at and found.times == 1
    assert found.opened_at == found.first_opened_at == desk.at and found.closed_at is None
    assert found.evidence == [{"what": "The code ends", "source": "observed", "at": row.ends_at.isoformat()}]  # type: ignore[union-attr]
    spell = found.spells.get()
    assert (spell.opened_at, spell.closed_at, spell.sentence) == (desk.at, None, found.sentence)
    assert _events(found) == ["finding.opened"] and Entry.objects.filter(event="sweep.done").count() == 1
    line = Sweep.objects.get()
    assert line.at == desk.at and line.finished_at is not None and line.counts["opened"] == 2
    assert verify().holds


def test_swept_again_nothing_is_written_but_that_it_ran(desk: Desk) -> None:
    desk.in_use()
    swept(desk)
    before, lines = state(), Entry.objects.count()
    desk.later(hours=1)
    done = swept(desk)
    assert done.is_quiet and done.open == 2 and state() == before and Entry.objects.count() == lines
    assert Sweep.objects.count() == 2


def test_it_grows_more_pressing_where_it_is_and_the_history_says_so(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    desk.later(days=24)
    done = swept(desk)
    found = of(row, desk.creator)
    assert done.counts[What.CHANGED] == 2 and done.open == 2 and found.severity == Severity.URGENT
    assert found.opened_at < found.changed_at == desk.at and found.spells.get().severity == Severity.URGENT
    assert _events(found) == ["finding.opened", "finding.changed"]


def test_put_right_it_is_closed_and_when_it_comes_back_its_past_is_kept(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    opened_at = desk.at
    services.acknowledge(findings=[of(row, desk.creator)], reason=REASON, actor=desk.mara, at=desk.at)
    services.hand_on(
        findings=[of(row, desk.advertiser)], to=desk.advertiser.people.get(name="Kim"), reason=REASON, actor=desk.bo,
        at=desk.at,
    )  # fmt: skip
    closed_at = desk.later(days=1)
    extended(desk, row)
    assert swept(desk).counts[What.CLOSED] == 2
    found = of(row, desk.creator)
    assert found.closed_at == closed_at and found.acknowledged_at is not None
    row.refresh_from_db()
    again_at = desk.later(days=60)
    assert swept(desk).counts[What.REOPENED] == 2
    found = of(row, desk.creator)
    assert (found.times, found.first_opened_at, found.opened_at, found.closed_at) == (2, opened_at, again_at, None)
    assert (found.acknowledged_at, found.acknowledged_by, found.acknowledged_as, found.reason) == (None, "", None, "")
    assert of(row, desk.advertiser).handed_to is None
    spells = list(found.spells.order_by("opened_at").values_list("opened_at", "closed_at"))
    assert spells == [(opened_at, closed_at), (again_at, None)]
    assert _events(found)[-1] == "finding.opened" and Finding.objects.count() == 2


def test_another_end_is_another_decision(desk: Desk) -> None:
    """“Let it end” was said of one end. When the end moves and it fires again, somebody decides anew."""
    row = desk.in_use()
    swept(desk)
    services.let_end(findings=[of(row, desk.advertiser)], reason=REASON, actor=desk.bo, at=desk.at)
    desk.later(days=25)
    swept(desk)
    assert of(row, desk.advertiser).let_end_at is not None, "More pressing, the same end."
    Authorization.objects.filter(pk=row.pk).update(ends_at=row.ends_at + timedelta(days=1))  # type: ignore[operator]
    swept(desk)
    assert of(row, desk.advertiser).let_end_at is None


def test_what_was_decided_of_an_end_holds_when_it_has_come(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that was to run out under a campaign has done so: that side knew, and is told of it no more."""
    only(monkeypatch, *REAL)
    row = desk.issued(campaigns=(desk.campaign(days=60),))
    desk.applied(row)
    swept(desk)
    before = Finding.objects.get(rule="ends_before_campaign", party=desk.advertiser)
    services.let_end(findings=[before], reason=REASON, actor=desk.bo, at=desk.at)
    then = services.on_day(on=desk.at + timedelta(days=31), actor=HOST, at=desk.at)
    foretold = {each.party for each in then.lines if each.rule == "ran_out_under_campaign"}
    assert foretold == {desk.creator.reference}
    decided_at = desk.at
    desk.later(days=31)
    swept(desk)
    row.refresh_from_db()
    ran_out = Finding.objects.filter(rule="ran_out_under_campaign").open()
    theirs, mine = ran_out.get(party=desk.advertiser), ran_out.get(party=desk.creator)
    assert row.state == "expired" and mine.let_end_at is None
    assert (theirs.let_end_at, theirs.let_end_by, theirs.reason) == (decided_at, "Bo", REASON)


def test_what_the_clock_has_ended_is_written_down_first(desk: Desk) -> None:
    row = desk.in_use()
    swept(desk)
    desk.later(days=30)
    done = swept(desk)
    row.refresh_from_db()
    assert done.expired == 1 and row.state == "expired" and done.counts[What.CLOSED] == 2 and done.open == 0


def test_a_dry_run_writes_nothing_and_says_what_would_be(desk: Desk) -> None:
    row = desk.in_use()
    before = everything()
    then = desk.at + timedelta(days=24)
    told = swept(desk, at=then, dry_run=True, look=True)
    assert everything() == before
    assert (
        told.is_dry_run
        and told.counts[What.OPENED] == 2
        and {each.severity for each in told.changes} == {Severity.URGENT}
    )
    over = swept(desk, at=row.ends_at, dry_run=True)
    assert over.expired == 1 and over.open == 0
    swept(desk)
    before = everything()
    closing = swept(desk, at=row.ends_at, dry_run=True)
    assert closing.counts[What.CLOSED] == 2 and closing.open == 0 and everything() == before
    with pytest.raises(Forbidden):
        services.sweep(actor=desk.bo, at=desk.at, dry_run=True)


def test_what_was_foretold_is_what_is_found_then(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all rules: nobody does anything until then."""
    only(monkeypatch, *REAL)
    row, campaign = desk.in_use(), desk.campaign(days=60)
    codes.set_campaigns(authorization=row, campaigns=[campaign], actor=desk.bo, at=desk.at)
    then = desk.at + timedelta(days=45)
    foretold = swept(desk, at=then, dry_run=True)
    names = sorted((each.rule, each.of, each.party, each.sentence) for each in foretold.changes)
    desk.later(days=45)
    found = sorted((each.rule, each.of, each.party, each.sentence) for each in swept(desk).changes)
    assert names == found and found


def test_a_subject_that_is_gone_leaves_nothing_open(desk: Desk) -> None:
    swept(desk)
    row = Finding.objects.create(
        rule="test_ends", about="authorization", subject="GONE234", party=desk.creator, severity=2, sentence="Old.",
        first_opened_at=desk.at, opened_at=desk.at, changed_at=desk.at,
    )  # fmt: skip
    Spell.objects.create(finding=row, opened_at=desk.at, severity=2, sentence="Old.")
    desk.later(hours=1)
    assert swept(desk).counts[What.CLOSED] == 1
    row.refresh_from_db()
    assert row.closed_at == desk.at == row.spells.get().closed_at


def test_a_rule_that_is_no_more_leaves_nothing_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.in_use()
    swept(desk)
    only(monkeypatch)
    desk.later(hours=1)
    assert swept(desk).counts[What.CLOSED] == 2 and not Finding.objects.open().exists()


def test_an_older_sweep_takes_nothing_back(desk: Desk) -> None:
    """It began before another one and is slower: what that one has found is newer."""
    row = desk.in_use()
    swept(desk, at=desk.at + timedelta(days=1))
    before = state()
    assert row.ends_at is not None
    swept(desk, at=row.ends_at - timedelta(days=31))
    assert state() == before


def test_very_many_in_batches_and_no_query_for_each(
    desk: Desk, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    many(desk, 700)
    with django_assert_max_num_queries(420):
        done = swept(desk)
    assert done.counts[What.OPENED] == done.open == Finding.objects.open().count() > 600
    with django_assert_max_num_queries(250):
        assert swept(desk).is_quiet
    assert verify().holds


# ---- looking at the platform


def test_what_was_not_looked_at_for_long_is_looked_at_the_oldest_first(desk: Desk) -> None:
    row = desk.in_use()
    Authorization.objects.filter(pk=row.pk).update(checked_at=None)
    assert swept(desk, look=True).seen.looked == 1
    row.refresh_from_db()
    assert row.checked_at == desk.at
    desk.later(hours=20)
    assert swept(desk, look=True).seen.looked == 0
    desk.later(hours=4)
    assert swept(desk, look=True).seen.looked == 1


def test_no_more_looks_than_the_desk_has_for_one_sweep(desk: Desk) -> None:
    desk.in_use()
    services.set_limit(name="looks_per_sweep", value=0, actor=HOST, at=desk.at)
    assert swept(desk, at=desk.at + timedelta(days=2), look=True).seen.looked == 0


def test_without_a_connection_there_is_nothing_to_ask(desk: Desk) -> None:
    desk.in_use()
    desk.disconnect_all()
    desk.later(days=2)
    done = swept(desk, look=True)
    assert done.seen.looked == 0 and done.seen.not_seen == ()


def test_a_party_whose_platform_says_later_is_left_alone_and_the_sweep_goes_on(desk: Desk) -> None:
    first, second = desk.in_use(), desk.issued(post=desk.note("public_two"))
    desk.later(days=2)
    order(desk, STATUS, "throttle")
    done = swept(desk, look=True)
    assert done.seen.looked == 0 and done.seen.left_alone == ("Mara Lindt",)
    assert [each.reference for each in done.seen.not_seen] in ([first.reference], [second.reference])
    assert done.counts[What.OPENED] == 4, "What the record has is judged all the same."
    assert Sweep.objects.get().counts["left_alone"] == ["Mara Lindt"]
    desk.later(hours=1)
    assert swept(desk, look=True).seen.looked == 2


def test_one_that_is_refused_is_told_by_name_and_is_the_last_the_next_time(desk: Desk) -> None:
    first, second = desk.in_use(), desk.issued(post=desk.note("public_two"))
    desk.later(days=2)
    order(desk, LIST, "refuse", code=40001, message="No permission.")
    services.set_limit(name="looks_per_sweep", value=1, actor=HOST, at=desk.at)
    Authorization.objects.filter(pk=first.pk).update(checked_at=None)
    done = swept(desk, look=True)
    assert [each.reference for each in done.seen.not_seen] == [first.reference] and done.seen.left_alone == ()
    desk.later(hours=1)
    swept(desk, look=True)
    second.refresh_from_db()
    assert second.checked_at == desk.at, "The other one is not kept waiting."


def test_what_nobody_can_look_at_takes_no_look_away(desk: Desk) -> None:
    """An advertiser's connection shows ad accounts, and this code is on none."""
    row = desk.in_use()
    Authorization.objects.filter(pk=desk.issued(post=desk.note("public_two")).pk).update(checked_at=None)
    Connection.objects.filter(party=desk.creator).update(ended_at=desk.at)
    services.set_limit(name="looks_per_sweep", value=1, actor=HOST, at=desk.at)
    desk.later(days=2)
    assert swept(desk, look=True).seen.looked == 1
    row.refresh_from_db()
    assert row.checked_at == desk.at


def test_the_many_of_a_party_that_is_left_alone_do_not_hide_those_of_others(desk: Desk) -> None:
    rows = [row for row in many(desk, 60) if row.state == "in_use"]
    theirs = rows[-1]
    Authorization.objects.filter(pk=theirs.pk).update(advertiser=desk.rival)
    theirs.applications.exclude(ad_account=desk.eu).delete()
    theirs.applications.update(ad_account=desk.rivals_account)
    Connection.objects.filter(party=desk.creator).update(ended_at=desk.at)
    token = desk.seeded.advertisers[1].token
    connections.connect(
        party=desk.rival, platform="tiktok", level=Level.ADVERTISER, token=token, base_url=SANDBOX, actor=HOST,
        at=desk.at,
    )  # fmt: skip
    services.set_limit(name="looks_per_sweep", value=2, actor=HOST, at=desk.at)
    desk.later(hours=1)
    order(desk, LIST, "throttle")
    seen = swept(desk, look=True).seen
    assert seen.left_alone == ("Northwind",) and seen.looked == 1


def test_those_refused_within_a_day_come_last_for_all_of_it(desk: Desk) -> None:
    """More of them than one sweep looks at would else take turns before all others."""
    posts = [desk.post, desk.note("public_two"), desk.note("carousel")]
    first, second, third = (desk.issued(post=post) for post in posts)
    services.set_limit(name="looks_per_sweep", value=1, actor=HOST, at=desk.at)
    desk.later(days=2)
    for number, row in enumerate((first, second, third)):
        Authorization.objects.filter(pk=row.pk).update(checked_at=desk.at - timedelta(days=2, minutes=-number))
    looked = []
    for _ in range(3):
        desk.later(hours=1)
        order(desk, STATUS, "refuse", code=40001, message="No permission.")
        looked += [each.reference for each in swept(desk, look=True).seen.not_seen]
    assert looked == [first.reference, second.reference, third.reference]


def test_a_lapsed_connection_is_asked_once(desk: Desk) -> None:
    desk.in_use()
    desk.issued(post=desk.note("public_two"))
    Connection.objects.filter(party=desk.creator).update(refresh_token=None, app_secret=None)
    desk.later(days=3)
    done = swept(desk, look=True)
    assert [each.code for each in done.seen.not_seen] == ["connection_lapsed"] and done.seen.left_alone == (
        "Mara Lindt",
    )


def test_what_is_under_way_is_not_asked_for_yet(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=2)
    Authorization.objects.filter(pk=row.pk).update(
        claim_id="00000000-0000-0000-0000-000000000001", claim_verb="extend",
        claimed_until=desk.at + timedelta(minutes=2),
    )  # fmt: skip
    done = swept(desk, look=True)
    assert done.seen.looked == 0 and done.seen.not_seen == ()
