"""What somebody tried against the record, each told in a docstring, and what it comes to now."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.export.stage import empty_the_desk
from tests.history.test_signed import checked
from tests.register.looked_at import Recorded, recorded
from tests.test_attacks import _together
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person, User
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry, SigningKey
from valetkey.audit.services import verify
from valetkey.audit.signing import signing_key
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.export.lines import Reader, Writer
from valetkey.export.services import Form, archive, export, import_all
from valetkey.history.signed import export_history
from valetkey.register import services
from valetkey.register.exposed import Shared
from valetkey.register.models import (
    Access,
    Asset,
    Engagement,
    Exposure,
    ExposureKnower,
    Ownership,
    Responsibility,
    Surface,
)
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

NORTHWINDS = ("Jo Weber", "jo.weber@example.org", "Lee Park", "Northwind BC", "runs it", "asked twice", "@northwind")
"""What stands on Northwind's record and is nobody else's to know."""


@dataclass
class Theirs:
    """The stranger's own record: a place to bring others' rows into. `about`: address → what it asks to be sent."""

    person: Person
    asset: Asset
    surface: Surface
    access: Access
    engagement: Engagement
    duty: Responsibility
    exposure: Exposure


@pytest.fixture
def record(desk: Desk) -> Recorded:
    made = recorded(desk)
    made.shared()
    return made


@pytest.fixture
def theirs(record: Recorded) -> Theirs:
    desk = record.desk
    by: dict[str, Any] = {"actor": desk.stranger, "at": desk.at}
    sly = accounts.enter_person(kept_by=desk.rival, name="Sly", **by)
    asset = services.enter_asset(held_by=desk.rival, platform="tiktok", kind="business_center", name="Mine", **by)
    surface = services.surfaces(asset=asset)[0]
    return Theirs(
        person=sly,
        asset=asset,
        surface=surface,
        access=services.open_access(surface=surface, person=sly, role="Admin", end="unknown", **by),
        engagement=services.start_engagement(
            kept_by=desk.rival, party=record.agency, purpose="x", starts_on=desk.at.date(), **by
        ),
        duty=services.give_responsibility(
            kept_by=desk.rival, person=sly, occasion="leaver", what="x", within_days=1, **by
        ),
        exposure=services.open_exposure(
            held_by=desk.rival, platform="tiktok", account="@mine", shared=Shared.PASSWORD, **by
        ),
    )


_DAY = "2026-11-02"
_OPEN = {"role": "Admin", "end": "unknown"}
CHOICES: list[tuple[str, str, dict[str, str], str]] = [
    ("access_open", "surface", _OPEN, "person"),
    ("access_open", "surface", {**_OPEN, "holder": "Contoso"}, "owner"),
    ("access_change", "access", _OPEN, "owner"),
    ("asset_new", "", {"platform": "tiktok", "kind": "account", "name": "New"}, "within"),
    ("asset_change", "asset", {"name": "Mine", "platform_id": "Mine"}, "within"),
    ("asset_ownership", "asset", {}, "owner"),
    ("asset_ownership", "asset", {}, "second_factor"),
    ("engagement_new", "", {"purpose": "x", "starts_on": _DAY, "party": "Northwind"}, "owner"),
    ("engagement_change", "engagement", {"purpose": "x", "starts_on": _DAY}, "owner"),
    ("responsibility_new", "", {"occasion": "leaver", "what": "x", "within_days": "1"}, "person"),
    ("responsibility_new", "", {"occasion": "leaver", "what": "x", "within_days": "1", "person": "mine"}, "asset"),
    ("responsibility_new", "", {"occasion": "leaver", "what": "x", "within_days": "1", "person": "mine"}, "backup"),
    ("responsibility_pass", "duty", {}, "to"),
    ("exposure", "exposure", {}, "person"),
    ("exposure_new", "", {"held_by": "mine", "account": "@x", "shared": "password"}, "asset"),
    ("exposure_new", "", {"account": "@x", "shared": "password"}, "held_by"),
]


@pytest.mark.parametrize("is_typed", [False, True], ids=["listed", "typed"])
@pytest.mark.parametrize(
    ("address", "row", "sent", "field"), CHOICES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_no_form_takes_a_row_of_somebody_elses_record(
    record: Recorded, theirs: Theirs, address: str, row: str, sent: dict[str, str], field: str, is_typed: bool
) -> None:
    """A stranger sent references, names and mail addresses of Northwind's people and assets wherever one is named."""
    if is_typed:  # a list too long to show becomes a field to type into
        rival = record.desk.rival
        Person.objects.bulk_create(
            Person(kept_by=rival, party=rival, name=f"Extra {n}", created_at=record.at) for n in range(101)
        )
        Asset.objects.bulk_create(
            Asset(
                held_by=rival,
                platform="tiktok",
                kind="account",
                platform_id=f"e{n}",
                name=f"e{n}",
                created_at=record.at,
            )
            for n in range(101)
        )
    about = getattr(theirs, row) if row else None
    url = reverse(address, args=[about.reference] if about else [])
    form = dict(sent)
    if form.get("held_by") == "mine":
        form["held_by"] = record.desk.rival.reference
    if form.get("person") == "mine":
        form["person"] = theirs.person.reference
    client = browser(record.desk.stranger)
    is_party, is_asset = field == "held_by", field in {"within", "asset"}
    wanted = record.desk.advertiser if is_party else record.center if is_asset else record.jo
    texts = [wanted.reference, wanted.name, str(wanted.pk)] + ([] if is_party or is_asset else [record.jo.mail])
    before = _how_many()
    for text in texts:
        answer = client.post(url, {**form, field: text})
        assert answer.status_code == 422, (field, text, answer.status_code)
        page = answer.content.decode().replace(text, "")
        assert not [name for name in NORTHWINDS if name in page]
    assert _how_many() == before
    _nobody_crosses()


