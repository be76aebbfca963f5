"""A backup is put back into an empty desk and in place of a full one; what is not whole touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from django.db import connection

from tests.desk import HOST, Desk
from tests.export.stage import empty_the_desk, everything_happened
from tests.export.test_round import written
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party
from valetkey.audit import triggers
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.export.services import archive, backup, restore
from valetkey.vault import keyring, new_key

pytestmark = pytest.mark.django_db(transaction=True)


def _backup(desk: Desk, folder: Path) -> Path:
    return backup(target=folder / "desk.backup", actor=HOST, at=desk.at).target


def _empty() -> None:
    """A desk on which nothing has happened, its history included."""
    empty_the_desk()
    with connection.schema_editor() as editor:
        triggers.remove(None, editor)
    Entry.objects.all().delete()
    with connection.schema_editor() as editor:
        triggers.install(None, editor)


def _secrets() -> list[bytes]:
    return [key.encode() for key in desk_settings.VALETKEY_KEYS]


def test_an_empty_desk_becomes_what_it_was(committed_desk: Desk, tmp_path: Path) -> None:
    everything_happened(committed_desk)
    made = backup(target=tmp_path / "desk.backup", actor=HOST, at=committed_desk.at)
    before = written(committed_desk, tmp_path, "before.jsonl", with_codes=True)
    state = Path(desk_settings.VALETKEY_SANDBOX_STATE)
    kept = {path: path.read_bytes() for path in (state.with_name(f"{state.name}.key"),)}
    _empty()
    for path in (state, *kept):
        path.unlink()
    done = restore(source=made.target, actor=HOST, at=committed_desk.at)
    assert done.verdict.holds and done.verdict.entries == made.entries and done.verdict.head == made.head
    assert written(committed_desk, tmp_path, "after.jsonl", with_codes=True) == before
    assert [path.read_bytes() for path in kept] == list(kept.values()) and state.exists()
    last = Entry.objects.filter(event="desk.restored").get()
    assert last.detail["file"] == "desk.backup" and verify(known_head=made.head).holds


def test_the_history_is_still_append_only_after(committed_desk: Desk, tmp_path: Path) -> None:
    source = _backup(committed_desk, tmp_path)
    _empty()
    restore(source=source, actor=HOST, at=committed_desk.at)
    with pytest.raises(Exception, match="append-only"):
        Entry.objects.filter(seq=1).update(event="altered")
    connection.close()
    party = accounts.create_party(name="Fabrikam", kind="brand", actor=HOST, at=committed_desk.at)
    assert Party.objects.order_by("pk").last() == party


def test_a_desk_that_holds_something_is_replaced_only_when_told_to(committed_desk: Desk, tmp_path: Path) -> None:
    source = _backup(committed_desk, tmp_path)
    accounts.create_party(name="Later", kind="brand", actor=HOST, at=committed_desk.at)
    with pytest.raises(Conflict) as refused:
        restore(source=source, actor=HOST, at=committed_desk.at)
    assert refused.value.code == "desk_holds_something" and Party.objects.filter(name="Later").exists()
    done = restore(source=source, replace=True, actor=HOST, at=committed_desk.at)
    assert done.verdict.holds and not Party.objects.filter(name="Later").exists()


def test_neither_keys_nor_codes_are_in_it(committed_desk: Desk, tmp_path: Path) -> None:
    row = committed_desk.issued()
    assert row.code is not None
    source = _backup(committed_desk, tmp_path)
    with zipfile.ZipFile(source) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist())
    assert not any(secret in whole for secret in (*_secrets(), row.code.reveal().encode()))
    assert source.stat().st_mode & 0o077 == 0


def test_nothing_is_written_over(committed_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "desk.backup").write_text("mine")
    with pytest.raises(Conflict) as refused:
        _backup(committed_desk, tmp_path)
    assert refused.value.code == "file_exists" and (tmp_path / "desk.backup").read_text() == "mine"


@pytest.mark.parametrize("who", ["mara", "auditor", "stranger"])
def test_both_are_the_admins(committed_desk: Desk, tmp_path: Path, who: str) -> None:
    actor = getattr(committed_desk, who)
    with pytest.raises(Forbidden):
        backup(target=tmp_path / "desk.backup", actor=actor, at=committed_desk.at)
    with pytest.raises(Forbidden):
        restore(source=tmp_path / "desk.backup", actor=actor, at=committed_desk.at)


def _without_end(source: Path) -> None:
    source.write_bytes(source.read_bytes()[:-100])


def _no_archive(source: Path) -> None:
    source.write_bytes(b"no archive")


def _altered_part(source: Path) -> None:
    _again(source, "desk", lambda content: content[:-1] + b"x")


def _altered_list(source: Path) -> None:
    _again(source, "backup.json", lambda content: json.dumps({**json.loads(content), "entries": 1}).encode())


def _another_version(source: Path) -> None:
    _again(source, "backup.json", lambda content: json.dumps({**json.loads(content), "version": 9}).encode())


def _no_list(source: Path) -> None:
    _again(source, "backup.json", lambda content: b"[]")


def _missing_part(source: Path) -> None:
    with zipfile.ZipFile(source) as parts:
        told = parts.read("backup.json")
    with zipfile.ZipFile(source, "w") as parts:
        parts.writestr("backup.json", told)


def _again(source: Path, start: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(source, "w") as parts:
        for name, content in contents.items():
            parts.writestr(name, change(content) if name.startswith(start) else content)


def test_what_is_not_whole_touches_nothing(committed_desk: Desk, tmp_path: Path) -> None:
    whole = _backup(committed_desk, tmp_path).read_bytes()
    before = written(committed_desk, tmp_path, "before.jsonl")
    spoils: dict[Callable[[Path], None], str] = {
        _without_end: "no_backup", _no_archive: "no_backup", _altered_part: "no_backup", _no_list: "no_backup",
        _another_version: "no_backup", _missing_part: "no_backup", _altered_list: "backup_of_other_keys",
    }  # fmt: skip
    for spoil, code in spoils.items():
        source = tmp_path / f"{spoil.__name__}.backup"
        source.write_bytes(whole)
        spoil(source)
        with pytest.raises((Invalid, Conflict)) as refused:
            restore(source=source, replace=True, actor=HOST, at=committed_desk.at)
        assert refused.value.code == code, spoil.__name__
        assert written(committed_desk, tmp_path, f"{spoil.__name__}.jsonl") == before
    with pytest.raises(Invalid) as refused:
        restore(source=tmp_path / "none", replace=True, actor=HOST, at=committed_desk.at)
    assert refused.value.code == "no_such_file"


def test_a_backup_of_other_keys_is_refused_before_anything(committed_desk: Desk, tmp_path: Path, settings: Any) -> None:
    source, entries = _backup(committed_desk, tmp_path), Entry.objects.count()
    ours = settings.VALETKEY_KEYS
    try:
        settings.VALETKEY_KEYS = [new_key()]
        keyring.cache_clear()
        with pytest.raises(Conflict) as refused:
            restore(source=source, replace=True, actor=HOST, at=committed_desk.at)
    finally:
        settings.VALETKEY_KEYS = ours
        keyring.cache_clear()
    assert refused.value.code == "backup_of_other_keys" and Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"database": {"sqlite": "postgresql", "postgresql": "sqlite"}}, "backup_of_other_database"),
        ({"migrations": ["accounts.9999_later"]}, "backup_is_newer"),
    ],
)
def test_a_backup_that_does_not_fit_this_desk(
    committed_desk: Desk, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    """Whole and sealed, and yet of another kind of database or of a later version."""
    (tmp_path / "parts").mkdir()
    contents = archive.unpack(_backup(committed_desk, tmp_path), tmp_path / "parts")
    told = {name: value[connection.vendor] if isinstance(value, dict) else value for name, value in changes.items()}
    archive.pack(tmp_path / "other.backup", tmp_path / "parts", replace(contents, **told))
    entries = Entry.objects.count()
    with pytest.raises(Conflict) as refused:
        restore(source=tmp_path / "other.backup", replace=True, actor=HOST, at=committed_desk.at)
    assert refused.value.code == code and Entry.objects.count() == entries


def test_a_history_that_does_not_hold_is_told(committed_desk: Desk, tmp_path: Path) -> None:
    with connection.schema_editor() as editor:
        triggers.remove(None, editor)
    Entry.objects.filter(seq=2).update(event="altered")
    with connection.schema_editor() as editor:
        triggers.install(None, editor)
    source = _backup(committed_desk, tmp_path)
    done = restore(source=source, replace=True, actor=HOST, at=committed_desk.at)
    assert done.verdict.fault == "Entry 2 was altered after it was written."


@pytest.mark.skipif(connection.vendor != "postgresql", reason="no password there")
def test_the_password_is_on_no_command_line(
    committed_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    run = subprocess.run

    def listening(command: list[str], **more: object) -> object:
        commands.append(command)
        return run(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", listening)
    source = _backup(committed_desk, tmp_path)
    restore(source=source, replace=True, actor=HOST, at=committed_desk.at)
    password = str(connection.settings_dict["PASSWORD"])
    assert len(commands) == 3 and len(password) > 20
    assert not any(password in word for command in commands for word in command)
    assert "PGPASSWORD" not in os.environ
