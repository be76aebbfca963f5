"""What somebody tried against changes, their plans and proofs, and reviews, and what it comes to now."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.changes.leaving import DAY, leaver
from tests.desk import HOST, Desk
from tests.intake.sheets import JO, tried
from tests.reviews.scope import NEXT, decide, kept, opened, staffed
from tests.test_attacks import _together
from tests.web.reading import browser, read
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Membership, Person, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.changes import services
from valetkey.changes.models import Change, Picture, Plan, Step
from valetkey.changes.services.pictures import make_anew
from valetkey.credential import Insisted
from valetkey.errors import Forbidden, Invalid
from valetkey.export.services import Form, export
from valetkey.intake.services import carry_out, undo
from valetkey.register import services as register
from valetkey.register.models import Access, Asset
from valetkey.register.occasions import Occasion
from valetkey.reviews import services as reviews
from valetkey.reviews.models import Line, Review

pytestmark = pytest.mark.django_db

HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


def leaving(desk: Desk, person: Person, **more: Any) -> Change:
    asked = {"occasion": "leaver", "kept_by": desk.advertiser, "person": person, "day": DAY}
    return services.open_change(**{**asked, "actor": desk.bo, "at": desk.at, **more})


def checking(desk: Desk) -> Change:
    return services.open_change(
        occasion="continuity_check", kept_by=desk.advertiser, day=DAY, actor=desk.bo, at=desk.at
    )


def number_of(change: Change, **asked: Any) -> int:
    step = change.steps.filter(**asked).order_by("number").first()
    assert step is not None
    return step.number


def posts(desk: Desk, change: Change, review: Review) -> dict[str, tuple[str, dict[str, str]]]:
    """Every address of these parts that takes something, with what it asks for."""
    step = reverse("change_step", args=[change.reference, 1])
    keeper = desk.advertiser.reference
    return {
        "change": (f"{reverse('change_new')}?occasion=continuity_check", {"kept_by": keeper, "day": "2026-11-30"}),
        "refresh": (reverse("change_refresh", args=[change.reference]), {}),
        "close": (reverse("change_close", args=[change.reference]), {}),
        "do": (step, {"act": "do", "proof": "Planted", "to": "Kim", "with_offer": "on"}),
        "skip": (step, {"act": "skip", "reason": "Planted"}),
        "assign": (step, {"act": "assign", "person": "Kim"}),
        "odd": (step, {"act": "delete", "proof": "Planted"}),
        "review": (reverse("review_new"), {"kept_by": keeper, "of": "all"}),
        "lines": (reverse("review", args=[review.reference]), {"was": "-----", "d1": "e", "d2": "k"}),
        "line": (reverse("review_line", args=[review.reference, 1]), {"decision": "end", "note": "Planted"}),
        "close review": (reverse("review_close", args=[review.reference]), {"next_on": "2027-05-03"}),
        "plan": (reverse("plan", args=["leaver"]), {"text": services.plan_of("leaver").text + "# Planted"}),
    }


def _state() -> list[Any]:
    models = (Change, Step, Review, Line, Plan, Access, Membership, Person)
    return [Entry.objects.count(), *(list(model._default_manager.order_by("pk").values()) for model in models)]


@pytest.mark.parametrize("who", ["viewer", "auditor", "mara", "stranger"])
def test_who_may_only_read_or_nothing_writes_nowhere(desk: Desk, who: str) -> None:
    """Vera, an auditor, the other side and a stranger sent every form of a leaver's checklist and of a review."""
    change, review = leaving(desk, leaver(desk).person), opened(desk, staffed(desk)[0])
    client, before = browser(getattr(desk, who)), _state()
    for name, (url, sent) in posts(desk, change, review).items():
        answer = client.post(url, sent)
        # A stranger acts for a party of their own, so the empty form is theirs, and Northwind no choice of it.
        wanted = {403} if who in {"viewer", "auditor"} or name == "plan" else {404, 422}
        assert answer.status_code in wanted, name
        assert "Jo leaves" not in answer.content.decode()
    assert _state() == before
    pages = [reverse(name, args=[change.reference]) for name in ("change", "change_report")]
    pages += [reverse("change_step", args=[change.reference, 1]), reverse("review", args=[review.reference])]
    for url in pages:
        assert client.get(url).status_code == (200 if who in {"viewer", "auditor"} else 404), url
    if who in {"mara", "stranger"}:
        for name in ("changes", "reviews"):
            assert change.reference not in (page := client.get(reverse(name), {"all": ""}).content.decode())
            assert review.reference not in page and "Northwind" not in read(client.get(reverse(name), {"all": ""}))


