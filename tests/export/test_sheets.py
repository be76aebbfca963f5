"""CSV and XLSX: every row, no formula, nothing half-written, and nothing there before it is whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.desk import HOST, Desk
from tests.export.stage import HARD, everything_happened
from tests.export.test_round import written
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, Refused
from valetkey.export.cells import cell
from valetkey.export.schema import schema
from valetkey.export.services import Form, export, form_of, sheets
from valetkey.register.models import Post

pytestmark = pytest.mark.django_db

TARGETS = {Form.JSONL: "desk.jsonl", Form.CSV: "desk", Form.XLSX: "desk.xlsx"}


def exported(desk: Desk, target: Path) -> dict[str, int]:
    return dict(export(target=target, form=form_of(target), actor=HOST, at=desk.at).rows)


def _counts() -> dict[str, int]:
    return {table.name: table.model._base_manager.count() for table in schema()}


def test_each_table_is_a_csv_file_with_every_row(desk: Desk, tmp_path: Path) -> None:
    everything_happened(desk)
    counts = exported(desk, tmp_path / "desk")
    manifest = json.loads((tmp_path / "desk" / "manifest.json").read_text())
    assert counts == _counts() == {each["table"]: each["rows"] for each in manifest["tables"]}
    assert sorted(path.name for path in (tmp_path / "desk").iterdir()) == sorted(
        ["manifest.json", *(each["file"] for each in manifest["tables"])]
    )
    for each in manifest["tables"]:
        content = (tmp_path / "desk" / each["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(lines) == each["rows"] + 1
        assert all(len(line) == len(lines[0]) for line in lines)


def test_a_zip_holds_the_same_files(desk: Desk, tmp_path: Path) -> None:
    exported(desk, tmp_path / "desk")
    exported(desk, tmp_path / "desk.zip")
    with zipfile.ZipFile(tmp_path / "desk.zip") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "desk" / name).read_bytes()
        assert len(archive.namelist()) == len(list((tmp_path / "desk").iterdir()))


def test_each_table_is_a_sheet_with_every_row(desk: Desk, tmp_path: Path) -> None:
    everything_happened(desk)
    counts = exported(desk, tmp_path / "desk.xlsx")
    book = load_workbook(tmp_path / "desk.xlsx", read_only=True)
    assert {name: sum(1 for _ in book[name].iter_rows()) - 1 for name in counts} == counts == _counts()
    assert dict(list(book["tables"].iter_rows(values_only=True))[1:]) == counts
    book.close()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(desk: Desk, tmp_path: Path, start: str) -> None:
    name = f"{start}cmd|' /C calc'!A0"
    Post.objects.filter(pk=desk.post.pk).update(name=name, note=HARD)
    exported(desk, tmp_path / "desk")
    exported(desk, tmp_path / "desk.xlsx")
    with (tmp_path / "desk" / "asset.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [each for line in csv.reader(file) for each in line]
    book = load_workbook(tmp_path / "desk.xlsx")
    cells += [str(each.value) for line in book["asset"].iter_rows() for each in line]
    assert not any(each.data_type == "f" for sheet in book for line in sheet.iter_rows() for each in line)
    assert not any(each.startswith(("=", "+", "-", "@", "\t", "\r")) for each in cells)
    assert f"'{name}" in cells


def test_numbers_stay_numbers_and_lists_are_json() -> None:
    assert (cell(-5), cell(True), cell(None)) == (-5, True, None)
    assert cell({"b": [1], "a": "=x"}) == '{"a": "=x", "b": [1]}'


@pytest.mark.parametrize("text", ["x" * 40_000, "a\x0bb"])
def test_what_a_sheet_does_not_take_fails_loudly_and_leaves_nothing(desk: Desk, tmp_path: Path, text: str) -> None:
    Post.objects.filter(pk=desk.post.pk).update(note=text)
    with pytest.raises(Invalid) as refused:
        exported(desk, tmp_path / "desk.xlsx")
    assert refused.value.code == "too_large_for_xlsx" and "“note”" in refused.value.sentence
    assert list(tmp_path.glob("*desk*")) == []
    exported(desk, tmp_path / "desk")
    exported(desk, tmp_path / "desk.jsonl")


def test_too_many_rows_for_a_sheet_fail_before_a_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "LONGEST_SHEET", 2)
    with pytest.raises(Invalid, match="more rows than a sheet"):
        exported(desk, tmp_path / "desk.xlsx")
    assert list(tmp_path.glob("*desk*")) == []


@pytest.mark.parametrize("form", Form)
def test_nothing_is_written_over(desk: Desk, tmp_path: Path, form: Form) -> None:
    target = tmp_path / TARGETS[form]
    target.write_text("mine")
    before = Entry.objects.count()
    with pytest.raises(Conflict) as refused:
        exported(desk, target)
    assert refused.value.code == "file_exists"
    assert target.read_text() == "mine" and Entry.objects.count() == before


def test_a_folder_that_is_not_there_and_a_name_that_says_nothing(desk: Desk, tmp_path: Path) -> None:
    for target, code in ((tmp_path / "no" / "desk.jsonl", "no_such_folder"), (tmp_path / "desk.txt", "export_form")):
        with pytest.raises(Invalid) as refused:
            exported(desk, target)
        assert refused.value.code == code


def test_only_its_owner_reads_it(desk: Desk, tmp_path: Path) -> None:
    for name in TARGETS.values():
        exported(desk, tmp_path / name)
        for path in [tmp_path / name, *(tmp_path / name).rglob("*")]:
            assert path.stat().st_mode & 0o077 == 0


def test_the_history_tells_of_it_before_anything_leaves(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        export(target=tmp_path / "a.jsonl", form=Form.JSONL, with_codes=True, actor=desk.admin, at=desk.at)
    row = desk.issued()
    assert row.code is not None
    export(
        target=tmp_path / "a.jsonl", form=Form.JSONL, with_codes=True, reason="We move.", actor=desk.admin, at=desk.at
    )
    last = Entry.objects.order_by("seq").last()
    assert last is not None and last.event == "desk.exported" and last.actor_name == "Ada"
    assert last.detail == {"form": "jsonl", "with_codes": True, "reason": "We move."}
    assert row.code.reveal() in (tmp_path / "a.jsonl").read_text()


def test_who_may(desk: Desk, tmp_path: Path) -> None:
    for number, (who, with_codes, may) in enumerate(
        [
            (desk.admin, True, True), (desk.admin, False, True), (HOST, True, True), (desk.auditor, False, True),
            (desk.auditor, True, False), (desk.mara, False, False), (desk.bo, False, False), (desk.bo, True, False),
            (desk.stranger, False, False),
        ]
    ):  # fmt: skip
        target = tmp_path / f"{number}.jsonl"
        try:
            export(target=target, form=Form.JSONL, with_codes=with_codes, reason="We move.", actor=who, at=desk.at)
        except Refused as refused:
            assert isinstance(refused, Forbidden) and not may
        assert target.exists() is may


def test_codes_are_in_no_form_unless_asked_for(desk: Desk, tmp_path: Path) -> None:
    row = desk.issued()
    assert row.code is not None
    secret = row.code.reveal()
    exported(desk, tmp_path / "desk")
    exported(desk, tmp_path / "desk.xlsx")
    assert secret.encode() not in written(desk, tmp_path, "desk.jsonl")
    assert not any(secret in path.read_text() for path in (tmp_path / "desk").iterdir())
    book = load_workbook(tmp_path / "desk.xlsx", read_only=True)
    assert not any(secret == value for sheet in book for line in sheet.iter_rows(values_only=True) for value in line)
    book.close()


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_moment_whatever_others_write(committed_desk: Desk, tmp_path: Path) -> None:
    """Somebody adds rows after the first table was read: none of them is in it, and nobody had to wait."""
    from threading import Thread

    from django.db import connections

    from valetkey.accounts import services as accounts
    from valetkey.accounts.models import Party
    from valetkey.export.services.snapshot import rows, snapshot

    def write() -> None:
        accounts.create_party(name="Meanwhile", kind="brand", actor=HOST, at=committed_desk.at)
        connections.close_all()

    (table,) = [each for each in schema() if each.model is Party]
    with snapshot():
        before = list(rows(table))
        thread = Thread(target=write)
        thread.start()
        thread.join(timeout=15)
        assert not thread.is_alive()
        assert list(rows(table)) == before
    assert len(list(rows(table))) == len(before) + 1
