"""A sweep that is killed -9 anywhere, and two at once: the record ends as one quiet sweep would have left it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.conf import settings

from tests.authorizations.driver import Driver
from tests.desk import HOST, Desk
from tests.findings.swept import state
from tests.many import many
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations.lifecycle import LIVE
from valetkey.authorizations.models import Authorization
from valetkey.findings.finding import About
from valetkey.findings.gather import GATHERS
from valetkey.findings.limits import Limits
from valetkey.findings.models import Finding, Spell, Sweep
from valetkey.findings.rules import judge
from valetkey.findings.services import set_limit

pytestmark = pytest.mark.django_db(transaction=True)

BEATS: Final = (
    "begun 1", "looked 1", "expired 1", "expired 3", "judged 1", "committing 1", "committed 1", "committing 2",
    "committed 2", "committing 1", "judged 5", "committed 1", "finishing 1",
)  # fmt: skip
"""One after the other: each child goes on where the one before it was killed."""


@pytest.fixture(scope="session")
def sweeper(django_db_setup: None, django_db_blocker: Any) -> Iterator[Driver]:
    with django_db_blocker.unblock():
        made = Driver("tests.findings.killed")
    yield made
    made.close()


def _order(desk: Desk, beat: str = "", *, look: bool = False) -> dict[str, Any]:
    state_of_sandbox = str(settings.VALETKEY_SANDBOX_STATE)
    return {"verb": "sweep", "beat": beat, "look": look, "at": desk.at.isoformat(), "state": state_of_sandbox}


def _should_be_open(desk: Desk) -> set[tuple[str, str, str]]:
    """Asked of every row there is, without what the sweep goes by."""
    found = set()
    for about in About:
        gather = GATHERS[about]
        named = {About.AUTHORIZATION: Authorization.objects.all()}.get(about)
        pks = (
            list(named.values_list("pk", flat=True))
            if named is not None
            else [pk for batch in gather.candidates(desk.at, Limits(), None) for pk in batch]
        )
        said = judge(about, gather.facts(pks, desk.at), desk.at, Limits())
        found |= {(each.rule, each.subject, each.party) for each in said}
    return found


def _is_whole(desk: Desk) -> None:
    """Each finding once, with one open spell and one line of the history; and nothing that is due is left."""
    open_ones = Finding.objects.open()
    keys = Counter(open_ones.values_list("rule", "subject", "party__reference"))
    assert set(keys) == _should_be_open(desk) and set(keys.values()) == {1}
    assert Spell.objects.filter(closed_at=None).count() == Spell.objects.count() == open_ones.count()
    told = Counter(Entry.objects.filter(event="finding.opened").values_list("subject", flat=True))
    assert set(told) == {row.entry_subject for row in open_ones} and set(told.values()) == {1}
    assert not Authorization.objects.filter(state__in=sorted(LIVE), ends_at__lte=desk.at).exists()
    assert Entry.objects.filter(event="authorization.expire").count() > 3
    assert verify().holds


def test_killed_at_every_beat_the_next_one_does_the_rest(committed_desk: Desk, sweeper: Driver) -> None:
    desk = committed_desk
    many(desk, 170)
    desk.later(days=8)
    # The platform knows none of these codes: it is asked for nothing, and yet that step is passed.
    set_limit(name="looks_per_sweep", value=0, actor=HOST, at=desk.at)
    for beat in BEATS:
        assert sweeper.together(_order(desk, beat, look=True))[0]["signal"] == 9, beat
        assert verify().holds
    assert sweeper.together(_order(desk)) == [{"signal": 0, "code": 0}]
    _is_whole(desk)
    before = state()
    assert sweeper.together(_order(desk)) == [{"signal": 0, "code": 0}]
    assert state() == before
    assert Sweep.objects.filter(finished_at=None).count() == len(BEATS), "Cut off, and told so."


def test_two_and_more_at_once_write_everything_once(committed_desk: Desk, sweeper: Driver) -> None:
    desk = committed_desk
    many(desk, 170)
    desk.later(days=8)
    ended = sweeper.together(*[_order(desk)] * 3)
    assert ended == [{"signal": 0, "code": 0}] * 3
    _is_whole(desk)


def test_looking_at_the_same_time_disturbs_nobody(committed_desk: Desk, sweeper: Driver) -> None:
    desk = committed_desk
    desk.in_use()
    desk.issued(post=desk.note("public_two"))
    desk.later(days=2)
    ended = sweeper.together(*[_order(desk, look=True)] * 2)
    assert ended == [{"signal": 0, "code": 0}] * 2
    assert set(Authorization.objects.values_list("checked_at", flat=True)) == {desk.at} and verify().holds