def _how_many() -> list[int]:
    return [
        model.objects.count()
        for model in (Access, Asset, Engagement, Responsibility, Exposure, ExposureKnower, Ownership, Entry)
    ]


def _nobody_crosses() -> None:
    """Whatever is named on a record is on that record."""
    for access in Access.objects.exclude(person=None, owner=None).select_related("surface__asset", "person", "owner"):
        assert {each.kept_by_id for each in (access.person, access.owner) if each} == {access.surface.asset.held_by_id}
    for ownership in Ownership.objects.all():
        named = {getattr(ownership, each) for each in Ownership.CONTROLS} - {None}
        assert {each.kept_by_id for each in named} <= {ownership.asset.held_by_id}
    for each in Asset.objects.exclude(within=None):
        assert each.within and each.within.held_by_id == each.held_by_id


@pytest.mark.parametrize(
    ("address", "row"),
    [("access_open", "surface"), ("responsibility_new", ""), ("exposure_new", ""), ("person_new", ""),
     ("asset_new", ""), ("engagement_new", "")],
    ids=lambda each: each,
)  # fmt: skip
def test_an_address_that_names_rows_of_others_fills_in_nothing(
    record: Recorded, theirs: Theirs, address: str, row: str
) -> None:
    """`?person=`, `?asset=` and `?for=` of Northwind's, to have the page say what they are called."""
    url = reverse(address, args=[getattr(theirs, row).reference] if row else [])
    client = browser(record.desk.stranger)
    for asked in (
        {"person": record.jo.reference, "asset": record.center.reference},
        {"for": record.desk.advertiser.reference},
        {"for": "Northwind"},
    ):
        page = client.get(url, asked).content.decode()
        assert not [name for name in NORTHWINDS if name in page]
        sent = client.post(f"{url}?for={record.desk.advertiser.reference}", {"name": "Planted", "account": "@planted"})
        assert "Northwind" not in sent.content.decode()
    assert (
        not Person.objects.filter(name="Planted").exists() and not Exposure.objects.filter(account="@planted").exists()
    )


LISTS = ("record", "record_people", "record_parties", "record_assets", "engagements", "responsibilities", "exposures")