def test_a_page_that_was_left_open_by_somebody_let_go_does_nothing(desk: Desk) -> None:
    """Kim kept the checklist and the review open after her user was ended, and pressed every button."""
    change, review = leaving(desk, leaver(desk).person), opened(desk, staffed(desk)[0])
    kim = browser(desk.kim)
    accounts.end_user(user=User.objects.get(email="kim@example.org"), reason="Left.", actor=desk.admin, at=desk.at)
    before = _state()
    for name, (url, sent) in posts(desk, change, review).items():
        answer = kim.post(url, sent)
        assert answer.status_code == 302 and "login" in answer["Location"], name
    assert _state() == before


def test_a_member_takes_no_managers_sign_in_by_a_checklist(desk: Desk) -> None:
    """Kim, a member, opened a leaver of her manager and did the step that ends their sign-in."""
    bo = Person.objects.get(user__email="bo@example.org", kept_by=desk.advertiser)
    change = leaving(desk, bo, actor=desk.kim)
    for effect in ("end_sign_in", "end_token"):
        if not change.steps.filter(effect=effect).exists():
            continue
        step = services.find_step(change=change, number=number_of(change, effect=effect))
        with pytest.raises(Forbidden):
            services.do_step(step=step, proof="Gone.", actor=desk.kim, at=desk.at)
        step.refresh_from_db()
        assert step.is_open
    assert change.steps.filter(effect="end_sign_in").exists()
    assert Membership.objects.current().filter(user__email="bo@example.org").exists()


@pytest.fixture
def both(desk: Desk) -> Actor:
    """Dana acts for Northwind and for its rival."""
    user = accounts.create_user(email="dana@example.org", name="Dana", actor=HOST, at=desk.at)
    for party in (desk.advertiser, desk.rival):
        accounts.join(user=user, party=party, role=Role.MEMBER, actor=HOST, at=desk.at)
    return Actor(name="Dana", door=Door.CLI, user_id=user.pk)


def test_who_acts_for_two_parties_mixes_no_two_records(desk: Desk, both: Actor) -> None:
    """Dana named the rival's people and assets in what is kept for Northwind, where she could see both."""
    by: dict[str, Any] = {"actor": both, "at": desk.at}
    who = leaver(desk)
    sly = accounts.enter_person(kept_by=desk.rival, name="Sly", mail="sly@example.org", **by)
    theirs = register.enter_asset(held_by=desk.rival, platform="tiktok", kind="business_center", name="Rival BC", **by)
    change, client = leaving(desk, who.person), browser(both)
    before = _state()
    keeper = {"kept_by": desk.advertiser.reference, "day": "2026-11-30"}
    for text in ("Sly", "sly@example.org", sly.reference, str(sly.pk)):
        step = reverse("change_step", args=[change.reference, number_of(change, effect="pass_on")])
        for url, sent in (
            (f"{reverse('change_new')}?occasion=leaver", {**keeper, "about": text}),
            (step, {"proof": "Planted", "to": text}),
            (step, {"act": "assign", "person": text}),
        ):
            assert client.post(url, sent).status_code in {404, 422}, (url, text)
    for text in ("Rival BC", theirs.reference):
        sent = {"kept_by": desk.advertiser.reference, "of": "asset", "name": text}
        assert client.post(reverse("review_new"), sent).status_code in {404, 422}
        incident = f"{reverse('change_new')}?occasion=incident"
        assert client.post(incident, {**keeper, "about": text}).status_code in {404, 422}
    assert _state() == before


@pytest.mark.parametrize("occasion", ["leaver", "incident", "code_given"])
def test_a_stranger_opens_nothing_about_what_is_not_theirs(desk: Desk, occasion: str) -> None:
    """By reference, name, mail address and number of Northwind's person, asset and authorization, onto their own."""
    who = leaver(desk)
    of = {
        "leaver": [who.person.reference, "Jo", "jo@example.org", str(who.person.pk)],
        "incident": [who.asset.reference, "Northwind BC", "bc-1", str(who.asset.pk)],
        "code_given": [who.owned[0].reference, str(who.owned[0].pk)],
    }
    client, before = browser(desk.stranger), _state()
    for text in of[occasion]:
        for keeper in (desk.rival, desk.advertiser):
            sent = {"kept_by": keeper.reference, "day": "2026-11-30", "about": text}
            answer = client.post(f"{reverse('change_new')}?occasion={occasion}", sent)
            assert answer.status_code == 422
            page = answer.content.decode().replace(text, "")
            assert not [each for each in ("Northwind", "jo@example.org", "bc-1") if each in page]
    assert _state() == before


