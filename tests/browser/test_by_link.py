"""People without an account: a request answered for less, or declined; a code opened by proving a mail address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count

from playwright.sync_api import expect

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well

CODE = "#yN9u2vKp+wQ7/LmZx3TdRb8s="
_numbers = count(7400000000000000101)


def _asks(bo: Person, creator: str, days: str = "60") -> str:
    """The address of the request's own page."""
    handle = creator.removeprefix("@")
    bo.go("/requests/new/")
    bo.page.get_by_label("Creator").fill(creator)
    bo.page.get_by_label("Who gets the link").fill(handle.title())
    bo.page.get_by_label("Their mail address").fill(f"{handle}@example.net")
    bo.page.get_by_label("Link of the post").fill(f"https://www.tiktok.com/{creator}/video/{next(_numbers)}")
    bo.page.get_by_role("radio", name=f"{days} days: ends").check()
    bo.page.get_by_label("Agreed use until").fill(str(datetime.now(UTC).date() + timedelta(days=40)))
    bo.button("Fill in the message")
    expect(bo.page.locator("#message textarea")).not_to_be_empty()
    bo.page.get_by_role("button", name="Send the request").last.click()
    bo.reads("It was mailed to")
    return bo.page.url


def _link_in_mail(desk: Served, address: str, kind: str) -> str:
    found = re.search(rf"{re.escape(desk.url)}/{kind}/\S+", desk.mails.next_to(address))
    assert found, "the mail has the link"
    return found.group()


def _goes_through_the_steps(theo: Person) -> None:
    theo.link("Yes, or yes for less")
    theo.reads("What it means to switch ad authorization on", "cannot be edited")
    looks_well(theo)
    theo.page.get_by_label("I have read this").check()
    theo.button("Go on")
    theo.reads("Where", "Do", "Confirm", "If this fails")
    looks_well(theo)
    theo.button("Done, go on")
    theo.reads("60 days: ends")
    theo.button("Done, go on")


def test_a_creator_without_an_account_gives_less_than_was_asked(desk_served: Served, new_person: NewPerson) -> None:
    bo, theo = new_person(), new_person(phone=True)
    bo.sign_in("bo")
    request = _asks(bo, "@lena.lacht")
    bo.go(request)
    bo.reads("not opened")

    link = _link_in_mail(desk_served, "lena.lacht@example.net", "r")
    theo.go(link)
    assert link.rpartition("/r/")[2].strip("/") not in theo.page.url, "the link's secret leaves the address at once"
    theo.reads("Northwind asks to run one of your posts as an ad", "Does not give", "60 days")
    looks_well(theo)
    bo.go(request)
    bo.reads("opened")

    _goes_through_the_steps(theo)
    bo.go(request)
    bo.reads("partly done")
    theo.go(link)
    theo.reads("You have begun: 3 of 3 steps are ticked")
    theo.link("Go on where you stopped")
    looks_well(theo)

    theo.page.get_by_label("Spark code").fill(CODE)
    theo.page.get_by_label("How many days you chose in the app").fill("30")
    theo.page.get_by_label("They may use the post until").fill(str(datetime.now(UTC).date() + timedelta(days=20)))
    theo.button("Hand the code over")
    theo.reads("Northwind has your code", "What happens next")
    looks_well(theo)
    assert CODE not in theo.page.content()
    theo.link("Certificate to print")
    theo.reads("checksum")

    bo.go(request)
    bo.reads("done")
    bo.go(request.replace("/requests/", "/authorizations/"))
    bo.button("Show the code")
    expect(bo.page.locator("#the-code")).to_have_text(CODE)
    theo.go(link)
    theo.reads("Northwind has your code")


def test_a_creator_declines_and_the_buyer_reads_why(desk_served: Served, new_person: NewPerson) -> None:
    bo, ivo = new_person(), new_person(phone=True)
    bo.sign_in("bo")
    request = _asks(bo, "@ivo.isst")
    link = _link_in_mail(desk_served, "ivo.isst@example.net", "r")
    ivo.go(link)
    ivo.link("No, decline")
    looks_well(ivo)
    ivo.page.get_by_role("radio").last.check()
    ivo.page.get_by_label("In your own words").fill("I work with another brand just now.")
    ivo.button("Send this answer")
    ivo.reads("Northwind has your answer: no")
    bo.go(request)
    bo.reads("declined", "I work with another brand just now.")


def test_a_withdrawn_link_explains_itself(desk_served: Served, new_person: NewPerson) -> None:
    bo, una = new_person(), new_person(phone=True)
    bo.sign_in("bo")
    request = _asks(bo, "@una.unterwegs")
    link = _link_in_mail(desk_served, "una.unterwegs@example.net", "r")
    bo.go(request)
    bo.follow(bo.page.get_by_role("button", name="Remind", exact=True))
    bo.go(request)
    bo.reads("You can remind them again from")
    bo.page.get_by_label("Reason").fill("The campaign is cancelled.")
    bo.button("Withdraw the request")
    bo.reads("withdrawn")
    una.go(link)
    una.reads("withdrawn")
    looks_well(una)
    una.go(f"{desk_served.url}/r/{'x' * 43}/")
    una.reads("link")
    assert una.page.locator("h1").count() == 1


def test_a_code_is_opened_by_proving_the_mail_address(desk_served: Served, new_person: NewPerson) -> None:
    mara, kai = new_person(phone=True), new_person()
    mara.sign_in("mara")
    mara.link("Rights given")
    mara.page.get_by_role("link", name=re.compile("onion skins")).first.click()
    mara.page.get_by_role("link", name="Northwind").first.click()
    mara.link("Hand the code over")
    mara.page.get_by_label("Name of the person").fill("Kai")
    mara.page.get_by_label("Their mail address").fill("kai@example.net")
    mara.button("Make the link")
    link = _link_in_mail(desk_served, "kai@example.net", "h")

    kai.go(link)
    kai.reads("Mara Lindt hands a Spark code over to Northwind", "Prove that it is you")
    looks_well(kai)
    kai.button("Mail me a number")
    found = re.search(r"\b\d{8}\b", desk_served.mails.next_to("kai@example.net"))
    assert found
    kai.page.get_by_label("The number from the mail").fill("00000000" if found.group() != "00000000" else "11111111")
    kai.button("Go on")
    kai.reads("number")
    kai.page.get_by_label("The number from the mail").fill(found.group())
    kai.button("Go on")
    kai.reads("What it is for", "Code window")
    looks_well(kai)
    kai.button("Show the code")
    code = kai.page.locator("#code").inner_text().strip()
    with kai.page.expect_response(lambda answer: answer.url.endswith("/copied/")) as logged:
        kai.button("Copy the code")
    assert logged.value.ok and code not in kai.page.url
    kai.link("Certificate to print")
    kai.reads("checksum")

    mara.page.reload()
    mara.reads("Kai", "address proven", "copied 1")
    looks_well(mara)
    mara.button(re.compile("Stop sharing with Kai"))
    mara.reads("stopped")
    kai.go(link)
    assert code not in kai.page.content()
    expect(kai.page.get_by_role("button", name="Show the code")).to_have_count(0)
