"""Mails through a real mail server: none lost, none doubled, at most one a day for each person, none to a leaver."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections as databases

from tests.authorizations.driver import environment
from tests.desk import HOST, Desk
from tests.notices.found import close, found, mails, person_of, reopen, told, user
from tests.notices.killed import BEATS
from tests.notices.postman import ACCEPT, DROP, LATER, MUTE, REFUSE, SLOW, Postman, at_work
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.accounts.policy import Role
from valetkey.audit.models import Entry
from valetkey.findings.finding import Group, Severity
from valetkey.findings.models import Finding
from valetkey.notices.models import Digest, Notice
from valetkey.notices.services import (
    Sent,
    find_unsubscribe,
    plan_notices,
    send_digests,
    set_preference,
    unsubscribe,
    unsubscribe_address,
    wishes,
)
from valetkey.notices.services.digests import CLAIM

pytestmark = pytest.mark.django_db


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    with at_work(settings) as postman:
        yield postman


def planned(desk: Desk, *names: str) -> None:
    """A finding each, and the mails that tell of them."""
    for name in names:
        found(desk, owner=person_of(name, desk.advertiser))
    plan_notices(at=desk.at)


def run(desk: Desk) -> Sent:
    plan_notices(at=desk.at)
    return send_digests(at=desk.at)


def body(mail: Any, kind: str = "plain") -> str:
    return str(mail.get_body((kind,)).get_content()).replace("\r\n", "\n")


def test_it_says_what_when_who_and_where_in_text_and_html(desk: Desk, postman: Postman) -> None:
    accounts.set_time_zone(user=user("Kim"), time_zone="Europe/Berlin", actor=HOST, at=desk.at)
    row = found(
        desk, by=desk.at + timedelta(days=7), owner=person_of("Kim", desk.advertiser), severity=Severity.IMPORTANT
    )
    now = found(desk, handed_to=person_of("Kim", desk.advertiser), sentence="Somebody <b>shared</b>\na login.")
    assert run(desk) == Sent(sent=1)
    (mail,) = postman.taken
    assert mail["To"] == "kim@example.org" and mail["Subject"] == "2 things on your desk need a look"
    assert mail["Message-ID"] == Digest.objects.get().message_id and mail["Auto-Submitted"] == "auto-generated"
    text, html = body(mail), body(mail, "html")
    assert text.startswith("Hello Kim,\n")
    assert f"* {row.sentence}\n  In 7 days: Mon 9 Nov 2026, 10:00 (Europe/Berlin).\n  You answer for it.\n" in text
    assert f"  http://localhost:8000/findings/{row.reference}/\n" in text
    assert "* Somebody <b>shared</b> a login.\n  It is so now.\n" in text
    assert text.index(row.sentence) < text.index("Somebody"), "the most pressing first"
    assert "Somebody &lt;b&gt;shared&lt;/b&gt; a login." in html and row.sentence in html
    for each in (row, now):
        assert f'href="http://localhost:8000/findings/{each.reference}/"' in html
    assert "<img" not in html and "http://localhost:8000" in text


def test_managers_and_admins_read_why_they_are_told(desk: Desk, postman: Postman) -> None:
    found(desk)
    Person.objects.filter(user=user("Kim")).update(left_on=desk.at.date() - timedelta(days=1))
    found(desk, owner=person_of("Kim", desk.advertiser))
    run(desk)
    (mail,) = postman.taken
    assert "Nobody is named who answers for it; you are told as a manager of Northwind." in body(mail)
    assert "Kim answers for it; you are told as a manager of Northwind." in body(mail)


def test_a_long_mail_says_the_most_pressing_and_how_many_more_there_are(desk: Desk, postman: Postman) -> None:
    for number in range(60):
        found(desk, severity=Severity.URGENT if number == 59 else Severity.NOTE)
    assert run(desk) == Sent(sent=1)
    text = body(postman.taken[0])
    assert text.count("\n* ") == 50 and "And 10 more, on your pages: http://localhost:8000/notices/" in text
    assert Finding.objects.latest("pk").sentence in text


def test_every_mail_can_be_stopped_by_one_click_and_by_kind(desk: Desk, postman: Postman) -> None:
    found(desk, group=Group.TIME)
    found(desk, group=Group.PEOPLE)
    run(desk)
    (mail,) = postman.taken
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    whole = str(mail["List-Unsubscribe"]).strip("<>")
    links = re.findall(r"http://localhost:8000/u/([^/\s]+)/", body(mail))
    assert len(links) == 3 and whole.endswith(f"/u/{links[-1]}/")
    assert [find_unsubscribe(signed=each).group for each in links] == [Group.PEOPLE, Group.TIME, None]
    assert {find_unsubscribe(signed=each).user for each in links} == {user("Bo")}


@pytest.mark.parametrize(
    ("manner", "fault", "had"),
    [
        (REFUSE, "the address was refused (550)", 0),
        (LATER, "the address was refused (451)", 0),
        (DROP, "SMTPServerDisconnected", 1),
        (MUTE, "SMTPServerDisconnected", 0),
    ],
)
def test_a_fault_is_tried_again_under_the_same_message_id(
    desk: Desk, postman: Postman, manner: str, fault: str, had: int
) -> None:
    planned(desk, "Kim")
    postman.manners = [manner]
    assert send_digests(at=desk.at) == Sent(faults=1)
    digest = Digest.objects.get()
    assert (digest.state, digest.tries, digest.fault) == ("waiting", 1, fault) and len(postman.taken) == had
    assert send_digests(at=desk.later(minutes=4)) == Sent()
    assert send_digests(at=desk.later(minutes=2)) == Sent(sent=1)
    assert list(postman.delivered()) == [digest.message_id] and mails() == [("Kim", "sent", 1)]
    assert send_digests(at=desk.later(days=1)) == Sent()


def test_a_slow_server_is_waited_for(desk: Desk, postman: Postman) -> None:
    planned(desk, "Kim")
    postman.manners = [SLOW]
    assert send_digests(at=desk.at) == Sent(sent=1) and len(postman.taken) == 1


def test_nothing_that_is_written_down_quotes_the_server(desk: Desk, postman: Postman, caplog: Any) -> None:
    planned(desk, "Kim")
    postman.manners = [REFUSE]
    send_digests(at=desk.at)
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("valetkey")]
    assert "No such mailbox" not in "\n".join([Digest.objects.get().fault, *ours])


def test_after_a_day_it_is_given_up_and_the_admins_are_told_on_their_pages(desk: Desk, postman: Postman) -> None:
    planned(desk, "Kim")
    postman.manners = [REFUSE] * 100
    while Digest.objects.get().state == "waiting":
        send_digests(at=desk.later(minutes=10))
    digest = Digest.objects.get()
    assert digest.state == "failed" and digest.settled_at is not None
    assert timedelta(days=1) <= digest.settled_at - digest.created_at < timedelta(days=1, hours=5)
    assert 6 <= digest.tries <= 15, "further and further apart"
    assert told() == [("Kim", "owner", -1), ("Ada", "admin", -1)]
    assert Notice.objects.get(why="admin").digest is None, "not by mail"
    entry = Entry.objects.get(event="user.mail.given_up")
    assert entry.detail == {"user": "Kim", "tries": digest.tries, "fault": "the address was refused (550)"}
    send_digests(at=desk.later(days=1))
    assert Digest.objects.get().state == "failed"


def test_where_the_server_fails_all_of_them_the_others_are_not_tried_one_by_one(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    for number in range(6):
        new = accounts.create_user(email=f"u{number}@example.org", name=f"U{number}", actor=HOST, at=desk.at)
        accounts.join(user=new, party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
        found(desk, owner=person_of(f"u{number}", desk.advertiser))
    plan_notices(at=desk.at)
    assert send_digests(at=desk.at) == Sent(faults=3)
    assert Digest.objects.filter(tries=0).count() == 3
    assert send_digests(at=desk.at) == Sent(faults=3), "the next run begins with the others"


@pytest.mark.parametrize("how", ["closed", "reopened", "acknowledged", "snoozed", "let end", "left", "ended", "muted"])
def test_what_was_settled_before_it_went_out_is_not_sent(desk: Desk, postman: Postman, how: str) -> None:
    planned(desk, "Kim")
    row = Finding.objects.get()
    said: dict[str, dict[str, Any]] = {
        "acknowledged": {"acknowledged_at": desk.at, "acknowledged_as": row.severity},
        "snoozed": {"snoozed_until": desk.at + timedelta(days=2)},
        "let end": {"let_end_at": desk.at},
    }
    if how in said:
        Finding.objects.filter(pk=row.pk).update(**said[how])
    elif how in {"closed", "reopened"}:
        close(row, desk.at)
        if how == "reopened":
            reopen(row, desk.later(minutes=1))
    elif how == "left":
        Person.objects.filter(user=user("Kim")).update(left_on=desk.at.date() - timedelta(days=1))
    elif how == "ended":
        accounts.end_user(user=user("Kim"), actor=HOST, at=desk.at)
    else:
        set_preference(user=user("Kim"), changes={"by_mail": False}, actor=HOST, at=desk.at)
    assert send_digests(at=desk.at) == Sent(needless=1) and postman.met == 0
    assert mails() == [("Kim", "needless", 0)] and Notice.objects.count() == 1


def test_a_mail_that_was_needless_leaves_the_day_to_another(desk: Desk, postman: Postman) -> None:
    planned(desk, "Kim")
    close(Finding.objects.get(), desk.at)
    send_digests(at=desk.at)
    desk.later(hours=1)
    found(desk, owner=person_of("Kim", desk.advertiser))
    assert run(desk) == Sent(sent=1) and mails() == [("Kim", "sent", 1)]


def test_a_needless_mail_is_settled_whole_or_not_at_all(
    desk: Desk, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its two halves another would put what is new into it, and that would be taken out unsaid."""
    planned(desk, "Kim")
    close(Finding.objects.get(), desk.at)

    def breaks_off(*_: object) -> None:
        raise RuntimeError("Cut off.")

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("valetkey.notices.services.digests._take_out", breaks_off)
        send_digests(at=desk.at)
    assert mails() == [("Kim", "sending", 1)]
    assert send_digests(at=desk.later(minutes=11)) == Sent(needless=1)