@pytest.mark.parametrize("who", ["stranger", "mara"])
def test_nothing_of_a_record_leaks_by_search_list_count_or_file(record: Recorded, theirs: Theirs, who: str) -> None:
    """Whoever is not Northwind looked for its words everywhere: also as the other side of an authorization."""
    client = browser(getattr(record.desk, who))
    nothing = {name: _seen_by(client, reverse(name), "zzzz") for name in LISTS}
    for name in LISTS:
        for word in (*NORTHWINDS, record.jo.reference, record.center.reference, record.jos.reference, "weber@"):
            assert _seen_by(client, reverse(name), word) == nothing[name], (name, word)
        for asked in ({"as": "csv"}, {"on": "2026-11-02"}, {"which": "left"}, {"which": "posts"}):
            page = client.get(reverse(name), asked).content.decode()
            assert not [each for each in NORTHWINDS if each in page], (name, asked)


def _seen_by(client: Any, url: str, word: str) -> str:
    """The words of the page, without the one that was looked for."""
    return read(client.get(url, {"q": word})).replace(word, "…")


def test_naming_a_party_shows_what_it_is_called_and_no_more(record: Recorded) -> None:
    """A stranger "engaged" Mara and read on her page who had entered her, and how she was called before."""
    desk = record.desk
    accounts.rename_party(party=desk.creator, name="Mara L.", actor=desk.admin, at=desk.later(hours=1))
    services.start_engagement(
        kept_by=desk.rival, party=desk.creator, purpose="x", starts_on=desk.at.date(), actor=desk.stranger, at=desk.at
    )
    steps = services.how_it_came(kind="party", reference=desk.creator.reference, actor=desk.stranger)
    assert "Mara Lindt" not in repr(steps) and not any(step.who for step in steps)
    page = browser(desk.stranger).get(reverse("record_party", args=[desk.creator.reference])).content.decode()
    assert "Mara L." in page and "Mara Lindt" not in page and "Ada" not in page
    own = services.how_it_came(kind="party", reference=desk.creator.reference, actor=desk.mara)
    assert "Mara Lindt" in repr(own) and own[0].who == "Ada"


HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


@pytest.mark.usefixtures("same_clock")
def test_a_text_of_the_record_is_shown_as_text_everywhere(record: Recorded) -> None:
    """Names, notes and reasons were written as HTML, to run in the page of whoever looks: also in the map."""
    desk = record.desk
    by: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    accounts.change_person(person=record.jo, changes={"name": HTML, "work": HTML, "note": HTML}, **by)
    services.change_asset(asset=record.center, changes={"name": HTML, "platform_id": HTML[:100], "note": HTML}, **by)
    services.change_surface(surface=record.people_list, changes={"name": HTML[:100], "path": HTML, "note": HTML}, **by)
    all_texts: dict[str, object] = dict.fromkeys(("role", "purpose", "basis", "removal", "note"), HTML)
    services.change_access(access=record.jos, changes={**all_texts, "role": HTML[:100]}, **by)
    services.confirm_access(access=record.jos, how=HTML, **by)
    services.set_ownership(asset=record.center, changes={"evidence": HTML}, **by)
    services.start_engagement(
        kept_by=desk.advertiser, party=record.agency, purpose=HTML, starts_on=desk.at.date(), **by
    )
    services.give_responsibility(
        kept_by=desk.advertiser, person=record.jo, occasion="leaver", what=HTML, within_days=1, **by
    )
    services.add_knower(exposure=record.exposure, name=HTML, **by)
    for client in (browser(record.keeper), browser(desk.admin)):
        for url in _pages_of(record):
            for asked in ("", "?q=<script>alert(1)", "?on=2026-11-30"):
                page = client.get(url + asked).content.decode()
                assert "<script>alert" not in page and "<img src=x" not in page and "<svg/onload" not in page, url


