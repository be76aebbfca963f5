"""Search: each filter finds what it says, each side finds its own, ten thousand rows cost no more queries than ten."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.authorizations.stage import by_hand
from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.coverage import Window, cover
from valetkey.authorizations.filters import Filters
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Application, Authorization
from valetkey.register.models import Campaign, Post

pytestmark = pytest.mark.django_db


def found(desk: Desk, actor: Actor | None = None, **plain: str) -> set[str]:
    rows = services.search(filters=Filters.of(plain), actor=actor or desk.bo, at=desk.at)
    return {row.reference for row in rows}


def put(row: Authorization, **values: Any) -> None:
    """A state that takes many steps to reach, or none can bring about at will."""
    Authorization.objects.filter(pk=row.pk).update(**values)


def asked(desk: Desk, **given: Any) -> Authorization:
    values = {"creator": desk.creator, "advertiser": desk.advertiser, "platform": "tiktok", "days": 30,
              "post_id": desk.seeded.creators[0].posts["public_two"], "actor": desk.bo, "at": desk.at}  # fmt: skip
    return services.request(**{**values, **given})


@pytest.mark.parametrize(
    "text",
    [
        "the reference",
        "shoes",
        "SPRING shoes",
        "shoes northwind",
        "mara",
        "Lindt spring",
        "winter-boots",
        "linen",
        "soon over",
        "Northwind EU",
        "the ad account's id",
        "the post's id",
        "the post's reference",
        "the post's link",
    ],
)
def test_a_text_is_found_wherever_a_row_tells_it(desk: Desk, text: str) -> None:
    row = desk.in_use()
    other = asked(desk)
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    put(row, message="For the winter-boots flight", reason="Soon over.")
    Post.objects.filter(pk=row.post_id).update(name="Washing my LINEN shirt")
    post = desk.post
    texts = {
        "the reference": row.reference.lower()[1:6],
        "the ad account's id": desk.eu.platform_id,
        "the post's id": post.platform_id,
        "the post's reference": post.reference,
        "the post's link": f"https://www.tiktok.com/@mara.makes/video/{post.platform_id}?lang=en",
    }
    for actor in (desk.bo, desk.mara, desk.viewer, desk.auditor, HOST):
        hits = found(desk, actor, text=texts.get(text, text))
        assert row.reference in hits
        assert other.reference not in hits or text in {"mara", "shoes northwind"}


@pytest.mark.parametrize("text", ["shirts", "spring boots", "100%", "_", "shoes Contoso", "linen' OR 1=1 --"])
def test_what_no_row_tells_is_not_found(desk: Desk, text: str) -> None:
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    assert found(desk, text=text) == set()


def test_each_finds_only_what_they_may_see(desk: Desk) -> None:
    row = desk.in_use()
    guest = Actor(name="bo@example.org", door=Door.WEB, user_id=GUEST)
    for actor in (desk.mara, desk.bo, desk.viewer, desk.admin, desk.auditor, HOST):
        assert found(desk, actor) == {row.reference}
    for actor in (desk.stranger, guest):
        assert found(desk, actor) == found(desk, actor, text=row.reference) == set()


def test_states_and_groups_narrow(desk: Desk) -> None:
    request, row = asked(desk), desk.in_use()
    assert found(desk, group="waiting") == found(desk, state="requested") == {request.reference}
    assert found(desk, group="in_use") == found(desk, state="in_use,ended") == {row.reference}
    assert found(desk, group="ending") == found(desk, group="over", state="in_use") == set()
    services.ask_to_end(authorization=row, reason="Over.", actor=desk.bo, at=desk.at)
    assert found(desk, group="ending") == found(desk, group="live") == {row.reference}
    put(row, state=State.EXPIRED)
    assert found(desk, group="over") == {row.reference} and found(desk, group="live") == set()


def test_parties_are_named_by_reference_or_by_their_whole_name(desk: Desk) -> None:
    row = desk.issued()
    for name in ("Mara Lindt", "mara lindt", desk.creator.reference, desk.creator.reference.lower()):
        assert found(desk, creator=name) == {row.reference}
    for name in ("Northwind", desk.advertiser.reference):
        assert found(desk, desk.mara, advertiser=name) == {row.reference}
    for creator in ("Mara", "Northwind", "nobody"):
        assert found(desk, creator=creator) == set()
    for advertiser in ("Contoso", "North", "Mara Lindt"):
        assert found(desk, advertiser=advertiser) == set()


def test_ends_within_is_to_the_second_and_only_of_what_lives(desk: Desk) -> None:
    row = desk.issued()
    assert row.ends_at == desk.at + timedelta(days=30)
    assert found(desk, ends_within="30") == {row.reference} and found(desk, ends_within="29") == set()
    assert desk.later(days=29, hours=23, minutes=59, seconds=59) and found(desk, ends_within="1") == {row.reference}
    assert desk.later(seconds=1) and found(desk, ends_within="1") == set()
    put(row, state=State.ENDED, ends_at=desk.at + timedelta(hours=1))
    assert found(desk, ends_within="1") == set()


def test_what_differs_and_what_is_uncertain_is_found(desk: Desk) -> None:
    row, other = desk.in_use(), by_hand(desk)
    assert found(desk, differs="yes") == found(desk, uncertain="yes") == set()
    put(row, drift=["END_DIFFERS"])
    put(other, is_uncertain=True)
    assert found(desk, differs="yes") == {row.reference} and found(desk, uncertain="yes") == {other.reference}
    Application.objects.filter(authorization=row).update(is_uncertain=True)
    assert found(desk, uncertain="yes") == {row.reference, other.reference}
    assert found(desk, uncertain="yes", differs="yes") == {row.reference}


def test_what_ends_before_its_campaign_is_found_until_the_campaign_is_corrected(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=37),))
    assert found(desk, short="yes") == {row.reference}
    services.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert found(desk, short="yes") == set()
    services.set_campaigns(
        authorization=row, campaigns=[desk.campaign(days=37), desk.campaign(days=60)], actor=desk.bo, at=desk.at
    )
    assert found(desk, short="yes") == {row.reference}, "one of two is enough, and it is listed once"
    assert services.search(filters=Filters(is_short=True), actor=desk.bo, at=desk.at).count() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 60), max_size=3),
    st.none() | st.integers(-2, 62).map(lambda days: timedelta(days=days)) | st.timedeltas(
        timedelta(days=-2), timedelta(days=62)
    ),
)  # fmt: skip
def test_the_query_says_short_where_coverage_does(desk: Desk, lengths: list[int], left: timedelta | None) -> None:
    """The rule is in Python for one row and in SQL for a list; they must not come apart."""
    row = Authorization.objects.filter(window_source="computed").first() or by_hand(desk)
    campaigns = [desk.campaign(days=days) for days in lengths]
    row.campaigns.set(campaigns)
    midnight = desk.campaign(days=1).starts_at
    put(row, ends_at=None if left is None else midnight + left)
    row.refresh_from_db()
    expected = any(cover(Window(row.starts_at, row.ends_at), each.span()).days_short for each in campaigns)
    assert expected == any(coverage.days_short for _, coverage in row.coverages())
    assert (row.reference in found(desk, short="yes")) == expected


def test_newest_first_or_what_ends_soonest(desk: Desk) -> None:
    rows = {name: by_hand(desk, f"#code-{name}-1234567890") for name in ("late", "past", "unknown", "soon")}
    put(rows["late"], ends_at=desk.at + timedelta(days=90))
    put(rows["soon"], ends_at=desk.at + timedelta(seconds=1))
    put(rows["past"], ends_at=desk.at)
    put(rows["unknown"], ends_at=None)

    def order(**plain: str) -> list[str]:
        names = {row.pk: name for name, row in rows.items()}
        return [names[row.pk] for row in services.search(filters=Filters.of(plain), actor=HOST, at=desk.at)]

    assert order() == ["soon", "unknown", "past", "late"]
    assert order(order="ends") == ["soon", "late", "unknown", "past"], "what is past does not end soonest"
    assert order(order="ends", group="live") == ["past", "soon", "late", "unknown"], "live and past: look at it first"


def test_pages_are_cut_and_counted_no_further_than_anybody_leafs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("valetkey.authorizations.services.search"), "MOST", 5)
    _many(desk, 7)
    rows = services.search(filters=Filters(), actor=HOST, at=desk.at)
    newest = [row.pk for row in rows]
    first = services.page(found=rows, number=1, size=2)
    assert ([row.pk for row in first.rows], first.number, first.last) == (newest[:2], 1, 3)
    assert (first.count, first.is_more) == (5, True)
    assert [row.pk for row in services.page(found=rows, number=3, size=2).rows] == newest[4:5]
    beyond = services.page(found=rows, number=99, size=2)
    assert beyond.number == 3 and services.page(found=rows, number=-4, size=2).number == 1
    few = services.page(found=rows.filter(pk__in=newest[:3]), size=2)
    assert (few.count, few.is_more, few.last) == (3, False, 2)
    none = services.page(found=rows.none())
    assert (none.rows, none.count, none.number, none.last, none.is_more) == ([], 0, 1, 1, False)


def _many(desk: Desk, count: int) -> None:
    """Rows as a large desk has them: every state, a campaign each, an application on every second one."""
    first = Authorization.objects.count()
    states = sorted(State)
    made = Authorization.objects.bulk_create(
        Authorization(
            post=desk.post,
            advertiser=desk.advertiser,
            state=states[number % len(states)],
            created_at=desk.at,
            starts_at=desk.at,
            ends_at=desk.at + timedelta(hours=number - 500) if number % 7 else None,
            window_source="stated",
            reference=f"T{number:06}",
        )
        for number in range(first, first + count)
    )
    campaign = Campaign.objects.first() or desk.campaign()
    through = Authorization.campaigns.through
    through.objects.bulk_create(through(authorization=row, campaign=campaign) for row in made)
    Application.objects.bulk_create(
        Application(authorization=row, ad_account=desk.eu, state="in_use") for row in made[::2]
    )


def _shown(desk: Desk, actor: Actor, **plain: str) -> tuple[int, int]:
    """One page as a list shows it: how many queries, how many rows."""
    with CaptureQueriesContext(connection) as queries:
        rows = services.page(found=services.search(filters=Filters.of(plain), actor=actor, at=desk.at)).rows
        for row in rows:
            assert row.post.name and row.post.held_by.name and row.advertiser.name and row.window()
            assert all(campaign.ad_account.name for campaign, _ in row.coverages())
            assert [account.name for account in row.applied_on()] in ([], ["Northwind EU"])
    return len(queries), len(rows)


CHOICES: list[dict[str, str]] = [
    {},
    {"group": "live", "order": "ends"},
    {"order": "ends"},
    {"short": "yes"},
    {"text": "northwind spring"},
    {"ends_within": "14", "differs": "yes"},
    {"uncertain": "yes"},
]


def test_at_ten_thousand_a_page_costs_as_many_queries_as_at_a_hundred_and_its_order_is_an_index(desk: Desk) -> None:
    _many(desk, 100)
    few = {(number, who.name): _shown(desk, who, **plain)[0]
           for number, plain in enumerate(CHOICES) for who in (HOST, desk.bo, desk.mara)}  # fmt: skip
    _many(desk, 9_900)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Authorization.objects.count() == 10_000
    for (number, who), queries in few.items():
        actor = {"Bo": desk.bo, "Mara": desk.mara}.get(who, HOST)
        now, rows = _shown(desk, actor, **CHOICES[number])
        assert now <= queries <= 11, (CHOICES[number], who)
        assert rows == (50 if number < 5 else 0)
    for plain, index in (({}, "authorizations_authorization_pkey"), (CHOICES[1], "authorization_ends_soonest")):
        plan = services.search(filters=Filters.of(plain), actor=HOST, at=desk.at)[:50].explain()
        if connection.vendor == "postgresql":
            assert index in plan and "Sort" not in plan, plan
        else:
            # SQLite keeps rows by their key, so that the newest are where its reading ends.
            assert "TEMP B-TREE" not in plan and (index in plan or not plain), plan


def test_a_named_party_at_the_desk_of_many_is_found_by_its_own_rows(desk: Desk) -> None:
    other = accounts.create_party(name="Zoë", kind="creator", actor=HOST, at=desk.at)
    assert found(desk, HOST, creator=other.name) == set()