def test_a_mail_that_is_late_keeps_quiet_hours(desk: Desk, postman: Postman) -> None:
    planned(desk, "Kim")
    night = desk.later(hours=14)
    assert send_digests(at=night) == Sent() and postman.met == 0
    assert send_digests(at=desk.later(hours=8)) == Sent()
    assert send_digests(at=desk.later(hours=1)) == Sent(sent=1)


def test_no_code_and_no_token_is_in_it(desk: Desk, postman: Postman) -> None:
    row = desk.in_use()
    assert row.code is not None
    found(desk, subject=row.reference, sentence=f"The code for “{row.post}” ends before its campaign.")
    run(desk)
    (mail,) = postman.taken
    code = row.code.reveal()
    assert code not in mail.as_string() and code not in body(mail) and code not in body(mail, "html")


def test_sixty_days_no_notice_twice_one_mail_a_day_none_to_whoever_left(desk: Desk, postman: Postman) -> None:
    """Ends that move, findings that come back, somebody who leaves, a mail server in a mood: day by day."""
    accounts.set_time_zone(user=user("Kim"), time_zone="America/New_York", actor=HOST, at=desk.at)
    begun, last_day = desk.at, desk.at.date() + timedelta(days=30)
    postman.manners = [ACCEPT, LATER, DROP, ACCEPT, REFUSE, DROP] * 3
    rows = [
        found(desk, by=desk.at + timedelta(days=days), owner=person_of(name, desk.advertiser))
        for days in (5, 12, 40, 55)
        for name in ("Kim", "Bo")
    ]
    found(desk)
    for hour in range(0, 60 * 24, 4):
        desk.at = begun + timedelta(hours=hour)
        if hour == 24 * 20:
            Finding.objects.filter(pk=rows[4].pk).update(by=begun + timedelta(days=49))
            close(rows[0], desk.at)
        if hour == 24 * 22:
            reopen(rows[0], desk.at)
        if hour == 24 * 25:
            Person.objects.filter(user=user("Kim")).update(left_on=last_day)
        run(desk)
    seen = list(Notice.objects.values_list("user", "spell", "lead", "by", "severity"))
    assert len(seen) == len(set(seen)) > 20
    assert not Notice.objects.filter(waits=True).exists()
    delivered = postman.delivered()
    assert set(delivered) == set(Digest.objects.filter(state="sent").values_list("message_id", flat=True))
    assert not Digest.objects.exclude(state__in=["sent", "needless"]).exists()
    for name, zone in (("Kim", "America/New_York"), ("Bo", "UTC")):
        local = [each.astimezone(ZoneInfo(zone)) for each in _settled(name)]
        assert len({each.date() for each in local}) == len(local) > 5, "one a day at most"
        assert all(8 <= each.hour < 20 and each.weekday() < 5 for each in local)
        if name == "Kim":
            assert max(each.date() for each in local) <= last_day
    sentences = [line for each in delivered.values() for line in body(each[0]).splitlines() if line.startswith("* ")]
    assert len(sentences) == Notice.objects.filter(digest__isnull=False).count()


