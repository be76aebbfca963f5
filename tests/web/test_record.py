"""The record on pages: found, looked at on any day, taken along as a file, and nobody else's."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.filled import Filled, fill
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.accounts.policy import Role
from valetkey.register import services
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

RECORD = reverse("record")


@pytest.fixture
def filled(desk: Desk) -> Filled:
    return fill(desk.advertiser, HOST, desk.at)


def page(name: str, row: Any, **asked: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"record_{name}", args=[row.reference]) + (f"?{query}" if query else "")


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_an_empty_record_teaches_where_to_begin(desk: Desk) -> None:
    fresh = accounts.create_party(name="Fresh", kind="company", actor=HOST, at=desk.at)
    user = accounts.create_user(email="fred@example.org", name="Fred", actor=HOST, at=desk.at)
    accounts.join(user=user, party=fresh, role=Role.MANAGER, actor=HOST, at=desk.at)
    client = browser(desk.mara)
    client.force_login(user)
    text = read(client.get(reverse("record_assets")))
    assert "No asset is on record yet" in text and "Enter an asset" in text
    text = read(client.get(RECORD))
    assert "Nothing that somebody could reach is on record yet" in text and "Enter an account" in text


def test_the_way_in_counts_what_there_is(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(RECORD))
    assert "6 accesses hold now" in text and "1 shared login is not changed yet." in text
    assert "1 goes on" in text and "1 is given" in text


def test_a_search_goes_over_everything_one_may_see(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(f"{RECORD}?q=northwind"))
    assert "@northwind.shoes" in text and "Northwind BC" in text
    text = read(browser(desk.viewer).get(f"{RECORD}?q=jo"))
    assert "Jo Brandt" in text
    text = read(browser(desk.stranger).get(f"{RECORD}?q=jo brandt"))
    assert "Nothing found" in text and "Jo Brandt Works" not in text


def test_a_person_with_all_they_reach_and_what_would_stop(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(page("person", filled.jo)))
    for words in (
        "Jo Brandt", "Head of social", "Access (2)", "Main owner", "never ends", "Owns, or has in hand",
        "main owner, recovery mail", "Answers for", "within 1 day", "If Jo Brandt left today",
        "2 accesses would have to be ended", "1 asset would need another owner", "How it came about",
    ):  # fmt: skip
        assert words in text, words


def test_who_has_left_and_is_still_on_a_list_is_shown_first(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(page("person", filled.lee)))
    assert "Lee Sand has left, and this is still open." in text and "end not known" in text
    assert "second factor" in text and "not changed" in text
    text = read(browser(desk.bo).get(reverse("record_people") + "?which=left"))
    assert "Lee Sand" in text and "1 still open" in text and "Jo Brandt" not in text


def test_a_past_day_is_as_it_stood_then_and_has_no_buttons(desk: Desk, filled: Filled) -> None:
    day = (desk.at - timedelta(days=60)).date().isoformat()
    client = browser(desk.bo)
    text = read(client.get(page("person", filled.lee, on=day)))
    assert "As the record stood on" in text and "Editor" in text and "has left" not in text
    assert "If Lee Sand left today" not in text
    text = read(client.get(page("person", filled.jo, on=day)))
    assert "Owner" in text and "Main owner" not in text
    text = read(client.get(page("person", filled.jo, on=day, known="now")))
    assert "as we know it now" in text and "Main owner" in text
    html = client.get(page("person", filled.jo, on=day)).content.decode()
    assert page("access", filled.joes, on=day) in html, "the day goes along"
    assert reverse("person_change", args=[filled.jo.reference]) not in html


def test_before_it_was_on_record_there_was_nothing(desk: Desk, filled: Filled) -> None:
    for name, row in (("person", filled.jo), ("asset", filled.account), ("surface", filled.members)):
        text = read(browser(desk.bo).get(page(name, row, on="2020-01-01")))
        assert "Not on record then" in text and "Access (" not in text
    assert "Not on record then" in read(browser(desk.bo).get(page("access", filled.joes, on="2020-01-01")))


def test_a_day_to_come_knows_what_ends_until_then(desk: Desk, filled: Filled) -> None:
    day = (desk.at + timedelta(days=20)).date().isoformat()
    text = read(browser(desk.bo).get(page("party", filled.agency, on=day)))
    assert not re.search(r"\bin \d+ days\b", text), "days from that day would be taken for days from now"
    assert "if nobody changes anything" in text and "Access (1)" in text and "past its end" in text
    assert "Access (2)" in read(browser(desk.bo).get(page("party", filled.agency)))


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_stands_beside_the_field(desk: Desk, filled: Filled, day: str) -> None:
    answer = browser(desk.bo).get(page("person", filled.jo, on=day))
    assert answer.status_code == 200
    text = read(answer)
    assert "Enter a valid date." in text or "too far from today" in text or "Not on record then" in text


def test_an_asset_with_its_owners_lists_and_map(desk: Desk, filled: Filled) -> None:
    answer = browser(desk.bo).get(page("asset", filled.account))
    text, html = read(answer), answer.content.decode()
    assert "Account on TikTok, held by Northwind" in text and "The one that everything hangs on." in text
    assert "Signed-in devices" in text and "Second factor Lee Sand" in text and "Backup codes not known" in text
    assert "<svg" in html and "The same as a table" in text and "Northwind BC" in text


def test_a_surface_says_where_it_is_and_who_is_on_it(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(page("surface", filled.members)))
    assert "Business Center → Users → Members" in text and "On this list (3)" in text


def test_an_access_with_its_facts_and_how_it_came_about(desk: Desk, filled: Filled) -> None:
    text = read(browser(desk.bo).get(page("access", filled.joes)))
    assert "Sign the device out under Settings." in text and "Ines Okafor" in text
    assert "Owner → Main owner" in text and "Came onto the record." in text
    text = read(browser(desk.bo).get(page("access", filled.ended)))
    assert "Moved to another team" in text and "Not on the list any more" in text


def test_the_file_holds_every_line_and_no_formula(desk: Desk, filled: Filled) -> None:
    accounts.change_person(person=filled.jo, changes={"name": "=1+1"}, actor=HOST, at=desk.at)
    for number in range(60):
        services.open_access(
            surface=filled.members, person=filled.jo, role=f"Role {number:02}", end="none", actor=HOST, at=desk.at
        )
    client = browser(desk.bo)
    assert "Page 1 of 2" in read(client.get(page("person", filled.jo)))
    answer = client.get(page("person", filled.jo, **{"as": "csv"}))
    rows = rows_of(answer)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="access-')
    assert len(rows) == 62 and {row["person"] for row in rows} == {"'=1+1"}
    assert {row["until"] for row in rows} == {"never"}
    assert len(rows_of(client.get(f"{RECORD}?as=csv"))) == 66
    day = (desk.at - timedelta(days=60)).date().isoformat()
    rows = rows_of(client.get(f"{RECORD}?as=csv&on={day}"))
    assert len(rows) == 7 and "Jo Brandt" in {row["person"] for row in rows}


@pytest.mark.parametrize("name", ["person", "asset", "surface", "access", "party"])
def test_a_stranger_is_told_that_there_is_nothing(desk: Desk, filled: Filled, name: str) -> None:
    row = {
        "person": filled.jo, "asset": filled.account, "surface": filled.members, "access": filled.joes,
        "party": filled.agency,
    }[name]  # fmt: skip
    client = browser(desk.stranger)
    for query in ({}, {"as": "csv"}, {"on": "2026-10-01"}):
        assert client.get(page(name, row, **query)).status_code == 404, query
    assert rows_of(client.get(f"{RECORD}?as=csv")) == []


def test_the_other_side_of_an_authorization_sees_its_line_and_no_more(desk: Desk, filled: Filled) -> None:
    desk.in_use()
    found = services.accesses(actor=desk.bo).get(way="authorization")
    client = browser(desk.bo)
    text = read(client.get(page("access", found)))
    assert (
        "Rests on Authorization" in text and "on the record of Mara Lindt" in text and "How to take it away" not in text
    )
    html = client.get(page("party", desk.advertiser)).content.decode()
    assert reverse("record_access", args=[found.reference]) in html
    assert reverse("record_asset", args=[desk.post.reference]) not in html, "that page is not theirs"
    assert client.get(page("asset", desk.post)).status_code == 404
    text = read(browser(desk.mara).get(page("access", found)))
    assert "End the authorization" in text


def test_who_only_reads_is_offered_nothing_to_write(desk: Desk, filled: Filled) -> None:
    change = reverse("person_change", args=[filled.jo.reference])
    assert change in browser(desk.bo).get(page("person", filled.jo)).content.decode()
    for actor in (desk.viewer, desk.auditor):
        assert change not in browser(actor).get(page("person", filled.jo)).content.decode()


def test_everybody_finds_the_record_in_the_navigation(desk: Desk) -> None:
    for actor in (desk.mara, desk.viewer, desk.stranger, desk.admin):
        assert f'href="{RECORD}"' in browser(actor).get(reverse("me")).content.decode()


MOST_QUERIES, HEAVIEST = 40, 100_000


def test_no_page_grows_with_the_record(desk: Desk, filled: Filled) -> None:
    """Far more of everything than a page shows: the questions to the database stay few, and the page light."""
    crowd(filled, desk.at)
    pages = {
        "person": filled.jo, "party": filled.keeper, "asset": filled.center, "surface": filled.members,
        "access": filled.joes,
    }  # fmt: skip
    addresses = [page(name, row) for name, row in pages.items()]
    addresses += [page(name, row, on="2026-10-20") for name, row in pages.items()]
    addresses += [RECORD, f"{RECORD}?q=a", *(reverse(f"record_{name}") for name in ("people", "parties", "assets"))]
    heavy = {}
    for actor in (desk.bo, desk.auditor):
        client = browser(actor)
        client.get(reverse("me"))
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200
            if len(asked) > MOST_QUERIES or len(answer.content) >= HEAVIEST:
                heavy[actor.name, address] = (len(asked), len(answer.content))
    assert not heavy


def crowd(filled: Filled, at: datetime) -> None:
    """Written past the services, which would take minutes: versions are what a look reads."""
    said = {"kept_by": filled.keeper.reference, "known_from": filled.begun}
    rows = []
    for number in range(600):
        surface = f"SURF{number % 15:03}"
        person = filled.jo.reference if number % 3 == 0 else f"PERS{number:03}"
        until = None if number % 2 else at - timedelta(days=1)
        facts = {
            "role": f"Standard role number {number}", "since": None, "end": "at" if until else "none",
            "until": until.isoformat() if until else None, "purpose": "What somebody wrote down at some length",
            "basis": "", "way": "entered", "review_on": None, "removal": "", "note": "", "source": "stated",
            "recorded_at": None, "confirmed_at": None, "confirmed_by": "", "confirmed_how": "", "let_end_at": None,
            "let_end_by": "", "ended_at": None, "ended_reason": "", "ended_how": "", "owner": filled.jo.reference,
        }  # fmt: skip
        rows.append(
            Version(
                kind=Kind.ACCESS, reference=f"ACC{number:04}", party=filled.keeper.reference, person=person,
                asset=filled.center.reference, surface=surface, holds_until=until, facts=facts, **said,
            )
        )  # fmt: skip
        about: dict[str, Any] = {
            "name": f"Somebody with a name of some length, number {number}",
            "mail": "",
            "work": "",
            "note": "",
        }
        about |= {"joined_on": None, "left_on": None, "is_user": False}
        rows.append(
            Version(
                kind=Kind.PERSON, reference=f"PERS{number:03}", party=filled.keeper.reference,
                person=f"PERS{number:03}", facts=about, **said,
            )
        )  # fmt: skip
    for number in range(15):
        facts = {"name": f"A list of access, number {number}", "kind": "", "path": "", "note": ""}
        rows.append(
            Version(
                kind=Kind.SURFACE, reference=f"SURF{number:03}", asset=filled.center.reference,
                surface=f"SURF{number:03}", facts=facts, **said,
            )
        )  # fmt: skip
    for number in range(100):
        duty = {
            "occasion": "leaver", "what": "What is to be done then, at some length", "within_days": 3,
            "ended_at": None, "ended_reason": "", "backup": "",
        }  # fmt: skip
        rows.append(
            Version(
                kind=Kind.RESPONSIBILITY, reference=f"DUTY{number:03}", person=filled.jo.reference, facts=duty,
                holds_from=filled.begun, **said,
            )
        )  # fmt: skip
    Version.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("address", "entry"),
    [("record_people", "record"), ("reviews", "record"), ("exposures", "record"), ("intakes", "record"),
     ("plans", "changes"), ("change_new", "changes")],
)  # fmt: skip
def test_the_navigation_shows_where_one_is_below_its_entries(desk: Desk, address: str, entry: str) -> None:
    page = browser(desk.bo).get(reverse(address)).content.decode()
    assert f'href="{reverse(entry)}" aria-current="true"' in page and page.count('aria-current="true"') == 1
