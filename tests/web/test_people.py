"""Who acts for whom: what a manager sees and does for their party, what the desk admin does for everyone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401  # a fixture
from tests.web.signing import user_of
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Invitation, Membership, Party, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def acting_of(actor: Actor) -> int:
    return Membership.objects.current().get(user=actor.user_id).pk


def invite(client: Client, **given: str) -> Any:
    said = {"mail": "new@example.org", "name": "New", "role": "member", "days": "14", **given}
    return client.post(reverse("invite"), said, follow=True)


def test_a_manager_sees_who_acts_for_their_party_and_nobody_else(desk: Desk) -> None:
    page = read(browser(desk.bo).get(reverse("people")))
    for seen in ("Kim", "kim@example.org", "Vera", "viewer", "Northwind"):
        assert seen in page
    for unseen in ("Mara", "Sam", "Contoso", "Everyone on the desk"):
        assert unseen not in page


def test_the_stranger_sees_their_own_and_finds_nothing_of_others(desk: Desk) -> None:
    sam = browser(desk.stranger)
    page = read(sam.get(reverse("people")))
    assert "Contoso" in page and "Northwind" not in page
    made = accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=desk.at)
    for name, number in (
        ("acting", acting_of(desk.kim)), ("acting_end", acting_of(desk.kim)), ("invited", made.invitation.pk),
        ("invited_withdraw", made.invitation.pk), ("someone", desk.kim.user_id), ("someone_end", desk.kim.user_id),
        ("someone_desk_role", desk.kim.user_id), ("someone_factors", desk.kim.user_id),
    ):  # fmt: skip
        answer = sam.post(reverse(name, args=[number]), {"role": "manager", "reason": "x", "desk_role": "admin"})
        assert answer.status_code == (405 if name == "invited" else 404) or answer.status_code == 404, name
        assert sam.get(reverse(name, args=[number])).status_code in {404, 405}, name
    assert not Entry.objects.filter(actor_name="Sam").exists()
    assert Membership.objects.current().get(pk=acting_of(desk.kim)).role == "member"


@pytest.mark.parametrize("who", ["kim", "viewer"])
def test_who_manages_nobody_has_no_such_page(desk: Desk, who: str) -> None:
    client = browser(getattr(desk, who))
    for address in (reverse("people"), reverse("invite")):
        answer = client.get(address)
        assert answer.status_code == 403 and "manage a creator, brand or agency" in read(answer)
    assert client.get(reverse("acting", args=[acting_of(desk.kim)])).status_code == 404


def test_somebody_is_invited_and_the_link_is_shown_once(desk: Desk) -> None:
    bo = browser(desk.bo)
    page = invite(bo)
    text = read(page)
    assert "new@example.org is invited" in text and "It was mailed to new@example.org." in text
    (link,) = re.findall(r"http://localhost:8000/i/[\w-]{40,}/", page.content.decode())
    assert link in mail.outbox[0].body and mail.outbox[0].to == ["new@example.org"]
    row = Invitation.objects.get()
    again = bo.get(reverse("invited", args=[row.pk]))
    assert link not in again.content.decode() and row.link_digest not in again.content.decode()
    assert "New" in read(again) and "act for Northwind, as member" in read(again)
    waiting = read(bo.get(reverse("people"), {"which": "invited"}))
    assert "new@example.org" in waiting and "in 14 days" in waiting


def test_an_invitation_whose_mail_cannot_be_sent_says_so(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = invite(browser(desk.bo))
    assert "could not be sent. Pass the link on yourself." in read(page)
    assert "/i/" in page.content.decode()


def test_what_cannot_be_invited_is_said_beside_the_form_and_what_was_typed_is_kept(desk: Desk) -> None:
    bo = browser(desk.bo)
    page = invite(bo, mail="no address")
    assert "valid email" in read(page) and 'value="New"' in page.content.decode()
    page = invite(bo, mail="kim@example.org")
    assert "Kim acts for Northwind as member already." in read(page)
    page = invite(bo, days="91")
    assert "less than or equal to 90" in read(page)
    assert not Invitation.objects.exists()


def test_a_manager_invites_for_their_own_party_and_to_no_role_on_the_desk(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "Admin of the desk" not in read(bo.get(reverse("invite")))
    for given in ({"role": "admin"}, {"role": "owner"}, {"role": ""}):
        invite(bo, **given)
    assert not Invitation.objects.exists()
    invite(bo, party=desk.rival.reference)
    assert Invitation.objects.get().party == desk.advertiser, "whatever party somebody writes into the form"
    second = accounts.create_party(name="Northwind Shoes", kind="brand", actor=HOST, at=desk.at)
    accounts.join(user=user_of(desk.bo), party=second, role=Role.MANAGER, actor=HOST, at=desk.at)
    assert "Select a valid choice" in read(invite(bo, mail="two@example.org", party=desk.rival.reference))
    invite(bo, mail="two@example.org", party=second.reference)
    assert Invitation.objects.get(mail="two@example.org").party == second


def test_a_manager_of_one_party_needs_not_say_which(desk: Desk) -> None:
    page = browser(desk.bo).get(reverse("invite"))
    assert "They will act for Northwind ." in read(page) and "<option" not in page.content.decode()
    invite(browser(desk.bo))
    assert Invitation.objects.get().party == desk.advertiser


def test_the_admin_invites_to_the_desk_and_for_any_party_by_its_name(desk: Desk) -> None:
    ada = browser(desk.admin)
    invite(ada, role="auditor", party="")
    assert Invitation.objects.get().desk_role == "auditor"
    invite(ada, mail="two@example.org", role="manager", party=desk.creator.reference)
    assert Invitation.objects.get(mail="two@example.org").party == desk.creator
    assert "Say for whom they will act." in read(invite(ada, mail="three@example.org", party=""))
    assert "for no party" in read(invite(ada, role="admin", party=desk.creator.reference))


def test_with_many_parties_the_name_is_typed(desk: Desk) -> None:
    Party.objects.bulk_create(Party(name=f"Brand {n}", kind="brand", created_at=desk.at) for n in range(100))
    ada = browser(desk.admin)
    page = ada.get(reverse("invite")).content.decode()
    assert "<option" not in page and len(page) < 100_000
    assert "There is no party “Brand 100”" in read(invite(ada, party="Brand 100"))
    invite(ada, party="brand 7")
    assert Invitation.objects.get().party.name == "Brand 7"  # type: ignore[union-attr]


def test_an_invitation_is_withdrawn(desk: Desk) -> None:
    made = accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=desk.at)
    address = reverse("invited_withdraw", args=[made.invitation.pk])
    answer = browser(desk.bo).post(address, follow=True)
    assert "Its link opens nothing any more." in read(answer)
    assert "withdrawn" in read(browser(desk.bo).get(reverse("invited", args=[made.invitation.pk])))
    assert browser(desk.bo).post(address).status_code == 409


def test_a_role_is_changed_and_somebody_is_taken_off(desk: Desk) -> None:
    bo = browser(desk.bo)
    page = read(bo.get(reverse("acting", args=[acting_of(desk.kim)])))
    assert "Kim for Northwind" in page and "sees nothing of Northwind" in page and "last manager" not in page
    answer = bo.post(reverse("acting", args=[acting_of(desk.kim)]), {"role": "viewer"}, follow=True)
    assert "Kim now acts for Northwind as viewer." in read(answer)
    same = bo.post(reverse("acting", args=[acting_of(desk.kim)]), {"role": "viewer"})
    assert "acts for Northwind as viewer already" in read(same)
    answer = bo.post(reverse("acting_end", args=[acting_of(desk.kim)]), follow=True)
    assert "Kim no longer acts for Northwind." in read(answer)
    events = Entry.objects.filter(actor_name="Bo").order_by("seq").values_list("event", flat=True)
    assert list(events)[-2:] == ["membership.started", "membership.ended"]


def test_the_last_manager_is_warned_and_may_leave(desk: Desk) -> None:
    bo = browser(desk.bo)
    page = read(bo.get(reverse("acting", args=[acting_of(desk.bo)])))
    assert "You are the last manager of Northwind." in page and "Take me off Northwind" in page
    answer = bo.post(reverse("acting_end", args=[acting_of(desk.bo)]))
    assert answer["Location"] == reverse("front")
    assert bo.get(reverse("people")).status_code == 403


def test_the_admin_sees_everyone_and_the_auditor_changes_nothing(desk: Desk) -> None:
    ada, otto = browser(desk.admin), browser(desk.auditor)
    for reader in (ada, otto):
        page = read(reader.get(reverse("people"), {"which": "everyone"}))
        for name in ("Mara", "Bo", "Sam", "Otto", "auditor"):
            assert name in page
    page = otto.get(reverse("people")).content.decode()
    assert "Invite somebody" not in page and reverse("acting", args=[acting_of(desk.kim)]) not in page
    number = desk.kim.user_id
    assert "End this person" not in read(otto.get(reverse("someone", args=[number])))
    assert "Another role" not in read(otto.get(reverse("acting", args=[acting_of(desk.kim)])))
    for name, given in (
        ("someone_end", {"reason": "Left."}), ("someone_desk_role", {"desk_role": "admin"}),
        ("someone_factors", {"reason": "Called."}),
    ):  # fmt: skip
        assert otto.post(reverse(name, args=[number]), given).status_code == 403, name
    assert otto.post(reverse("acting_end", args=[acting_of(desk.kim)])).status_code == 403
    assert otto.post(reverse("acting", args=[acting_of(desk.kim)]), {"role": "manager"}).status_code == 403
    assert otto.get(reverse("invite")).status_code == 403
    assert not Entry.objects.filter(actor_name="Otto").exists()


def test_ending_somebody_says_first_what_ends(desk: Desk) -> None:
    ada, kim = browser(desk.admin), browser(desk.kim)
    assert kim.get(reverse("me")).status_code == 200
    accounts.make_token(user=user_of(desk.kim), label="Reports", actor=desk.kim, at=desk.at)
    address = reverse("someone_end", args=[desk.kim.user_id])
    page = read(ada.get(address))
    assert "No longer acts for Northwind." in page and "1 API token ends." in page
    assert "Signed out on 1 device" in page and "What stays" in page
    assert "This field is required." in read(ada.post(address, {"reason": ""}))
    assert "Kim is signed out" in read(ada.post(address, {"reason": "Left the company."}, follow=True))
    assert kim.get(reverse("me")).status_code == 302
    assert Entry.objects.get(event="user.ended").detail["reason"] == "Left the company."
    assert "was ended already" in read(ada.post(address, {"reason": "Again."}))
    assert "An invitation brings them back" in read(ada.get(reverse("someone", args=[desk.kim.user_id])))


def test_the_last_admin_stays(desk: Desk) -> None:
    ada = browser(desk.admin)
    own = desk.admin.user_id
    page = read(ada.post(reverse("someone_end", args=[own]), {"reason": "Tired."}))
    assert "last admin of this desk" in page and "This is you." in page
    refused = ada.post(reverse("someone_desk_role", args=[own]), {"desk_role": "none"})
    assert refused.status_code == 409 and "last admin" in read(refused)


def test_a_role_on_the_desk_is_given_and_taken(desk: Desk) -> None:
    ada = browser(desk.admin)
    address = reverse("someone_desk_role", args=[desk.kim.user_id])
    ada.post(address, {"desk_role": "auditor"})
    assert user_of(desk.kim).desk_role == "auditor"
    ada.post(address, {"desk_role": "none"})
    ada.post(address, {"desk_role": "emperor"})
    assert user_of(desk.kim).desk_role == ""
    assert Entry.objects.filter(event="user.desk_role.set").count() == 2


def test_a_second_step_is_not_taken_off_without_a_word(desk: Desk) -> None:
    ada = browser(desk.admin)
    address = reverse("someone_factors", args=[desk.kim.user_id])
    assert "say how you made sure" in read(ada.post(address, {"reason": ""}, follow=True))
    assert ada.post(address, {"reason": "Called."}).status_code == 409  # there is none


def test_people_are_found_by_name_address_and_party(desk: Desk) -> None:
    ada = browser(desk.admin)
    for sought, found, other in (("kim", "Kim", "Vera"), ("mara@", "Mara", "Kim"), ("conto", "Sam", "Kim")):
        page = read(ada.get(reverse("people"), {"q": sought}))
        assert found in page and other not in page
    assert "Nobody found" in read(ada.get(reverse("people"), {"q": "<script>"}))
    assert "<script>alert" not in ada.get(reverse("people"), {"q": "<script>alert"}).content.decode()
    assert "Kim" in read(ada.get(reverse("people"), {"q": "kim", "which": "everyone"}))
    assert ada.get(reverse("people"), {"which": "nonsense", "page": "nonsense"}).status_code == 200


@pytest.mark.parametrize("which", ["acting", "invited", "everyone"])
def test_ten_thousand_people_are_pages_of_fifty(desk: Desk, which: str, django_assert_max_num_queries: Any) -> None:
    many = [User(username=f"u{n}@example.org", email=f"u{n}@example.org", first_name=f"U{n}") for n in range(10_000)]
    users = User.objects.bulk_create(many)
    Membership.objects.bulk_create(Membership(user=u, party=desk.rival, role="member", since=desk.at) for u in users)
    Invitation.objects.bulk_create(
        Invitation(
            mail=f"i{n}@example.org", party=desk.rival, role="member", invited_by="x", link_digest=str(n),
            created_at=desk.at, ends_at=desk.later(seconds=0).replace(year=2027),
        )
        for n in range(10_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as every database does by itself when that many rows have come
    ada = browser(desk.admin)
    ada.get(reverse("people"))
    with django_assert_max_num_queries(14):
        page = ada.get(reverse("people"), {"which": which, "page": "3"})
    text = page.content.decode()
    assert text.count("<tr>") == 51 and len(text) < 100_000
    assert "Page 3 of 20" in read(page)


def test_a_party_that_nobody_acts_for_is_no_riddle(desk: Desk) -> None:
    for actor in (desk.viewer, desk.kim):
        accounts.leave(user=user_of(actor), party=desk.advertiser, actor=HOST, at=desk.at)
    page = read(browser(desk.bo).get(reverse("people"), {"which": "invited"}))
    assert "No invitation waits" in page
