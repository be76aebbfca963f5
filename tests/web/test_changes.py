"""Changes on pages: opened, done step by step, closed and printed; and the plans behind them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.changes.leaving import DAY, leaver
from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.changes import services
from valetkey.changes.models import Change, Picture, Step
from valetkey.register import services as register
from valetkey.web.templatetags.changes import from_today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW = reverse("changes"), reverse("change_new")


def opened(desk: Desk) -> Change:
    return services.open_change(
        occasion="continuity_check", kept_by=desk.advertiser, day=DAY, actor=desk.bo, at=desk.at
    )


def step_page(change: Change, number: int) -> str:
    return reverse("change_step", args=[change.reference, number])


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 90, 92)).save(out, kind)
    return out.getvalue()


def test_from_what_happens_to_the_printed_report(desk: Desk) -> None:
    who = leaver(desk)
    bo = browser(desk.bo)
    assert "No change is open" in read(bo.get(LIST))
    assert "Somebody leaves" in read(bo.get(NEW))
    form = bo.get(NEW, {"occasion": "leaver", "about": who.person.reference}).content.decode()
    assert who.person.reference in form and "The day it is about" in form
    sent = {"kept_by": desk.advertiser.reference, "about": "Jo", "day": DAY.isoformat()}
    made = bo.post(f"{NEW}?occasion=leaver", sent)
    change = Change.objects.get()
    assert made.headers["Location"] == reverse("change", args=[change.reference])
    page = read(bo.get(made.headers["Location"]))
    assert "Jo leaves" in page and "Take off: member on people of Northwind BC" in page
    assert "Go on with step 1" in page and "it is not opened again" not in page
    first = change.steps.order_by("number").first()
    assert first is not None
    asks = read(bo.get(step_page(change, first.number)))
    assert "Where" in asks and "If this fails" in asks and "Who has it from now on" in asks
    missing = bo.post(step_page(change, first.number), {"proof": "Told her."})
    assert missing.status_code == 422 and "Name somebody of this record" in read(missing)
    done = bo.post(step_page(change, first.number), {"proof": "Told her.", "to": "Kim"})
    assert done.headers["Location"] == step_page(change, first.number + 1)
    report = read(bo.get(reverse("change_report", args=[change.reference])))
    assert "Told her." in report and "passed on to Kim" in report and "not yet; this is how it stands" in report


def test_an_access_is_ended_with_its_proof_and_only_in_the_record(desk: Desk) -> None:
    who = leaver(desk)
    change = services.open_change(
        occasion="leaver", kept_by=desk.advertiser, person=who.person, day=DAY, actor=desk.bo, at=desk.at
    )
    step = change.steps.get(subject=who.accesses[0].reference)
    bo = browser(desk.bo)
    page = read(bo.get(step_page(change, step.number)))
    assert "nothing on the platform: do that first" in page and "End this access in the record" in page
    bo.post(step_page(change, step.number), {"proof": "Her name is gone from the list."})
    who.accesses[0].refresh_from_db()
    assert who.accesses[0].ended_how == "Her name is gone from the list."
    who.accesses[1].refresh_from_db()
    assert who.accesses[1].ended_at is None


def test_a_picture_is_made_anew_sealed_and_shown_to_those_of_the_record_alone(desk: Desk) -> None:
    change = opened(desk)
    number = change.steps.get(name="backup_codes").number
    bo = browser(desk.bo)
    sent = {"picture": SimpleUploadedFile("../../evil.svg", picture(), content_type="image/svg+xml")}
    assert bo.post(step_page(change, number), sent).status_code == 302
    kept = Picture.objects.get()
    address = reverse("change_picture", args=[change.reference, number])
    shown = bo.get(address)
    assert shown.headers["Content-Type"] == "image/jpeg" and shown.content[:2] == b"\xff\xd8"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "evil" not in shown.headers["Content-Disposition"]
    assert address in bo.get(step_page(change, number)).content.decode()
    assert kept.digest in read(bo.get(step_page(change, number)))
    for other in (desk.mara, desk.stranger):
        assert browser(other).get(address).status_code == 404


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0cut off"])
def test_what_is_no_picture_is_refused_beside_the_form(desk: Desk, content: bytes) -> None:
    change = opened(desk)
    number = change.steps.get(name="backup_codes").number
    answer = browser(desk.bo).post(step_page(change, number), {"picture": SimpleUploadedFile("a.png", content)})
    assert answer.status_code == 422
    assert not Picture.objects.exists() and change.steps.get(number=number).is_open


def test_too_large_a_picture_is_named_as_such(desk: Desk) -> None:
    change = opened(desk)
    number = change.steps.get(name="backup_codes").number
    large = {"proof": "See.", "picture": SimpleUploadedFile("a.png", b"x" * 9_000_000)}
    answer = browser(desk.bo).post(step_page(change, number), large)
    assert answer.status_code == 422 and "It is larger than 8 MB" in read(answer)
    assert change.steps.get(number=number).is_open


def test_left_out_and_given_to_somebody(desk: Desk) -> None:
    change = opened(desk)
    bo, step = browser(desk.bo), change.steps.get(name="a_day_without")
    given = bo.post(step_page(change, step.number), {"act": "assign", "person": "kim@example.org"})
    assert given.status_code == 302 and "Kim" in read(bo.get(step_page(change, step.number)))
    nobody = bo.post(step_page(change, step.number), {"act": "assign", "person": "Zoe"})
    assert nobody.status_code == 422 and "no person “Zoe”" in read(nobody)
    assert bo.post(step_page(change, step.number), {"act": "skip", "reason": ""}).status_code == 422
    bo.post(step_page(change, step.number), {"act": "skip", "reason": "Done last month."})
    step.refresh_from_db()
    assert step.state == Step.State.SKIPPED
    assert "Why it was left out" in read(bo.get(step_page(change, step.number)))


def test_a_proof_that_carries_a_login_is_refused_and_not_shown(desk: Desk) -> None:
    change = opened(desk)
    step = change.steps.get(name="backup_codes")
    answer = browser(desk.bo).post(step_page(change, step.number), {"proof": "The new password is Tr0ub4dor&3x"})
    assert answer.status_code == 422 and "Tr0ub4dor" not in read(answer)


def test_looked_at_again_and_closed(desk: Desk) -> None:
    change = opened(desk)
    bo = browser(desk.bo)
    again = reverse("change_refresh", args=[change.reference])
    assert "Nothing new is on the record" in read(bo.post(again, follow=True))
    register.enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="shop", name="Northwind Shop", platform_id="s-1",
        with_surfaces=False, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    assert "1 step was added" in read(bo.post(again, follow=True))
    close = reverse("change_close", args=[change.reference])
    assert bo.post(close).status_code == 409
    for step in change.steps.all():
        services.skip_step(
            step=services.find_step(change=change, number=step.number), reason="No.", actor=desk.bo, at=desk.at
        )
    assert "Closed. This report" in read(bo.post(close, follow=True))
    assert "No change is open" in read(bo.get(LIST))
    assert change.title in read(bo.get(LIST, {"all": ""}))
    assert bo.post(again).status_code == 409


def test_viewers_read_and_are_offered_nothing(desk: Desk) -> None:
    change = opened(desk)
    vera = browser(desk.viewer)
    page = read(vera.get(reverse("change", args=[change.reference])))
    assert "Look again at the record" not in page
    assert "It is done" not in read(vera.get(step_page(change, 1)))
    assert vera.get(NEW).status_code == 403
    assert vera.post(step_page(change, 1), {"proof": "Seen."}).status_code == 403


def test_a_plan_is_read_by_all_and_written_by_the_admin(desk: Desk) -> None:
    address = reverse("plan", args=["leaver"])
    assert "Write it for this desk" not in read(browser(desk.bo).get(address))
    ada = browser(desk.admin)
    text = services.plan_of("leaver").text
    broken = ada.post(address, {"text": text.replace("{person} leaves", "{nobody} leaves", 1)})
    assert broken.status_code == 422 and "There is no placeholder “{nobody}” here" in read(broken)
    saved = ada.post(address, {"text": text.replace("{person} leaves", "{person} goes", 1)}, follow=True)
    assert "Version 1 is in use from now on" in read(saved)
    assert "Version 1 of this desk" in read(browser(desk.bo).get(address))
    secret = ada.post(address, {"text": text + "\n# password: Tr0ub4dor&3x9"})
    assert secret.status_code == 422 and "Tr0ub4dor" not in read(secret)
    assert browser(desk.bo).post(address, {"text": text}).status_code == 403


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "in 1 day"), (9, "in 9 days"), (-1, "1 day ago"), (-30, "30 days ago")]
)
def test_how_far_off_a_day_is_stands_beside_it(days: int, said: str) -> None:
    assert from_today(DAY + timedelta(days=days), DAY) == said


def test_before_it_is_closed_a_change_says_that_it_is_not_opened_again(desk: Desk) -> None:
    change = opened(desk)
    for step in change.steps.all():
        services.skip_step(step=step, reason="Nobody is here.", actor=desk.bo, at=desk.at)
    page = read(browser(desk.bo).get(reverse("change", args=[change.reference])))
    assert "Once closed, it is not opened again" in page and "Go on with step" not in page
