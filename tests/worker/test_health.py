"""How the background work goes, in plain words, for the desk's readers, and on a page of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401  # a fixture
from tests.worker.test_tasks import result
from valetkey.errors import Forbidden
from valetkey.findings.services import sweep
from valetkey.notices.models import Delivery, Digest, Endpoint
from valetkey.worker.health import MISSED_AFTER, SWEEP_LATE_AFTER, WAITS_LONG_AFTER, Health, health, in_short
from valetkey.worker.models import Worker

MOMENT = timedelta(seconds=1)
pytestmark = pytest.mark.usefixtures("same_clock")


def at_work(desk: Desk, *, seen_ago: timedelta = MOMENT) -> Worker:
    seen_at = desk.at - seen_ago
    return Worker.objects.create(name="one", host="machine-1", pid=4711, started_at=seen_at, seen_at=seen_at, done=7)


def asked(desk: Desk) -> Health:
    return health(actor=desk.auditor, at=desk.at)


def swept(desk: Desk) -> None:
    sweep(actor=HOST, at=desk.at, look=False)


def test_a_desk_with_a_worker_that_sweeps_is_well(desk: Desk) -> None:
    desk.in_use()
    desk.later(days=20)
    swept(desk)
    row = at_work(desk)
    found = asked(desk)
    assert found.is_well and found.workers == (row,) and found.seen_at == row.seen_at
    assert found.sweep is not None and found.sweep.at == desk.at and "opened" in found.swept


def test_a_desk_on_which_nobody_ever_worked(desk: Desk) -> None:
    assert asked(desk).troubles == (
        "No worker has been seen yet: nothing is looked for, and nobody is told of anything.",
        "No sweep has been finished yet.",
    )
    assert in_short(at=desk.at).startswith("No worker was seen lately")


def test_a_worker_that_has_just_begun_is_given_time_for_its_first_sweep(desk: Desk) -> None:
    row = at_work(desk)
    assert asked(desk).is_well and "not looked over yet" in in_short(at=desk.at)
    Worker.objects.update(started_at=row.started_at - MISSED_AFTER)
    assert asked(desk).troubles == ("No sweep has been finished yet.",)


def test_a_worker_is_missed_from_the_tenth_minute_on(desk: Desk) -> None:
    swept(desk)
    row = at_work(desk, seen_ago=MISSED_AFTER - MOMENT)
    assert asked(desk).is_well and not in_short(at=desk.at) and not asked(desk).workers
    desk.at = row.seen_at + MISSED_AFTER
    assert asked(desk).troubles == (
        "No worker was seen for 10 minutes: nothing is looked for, and nobody is told of anything.",
    )
    assert in_short(at=desk.at).startswith("No worker was seen lately")


def test_sweeps_that_are_late(desk: Desk) -> None:
    swept(desk)
    desk.later(seconds=SWEEP_LATE_AFTER.total_seconds())
    at_work(desk)
    assert asked(desk).is_well and not in_short(at=desk.at)
    desk.later(seconds=1)
    assert asked(desk).troubles == ("The last sweep was 3 hours ago; it should be every hour.",)
    assert in_short(at=desk.at) == "The last look over the record is some hours old."


def test_what_waits_and_for_how_long(desk: Desk) -> None:
    swept(desk)
    at_work(desk)
    due: dict[str, Any] = {"created_at": desk.at, "next_try_at": desk.at - WAITS_LONG_AFTER}
    Digest.objects.create(user_id=desk.mara.user_id or 0, day=desk.at.date(), message_id="m", **due)
    endpoint = Endpoint.objects.create(party=desk.creator, url="https://example.org/", created_at=desk.at)
    Delivery.objects.create(
        endpoint=endpoint, message_id="d", event="x", payload={}, give_up_at=desk.at + timedelta(days=1), **due
    )
    result("READY", desk.at - WAITS_LONG_AFTER)
    found = asked(desk)
    assert found.is_well and [each.waiting for each in (found.tasks, found.mails, found.deliveries)] == [1, 1, 1]
    desk.later(seconds=1)
    at = ("A task", "A mail", "A call of a webhook")
    assert asked(desk).troubles == tuple(f"{what} has been waiting for 30 minutes." for what in at)


def test_calls_that_were_given_up(desk: Desk) -> None:
    swept(desk)
    at_work(desk)
    endpoints = [
        Endpoint.objects.create(party=desk.creator, url="https://example.org/", created_at=desk.at, ended_at=ended_at)
        for ended_at in (None, desk.at)
    ]
    for number, (endpoint, days) in enumerate([(endpoints[0], 0), (endpoints[0], 1), (endpoints[1], 0)]):
        Delivery.objects.create(
            endpoint=endpoint, message_id=f"d{number}", event="x", payload={}, state=Delivery.State.DEAD,
            created_at=desk.at, next_try_at=desk.at, give_up_at=desk.at, settled_at=desk.at - timedelta(days=days),
        )  # fmt: skip
    assert asked(desk).troubles == (
        f"1 call of a webhook was given up within a day ({desk.creator.name}). "
        "Whoever keeps the webhook can have what was given up sent again.",
    )


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        (
            "valetkey.worker.tasks.TaskFailed",
            'Traceback\n  File "x"\nvaletkey.worker.tasks.TaskFailed: Somebody else: busy.\n',
            "Somebody else: busy.",
        ),
        ("valetkey.worker.schedule.WorkerLost", "", "The worker was gone before it was done."),
        ("valetkey.worker.running.CutOff", "words", "The worker had to leave before it was done."),
        ("somewhere.ForeignError", "ForeignError: #AbC+dEf/12345678=", "ForeignError"),
    ],
)
def test_a_failure_is_told_in_our_own_words_until_it_is_put_right(
    desk: Desk, kind: str, words: str, sentence: str
) -> None:
    swept(desk)
    at_work(desk)
    result("FAILED", desk.at - timedelta(minutes=2), kind=kind, words=words)
    found = asked(desk)
    assert found.troubles == (f"The last try to look for findings failed. {sentence}",)
    assert [(each.name, each.sentence) for each in found.faults] == [("sweep", sentence)]
    result("SUCCESSFUL", desk.at - timedelta(minutes=1))
    assert asked(desk).is_well and asked(desk).faults == found.faults


def test_it_is_for_the_readers_of_the_desk(desk: Desk) -> None:
    for actor in (desk.mara, desk.bo, desk.viewer, desk.stranger):
        with pytest.raises(Forbidden):
            health(actor=actor, at=desk.at)
    assert health(actor=desk.admin, at=desk.at) == health(actor=HOST, at=desk.at)


def test_the_page_tells_it(desk: Desk) -> None:
    client = browser(desk.auditor)
    assert "Somebody should look. No worker has been seen yet" in read(client.get(reverse("desk_health")))
    swept(desk)
    at_work(desk)
    text = read(client.get(reverse("desk_health")))
    assert "All is well." in text and "machine-1 4711" in text and "Mails 0" in text
