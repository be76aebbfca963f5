"""A signed export is checked without Valetkey: what was altered, removed or put in is found and named.

Altered in the database, both the desk's own check and the program find it; altered in the file, the program does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk import AT, HOST, Desk
from tests.history.altering import alter, delete, delete_and_move_up, drop_triggers, insert, insert_clumsily, run
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry, SigningKey
from valetkey.audit.services import record, verify, writing
from valetkey.audit.signing import fingerprint, pem, signing_key
from valetkey.errors import Forbidden, Invalid
from valetkey.history.signed import Exported, export_history
from valetkey.vault.rotation import rotate

pytestmark = pytest.mark.django_db

PROGRAM = Path(__file__).parents[2] / "docs" / "verify_history.py"


@pytest.fixture
def written(db: None) -> int:
    """A history of some lines, without its triggers; the test's own transaction puts them back."""
    drop_triggers()
    with writing():
        for count in range(12):
            actor = Actor(name="Ines “Größe” 😀", door=Door.WEB, user_id=12)
            detail: dict[str, object] = {"count": count, "text": 'one\r\ntwo\u2028three\x1f\\"', "none": None}
            record(event="test.happened", subject="test", actor=actor, at=AT + timedelta(days=count), detail=detail)
    return Entry.objects.count()


def export(path: Path, **given: Any) -> Exported:
    with path.open("w+b") as stream:
        asked = {
            "to": stream,
            "desk": "https://desk.example.org",
            "actor": HOST,
            "at": AT + timedelta(days=60),
            **given,
        }
        return export_history(**asked)


def checked(file: Path, *options: str) -> tuple[int, str]:
    """The program alone in a folder, with Python's own library and `cryptography`: no Valetkey on its path."""
    alone = shutil.copy(PROGRAM, file.parent / "verify_history.py")
    words = [sys.executable, "-P", str(alone), str(file), *options]
    ran = subprocess.run(words, capture_output=True, text=True, cwd=file.parent, env={"PYTHONIOENCODING": "utf-8"})
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout


def test_the_program_needs_nothing_of_valetkey(tmp_path: Path) -> None:
    assert "valetkey" not in [line.split()[1].partition(".")[0] for line in PROGRAM.read_text().splitlines()
                              if line.startswith(("import ", "from "))]  # fmt: skip
    code = f"import sys; sys.argv=['x', '-h']; exec(open({str(PROGRAM)!r}).read())"
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0 and "--earlier" in ran.stdout


def test_what_was_written_holds_and_says_who_signed_it(written: int, tmp_path: Path) -> None:
    made = export(tmp_path / "all.jsonl")
    code, said = checked(tmp_path / "all.jsonl", "--key", made.fingerprint, "--head", made.head)
    assert (code, said.splitlines()[-1]) == (0, "It holds."), said
    assert made.fingerprint in said and f"entries 1 to {made.last}" in said and not made.fault
    assert verify(known_head=made.head).holds


def test_it_is_a_line_of_the_history_itself_and_in_the_file(written: int, tmp_path: Path) -> None:
    made = export(tmp_path / "all.jsonl")
    line = Entry.objects.get(event="desk.history.exported")
    assert (line.seq, line.subject, line.digest) == (made.last, "desk history", made.head)
    entries = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().split("\n")[1:-2]]
    assert [each["entry"]["event"] for each in entries][-1] == "desk.history.exported"
    assert [each["digest"] for each in entries] == list(Entry.objects.order_by("seq").values_list("digest", flat=True))


def test_a_range_by_numbers_or_days_holds_by_itself(written: int, tmp_path: Path) -> None:
    first = Entry.objects.filter(event="test.happened").order_by("seq")[0].seq
    made = export(tmp_path / "some.jsonl", first=first + 2, last=first + 4)
    assert (made.first, made.last) == (first + 2, first + 4)
    assert checked(tmp_path / "some.jsonl")[0] == 0
    days = export(tmp_path / "days.jsonl", first=date(2026, 11, 4), last=date(2026, 11, 6))
    assert (days.first, days.last) == (first + 2, first + 4)
    assert checked(tmp_path / "days.jsonl", "--earlier", str(tmp_path / "some.jsonl"))[0] == 0