def _settled(name: str) -> list[datetime]:
    rows = Digest.objects.filter(user=user(name), state="sent").values_list("settled_at", flat=True)
    return [each for each in rows if each is not None]


@pytest.mark.django_db(transaction=True)
def test_two_that_send_at_once_send_each_mail_once(committed_desk: Desk, postman: Postman) -> None:
    desk = committed_desk
    planned(desk, "Kim", "Bo", "Vera")
    for name in ("Mara", "Sam"):
        found(desk, party=desk.creator if name == "Mara" else desk.rival)
    postman.manners = [SLOW] * 4
    sent: list[Sent] = []
    start = threading.Barrier(3)

    def job() -> None:
        start.wait(10)
        try:
            plan_notices(at=desk.at)
            sent.append(send_digests(at=desk.at))
        finally:
            databases.close_all()

    threads = [threading.Thread(target=job) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sum(each.sent for each in sent) == len(postman.taken) == len(postman.delivered()) == 4
    assert {state for _, state, _ in mails()} == {"sent"} and Notice.objects.count() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("beat", BEATS)
def test_killed_between_claim_and_settling_it_comes_once(committed_desk: Desk, postman: Postman, beat: str) -> None:
    desk = committed_desk
    planned(desk, "Kim", "Bo")
    assert _in_a_process(desk, postman, beat) == -9
    found(desk, owner=person_of("Kim", desk.advertiser))
    plan_notices(at=desk.at)
    send_digests(at=desk.at)
    desk.later(minutes=CLAIM.total_seconds() / 60 + 1)
    assert _in_a_process(desk, postman, "") == 0
    assert [each[:2] for each in mails()] == [("Bo", "sent"), ("Kim", "sent")]
    delivered = postman.delivered()
    assert sorted(str(each[0]["To"]) for each in delivered.values()) == ["bo@example.org", "kim@example.org"]
    assert all(len({body(one) for one in each}) == 1 for each in delivered.values()), "again the same"


def _in_a_process(desk: Desk, postman: Postman, beat: str) -> int:
    """How it ended."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.notices.killed", beat, desk.at.isoformat()],
        env={**environment(), "VALETKEY_MAIL_URL": f"smtp://127.0.0.1:{postman.port}"},
        timeout=60,
        check=False,
    )
    return process.returncode


def test_an_unsubscribed_kind_is_left_out_from_the_next_mail_on(desk: Desk, postman: Postman) -> None:
    found(desk, group=Group.TIME)
    run(desk)
    (mail,) = postman.taken
    links = re.findall(r"/u/([^/\s]+)/", body(mail))
    unsubscribe(found=find_unsubscribe(signed=links[0]), at=desk.at)
    desk.later(days=1)
    found(desk, group=Group.TIME)
    found(desk, group=Group.PROOF)
    assert run(desk) == Sent(sent=1) and Notice.objects.count() == 3
    assert body(postman.taken[1]).count("* ") == 1
    unsubscribe(found=find_unsubscribe(signed=links[-1]), at=desk.at)
    desk.later(days=1)
    found(desk, group=Group.PROOF)
    assert run(desk) == Sent() and Notice.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_kinds_that_are_stopped_at_once_are_both_stopped(
    committed_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("valetkey.notices.services.unsubscribe")
    keep, together = module.keep_preference, threading.Barrier(2)

    def both_at_once(*given: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            together.wait(1)
        keep(*given)

    def stop(group: Group) -> None:
        try:
            signed = unsubscribe_address(user=user("Kim"), group=group).split("/")[-2]
            unsubscribe(found=find_unsubscribe(signed=signed), at=committed_desk.at)
        finally:
            databases.close_all()

    monkeypatch.setattr(module, "keep_preference", both_at_once)
    threads = [threading.Thread(target=stop, args=(each,)) for each in (Group.TIME, Group.USE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert wishes(user=user("Kim")).muted == {Group.TIME, Group.USE}
