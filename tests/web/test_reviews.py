"""Reviews on pages: opened, decided without JavaScript, line by line, by what keys send, closed and compared."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import Desk
from tests.reviews.scope import center, give, kept, opened, somebody, staffed
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.changes.models import Change
from valetkey.register import services as register
from valetkey.register.models import Access
from valetkey.reviews import services
from valetkey.reviews.models import Review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW = reverse("reviews"), reverse("review_new")


def page(review: Review) -> str:
    return reverse("review", args=[review.reference])


def line(review: Review, number: int) -> str:
    return reverse("review_line", args=[review.reference, number])


def decisions(review: Review) -> str:
    return "".join(each[:1] or "-" for each in review.lines.order_by("number").values_list("decision", flat=True))


def test_the_whole_way_without_javascript(desk: Desk) -> None:
    asset, (jo, lea, *_) = staffed(desk)
    bo = browser(desk.bo)
    assert "Nothing has been reviewed yet" in read(bo.get(LIST))
    form = bo.get(NEW, {"asset": asset.reference, "for": desk.advertiser.reference}).content.decode()
    assert asset.reference in form
    sent = {"kept_by": desk.advertiser.reference, "of": "asset", "name": "Northwind BC"}
    made = bo.post(NEW, sent)
    review = Review.objects.get()
    assert made.headers["Location"] == page(review)
    text = read(bo.get(page(review)))
    assert "0 of 5 decided" in text and "Jo : Operator, until 2 Dec 2026 Keep End Change Not mine Let it end" in text
    assert "Max : Operator, never ends Keep End Change Not mine Lea" not in text
    first = bo.post(page(review), {"was": "-----", "d1": "k", "d2": "e"})
    assert first.headers["Location"] == f"{page(review)}#l3"
    assert "2 decisions saved." in read(bo.get(page(review)))
    missing = bo.post(page(review), {"was": "ke---", "d1": "k", "d2": "e", "d3": "c", "d4": "l"})
    assert missing.status_code == 422
    assert "It is not said what is to be different" in read(missing) and "name=n3" in missing.content.decode()
    assert decisions(review) == "ke-l-", "what is fine is saved"
    bo.post(page(review), {"was": "ke-l-", "d3": "c", "n3": "Analyst is enough", "d5": "n"})
    assert decisions(review) == "kecln"
    close = bo.get(page(review)).content.decode()
    assert reverse("review_close", args=[review.reference]) in close
    asks = read(bo.get(reverse("review_close", args=[review.reference])))
    assert "1 line: they stay" in asks and "3 lines that cannot stay as they are" in asks
    done = bo.post(reverse("review_close", args=[review.reference]), {"next_on": "2027-05-03"}, follow=True)
    assert "Closed. What was decided is on its way." in read(done)
    assert Change.objects.get().title in read(done) and "Mon 3 May 2027" in read(done)
    assert "change “Analyst is enough”" in read(done)
    assert "closed" in read(bo.get(LIST))
    for access in (jo, lea):
        access.refresh_from_db()
    assert jo.review_on is not None and lea.ended_at is None


def test_a_line_on_its_own_page_leads_on_to_the_next(desk: Desk) -> None:
    asset, _ = staffed(desk)
    review = opened(desk, asset)
    bo = browser(desk.bo)
    text = read(bo.get(line(review, 3)))
    assert "Line 3 of 5" in text and "never ends" in text and "nobody has looked on the platform" in text
    assert "Let it end" not in text
    saved = bo.post(line(review, 3), {"decision": "end", "note": "Has left"})
    assert saved.headers["Location"] == line(review, 1)
    assert "end, Bo" in read(bo.get(line(review, 3)))
    assert bo.post(line(review, 3), {"decision": "let_it_end"}).status_code == 422
    assert bo.post(line(review, 3), {"decision": "change", "note": ""}).status_code == 422
    assert bo.get(line(review, 6)).status_code == 404
    kept(desk, review)
    late = bo.post(line(review, 1), {"decision": "end"})
    assert late.status_code == 409 and "closed this review already" in read(late)
    assert bo.post(page(review), {"was": "kekkk", "d1": "e"}).status_code == 409


def test_what_a_key_sends_is_answered_with_how_far_one_is(desk: Desk) -> None:
    review = opened(desk, staffed(desk)[0])
    bo = browser(desk.bo)
    keys: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    answer = bo.post(line(review, 1), {"decision": "keep", "note": ""}, **keys)
    assert answer.status_code == 200 and "1 of 5 decided" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    refused = bo.post(line(review, 1), {"decision": "change", "note": ""}, **keys)
    assert refused.status_code == 422
    assert refused.content.decode() == "It is not said what is to be different. Say it in a few words."
    secret = bo.post(line(review, 1), {"decision": "change", "note": "The new password is Tr0ub4dor&3x"}, **keys)
    assert secret.status_code == 422 and "Tr0ub4dor" not in secret.content.decode()


def test_a_page_that_was_open_for_long_sets_nothing_back(desk: Desk) -> None:
    review = opened(desk, staffed(desk)[0])
    bo, kim = browser(desk.bo), browser(desk.kim)
    bo.post(page(review), {"was": "-----", "d1": "k"})
    kim.post(line(review, 1), {"decision": "end", "note": ""})
    bo.post(page(review), {"was": "k----", "d1": "k", "d2": "k"})
    assert decisions(review) == "ek---"


def test_a_credential_in_a_note_is_refused_and_not_shown(desk: Desk) -> None:
    review = opened(desk, staffed(desk)[0])
    answer = browser(desk.bo).post(page(review), {"was": "-----", "d1": "c", "n1": "The new password is Tr0ub4dor&3x"})
    assert answer.status_code == 422 and "Tr0ub4dor" not in answer.content.decode()
    assert "looks as if it held a password or a code" in read(answer)


def test_the_next_one_says_what_is_different(desk: Desk) -> None:
    asset, (jo, lea, *_) = staffed(desk)
    kept(desk, opened(desk, asset))
    register.end_access(access=jo, reason="Left.", actor=desk.bo, at=desk.at)
    register.change_access(access=lea, changes={"role": "Admin"}, actor=desk.bo, at=desk.at)
    give(desk, asset, somebody(desk, "Zoe"))
    text = read(browser(desk.bo).get(page(opened(desk, asset))))
    assert "Since the last review" in text
    assert "1 new Zoe : Operator" in text and "1 changed Lea : Admin" in text and "role: Operator → Admin" in text
    assert "1 gone Jo: Operator, people of Northwind BC" in text


def test_that_nothing_is_different_is_said(desk: Desk) -> None:
    asset, _ = staffed(desk)
    kept(desk, opened(desk, asset))
    text = read(browser(desk.bo).get(page(opened(desk, asset))))
    assert "Since the last review" in text and "Nobody came, nobody went, and nothing was changed." in text


def test_viewers_read_and_decide_nothing(desk: Desk) -> None:
    review = opened(desk, staffed(desk)[0])
    vera = browser(desk.viewer)
    text = read(vera.get(page(review)))
    assert "undecided" in text and "Save what is chosen" not in text
    assert vera.post(page(review), {"was": "-----", "d1": "k"}).status_code == 403
    assert vera.post(line(review, 1), {"decision": "keep"}).status_code == 403
    assert vera.get(reverse("review_close", args=[review.reference])).status_code == 403
    assert browser(desk.stranger).get(page(review)).status_code == 404


def test_what_cannot_be_opened_is_said_beside_the_form(desk: Desk) -> None:
    center(desk, "Empty")
    bo = browser(desk.bo)
    sent = {"kept_by": desk.advertiser.reference, "of": "asset"}
    for name, told in (("", "Say which one"), ("Nothing", "There is no asset"), ("Empty", "no access to look at")):
        answer = bo.post(NEW, {**sent, "name": name})
        assert answer.status_code == 422 and told in read(answer)
    assert not Review.objects.exists()


def test_nine_hundred_lines_are_pages_of_two_hundred_that_stay_light(desk: Desk) -> None:
    asset, (jo, *_) = staffed(desk)
    surface = register.surfaces(asset=asset)[0]
    names = [somebody(desk, f"Alexandra Example-Person {number}") for number in range(900)]
    Access.objects.bulk_create(
        Access(
            surface=surface, holder=desk.advertiser, person=person, role="Standard access", end="at",
            until=jo.until, source="stated", recorded_at=desk.at,
        )
        for person in names
    )  # fmt: skip
    register.keep_all(at=desk.at)
    review = opened(desk, asset)
    assert review.lines.count() == 905
    bo = browser(desk.bo)
    services.decide(line=services.find_line(review=review, number=1), decision="keep", actor=desk.bo, at=desk.at)
    for query in ({}, {"page": 5}):
        with CaptureQueriesContext(connection) as queries:
            answer = bo.get(page(review), query)
        print(len(queries), len(answer.content))
        assert len(queries) <= 40
        assert len(answer.content) < 100_000
    review.lines.filter(number__lte=410).update(decision="keep")
    text = bo.get(page(review)).content.decode()
    assert "Page 3 of 5" in text and "id=l411" in text and "id=l601" not in text