def test_a_closed_checklist_and_a_closed_review_take_nothing_more(desk: Desk) -> None:
    """Bo had the page of a step open; meanwhile the change was closed. His button would have ended an access."""
    who = leaver(desk)
    change = leaving(desk, who.person)
    number = number_of(change, effect="close_access")
    for step in change.steps.all():
        services.skip_step(
            step=services.find_step(change=change, number=step.number), reason="No.", actor=desk.kim, at=desk.at
        )
    services.close_change(change=change, actor=desk.kim, at=desk.at)
    asset, accesses = staffed(desk)
    review = kept(desk, opened(desk, asset))
    before, bo = _state(), browser(desk.bo)
    step_page = reverse("change_step", args=[change.reference, number])
    for sent in ({"proof": "Gone."}, {"act": "skip", "reason": "Other."}, {"act": "assign", "person": "Kim"}):
        assert bo.post(step_page, sent).status_code == 422
    for name in ("change_refresh", "change_close"):
        assert bo.post(reverse(name, args=[change.reference])).status_code == 409
    assert bo.post(reverse("review", args=[review.reference]), {"was": "kkkkk", "d1": "e"}).status_code == 409
    line = reverse("review_line", args=[review.reference, 1])
    assert bo.post(line, {"decision": "end", "note": ""}).status_code == 409
    close = reverse("review_close", args=[review.reference])
    assert bo.post(close, {"next_on": "2027-05-03"}).status_code == 422
    assert _state() == before and accesses[0].ended_at is None


def test_a_line_of_another_review_is_out_of_reach(desk: Desk) -> None:
    """The numbers of a longer review's lines were sent to a shorter one, and its own page named others' lines."""
    asset, (jo, *_) = staffed(desk)
    short = opened(desk, asset)
    whole = reviews.open_review(kept_by=desk.advertiser, actor=desk.bo, at=desk.at)
    sent = {f"d{number}": "e" for number in (0, -1, 6, 7, 10**30, "1 ", "1e0")} | {"was": "e" * 5_000, "d²": "e"}
    answer = browser(desk.bo).post(reverse("review", args=[short.reference]), sent)
    assert answer.status_code == 302
    assert not Line.objects.exclude(decision="").exists()
    for number in (6, 10**30):
        page = reverse("review_line", args=[short.reference, number])
        assert browser(desk.bo).get(page).status_code == 404
        assert browser(desk.bo).post(page, {"decision": "end"}).status_code == 404
    decide(desk, short, {jo: "end"})
    assert not whole.lines.exclude(decision="").exists()


def test_a_number_that_no_step_has_is_not_found(desk: Desk) -> None:
    change, bo = checking(desk), browser(desk.bo)
    for number in (0, 10**6, 2**31, 2**63, 10**40):
        for name in ("change_step", "change_picture"):
            assert bo.get(reverse(name, args=[change.reference, number])).status_code == 404
        assert bo.post(reverse("change_step", args=[change.reference, number])).status_code == 404


