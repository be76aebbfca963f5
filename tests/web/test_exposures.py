"""Logins that were shared, on pages: written down, known to, changed; never the secret, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.register.exposed import Shared
from valetkey.register.models import Exposure
from valetkey.register.services import add_knower, close_exposure, open_exposure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW, FRONT = reverse("exposures"), reverse("exposure_new"), reverse("front")


def given(desk: Desk, **other: str) -> dict[str, str]:
    return {"held_by": desk.creator.reference, "account": "@mara.makes", "shared": "password", **other}


def opened(desk: Desk, **other: Any) -> Exposure:
    known = {"held_by": desk.creator, "platform": "tiktok", "account": "@mara.makes", "shared": Shared.SESSION}
    return open_exposure(**{**known, "actor": HOST, "at": desk.at, **other})


def page(row: Exposure, name: str = "exposure") -> str:
    return reverse(name, args=[row.reference])


def test_an_empty_list_teaches_why_nobody_needs_a_login(desk: Desk) -> None:
    text = read(browser(desk.mara).get(LIST))
    assert "No shared login is on record" in text and "a code is enough" in text and "A login was shared" in text
    assert "A login was shared" not in read(browser(desk.viewer).get(LIST))


def test_from_writing_it_down_to_the_change(desk: Desk) -> None:
    mara = browser(desk.mara)
    assert "Please do not type the password" in read(mara.get(NEW))
    text = read(mara.post(NEW, given(desk, since="2026-10-03", note="For the launch."), follow=True))
    row = Exposure.objects.get()
    assert "Written down." in text and "Others know the password." in text and "Nobody is named yet." in text
    assert "Sat 3 Oct 2026" in text and "For the launch." in text
    text = read(mara.post(page(row), {"name": "Jo", "party": "Northwind", "since": "2026-10-04"}, follow=True))
    assert "Jo of Northwind since Sun 4 Oct 2026" in text
    assert "1 person" in read(mara.get(LIST))
    assert "Set a new password" in read(mara.get(page(row, "exposure_close")))
    text = read(mara.post(page(row, "exposure_close"), {"how": "Changed in the app."}, follow=True))
    assert (
        "Confirmed." in text
        and "Others knew the password." in text
        and "Who knew it" in text
        and "Changed in the app." in text
    )
    assert "Add somebody" not in text and "It was changed" not in text
    assert "changed today" in read(mara.get(LIST))


def test_it_is_confirmed_once(desk: Desk) -> None:
    row, mara = opened(desk), browser(desk.mara)
    close_exposure(exposure=row, how="Done.", actor=desk.mara, at=desk.at)
    assert mara.get(page(row, "exposure_close")).status_code == 302
    answer = mara.post(page(row, "exposure_close"), {"how": "Again."})
    assert answer.status_code == 422 and "confirmed already" in read(answer)
    assert "confirmed already" in read(mara.post(page(row), {"name": "Late"}))
    assert not row.knowers.exists()


def test_what_does_not_fit_stands_beside_its_field(desk: Desk) -> None:
    row, mara = opened(desk), browser(desk.mara)
    answer = mara.post(NEW, given(desk, since="2027-10-03"))
    assert answer.status_code == 422 and "That day has not begun yet." in read(answer)
    answer = mara.post(page(row), {"name": "Jo", "party": "Nowhere"})
    assert (
        answer.status_code == 422 and "no party “Nowhere”" in read(answer) and 'value="Jo"' in answer.content.decode()
    )
    assert "This field is required" in read(mara.post(page(row, "exposure_close"), {}))


def test_the_secret_is_refused_and_not_echoed(desk: Desk) -> None:
    row, mara = opened(desk), browser(desk.mara)
    carries = "The password is Sunflower88!"
    for answer in (
        mara.post(NEW, given(desk, note=carries)),
        mara.post(page(row), {"name": carries}),
        mara.post(page(row, "exposure_close"), {"how": carries}),
    ):
        assert answer.status_code == 422 and "Sunflower" not in answer.content.decode()
    assert Exposure.objects.get().is_open and not row.knowers.exists()


def test_no_field_takes_a_password(desk: Desk) -> None:
    row, mara = opened(desk), browser(desk.mara)
    for address in (NEW, page(row), page(row, "exposure_close")):
        assert 'type="password"' not in mara.get(address).content.decode()


@pytest.mark.parametrize("who", ["bo", "kim", "viewer", "stranger"])
def test_the_other_side_and_strangers_find_no_page(desk: Desk, who: str) -> None:
    row, client = opened(desk), browser(getattr(desk, who))
    add_knower(exposure=row, name="Bo", party=desk.advertiser, actor=HOST, at=desk.at)
    assert "@mara.makes" not in read(client.get(LIST))
    for name in ("exposure", "exposure_close"):
        assert client.get(page(row, name)).status_code == client.post(page(row, name)).status_code == 404


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_who_only_reads_sees_it_without_a_verb(desk: Desk, who: str) -> None:
    row, client = opened(desk, held_by=desk.advertiser), browser(getattr(desk, who))
    text = read(client.get(page(row)))
    assert "Others know a signed-in session." in text and "Add somebody" not in text and "It was changed" not in text
    for answer in (
        client.get(NEW),
        client.post(NEW, given(desk)),
        client.post(page(row), {"name": "Jo"}),
        client.get(page(row, "exposure_close")),
        client.post(page(row, "exposure_close"), {"how": "Done."}),
    ):
        assert answer.status_code == 403


def test_a_party_of_somebody_else_cannot_be_chosen(desk: Desk) -> None:
    answer = browser(desk.mara).post(NEW, given(desk, held_by=desk.advertiser.reference))
    assert answer.status_code == 422 and not Exposure.objects.exists()


def test_the_front_tells_the_managers_of_open_ones(desk: Desk, django_assert_num_queries: Any) -> None:
    row = opened(desk)
    text = read(browser(desk.mara).get(FRONT))
    assert "1 shared login is not changed yet." in text and "Nothing waits" not in text
    for actor in (desk.bo, desk.admin, desk.stranger):
        assert "shared login" not in read(browser(actor).get(FRONT))
    with django_assert_num_queries(1):
        assert Exposure.objects.of_managed(desk.mara).open().count() == 1
    close_exposure(exposure=row, how="Done.", actor=desk.mara, at=desk.at)
    assert "shared login" not in read(browser(desk.mara).get(FRONT))


def test_many_do_not_slow_the_list_down(desk: Desk, django_assert_max_num_queries: Any) -> None:
    rows = [
        Exposure(held_by=desk.creator, platform="tiktok", account=f"@{n}", shared="session", opened_at=desk.at)
        for n in range(300)
    ]
    Exposure.objects.bulk_create(rows)
    client = browser(desk.mara)
    with django_assert_max_num_queries(20):
        answer = client.get(LIST)
    assert len(answer.content) < 100_000 and "@299" in read(answer)


def test_oneself_leads_to_them(desk: Desk) -> None:
    assert f'href="{LIST}"' in browser(desk.mara).get(reverse("me")).content.decode()