def _pages_of(record: Recorded) -> list[str]:
    of: dict[str, Any] = {
        "record_person": record.jo, "record_party": record.desk.advertiser, "record_asset": record.center,
        "record_surface": record.people_list, "record_access": record.jos, "access_open": record.people_list,
        "access_change": record.jos, "access_end": record.jos, "access_confirm": record.jos,
        "person_change": record.jo, "person_left": record.jo, "person_open": record.jo,
        "asset_change": record.center, "asset_ownership": record.center, "ownership_confirm": record.center,
        "surface_new": record.center, "surface_change": record.people_list, "exposure": record.exposure,
        "history_about": record.jo,
    }  # fmt: skip
    return [reverse(name, args=[row.reference]) for name, row in of.items()] + [reverse(name) for name in LISTS]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "x;=HYPERLINK(1);", 'x";"=1+1', "x;\t+1", "x\n=1+1;", "＝1+1", "x; @SUM(A1)", ";;-1"],
    ids=ascii,
)
def test_no_spreadsheet_finds_a_formula_in_a_file_of_the_record(record: Recorded, name: str) -> None:
    """Where cells are parted by semicolons, as in German, a name like “x;=…” began a cell with a formula."""
    services.change_access(access=record.jos, changes={"note": name}, actor=record.keeper, at=record.at)
    answer = browser(record.keeper).get(reverse("record_person", args=[record.jo.reference]), {"as": "csv"})
    text = answer.content.decode("utf-8-sig")
    for mark in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=mark):
            assert not [
                cell for cell in row if cell.lstrip("\"' ").startswith(tuple("=+-@＝")) and not _is_marked(cell)
            ]
        for line in text.splitlines():
            assert not [cell for cell in line.split(mark) if cell.startswith(tuple("=+-@＝"))]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store"


def _is_marked(cell: str) -> bool:
    return cell.lstrip('" ').startswith("'")


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "x" * 5_000, "\x1b[2J"], ids=ascii)
def test_what_is_no_text_or_too_long_is_refused_and_no_server_error(record: Recorded, theirs: Theirs, bad: str) -> None:
    by: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    for write in (
        lambda: accounts.change_person(person=record.jo, changes={"name": bad}, **by),
        lambda: services.change_asset(asset=record.center, changes={"note": bad}, **by),
        lambda: services.end_access(access=record.jos, reason=bad, **by),
        lambda: services.confirm_access(access=record.jos, how=bad, **by),
        lambda: services.end_engagement(engagement=Engagement.objects.all()[0], reason=bad, actor=HOST, at=record.at),
    ):
        with pytest.raises(Invalid):
            write()
    client, entries = browser(record.desk.stranger), Entry.objects.count()
    if bad == "\ud800":  # no browser can send it
        return
    for address, row, sent, field in CHOICES:
        url = reverse(address, args=[getattr(theirs, row).reference] if row else [])
        assert client.post(url, {**sent, field: bad}).status_code in {400, 422}, (address, field)
    for name in ("record", "record_people", "history"):
        assert browser(record.desk.admin).get(reverse(name), {"q": bad, "about": bad, "person": bad}).status_code in {
            200, 400,
        }  # fmt: skip
    assert Entry.objects.count() == entries


def test_who_was_let_go_sees_and_changes_nothing(record: Recorded) -> None:
    """Kim kept a page open, and a program of hers a token, after her user was ended; Vera only acts for nobody now."""
    desk = record.desk
    kim, vera = browser(desk.kim), browser(desk.viewer)
    accounts.end_user(user=User.objects.get(email="kim@example.org"), reason="Left.", actor=desk.admin, at=desk.at)
    vera_user = User.objects.get(email="vera@example.org")
    accounts.leave(user=vera_user, party=desk.advertiser, actor=desk.bo, at=desk.at)
    entries = Entry.objects.count()
    for url in _pages_of(record):
        answer = kim.get(url)
        assert answer.status_code == 302 and "login" in answer["Location"]
        page = vera.get(url)
        assert page.status_code in {200, 403, 404}
        assert not [name for name in NORTHWINDS if name in page.content.decode()]
        vera.post(url, {"name": "Planted", "reason": "Planted", "how": "Planted", "evidence": "Planted"})
    for actor in (desk.kim, desk.viewer):
        with pytest.raises(NotFound):
            services.end_access(access=record.jos, reason="Planted", actor=actor, at=desk.at)
        with pytest.raises(NotFound):
            accounts.enter_person(kept_by=desk.advertiser, name="Planted", actor=actor, at=desk.at)
        assert not list(services.who_has_what(moment=record.now(), actor=actor))
    assert Entry.objects.count() == entries


