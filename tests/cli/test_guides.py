"""Guides at a terminal. No test here may touch a database: guides are the same for every desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from valetkey.cli import answer, main
from valetkey.cli.session import SESSION, Session
from valetkey.guides.grammar import Confidence, Fault
from valetkey.guides.library import LANGUAGES, READING_ORDER, BrokenGuide, library

Run = Callable[..., tuple[int, str, str]]

AT = "2026-11-23T09:00Z"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """`run("show", "apply-a-code")`: the exit code, and what was said on each stream."""
    monkeypatch.delenv("VALETKEY_TOKEN", raising=False)

    def ran(*words: str, at: str = AT) -> tuple[int, str, str]:
        code = main(["guides", *words, "--at", at])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield ran
    SESSION.__dict__.update(Session().__dict__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_has_every_guide_in_reading_order(run: Run, language: str) -> None:
    code, out, _ = run("list", "--language", language)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(READING_ORDER)
    for guide in json.loads(run("list", "--language", language, "--json")[1]):
        assert guide["title"] in out and "{" not in guide["title"] + guide["summary"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READING_ORDER)
def test_a_guide_is_shown_whole_with_its_facts_at_the_end(run: Run, name: str, language: str) -> None:
    code, out, err = run("show", name, "--language", language)
    assert code == 0 and err == "" and "{" not in out
    words, guide = library().words(language), library().guide(name, language)
    values = json.loads(run("show", name, "--language", language, "--json")[1])
    for step in values["steps"]:
        assert step["title"] in out and step["do"] in out and step["confirm"] in out and step["fails"] in out
    for reroute in guide.reroutes:
        assert f"`valetkey guides show {reroute.to}`" in out
    told = out.split(words["facts"])[-1]
    for fact in values["facts"]:
        assert fact["says"] in told and fact["source"] in told and fact["address"] in told
        assert fact["read_on"] in told and words[Confidence(fact["confidence"])] in told
        assert fact["disagreement"] in told


def test_a_search_in_german_is_answered_in_the_language_asked_for(run: Run) -> None:
    _, out, _ = run("search", "code", "funktioniert", "nicht")
    found = out.splitlines()[1]
    assert found.startswith("code-does-not-work") and library().guide("code-does-not-work", "en").title in found


def test_a_search_that_finds_nothing_says_so(run: Run) -> None:
    code, out, _ = run("search", "xylophone")
    assert code == 0 and out.strip() == library().words("en")["nothing_found"]
    assert json.loads(run("search", "xylophone", "--json")[1]) == []


def test_the_check_finds_nothing_wrong_today(run: Run) -> None:
    code, out, _ = run("check")
    assert code == 0 and f"{len(READING_ORDER)} guides in 2 languages" in out
    assert json.loads(run("check", "--json")[1]) == {"faults": []}


def test_the_check_names_every_fact_that_grew_old_and_says_so_by_its_exit_code(run: Run) -> None:
    code, out, _ = run("check", at="2029-01-01T00:00Z")
    assert code == answer.BROKEN
    facts = library().facts("en")
    assert len(out.splitlines()) == len(facts) + 1
    assert all(f"facts.toml: {name}.read_on" in out for name in facts)
    assert run("check", "--oldest", "1000", at="2029-01-01T00:00Z")[0] == 0


def test_guides_that_are_broken_are_the_hosts_to_mend() -> None:
    refused = answer.refusal_of(BrokenGuide((Fault("en/x.toml: title", "“title” is missing."),)))
    assert refused.exit_code == answer.STORAGE and "en/x.toml: title: “title” is missing." in refused.sentence
    assert "guides check" in refused.next_step