BAD = {
    "NUL": "a\0b",
    "half a character": "\ud800",
    "long": "x" * 5_000,
    "escape": "\x1b[2J",
    "login": "The new password is Tr0ub4dor&3x",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_no_text_too_long_or_a_login_is_kept_nowhere(desk: Desk, bad: str) -> None:
    change, review = leaving(desk, leaver(desk).person), opened(desk, staffed(desk)[0])
    by: dict[str, Any] = {"actor": desk.bo, "at": desk.at}
    step, before = services.find_step(change=change, number=1), _state()
    for write in (
        lambda: services.do_step(step=step, proof=bad, **by),
        lambda: services.skip_step(step=step, reason=bad, **by),
        lambda: reviews.decide(line=reviews.find_line(review=review, number=1), decision="end", note=bad, **by),
        lambda: services.edit_plan(name="leaver", text=bad, actor=desk.admin, at=desk.at),
    ):
        with pytest.raises(Invalid):
            write()
    if bad in {BAD["NUL"], BAD["login"]}:
        client = browser(desk.admin)
        for name, (url, sent) in posts(desk, change, review).items():
            texts = {key for key in sent if key in {"proof", "to", "reason", "person", "note", "text"}}
            for key in texts if name != "odd" else ():
                answer = client.post(url, {**sent, key: bad})
                assert answer.status_code in {400, 422}, (name, key)
                assert "Tr0ub4dor" not in answer.content.decode()
        lines = client.post(reverse("review", args=[review.reference]), {"was": "-----", "d1": "c", "n1": bad})
        assert lines.status_code in {400, 422} and "Tr0ub4dor" not in lines.content.decode()
    assert _state() == before


def test_a_text_of_a_change_or_review_is_shown_as_text_everywhere(desk: Desk) -> None:
    """Names, proofs, reasons, notes and the plan itself were written as HTML and as placeholders."""
    asset, accesses = staffed(desk)
    person = accesses[0].person
    assert person is not None
    by: dict[str, Any] = {"actor": desk.bo, "at": desk.at}
    accounts.change_person(person=person, changes={"name": f"{HTML}{{keeper}}{{day}}"}, **by)
    register.change_asset(asset=asset, changes={"name": HTML}, **by)
    register.change_access(access=accesses[0], changes={"role": HTML[:100], "removal": HTML}, **by)
    text = services.plan_of("leaver").text.replace("{person} leaves", "<script>alert(2)</script>{person} leaves", 1)
    services.edit_plan(name="leaver", text=text, actor=desk.admin, at=desk.at)
    person.refresh_from_db()
    asset.refresh_from_db()
    change, review = leaving(desk, person), opened(desk, asset)
    assert f"{HTML}{{keeper}}{{day}}" in change.title, "what was filled in is not filled again"
    services.do_step(
        step=services.find_step(change=change, number=number_of(change, effect="close_access")), proof=HTML, **by
    )
    services.skip_step(
        step=services.find_step(change=change, number=number_of(change, state="open")), reason=HTML, **by
    )
    reviews.decide(line=reviews.find_line(review=review, number=1), decision="change", note=HTML, **by)
    urls = [reverse(name, args=[change.reference]) for name in ("change", "change_report")]
    urls += [reverse("change_step", args=[change.reference, step.number]) for step in change.steps.all()]
    urls += [reverse("review", args=[review.reference]), reverse("review_line", args=[review.reference, 1])]
    urls += [reverse("plan", args=["leaver"]), *map(reverse, ("changes", "reviews", "plans", "history"))]
    for url in urls:
        for who in (desk.bo, desk.viewer):
            page = browser(who).get(url).content.decode()
            assert "<script>alert" not in page and "<img src=x" not in page and "<svg/onload" not in page, url


# Plans

_STEP = '\n[[steps]]\nname = "extra"\ntitle = "{}"\nwhere = "x"\ndo = "x"\nconfirm = "x"\nfails = "x"\n'
HOSTILE_PLANS = {
    "deep brackets": "a = " + "[" * 30_000,
    "deep tables": "a = " + "{a=" * 15_000,
    "a number without end": "days = " + "9" * 5_000,
    "a hidden NUL": _STEP.format("a\\u0000b"),
    "a hidden escape": _STEP.format("\\u001b[2J"),
    "a hidden login": _STEP.format("The new pa\\u0073sword is Tr0ub4dor&3x"),
    "an attribute": _STEP.format("{person.__class__}"),
    "a number": _STEP.format("{0}"),
    "braces in braces": _STEP.format("{{person}}"),
    "another occasion's word": _STEP.format("{scope}"),
    "a name that is a path": _STEP.replace("extra", "../../etc").format("x"),
    "an effect on nothing": _STEP.format("x") + 'effect = "end_sign_in"\n',
    "too many": "".join(_STEP.replace("extra", f"extra_{n}").format("x") for n in range(61)),
}


@pytest.mark.parametrize("name", HOSTILE_PLANS)
def test_a_plan_that_would_break_something_is_told_and_not_kept(desk: Desk, name: str) -> None:
    """Some ended in a server error; a control character written as an escape came into every checklist."""
    text = services.plan_of("leaver").text + HOSTILE_PLANS[name]
    with pytest.raises(Invalid):
        services.edit_plan(name="leaver", text=text, actor=desk.admin, at=desk.at)
    answer = browser(desk.admin).post(reverse("plan", args=["leaver"]), {"text": text})
    assert answer.status_code == 422 and not Plan.objects.exists()


def test_every_plan_as_it_comes_may_be_written_and_what_was_insisted_on_too(desk: Desk) -> None:
    for occasion in Occasion:
        text = services.plan_of(occasion).text + "# ours\n"
        assert services.edit_plan(name=occasion, text=text, actor=desk.admin, at=desk.at).version == 1
    insisted = Insisted(services.plan_of("leaver").text + _STEP.format("The new password is Tr0ub4dor&3x"))
    assert services.edit_plan(name="leaver", text=insisted, actor=desk.admin, at=desk.at).version == 2


# Pictures


def _picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 90, 92)).save(out, kind, **more)
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _with(*chunks: bytes) -> bytes:
    """A picture with more than a picture in it, right behind its header."""
    made = _picture()
    return made[:33] + b"".join(chunks) + made[33:]