def test_a_name_turns_no_text_around_it(record: Recorded) -> None:
    """“Jo” with an override made the rest of a line of the history read backwards: who ended whose access."""
    by: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    row = accounts.enter_person(kept_by=record.desk.advertiser, name="Jo\u202e Weber\u2066", **by)
    assert row.name == "Jo Weber"
    with pytest.raises(Invalid):
        accounts.change_person(person=row, changes={"name": "\u202e\u2068"}, **by)
    hebrew = "\u05de\u05e8\u05d4\u200f (Mara)"
    assert accounts.change_person(person=row, changes={"name": hebrew}, **by).name == hebrew


# The history outside of the desk


def _signed(path: Path, desk: Desk) -> tuple[dict[str, Any], list[bytes]]:
    with path.open("w+b") as stream:
        export_history(to=stream, desk="https://desk.example.org", actor=HOST, at=desk.at)
    lines = path.read_bytes().splitlines(keepends=True)
    return json.loads(lines[0]), lines


def _sign(header: dict[str, Any], lines: list[bytes], key: Ed25519PrivateKey) -> bytes:
    body = json.dumps(header, separators=(",", ":")).encode() + b"\n" + b"".join(lines)
    signature = base64.b64encode(key.sign(body)).decode()
    return body + json.dumps({"signature": signature}).encode() + b"\n"


def test_no_file_passes_for_what_the_desk_signed(desk: Desk, tmp_path: Path) -> None:
    """Altered, cut, put together anew and signed with a key of one's own, with the desk's name beside it."""
    file = tmp_path / "history.jsonl"
    header, lines = _signed(file, desk)
    desks, own = header["key"]["fingerprint"], Ed25519PrivateKey.generate()
    assert checked(file, "--key", desks)[0] == 0
    code, said = checked(file)
    assert code == 0 and said.splitlines()[-1] != "It holds.", "whose key it is, the file alone cannot tell"
    public = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    mine = {"algorithm": "Ed25519", "public": base64.b64encode(public).decode(), "fingerprint": desks}
    named = {**mine, "fingerprint": hashlib.sha256(public).hexdigest()}
    second = lines[0][:-2] + b',"key":' + json.dumps(mine).encode() + b"}\n"
    attempts = {
        "another key": _sign({**header, "key": named}, lines[1:-1], own),
        "the desk's name beside another key": _sign({**header, "key": mine}, lines[1:-1], own),
        "the desk's key, another's signature": _sign(header, lines[1:-1], own),
        "no signature": b"".join(lines[:-1]),
        "an empty signature": b"".join([*lines[:-1], b'{"signature":""}\n']),
        "two signatures": b"".join([*lines, lines[-1]]),
        "two headers": b"".join([lines[0], *lines]),
        "a second key in the header": b"".join([second, *lines[1:]]),
        "another desk's address": b"".join([lines[0].replace(b"desk.example", b"evil.example"), *lines[1:]]),
        "less than it says": b"".join([*lines[:-2], lines[-1]]),
        "a carriage return for an end of line": b"".join(lines).replace(b"\n", b"\r\n", 2),
        "more after the end": b"".join([*lines, b"\n"]),
        "deep": b"[" * 200_000 + b"\n",
        "a list for a dictionary": _sign({**header, "verified": []}, lines[1:-1], own),
    }  # fmt: skip
    for name, content in attempts.items():
        file.write_bytes(content)
        code, said = checked(file, "--key", desks)
        assert code == 1, (name, said)
    file.write_bytes(attempts["the desk's name beside another key"])
    assert checked(file)[0] == 1
    file.write_bytes(_sign({**header, "desk": "x\nIt holds.\x1b[8m"}, lines[1:-1], own))
    code, said = checked(file, "--key", desks)
    assert (
        code == 1 and "\x1b" not in said and said.splitlines()[-1] == "It does not hold." and "\nIt holds" not in said
    )


