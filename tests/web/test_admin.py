"""Django's admin as a door of the desk: who gets in, what is shown, and that every change is a service's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.desk import AT, HOST, Desk
from tests.web.reading import browser
from tests.web.signing import user_of
from valetkey.accounts import services as accounts
from valetkey.accounts.models import ApiToken, Invitation, Membership, Party, Person, User
from valetkey.accounts.policy import Role
from valetkey.audit.admin import ByService, ReadOnly
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, HandOver, RequestLink, Reveal, WindowChange
from valetkey.changes.services import open_change
from valetkey.connectors.models import Connection
from valetkey.intake.services import try_sheet
from valetkey.register.exposed import Shared
from valetkey.register.models import AdAccount, Campaign, Post
from valetkey.register.services import (
    add_knower,
    give_responsibility,
    open_exposure,
    set_ownership,
    start_engagement,
)
from valetkey.vault.columns import EncryptedField
from valetkey.web.admin import DeskAdminSite

pytestmark = pytest.mark.django_db

SITE: Final = admin.site
MODELS: Final = sorted(SITE._registry, key=lambda model: model._meta.label)
LABELS: Final = [model._meta.label for model in MODELS]
ROLES: Final = ("mara", "bo", "kim", "viewer", "auditor", "stranger")


def lists(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: Any, what: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{what}", args=[row.pk])


UNTOUCHED: Final = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
"""What a browser sends along for the lines of a user's memberships, which are only shown."""