NO_PICTURES = {
    "an SVG with a PNG's beginning": b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "an SVG": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "HTML with a GIF's beginning": b"GIF89a<script>alert(1)</script>",
    "a TIFF": _picture("TIFF"),
    "a PDF": b"%PDF-1.7 text",
    "texts that grow": _with(*[_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 20_000_000))] * 4),
    "a profile that grows": _with(_chunk(b"iCCP", b"k\0\0" + zlib.compress(b"a" * 60_000_000))),
    "a hundred million pixels": b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)) + _chunk(b"IEND", b""),
    "forty million rows": b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 39_000_000, 1, 0, 0, 0, 0)) + _chunk(b"IEND", b""),
    "more bytes than fit": b"\xff\xd8" + b"x" * 8_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_only_looks_like_a_picture_is_no_proof(name: str) -> None:
    with pytest.raises(Invalid):
        make_anew(NO_PICTURES[name])


def test_nothing_but_the_picture_is_kept_of_one_that_is_more(desk: Desk) -> None:
    """A picture that is a page and an archive as well, with a path for a name."""
    more = b"<script>alert(1)</script>PK\x03\x04"
    change = checking(desk)
    number, bo = number_of(change, name="backup_codes"), browser(desk.bo)
    content = _with(_chunk(b"tEXt", b"Comment\0" + more)) + more
    sent = {"picture": SimpleUploadedFile("../../x.html\0.png", content, content_type="text/html")}
    assert bo.post(reverse("change_step", args=[change.reference, number]), sent).status_code == 302
    shown = bo.get(reverse("change_picture", args=[change.reference, number]))
    assert shown["Content-Type"] == "image/jpeg" and shown["Cache-Control"].endswith("no-store")
    assert b"script" not in shown.content and b"PK\x03" not in shown.content
    assert Picture.objects.get().step.change == change
    other = checking_of_rival(desk)
    assert browser(desk.stranger).get(reverse("change_picture", args=[other.reference, number])).status_code == 404


def checking_of_rival(desk: Desk) -> Change:
    return services.open_change(
        occasion="continuity_check", kept_by=desk.rival, day=DAY, actor=desk.stranger, at=desk.at
    )