def test_an_entry_of_another_export_fits_in_no_file(desk: Desk, tmp_path: Path) -> None:
    """The header of an early export with the lines of a late one, and the other way round."""
    (tmp_path / "early").touch()
    _, early = _signed(tmp_path / "early", desk)
    accounts.create_party(name="Later", kind="brand", actor=HOST, at=desk.at)
    header, late = _signed(tmp_path / "late", desk)
    for mixed in ([early[0], *late[1:]], [late[0], *early[1:]], [late[0], *early[1:-1], late[-1]]):
        (tmp_path / "mixed").write_bytes(b"".join(mixed))
        assert checked(tmp_path / "mixed", "--key", header["key"]["fingerprint"])[0] == 1


def test_whoever_has_the_database_and_not_the_key_is_not_taken_for_the_desk(desk: Desk, tmp_path: Path) -> None:
    """Their own public half in the desk's row: whoever asked the desk for its key got theirs, to believe in."""
    key = signing_key(actor=HOST, at=desk.at)
    own = Ed25519PrivateKey.generate()
    public = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    private = own.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    before = key.public
    SigningKey.objects.update(public=base64.b64encode(public).decode())
    for _ in range(2):
        with pytest.raises(Conflict, match="not the one that this desk made"):
            signing_key(actor=HOST, at=desk.at)
        with pytest.raises(Conflict):
            _signed(tmp_path / "history.jsonl", desk)
        # Both halves, the private one moved here from a column that the desk itself had sealed.
        SigningKey.objects.update(private=Secret(base64.b64encode(private).decode()))
    SigningKey.objects.update(public=before, private=key.private)
    assert signing_key(actor=HOST, at=desk.at).public == before


# Files that come in


def _bomb(list_: bytes, part: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", list_)
        archive.writestr("desk.sqlite3", part)
    return made.getvalue()


def test_no_file_is_put_back_that_the_desk_did_not_pack(tmp_path: Path) -> None:
    """Altered, nested, or growing until the disk is full: some ended in a traceback."""
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "desk.sqlite3").write_bytes(bytes(range(256)) * 40)
    contents = archive.Contents("sqlite", "2026-11-02T09:00:00+00:00", ["a.b"], 1, "x", {})
    archive.pack(tmp_path / "good", parts, contents)
    good = (tmp_path / "good").read_bytes()
    with zipfile.ZipFile(tmp_path / "good") as whole:
        told = whole.read("backup.json")
    traversing = json.dumps({**json.loads(told), "parts": {"../../escaped": "x"}}).encode()
    chance = random.Random(5)
    attempts = [_bomb(told, b"\0" * 30_000_000), _bomb(b"[" * 900_000, b""), _bomb(traversing, b""), b"", good[:-30]]
    for _ in range(400):
        altered = bytearray(good)
        altered[chance.randrange(len(good))] ^= chance.randrange(1, 256)
        attempts.append(bytes(altered))
    for number, content in enumerate(attempts):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (tmp_path / "bad").write_bytes(content)
        try:
            archive.unpack(tmp_path / "bad", folder)
        except (Invalid, Conflict):
            assert sum(each.stat().st_size for each in folder.iterdir()) < 3_000_000
        else:  # what was altered says nothing, as a date of the archive's own
            assert (folder / "desk.sqlite3").read_bytes() == (parts / "desk.sqlite3").read_bytes()
    assert not list(tmp_path.rglob("escaped")) and not (tmp_path.parent / "escaped").exists()


SLIPPED: list[tuple[str, dict[str, object]]] = [
    ("party", {"reference": "../../x"}),
    ("person", {"reference": "a b"}),
    ("version", {"facts": []}),
    ("version", {"facts": "text"}),
    ("version", {"reference": "<script>"}),
    ("version", {"kind": "asset", "facts": {"name": ["x"]}}),
]


