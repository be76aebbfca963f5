"""Who answers for an authorization, on its page: each side names somebody of its own record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts.services import enter_person
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def page(row: Authorization, name: str = "authorization_owner") -> str:
    return reverse(name, args=[row.reference])


def test_the_page_says_who_answers_and_leads_those_who_may_to_say_so(desk: Desk) -> None:
    row = desk.issued()
    text = read(browser(desk.mara).get(page(row, "authorization")))
    assert "Mara answers for it" in text and "nobody answers for it yet" in text
    assert "Say who answers for it" in text
    for reader in (desk.viewer, desk.auditor):
        assert "Say who answers for it" not in read(browser(reader).get(page(row, "authorization")))


def test_somebody_of_the_own_record_is_named(desk: Desk) -> None:
    row, mara = desk.issued(), browser(desk.mara)
    enter_person(kept_by=desk.creator, name="Cleo Lindt", actor=desk.mara, at=desk.at)
    answer = mara.get(page(row))
    assert "Who answers for" in read(answer) and '<option value="Cleo Lindt">' in answer.content.decode()
    text = read(mara.post(page(row), {"person": "Cleo Lindt"}, follow=True))
    assert "Cleo Lindt answers for it from now on." in text
    row.refresh_from_db()
    assert str(row.creator_owner) == "Cleo Lindt"


def test_a_name_that_fits_nobody_or_the_other_side_stands_beside_the_field(desk: Desk) -> None:
    row, mara = desk.issued(), browser(desk.mara)
    for name, told in (("Kim", "There is no person “Kim” that you can see."), ("", "required")):
        answer = mara.post(page(row), {"person": name})
        assert answer.status_code == 422 and told in read(answer)
    assert "Who answers for" in read(browser(desk.admin).get(page(row)))
    sam = browser(desk.admin).post(page(row), {"person": "Sam"})
    assert sam.status_code == 422 and "on the record of neither side" in read(sam)


def test_what_is_over_needs_nobody_any_more(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    services.withdraw(authorization=row, actor=HOST, at=desk.at)
    bo = browser(desk.bo)
    assert bo.get(page(row)).headers["Location"] == page(row, "authorization")
    answer = bo.post(page(row), {"person": "Kim"})
    assert answer.status_code == 422 and "Nobody has to answer for it any more" in read(answer)
    assert "Say who answers for it" not in read(bo.get(page(row, "authorization")))


def test_a_long_record_offers_some_names_and_stays_light(desk: Desk) -> None:
    row = desk.issued()
    for number in range(60):
        enter_person(kept_by=desk.creator, name=f"Person {number:02}", actor=HOST, at=desk.at)
    answer = browser(desk.mara).get(page(row))
    assert answer.content.decode().count("<option") == 40