@pytest.mark.parametrize("given", [{"first": 9999}, {"first": date(2030, 1, 1)}, {"last": date(2020, 1, 1)},
                                   {"first": 5, "last": 4}])  # fmt: skip
def test_a_range_with_nothing_in_it_is_refused(written: int, tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        export(tmp_path / "none.jsonl", **given)
    assert not Entry.objects.filter(event="desk.history.exported").exists()
    assert not SigningKey.objects.exists()


@pytest.mark.parametrize("who", ["mara", "bo", "viewer", "stranger"])
def test_it_is_for_the_readers_of_the_desk(desk: Desk, tmp_path: Path, who: str) -> None:
    with pytest.raises(Forbidden):
        export(tmp_path / "all.jsonl", actor=getattr(desk, who))
    assert not SigningKey.objects.exists()


@pytest.mark.parametrize(
    ("change", "desk_says", "program_says"),
    [
        (alter, "Entry 6 was altered after it was written.", "entry 6 was altered after it was written."),
        (delete, "Entry 6 is missing.", "entry 6 is missing."),
        (delete_and_move_up, "Entry 6 does not follow the entry before it.", "entry 6 does not follow"),
        (insert, "Entry 6 was not written by this desk, or its key is missing.", "Entry 6 was not written by"),
        (insert_clumsily, "Entry 6 does not follow the entry before it.", "entry 6 does not follow"),
    ],
    ids=["altered", "deleted", "deleted and moved up", "inserted and chained", "inserted"],
)
def test_a_row_changed_in_the_database_is_found_and_named_by_both(
    written: int, tmp_path: Path, change: Callable[[int], None], desk_says: str, program_says: str
) -> None:
    signing_key(actor=HOST, at=AT)
    change(6)
    assert verify().fault == desk_says
    made = export(tmp_path / "all.jsonl")
    code, said = checked(tmp_path / "all.jsonl", "--key", made.fingerprint)
    assert made.fault == desk_says
    assert code == 1 and program_says in said and desk_says in said, said
    assert "signature does not hold" not in said, "the desk signed what it found"


def test_a_row_that_cannot_be_read_any_more_is_named(written: int, tmp_path: Path) -> None:
    signing_key(actor=HOST, at=AT)
    run("UPDATE audit_entry SET door = %s WHERE seq = %s", "window", 6)
    export(tmp_path / "all.jsonl")
    assert "entry 6 was altered: it cannot be read any more" in checked(tmp_path / "all.jsonl")[1]


def test_a_removed_end_is_found_with_a_head_or_an_earlier_file(written: int, tmp_path: Path) -> None:
    made = export(tmp_path / "before.jsonl")
    for seq in range(made.last - 3, made.last + 1):
        delete(seq)
    assert verify().holds, "nothing in what is left tells it"
    export(tmp_path / "after.jsonl")
    assert checked(tmp_path / "after.jsonl")[0] == 0
    code, said = checked(tmp_path / "after.jsonl", "--head", made.head)
    assert code == 1 and "The head you know is not in this file" in said
    code, said = checked(tmp_path / "after.jsonl", "--earlier", str(tmp_path / "before.jsonl"))
    assert code == 1 and f"Entry {made.last - 3} is not what it was in the earlier file" in said


def test_a_removed_end_is_named_where_nothing_was_written_since(written: int, tmp_path: Path) -> None:
    made = export(tmp_path / "before.jsonl")
    for seq in range(made.last - 3, made.last + 1):
        delete(seq)
    export(tmp_path / "after.jsonl", last=made.last - 5)
    said = checked(tmp_path / "after.jsonl", "--earlier", str(tmp_path / "before.jsonl"))[1]
    assert f"Entries up to {made.last} were there before" in said and f"entry {made.last - 2} and what followed" in said


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows[:6] + [rows[6].replace(b"happened", b"occurred")] + rows[7:], "Line 7: entry 6 was altered"),
        (lambda rows: rows[:6] + rows[7:], "Line 7: entry 6 is missing"),
        (lambda rows: rows[:7] + rows[6:], "Line 8: entry 6 was put in a second time"),
        (lambda rows: rows[:6] + [b"{}\n"] + rows[6:], "Line 7: entry 6 was altered: it cannot be read any more"),
        (lambda rows: rows[:-3] + rows[-1:], "is missing, and whatever follows it"),
        (lambda rows: rows[:-1], "the end of the file was cut off"),
        (lambda rows: rows[:3], "the end of the file was cut off"),
        (lambda rows: rows[:6] + [rows[7], rows[6]] + rows[8:], "Line 7: entry 6 is missing"),
        (lambda rows: [rows[0].replace(b"desk.example", b"evil.example"), *rows[1:]], "The signature does not hold"),
        (lambda rows: [b"not json\n", *rows[1:]], "Line 1: there is no header"),
        (lambda rows: [rows[0].replace(b"history/1", b"history/9"), *rows[1:]], "not a file of the form"),
        (lambda rows: [], "Line 1: there is no header"),
    ],
    ids=["altered", "removed", "doubled", "put in", "last removed", "no signature", "cut off", "swapped", "header",
         "no header", "other form", "empty"],
)  # fmt: skip
def test_a_file_changed_after_it_was_made_is_found_and_the_line_named(
    written: int, tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], says: str
) -> None:
    export(tmp_path / "all.jsonl")
    (tmp_path / "all.jsonl").write_bytes(b"".join(change(_lines(tmp_path / "all.jsonl"))))
    code, said = checked(tmp_path / "all.jsonl")
    assert code == 1 and says in said and "Traceback" not in said, said