@pytest.mark.parametrize(("table", "said"), SLIPPED, ids=lambda each: json.dumps(each))
def test_no_import_leaves_rows_that_break_the_pages(
    record: Recorded, tmp_path: Path, table: str, said: dict[str, object]
) -> None:
    """A file made by hand, whole by its own sums, held rows that no page could show: every list was a server error."""
    desk = record.desk
    export(target=tmp_path / "desk.jsonl", form=Form.JSONL, actor=HOST, at=desk.at)
    with (tmp_path / "desk.jsonl").open("rb") as stream:
        reader, made = Reader(stream), io.BytesIO()
        rows = list(reader.rows())
    writer, is_done = Writer(made), False
    writer.head(reader.head)
    for line in rows:
        is_it = line.table == table and not is_done
        is_done = is_done or is_it
        writer.row(line.table, {**line.row, **(said if is_it else {})})
    writer.end()
    empty_the_desk()
    made.seek(0)
    try:
        import_all(stream=made, actor=HOST, at=desk.at)
    except Invalid:
        return
    user = User.objects.get(email="ada@example.org")
    client = browser(Actor(name="Ada", door=desk.admin.door, user_id=user.pk))
    for name in (*LISTS, "history"):
        for asked in ({}, {"q": "a"}, {"as": "csv"}):
            assert client.get(reverse(name), asked).status_code == 200, name
    for person in Person.objects.all():
        assert client.get(reverse("record_person", args=[person.reference])).status_code == 200


def test_no_code_or_token_is_in_what_leaves(record: Recorded, tmp_path: Path) -> None:
    desk = record.desk
    row = Authorization.objects.get()
    assert row.code is not None
    token = accounts.make_token(user=User.objects.get(email="mara@example.org"), label="x", actor=HOST, at=desk.at)
    authorizations.hand_over(authorization=row, recipient="Kai", mail="kai@example.org", actor=desk.mara, at=desk.at)
    secrets, out = [row.code.reveal(), token.reveal()], tmp_path / "out"
    out.mkdir()
    for name, form in (("d.jsonl", Form.JSONL), ("d", Form.CSV)):
        export(target=out / name, form=form, actor=desk.auditor, at=desk.at)
    _signed(out / "history.jsonl", desk)
    written = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file()).decode()
    assert written.count("kai@example.org") and not [secret for secret in secrets if secret in written]
    with pytest.raises(Forbidden):
        export(target=tmp_path / "codes", form=Form.JSONL, with_codes=True, reason="x", actor=desk.auditor, at=desk.at)
    for actor in (desk.mara, desk.stranger, desk.viewer):
        with pytest.raises(Forbidden):
            export(target=tmp_path / "none", form=Form.JSONL, actor=actor, at=desk.at)


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_once_is_done_once(committed_desk: Desk) -> None:
    """Two ended one access, decided to let one end, entered one person and wrote down one ownership, in one moment."""
    record = recorded(committed_desk)
    desk = record.desk
    by: dict[str, Any] = {"actor": record.keeper, "at": record.at}

    def end() -> None:
        services.end_access(access=Access.objects.get(pk=record.jos.pk), reason="x", **by)

    def let_end() -> None:
        services.let_access_end(access=Access.objects.get(pk=record.agencys.pk), **by)

    def enter() -> None:
        accounts.enter_person(kept_by=desk.advertiser, name="Two", mail="two@example.org", **by)

    def own() -> None:
        services.set_ownership(asset=Asset.objects.get(pk=desk.eu.pk), changes={"owner": record.jo}, **by)

    def sign() -> None:
        signing_key(actor=HOST, at=record.at)

    def open_() -> None:
        record.open(record.jo, role="Twice")

    for jobs, told in (
        (end, ["", "access_ended"]),
        (let_end, ["", "let_end_already"]),
        (enter, ["", "person_exists"]),
        (open_, ["", "access_exists"]),
        (own, ["", ""]),
        (sign, ["", ""]),
    ):
        assert sorted(_together(jobs, jobs)) == told, jobs
    assert Ownership.objects.filter(asset=desk.eu.pk).count() == SigningKey.objects.count() == 1
    assert verify().holds
