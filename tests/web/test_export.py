"""The page from which everything leaves: for readers of the whole desk, without codes, whole."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.desk import Desk
from tests.web.reading import browser, same_clock  # noqa: F401  # a fixture
from valetkey.audit.models import Entry
from valetkey.export.lines import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def file(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="desk-2026-11-02.')
    assert "no-store" in answer.headers["Cache-Control"]
    return b"".join(answer)


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_each_form_comes_whole_and_without_codes(desk: Desk, who: str) -> None:
    row = desk.issued()
    assert row.code is not None
    client = browser(getattr(desk, who))
    lines = file(client.post("/export/", {"form": "jsonl"}))
    assert len(list(Reader(io.BytesIO(lines)).rows())) == lines.count(b"\n") - 2
    with zipfile.ZipFile(io.BytesIO(file(client.post("/export/", {"form": "csv"})))) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
        assert "party.csv" in archive.namelist()
    book = load_workbook(io.BytesIO(file(client.post("/export/", {"form": "xlsx"}))))
    assert book["party"].max_row > 3
    assert not any(row.code.reveal().encode() in text for text in [lines, *texts])
    assert Entry.objects.filter(event="desk.exported").count() == 3


def test_nothing_of_it_stays_on_the_machine(desk: Desk) -> None:
    before = set(Path(tempfile.gettempdir()).iterdir())
    file(browser(desk.admin).post("/export/", {"form": "csv"}))
    assert set(Path(tempfile.gettempdir()).iterdir()) == before


def test_codes_cannot_be_asked_for_on_the_page(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    sent = {"form": "jsonl", "with_codes": "true", "reason": "Please."}
    assert row.code.reveal().encode() not in file(browser(desk.admin).post("/export/", sent))


def test_a_form_that_there_is_none_of(desk: Desk) -> None:
    answer = browser(desk.admin).post("/export/", {"form": "pdf"})
    assert answer.status_code == 422 and not Entry.objects.filter(event="desk.exported").exists()


@pytest.mark.parametrize("who", ["mara", "bo", "viewer", "stranger"])
def test_others_are_told_whose_it_is(desk: Desk, who: str) -> None:
    for answer in (browser(getattr(desk, who)).get("/export/"), browser(getattr(desk, who)).post("/export/")):
        assert answer.status_code == 403


def test_the_navigation_leads_there_for_readers_alone(desk: Desk) -> None:
    assert 'href="/export/"' in browser(desk.auditor).get("/").content.decode()
    assert 'href="/export/"' not in browser(desk.bo).get("/").content.decode()
