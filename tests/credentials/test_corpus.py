"""How many of the texts that carry a credential are found, and how many honest ones are taken for one.

Nobody who wrote the two lists had read the rules; the rules have since been made better with them, so of texts that
nobody has seen fewer are found than the figures here say. All values are invented. One text per line, after its
language and its kind; `\\n` stands for a line break.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from valetkey.credential import find

_HERE: Final = Path(__file__).parent
_LANGUAGES: Final = {"en", "de", "es", "fr", "pt"}


@dataclass(frozen=True)
class Example:
    language: str
    kind: str
    text: str


def examples(name: str) -> list[Example]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [
        Example(language, kind, text.replace("\\n", "\n")) for language, kind, text in (x.split("\t", 2) for x in lines)
    ]


def _rate(name: str, part: list[Example], total: list[Example]) -> str:
    return f"{name}: {len(part)} of {len(total)} = {len(part) / len(total):.4f}"


def report(found: list[Example], all_of_them: list[Example], *, what: str, wrong: list[Example]) -> str:
    """The rate as a whole, by language, by kind, and every text that was judged wrongly."""
    lines = [_rate(what, found, all_of_them)]
    for of in ("language", "kind"):
        groups: dict[str, list[Example]] = defaultdict(list)
        for each in all_of_them:
            groups[getattr(each, of)].append(each)
        lines += [_rate(f"  {name}", [x for x in found if x in group], group) for name, group in groups.items()]
    lines += [f"  wrong: {each.language} {each.kind}: {each.text!r}" for each in wrong]
    return "\n".join(lines)


def test_texts_that_carry_a_credential_are_found() -> None:
    carries = examples("carries.txt")
    found = [each for each in carries if find(each.text)]
    missed = [each for each in carries if each not in found]
    said = report(found, carries, what="recall", wrong=missed)
    print("\n" + said)
    assert len(found) / len(carries) >= 0.97, said


def test_texts_that_only_look_near_are_left_alone() -> None:
    near = examples("looks_near.txt")
    found = [each for each in near if find(each.text)]
    said = report(found, near, what="false alarms", wrong=found)
    print("\n" + said)
    assert len(found) / len(near) <= 0.02, said


def test_the_lists_are_long_enough_and_no_text_stands_in_them_twice() -> None:
    carries, near = examples("carries.txt"), examples("looks_near.txt")
    texts = [each.text.casefold() for each in carries + near]
    assert len(carries) >= 150
    assert len(near) >= 300
    assert len(texts) == len(set(texts))


def test_no_language_is_forgotten() -> None:
    for name in ("carries.txt", "looks_near.txt"):
        listed = examples(name)
        for language in _LANGUAGES:
            assert sum(each.language == language for each in listed) >= len(listed) / 8
        assert {each.language for each in listed} == _LANGUAGES
