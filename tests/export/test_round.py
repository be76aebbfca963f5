"""Export, import into an empty desk, export: the same bytes. Past days look as they did; links and passwords go."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import HOST, Desk
from tests.export.stage import HARD, empty_the_desk, everything_happened, without_rows
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Invitation, Party, User
from valetkey.audit.models import Entry
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.errors import Conflict, Forbidden
from valetkey.export.services import Form, export, import_all
from valetkey.register.models import Post
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db


def written(desk: Desk, folder: Path, name: str, *, with_codes: bool = False) -> bytes:
    target = folder / name
    reason = "Moving to another machine." if with_codes else ""
    export(target=target, form=Form.JSONL, with_codes=with_codes, reason=reason, actor=HOST, at=desk.at)
    return target.read_bytes()


def filled_from(file: bytes, folder: Path, desk: Desk) -> dict[str, int]:
    source = folder / "source.jsonl"
    source.write_bytes(file)
    with source.open("rb") as stream:
        return import_all(stream=stream, actor=HOST, at=desk.at)


def test_the_stage_has_a_row_of_every_table(desk: Desk) -> None:
    everything_happened(desk)
    assert without_rows() == set(), "make one in tests/export/stage.py"


@pytest.mark.parametrize("with_codes", [False, True])
def test_an_export_makes_the_same_desk(desk: Desk, tmp_path: Path, with_codes: bool) -> None:
    everything_happened(desk)
    before = written(desk, tmp_path, "before.jsonl", with_codes=with_codes)
    empty_the_desk()
    counts = filled_from(before, tmp_path, desk)
    after = written(desk, tmp_path, "after.jsonl", with_codes=with_codes)
    assert after == before
    assert sum(counts.values()) == before.count(b"\n") - 2


def test_a_past_day_looks_the_same_after_an_import(desk: Desk, tmp_path: Path) -> None:
    party = desk.advertiser
    desk.later(days=3)
    accounts.rename_party(party=party, name="Northwind BC", actor=HOST, at=desk.at)
    said = [dict(row) for row in Version.objects.order_by("pk").values()]
    before = written(desk, tmp_path, "before.jsonl")
    empty_the_desk()
    filled_from(before, tmp_path, desk)
    assert [dict(row) for row in Version.objects.order_by("pk").values()] == said


def test_codes_come_back_where_they_were_asked_for(desk: Desk, tmp_path: Path) -> None:
    row = desk.issued()
    assert row.code is not None
    code, fingerprint = row.code, row.code_fingerprint
    file = written(desk, tmp_path, "with.jsonl", with_codes=True)
    empty_the_desk()
    filled_from(file, tmp_path, desk)
    found = Authorization.objects.get(reference=row.reference)
    assert found.code == code and found.code_fingerprint == fingerprint


def test_without_asking_no_code_leaves_and_none_comes_back(desk: Desk, tmp_path: Path) -> None:
    row = desk.issued()
    assert row.code is not None
    file = written(desk, tmp_path, "without.jsonl")
    assert row.code.reveal().encode() not in file
    assert not any(secret in file for secret in _telltales())
    empty_the_desk()
    filled_from(file, tmp_path, desk)
    found = Authorization.objects.get(reference=row.reference)
    assert found.code is None and found.code_fingerprint is None


def _telltales() -> list[bytes]:
    """What the database holds beside codes that nobody may take along: passwords' hashes and links' digests."""
    hidden = [*User.objects.values_list("password", flat=True), *HandOver.objects.values_list("link_digest", flat=True)]
    hidden += Invitation.objects.values_list("link_digest", flat=True)
    return [text.encode() for text in hidden if text]


def test_a_link_and_a_password_of_the_old_desk_open_nothing(desk: Desk, tmp_path: Path) -> None:
    user = User.objects.get(email="mara@example.org")
    user.set_password("correct horse battery")
    user.save()
    row = desk.issued()
    made = authorizations.hand_over(
        authorization=row, recipient="Kai", mail="k@example.org", actor=desk.mara, at=desk.at
    )
    digests = set(HandOver.objects.values_list("link_digest", flat=True))
    file = written(desk, tmp_path, "before.jsonl")
    empty_the_desk()
    filled_from(file, tmp_path, desk)
    assert not User.objects.get(email="mara@example.org").has_usable_password()
    assert not digests & set(HandOver.objects.values_list("link_digest", flat=True))
    assert HandOver.objects.get(pk=made.hand_over.pk).recipient == "Kai"


def test_a_password_is_set_anew_by_mail(desk: Desk, tmp_path: Path) -> None:
    file = written(desk, tmp_path, "before.jsonl")
    empty_the_desk()
    filled_from(file, tmp_path, desk)
    Client().post(reverse("account_reset_password"), {"email": "mara@example.org"})
    (sent,) = mail.outbox
    assert sent.to == ["mara@example.org"] and "/account/" in sent.body


def test_the_desk_goes_on_after_an_import(desk: Desk, tmp_path: Path) -> None:
    """The next row gets a number of its own, and the history has one line of the import."""
    file = written(desk, tmp_path, "before.jsonl")
    empty_the_desk()
    entries = Entry.objects.count()
    filled_from(file, tmp_path, desk)
    assert [one.event for one in Entry.objects.order_by("seq")[entries:]] == ["desk.imported"]
    party = accounts.create_party(name="Fabrikam", kind="brand", actor=HOST, at=desk.at)
    assert Party.objects.order_by("pk").last() == party
    assert Post.objects.get(reference=desk.post.reference).visibility == desk.post.visibility


def test_a_desk_that_holds_something_is_not_imported_into(desk: Desk, tmp_path: Path) -> None:
    file = written(desk, tmp_path, "before.jsonl")
    with pytest.raises(Conflict) as refused:
        filled_from(file, tmp_path, desk)
    assert refused.value.code == "desk_not_empty"


@pytest.mark.parametrize("who", ["mara", "bo", "auditor", "stranger"])
def test_an_import_is_the_admins(desk: Desk, tmp_path: Path, who: str) -> None:
    source = tmp_path / "empty"
    source.write_bytes(b"")
    with source.open("rb") as stream, pytest.raises(Forbidden):
        import_all(stream=stream, actor=getattr(desk, who), at=desk.at)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_any_text_goes_out_and_comes_back(desk: Desk, tmp_path: Path, texts: list[str]) -> None:
    Post.objects.filter(pk=desk.post.pk).update(name=texts[0][:300], note="".join(texts) + HARD)
    number = len(list(tmp_path.iterdir()))
    before = written(desk, tmp_path, f"{number}-before.jsonl")
    empty_the_desk()
    filled_from(before, tmp_path, desk)
    assert written(desk, tmp_path, f"{number}-after.jsonl") == before