def adds(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A row of each kind, with every secret that the desk keeps or keeps a digest of."""
    row = desk.in_use()
    desk.campaign()
    accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=AT)
    accounts.make_token(user=user_of(desk.bo), label="Reports", actor=desk.bo, at=AT)
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok",
        post_id=desk.seeded.creators[0].posts["public"], days=30, actor=desk.bo, at=AT,
    )  # fmt: skip
    services.send_request(authorization=asked, recipient="Mara", mail="mara@example.org", actor=desk.bo, at=AT)
    services.hand_over(authorization=row, recipient="Cy", mail="cy@example.org", actor=desk.mara, at=AT)
    exposure = open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST, at=AT
    )
    add_knower(exposure=exposure, name="Jo", actor=HOST, at=AT)
    bo = Person.objects.get(name="Bo")
    set_ownership(asset=desk.eu, changes={"owner": bo}, actor=desk.bo, at=AT)
    start_engagement(
        kept_by=desk.advertiser, party=desk.rival, purpose="Ads", starts_on=AT.date(), actor=desk.bo, at=AT
    )
    open_change(occasion="continuity_check", kept_by=desk.advertiser, day=AT.date(), actor=desk.bo, at=AT)
    try_sheet(kept_by=desk.advertiser, content=b"Name,Mail\nJo,jo@example.org\n", name="a.csv", actor=desk.bo, at=AT)
    give_responsibility(
        kept_by=desk.advertiser, person=bo, occasion="leaver", what="Tell them", within_days=1, actor=desk.bo, at=AT
    )
    return desk


def test_what_is_there_is_the_desks_own() -> None:
    assert isinstance(SITE, DeskAdminSite)
    assert set(LABELS) == {
        "accounts.ApiToken", "accounts.Invitation", "accounts.Membership", "accounts.Party", "accounts.Person",
        "accounts.User", "audit.Entry", "authorizations.Authorization", "authorizations.HandOver",
        "authorizations.RequestLink", "changes.Change", "connectors.Connection", "intake.Batch", "register.Access",
        "register.AdAccount", "register.Asset", "register.Campaign", "register.Engagement", "register.Exposure",
        "register.ExposureKnower", "register.Ownership", "register.Post", "register.Responsibility", "register.Surface",
    }  # fmt: skip
    for model_admin in SITE._registry.values():
        assert isinstance(model_admin, ReadOnly), model_admin
        assert model_admin.fields, f"{model_admin} shows what is named, and nothing by itself"


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_the_admin_alone_gets_in_and_nobody_deletes(full: Desk, model: Any) -> None:
    row = model._default_manager.first()
    assert row is not None, "the stage has one of each"
    addresses = [lists(model), page_of(row), page_of(row, "history"), adds(model), page_of(row, "delete")]
    ada = browser(full.admin)
    is_added, is_changed = _is_added(model), _is_changed(model)
    expected = [200, 200, 302, 200 if is_added else 403, 403]
    assert [ada.get(each).status_code for each in addresses] == expected
    changed_by_post = [
        ada.post(page_of(row), {}).status_code,
        ada.post(page_of(row, "delete"), {"post": "yes"}).status_code,
    ]
    assert changed_by_post == [200 if is_changed else 403, 403]
    before = Entry.objects.count()
    others = {who: browser(getattr(full, who)) for who in ROLES}
    for address in addresses:
        gone = Client().get(address)
        assert gone.status_code == 302 and gone["Location"].startswith(reverse("account_login"))
        for who, other in others.items():
            for method in (other.get, other.post):
                answer = method(address, {"name": "Mine", "post": "yes"})
                assert answer.status_code in {302, 403}, (who, address)
                assert answer.status_code == 403 or "/admin/login/" in answer["Location"]
    assert Entry.objects.count() == before and model._default_manager.filter(pk=row.pk).exists()


def _is_added(model: Any) -> bool:
    model_admin = SITE._registry[model]
    return isinstance(model_admin, ByService) and bool(model_admin.adds)


def _is_changed(model: Any) -> bool:
    model_admin = SITE._registry[model]
    return isinstance(model_admin, ByService) and bool(model_admin.changes)


@pytest.mark.parametrize("who", ROLES)
def test_who_is_no_admin_is_told_so_without_going_in_circles(desk: Desk, who: str) -> None:
    answer = browser(getattr(desk, who)).get(reverse("admin:index"), follow=True)
    assert answer.status_code == 403 and "This is not open to you." in answer.content.decode()


def test_django_s_own_flags_open_nothing(desk: Desk) -> None:
    User.objects.filter(email="bo@example.org").update(is_staff=True, is_superuser=True)
    assert browser(desk.bo).get(reverse("admin:index"), follow=True).status_code == 403


def test_who_signs_in_comes_to_the_desks_own_page_and_back(desk: Desk) -> None:
    answer = Client().get(reverse("admin:login"), {"next": reverse("admin:index")})
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('admin:index')}"
    assert browser(desk.admin).post(reverse("admin:logout"))["Location"] == reverse("account_logout")
    assert browser(desk.admin).get("/admin/password_change/").status_code == 404


def secrets_of(full: Desk) -> Iterator[str]:
    """Every digest, code and token that lies in the database or was ever made for the stage."""
    for row in Authorization.objects.exclude(code_fingerprint=None):
        assert row.code is not None and row.code_fingerprint
        yield from (row.code.reveal(), row.code_fingerprint)
    for link in (*HandOver.objects.all(), *RequestLink.objects.all(), *Invitation.objects.all()):
        yield link.link_digest
    for token in ApiToken.objects.all():
        yield token.digest
    for each in Connection.objects.all():
        for name in ("token", "app_secret", "refresh_token"):
            secret = getattr(each, name)
            if secret:
                yield secret.reveal()
    for user in User.objects.all():
        if user.password:
            yield user.password
    for entry in Entry.objects.all():
        yield from (entry.digest, entry.seal)


def pages(client: Client) -> Iterator[tuple[str, str]]:
    yield reverse("admin:index"), client.get(reverse("admin:index")).content.decode()
    for model in MODELS:
        addresses = [lists(model), *(page_of(row) for row in model._default_manager.order_by("-pk")[:5])]
        addresses += [adds(model)] if _is_added(model) else []
        for address in addresses:
            yield address, client.get(address).content.decode()


def test_no_page_shows_a_code_a_token_or_a_digest(full: Desk) -> None:
    hidden = set(secrets_of(full))
    assert len(hidden) > 20
    masked = 0
    for address, page in pages(browser(full.admin)):
        for secret in hidden:
            assert secret not in page, address
        masked += page.count("…")
    assert masked, "a code is shown masked, so that two can be told apart"


def test_no_page_names_a_column_that_holds_a_secret() -> None:
    for model, model_admin in SITE._registry.items():
        shown = {*map(str, model_admin.fields or ()), *map(str, model_admin.list_display)}
        for inline in model_admin.inlines:
            shown |= set(map(str, inline.fields or ()))
        kept = {each.name for each in model._meta.fields if isinstance(each, EncryptedField)}
        kept |= {each.name for each in model._meta.fields if re.search("digest|fingerprint|password|seal", each.name)}
        assert not shown & kept, model


def test_pages_keep_to_the_policy_and_are_light(full: Desk) -> None:
    for address, page in pages(browser(full.admin)):
        assert not re.search(r'\sstyle="|\son[a-z]+="', page), address
        for script in re.findall(r"<script([^>]*)>", page):
            assert "src=" in script, (address, script)
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "").replace("http://localhost", ""), address
        assert len(page) < 100_000, address


@pytest.mark.django_db(transaction=True)
def test_what_is_entered_and_changed_goes_through_the_services(committed_desk: Desk) -> None:
    """With real commits: a service refuses to be part of somebody else's transaction."""
    desk, ada = committed_desk, browser(committed_desk.admin)

    def told(event: str) -> Entry:
        entry = Entry.objects.order_by("-seq").first()
        assert entry is not None and (entry.event, entry.actor_name, entry.door) == (event, "Ada", "web")
        return entry

    def send(address: str, **said: Any) -> None:
        answer = ada.post(address, said)
        assert answer.status_code == 302, answer.content.decode()

    send(adds(Party), name="Tailspin", kind="brand")
    party = Party.objects.get(name="Tailspin")
    assert told("party.created").subject == f"party {party.reference}"
    send(page_of(party), name="Tailspin Toys")
    assert told("party.renamed").detail == {"from": "Tailspin", "to": "Tailspin Toys"}
    send(adds(User), email="Cy@Example.org", first_name="Cy", desk_role="")
    user = User.objects.get(email="cy@example.org")
    assert told("user.created").subject == f"user {user.pk}" and not user.has_usable_password()
    send(page_of(user), desk_role="auditor", time_zone="Asia/Tokyo", **UNTOUCHED)
    assert told("user.time_zone.set")
    assert Entry.objects.filter(event="user.desk_role.set", actor_name="Ada").count() == 1
    user.refresh_from_db()
    assert (user.desk_role, user.time_zone) == ("auditor", "Asia/Tokyo")
    account = {"held_by": party.pk, "platform": "tiktok", "platform_id": "7001", "name": "EU", "time_zone": "UTC"}
    send(adds(AdAccount), **account)
    ad_account = AdAccount.objects.get(platform_id="7001")
    assert told("ad_account.entered").subject == f"ad_account {ad_account.reference}"
    send(page_of(ad_account), name="Europe", time_zone="Europe/Berlin")
    assert told("ad_account.changed")
    send(adds(Campaign), ad_account=ad_account.pk, name="Spring", starts_on="2026-12-01", ends_on="2026-12-31")
    campaign = Campaign.objects.get(name="Spring")
    assert told("campaign.entered").subject == f"campaign {campaign.reference}"
    send(page_of(campaign), name="Spring", starts_on="2026-12-01", ends_on="2027-01-15")
    assert told("campaign.changed").detail == {"ends_on": "2027-01-15"}
    accounts.invite(mail="new@example.org", party=party, role=Role.MEMBER, actor=HOST, at=desk.at.replace(year=2099))
    accounts.make_token(user=user_of(desk.bo), label="Reports", actor=HOST, at=desk.at)
    for model, action, event in (
        (Invitation, "withdraw", "invitation.withdrawn"), (ApiToken, "end", "token.ended"),
        (Connection, "end", "connection.ended"),
    ):  # fmt: skip
        rows = list(model._default_manager.values_list("pk", flat=True))
        send(lists(model), action=action, _selected_action=rows)
        assert told(event)
    assert not Connection.objects.live().exists()
    assert Connection.objects.filter(token__isnull=True).count() == Connection.objects.count(), "the tokens are wiped"
    assert verify().holds
    assert not LogEntry.objects.exists(), "there is one history"


def test_what_a_service_refuses_is_told_and_changes_nothing(desk: Desk) -> None:
    ada = browser(desk.admin)
    before = Entry.objects.count()
    for address, said, sentence in (
        (adds(Party), {"name": "northwind", "kind": "brand"}, "There is a party “Northwind” already."),
        (page_of(desk.advertiser), {"name": "Contoso"}, "already"),
        (page_of(user_of(desk.admin)), {"desk_role": "", "time_zone": "", **UNTOUCHED}, "last admin of this desk"),
        (page_of(user_of(desk.bo)), {"desk_role": "", "time_zone": "Mars/Olympus", **UNTOUCHED}, "is no time zone"),
        (adds(User), {"email": "KIM@example.org", "first_name": "", "desk_role": ""}, "is a user already"),
    ):
        answer = ada.post(address, said, follow=True)
        assert sentence in answer.content.decode(), (address, sentence)
    token = accounts.make_token(user=user_of(desk.bo), label="Reports", actor=HOST, at=AT)
    assert token
    accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=AT)
    rows = list(Invitation.objects.values_list("pk", flat=True))
    Invitation.objects.update(ended_at=AT, ended_as="withdrawn")
    answer = ada.post(lists(Invitation), {"action": "withdraw", "_selected_action": rows}, follow=True)
    assert "This invitation is withdrawn." in answer.content.decode()
    assert Entry.objects.count() == before + 2
    assert user_of(desk.admin).desk_role == "admin" and Party.objects.get(pk=desk.advertiser.pk).name == "Northwind"


