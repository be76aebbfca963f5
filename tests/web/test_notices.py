"""What somebody was told and wants to be told, on their pages; and the way out of a mail."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.notices.found import found, person_of, user
from tests.web.reading import browser, read, same_clock  # noqa: F401  # a fixture
from valetkey.audit.models import Entry
from valetkey.findings.finding import Group
from valetkey.notices.models import Digest, Notice, Preference
from valetkey.notices.services import plan_notices, send_digests, set_preference, unsubscribe_address, wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def link(name: str, group: Group | None = None) -> str:
    return unsubscribe_address(user=user(name), group=group).removeprefix("http://localhost:8000")


def test_they_see_what_they_were_told_and_by_which_way(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "Nothing yet" in read(bo.get(reverse("notices")))
    rows = [found(desk, by=desk.at + timedelta(days=7)), found(desk, group=Group.PROOF)]
    found(desk, owner=person_of("Kim", desk.advertiser), sentence="This is Kim’s.")
    set_preference(user=user("Bo"), changes={"muted": ["proof"]}, actor=HOST, at=desk.at)
    plan_notices(at=desk.at)
    page = read(bo.get(reverse("notices")))
    assert "mail, on its way" in page and "this page" in page
    send_digests(at=desk.at)
    page = read(bo.get(reverse("notices")))
    assert all(row.sentence in page for row in rows) and "Kim’s" not in page and "on its way" not in page
    assert page.count("new") == 2 and "as a manager" in page
    assert "This is Kim’s." in read(browser(desk.kim).get(reverse("notices")))


def test_the_link_in_the_mail_is_the_page_of_the_finding(desk: Desk) -> None:
    row = found(desk)
    plan_notices(at=desk.at)
    send_digests(at=desk.at)
    assert f"http://localhost:8000{reverse('finding', args=[row.reference])}\n" in str(mail.outbox[0].body)


def test_what_is_new_is_counted_beside_the_bell_until_it_is_read(desk: Desk) -> None:
    bo = browser(desk.bo)
    for _ in range(3):
        found(desk)
    bo.get(reverse("me"))
    with CaptureQueriesContext(connection) as before:
        assert "new</span>" not in bo.get(reverse("me")).content.decode()
    plan_notices(at=desk.at)
    with CaptureQueriesContext(connection) as after:
        page = bo.get(reverse("me")).content.decode()
    assert re.search(r'<span class="badge danger">3<span class="only-heard"> new', page)
    assert len(after) == len(before)
    one = Notice.objects.first()
    assert one is not None
    bo.post(reverse("notices"), {"notice": one.reference})
    assert '<span class="badge danger">2<' in bo.get(reverse("me")).content.decode()
    assert "Read." in read(bo.post(reverse("notices"), follow=True))
    assert "badge danger" not in bo.get(reverse("me")).content.decode()
    assert "It was read already." in read(bo.post(reverse("notices"), follow=True))


def test_nobody_reads_for_somebody_else(desk: Desk) -> None:
    found(desk)
    plan_notices(at=desk.at)
    one = Notice.objects.get()
    for actor in (desk.stranger, desk.kim, desk.admin):
        refused = browser(actor).post(reverse("notices"), {"notice": one.reference})
        assert refused.status_code == 404 and "You were not told of" in read(refused)
    assert Notice.objects.get().read_at is None


def test_the_admin_sees_which_mails_did_not_arrive(desk: Desk) -> None:
    found(desk)
    plan_notices(at=desk.at)
    Digest.objects.update(state="failed", settled_at=desk.at, tries=9, fault="the address was refused (550)")
    page = read(browser(desk.admin).get(reverse("notices")))
    assert "bo@example.org" in page and "the address was refused (550), after 9 tries" in page
    assert "could not be delivered" not in read(browser(desk.bo).get(reverse("notices")))
    assert "mail, not delivered" in read(browser(desk.bo).get(reverse("notices")))


def test_they_choose_what_they_are_told(desk: Desk) -> None:
    kim = browser(desk.kim)
    page = kim.get(reverse("my_notices")).content.decode()
    assert 'value="30, 14, 7, 3, 1"' in page and 'value="20:00"' in page and 'value="08:00"' in page
    assert len(re.findall(r'type="checkbox"[^>]*checked', page)) == 1 + len(Group)
    said = {
        "by_mail": "on", "groups": ["time", "people"], "lead_days": "10 2", "quiet_from": "22:00",
        "quiet_until": "07:00", "on_weekends": "on",
    }  # fmt: skip
    assert "Saved." in read(kim.post(reverse("my_notices"), said, follow=True))
    now = wishes(user=user("Kim"))
    assert now.leads == (10, 2) and now.quiet == (time(22), time(7)) and now.on_weekends and now.by_mail
    assert now.muted == {Group.USE, Group.OWNERSHIP, Group.SCOPE, Group.PROOF}
    detail = Entry.objects.get(event="user.notices.set").detail
    assert detail == {
        "user": "Kim", "muted": "ownership, proof, scope, use", "days before": "10, 2", "quiet": "22:00 to 07:00",
        "weekends": "yes",
    }  # fmt: skip
    kim.post(reverse("my_notices"), said)
    assert Entry.objects.filter(event="user.notices.set").count() == 1, "the same again is no news"
    kim.post(reverse("my_notices"), {"groups": list(Group)})
    now = wishes(user=user("Kim"))
    assert (now.by_mail, now.quiet, now.leads, now.muted) == (False, None, (30, 14, 7, 3, 1), frozenset())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"lead_days": "soon"}, "Write whole numbers"),
        ({"lead_days": "400"}, "These days before an end are not possible."),
        ({"quiet_from": "08:00", "quiet_until": "08:00"}, "These quiet hours cannot be used."),
        ({"quiet_from": "08:00", "quiet_until": "07:55"}, "These quiet hours cannot be used."),
        ({"quiet_from": "08:00"}, "These quiet hours cannot be used."),
        ({"quiet_from": "late"}, "Enter a valid time."),
        ({"groups": ["gossip"]}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form(desk: Desk, wrong: dict[str, Any], told: str) -> None:
    refused = browser(desk.kim).post(reverse("my_notices"), wrong)
    assert refused.status_code == 422 and told in read(refused) and not Preference.objects.exists()


def test_the_way_out_asks_nobody_to_sign_in_and_looking_changes_nothing(desk: Desk) -> None:
    """Programs that check mails for bad links follow every one of them."""
    page = read(Client().get(link("Kim")))
    assert "No more mails of this kind?" in page and "Stop these mails" in page
    assert "Kim" not in page and "example.org" not in page, "it says nothing about whose it is"
    assert not Preference.objects.exists()
    done = Client(enforce_csrf_checks=True).post(link("Kim"), {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and "No more mails of this kind" in read(done)
    assert not wishes(user=user("Kim")).by_mail and wishes(user=user("Bo")).by_mail
    entry = Entry.objects.get(event="user.notices.set")
    assert (entry.actor_name, entry.detail) == ("Kim, by a link in a mail", {"user": "Kim", "mails": "none"})


def test_a_kind_is_stopped_alone_and_twice_is_once(desk: Desk) -> None:
    page = read(Client().get(link("Kim", Group.PEOPLE)))
    assert "No more mails about people who come and go?" in page
    for _ in range(2):
        Client().post(link("Kim", Group.PEOPLE))
    Client().post(link("Kim", Group.USE))
    now = wishes(user=user("Kim"))
    assert now.by_mail and now.muted == {Group.PEOPLE, Group.USE}
    assert Entry.objects.filter(event="user.notices.set").count() == 2


def test_it_ends_never_and_opens_nothing_else(desk: Desk) -> None:
    client = Client()
    desk.later(days=2000)
    assert client.post(link("Kim")).status_code == 200
    assert client.get(reverse("notices"))["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("my_notices"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("change", ["whose", "what", "signature", "nothing"])
def test_a_link_that_was_altered_stops_nothing(desk: Desk, change: str) -> None:
    address = link("Kim", Group.TIME)
    number = user("Kim").pk
    altered = {
        "whose": address.replace(f"/{number}-", f"/{user('Bo').pk}-"),
        "what": address.replace("-time.", "-all."),
        "signature": f"{address[:-3]}/",
        "nothing": "/u/x/",
    }[change]
    for answer in (Client().get(altered), Client().post(altered)):
        assert answer.status_code == 404 and "This link is not whole." in read(answer)
    assert not Preference.objects.exists()