def test_a_file_signed_by_somebody_else_is_told_from_the_desks(written: int, tmp_path: Path) -> None:
    ours = export(tmp_path / "ours.jsonl")
    (tmp_path / "desk.pem").write_text(pem(signing_key(actor=HOST, at=AT)))
    SigningKey.objects.all().delete()
    theirs = export(tmp_path / "theirs.jsonl")
    assert theirs.fingerprint != ours.fingerprint
    for known in (ours.fingerprint, str(tmp_path / "desk.pem")):
        assert checked(tmp_path / "ours.jsonl", "--key", known)[0] == 0
        code, said = checked(tmp_path / "theirs.jsonl", "--key", known)
        assert code == 1 and "The key in this file is not the one you know" in said


def test_openssl_says_the_same_as_the_docs_tell(written: int, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("There is no openssl on this machine.")
    export(tmp_path / "history.jsonl")
    (tmp_path / "desk.pem").write_text(pem(signing_key(actor=HOST, at=AT)))
    page = (PROGRAM.parent / "history.md").read_text()
    commands = page.partition("## With openssl")[2].partition("```console")[2].partition("```")[0]
    script = "\n".join(line.removeprefix("$ ") for line in commands.strip().splitlines() if line.startswith("$ "))
    ran = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "Signature Verified Successfully" in ran.stdout
    assert fingerprint(signing_key(actor=HOST, at=AT)) in ran.stdout


def test_the_key_is_made_once_sealed_and_moves_with_the_ring(written: int, tmp_path: Path) -> None:
    key = signing_key(actor=HOST, at=AT)
    assert signing_key(actor=HOST, at=AT).pk == key.pk
    made = Entry.objects.get(event="desk.signing_key.made")
    assert made.detail == {"fingerprint": fingerprint(key)}
    assert key.private is not None and key.private.reveal() not in pem(key)
    assert rotate().rows["audit.SigningKey"] == 1
    assert export(tmp_path / "all.jsonl").fingerprint == fingerprint(key)
    assert checked(tmp_path / "all.jsonl")[0] == 0