def test_a_phones_notes_are_read_for_the_turn_alone_however_broken() -> None:
    """Broken notes of a phone inside a good picture ended in a server error."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = 6, "x" * 20, {1: "N", 2: (1.0, 2.0, 3.0)}
    turned = make_anew(_picture("JPEG", exif=exif))
    assert (turned.width, turned.height) == (40, 60)
    notes, chance = exif.tobytes()[6:], random.Random(5)
    for _ in range(300):
        broken = bytearray(notes)
        for _ in range(chance.randrange(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            made = make_anew(_with(_chunk(b"eXIf", bytes(broken))))
        except Invalid:
            continue
        assert {made.width, made.height} == {60, 40}


def test_a_picture_of_nothing_but_specks_fits_too() -> None:
    """It was kept with nearly twice as many bytes as one may have."""
    out = io.BytesIO()
    Image.frombytes("RGB", (1600, 1600), random.Random(1).randbytes(1600 * 1600 * 3)).save(out, "JPEG", quality=92)
    made = make_anew(out.getvalue())
    assert made.content is not None and len(made.content.reveal()) * 3 // 4 <= 400_000
    assert (made.width, made.height) == (800, 800)


# What is not there any more, what leaks, and two at once


def test_a_step_about_what_was_taken_back_can_still_be_settled(desk: Desk) -> None:
    """A sheet was undone that had brought an access on a checklist: its step was a server error and never done."""
    batch = carry_out(batch=tried(desk, JO), actor=desk.bo, at=desk.at)
    asset = Asset.objects.get(name="Northwind BC")
    by: dict[str, Any] = {"actor": desk.bo, "at": desk.at}
    incident = services.open_change(occasion="agency_end", kept_by=desk.advertiser, party=desk.creator, day=DAY, **by)
    check = checking(desk)
    access = Access.objects.get(surface__asset=asset)
    Step.objects.create(
        change=incident, number=90, name="x", title="x", where="x", do="x", confirm="x", fails="x", thing="access",
        effect="close_access", subject=access.reference, due_on=DAY, added_at=desk.at,
    )  # fmt: skip
    Step.objects.create(
        change=incident, number=91, name="y", title="x", where="x", do="x", confirm="x", fails="x", thing="access",
        offer="close_access", subject=access.reference, due_on=DAY, added_at=desk.at,
    )  # fmt: skip
    undo(batch=batch, **by)
    assert not Asset.objects.filter(pk=asset.pk).exists()
    bo = browser(desk.bo)
    owned = number_of(check, subject=asset.reference)
    for change, number in ((incident, 90), (incident, 91), (check, owned)):
        url = reverse("change_step", args=[change.reference, number])
        assert bo.get(url).status_code == 200
        assert bo.post(url, {"proof": "It was taken back.", "with_offer": "on"}).status_code == 302
        assert not services.find_step(change=change, number=number).is_open
    assert services.refresh_change(change=check, **by) == 0


def test_no_code_is_on_any_page_or_in_any_file_of_a_change(desk: Desk, tmp_path: Any) -> None:
    """A leaver's checklist names every code they have seen: by its post and reference, never by itself."""
    who = leaver(desk)
    change = leaving(desk, who.person)
    number = number_of(change, effect="close_access")
    services.do_step(
        step=services.find_step(change=change, number=number), picture=_picture(), actor=desk.bo, at=desk.at
    )
    codes = [row.code.reveal() for row in (*who.owned, *who.seen) if row.code is not None]
    assert len(codes) == 6
    urls = [reverse(name, args=[change.reference]) for name in ("change", "change_report")]
    urls += [reverse("change_step", args=[change.reference, step.number]) for step in change.steps.all()]
    said = "".join(browser(desk.bo).get(url).content.decode() for url in urls)
    (tmp_path / "out").mkdir()
    export(target=tmp_path / "out" / "desk.jsonl", form=Form.JSONL, actor=desk.auditor, at=desk.at)
    export(target=tmp_path / "out" / "desk", form=Form.CSV, actor=desk.auditor, at=desk.at)
    said += b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()).decode()
    said += "".join(str(entry.__dict__) for entry in Entry.objects.all())
    assert who.seen[0].reference in said
    assert not [code for code in codes if code in said or code.strip("#=") in said]


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_once_is_done_once(committed_desk: Desk) -> None:
    """Two opened, did, skipped and closed one change, and opened and closed one review, in one moment."""
    desk = committed_desk
    who = leaver(desk)
    by: dict[str, Any] = {"actor": desk.bo, "at": desk.at}

    def open_() -> None:
        leaving(desk, Person.objects.get(pk=who.person.pk))

    assert sorted(_together(open_, open_)) == ["", "change_open"]
    change = Change.objects.get()
    ending, noting = number_of(change, effect="close_access"), number_of(change, effect="note_left")

    def step(number: int) -> Step:
        return services.find_step(change=Change.objects.get(), number=number)

    def do() -> None:
        services.do_step(step=step(ending), proof="Gone.", **by)

    def skip() -> None:
        services.skip_step(step=step(noting), reason="No.", **by)

    def refresh() -> None:
        services.refresh_change(change=Change.objects.get(), **by)

    def close() -> None:
        services.close_change(change=Change.objects.get(), **by)

    def review() -> None:
        reviews.open_review(kept_by=desk.advertiser, **by)

    def close_review() -> None:
        reviews.close_review(review=Review.objects.get(), next_on=NEXT, **by)

    assert sorted(_together(do, do)) in (["", "access_ended"], ["", "step_settled"])
    assert sorted(_together(skip, skip)) == ["", "step_settled"]
    count = change.steps.count()
    register.enter_asset(held_by=desk.advertiser, platform="tiktok", kind="shop", name="Shop", **by)
    assert _together(refresh, refresh) == ["", ""] and change.steps.count() == count
    change.steps.filter(state="open").update(state="skipped")
    assert sorted(_together(close, close)) == ["", "change_closed"]
    assert sorted(_together(review, review)) == ["", "review_open"]
    Line.objects.update(decision="end")
    assert sorted(_together(close_review, close_review)) == ["", "review_closed"]
    assert Change.objects.count() == 2 and verify().holds
