"""What a form holds back: a text that looks like a password, days that end too early. One click goes on with either."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well

LOGIN = "Our password for the shoot is Hunter2hunter, see you there."


def test_a_password_in_a_request_is_refused_until_it_is_none_and_short_days_take_one_tap(
    new_person: NewPerson,
) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/requests/new/")
    bo.page.get_by_label("Creator").fill("@kim.kocht")
    bo.page.get_by_label("Link of the post").fill("https://www.tiktok.com/@kim.kocht/video/7400000000000000777")
    bo.page.get_by_label("Agreed use until").fill(str(datetime.now(UTC).date() + timedelta(days=40)))
    bo.page.get_by_label("7 days").check()
    bo.page.get_by_label("Message").fill(LOGIN)
    bo.page.get_by_role("button", name="Send the request").last.click()
    bo.reads("This looks as if it held a password", "Nothing of it was stored")
    expect(bo.page.get_by_label("Message")).to_have_value("")
    assert "Hunter2hunter" not in bo.page.content()
    looks_well(bo)
    bo.button("It is not a password: keep it as it is")
    bo.page.locator("button[name=take_days]").first.click()
    bo.reads("Hunter2hunter", "60 days")