def test_the_history_link_leads_to_the_history_of_that_row(desk: Desk) -> None:
    ada = browser(desk.admin)
    answer = ada.get(page_of(desk.advertiser, "history"), follow=True)
    page = answer.content.decode()
    assert "party.created" in page and "user.created" not in page
    assert "membership.started" in page


def test_nothing_else_can_be_written_into_a_row(desk: Desk) -> None:
    """Fields that are only shown are not read from the form either."""
    ada = browser(desk.admin)
    bo = user_of(desk.bo)
    wanted = {"desk_role": "", "time_zone": "", "email": "mallory@example.org", "is_active": "", "is_superuser": "on"}
    assert ada.post(page_of(bo), {**wanted, **UNTOUCHED, "password": "x"}).status_code == 302
    after = user_of(desk.bo)
    assert (after.email, after.is_active, after.is_superuser, after.password) == (bo.email, True, False, bo.password)
    assert ada.post(page_of(desk.advertiser), {"name": "Northwind", "kind": "creator"}).status_code == 302
    assert Party.objects.get(pk=desk.advertiser.pk).kind == "brand"


def many(desk: Desk, row: Authorization, number: int) -> None:
    """Beside the one that was made by the services, so many more of each kind."""
    parties = Party.objects.bulk_create(Party(name=f"P{n}", kind="brand", created_at=AT) for n in range(number))
    users = User.objects.bulk_create(User(username=f"u{n}", email=f"u{n}@example.org") for n in range(number))
    Membership.objects.bulk_create(
        Membership(user=user, party=party, role="member", since=AT) for user, party in zip(users, parties, strict=True)
    )
    Authorization.objects.bulk_create(
        Authorization(post=row.post, advertiser=party, state="requested", created_at=AT) for party in parties
    )
    rows = list(Authorization.objects.order_by("-pk")[:number])
    link = {"recipient": "x", "created_at": AT, "ends_at": AT}
    HandOver.objects.bulk_create(HandOver(authorization=a, link_digest=f"h{a.pk}", **link) for a in rows)
    RequestLink.objects.bulk_create(RequestLink(authorization=a, link_digest=f"r{a.pk}", **link) for a in rows)
    ApiToken.objects.bulk_create(ApiToken(user=u, label="x", digest=f"t{u.pk}", created_at=AT) for u in users)
    Connection.objects.bulk_create(
        Connection(party=party, platform="tiktok", level="creator", base_url="sandbox:", created_at=AT)
        for party in parties
    )
    Reveal.objects.bulk_create(Reveal(authorization=row, by="Bo", at=AT) for _ in range(200))
    WindowChange.objects.bulk_create(
        WindowChange(authorization=row, verb="extend", source="platform", at=AT) for _ in range(50)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as every database does by itself when that many rows have come


def test_ten_thousand_rows_are_pages_of_fifty_and_a_few_queries(full: Desk, django_assert_max_num_queries: Any) -> None:
    row = Authorization.objects.exclude(code_fingerprint=None).get()
    many(full, row, 10_000)
    ada = browser(full.admin)
    ada.get(reverse("admin:index"))
    for model in MODELS:
        with django_assert_max_num_queries(9):
            page = ada.get(lists(model))
        assert page.status_code == 200 and len(page.content) < 100_000, model
    with django_assert_max_num_queries(25):
        assert ada.get(page_of(row)).status_code == 200
    for model in MODELS:
        with django_assert_max_num_queries(9):
            assert ada.get(lists(model), {"q": "77"}).status_code == 200


def test_the_post_stays_as_the_platform_showed_it(full: Desk) -> None:
    post = Post.objects.get(pk=full.post.pk)
    assert browser(full.admin).post(page_of(post), {"name": "Other"}).status_code == 403
