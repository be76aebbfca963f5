"""The same number, day and size make the same desk again, to the letter; another number makes another."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.desk import HOST
from tests.seed.seeded import NOW, UNTIL, seeded
from valetkey.accounts.models import Party
from valetkey.accounts.reference import ALPHABET, LENGTH, drawn_from, new_reference
from valetkey.audit.services import verify
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict
from valetkey.export.services import Form, export
from valetkey.register.models import Access
from valetkey.seed.agency import agency
from valetkey.seed.cast import SIZES
from valetkey.seed.play import play
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db


def exported(target: Path, seed: int = 1) -> tuple[bytes, str]:
    with seeded("tiny", seed):
        verdict = verify()
        assert verdict.holds
        assert Access.objects.count() == SIZES["tiny"].accesses
        assert Authorization.objects.count() == SIZES["tiny"].authorizations
        assert not Version.objects.filter(known_from__gt=NOW).exists()
        assert len({new_reference() for _ in range(50)}) == 50, "after it, references are chance again"
        export(target=target, form=Form.JSONL, actor=HOST, at=NOW)
    return target.read_bytes(), verdict.head


def test_the_same_number_makes_the_same_desk_to_the_letter(tmp_path: Path) -> None:
    first, second = exported(tmp_path / "first.jsonl"), exported(tmp_path / "second.jsonl")
    assert first == second
    assert exported(tmp_path / "other.jsonl", seed=2)[0] != first[0]


@pytest.mark.parametrize("size", ["tiny", "small", "full"])
def test_there_is_as_much_as_the_size_says(size: str) -> None:
    acts = agency(until=UNTIL, size=size, seed=1).acts
    count = {name: sum(act.do == name for act in acts) for name in {act.do for act in acts}}
    codes = count["request"] + count["note_post"] + count["replace"]
    assert codes == SIZES[size].authorizations
    assert count["open_access"] + count["apply"] == SIZES[size].accesses
    assert count["employ"] == SIZES[size].people
    assert all(act.at < NOW for act in acts)
    assert acts == agency(until=UNTIL, size=size, seed=1).acts


def test_only_an_empty_desk_is_filled() -> None:
    Party.objects.create(name="Somebody", kind="brand", created_at=NOW)
    with pytest.raises(Conflict, match="holds something already"):
        play(agency(until=UNTIL, size="tiny", seed=1), seed=1, host=HOST)
    assert Party.objects.count() == 1


def test_references_are_drawn_from_a_source_in_a_block_and_by_chance_after_it() -> None:
    def drawn() -> list[str]:
        with drawn_from(Random(7)):
            return [new_reference() for _ in range(20)]

    assert drawn() == drawn()
    assert new_reference() not in drawn()
    assert all(len(name) == LENGTH and set(name) <= set(ALPHABET) for name in drawn())
