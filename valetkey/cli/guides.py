"""The guides at a terminal: all of them, one, those that some words mean, and what is wrong with them.

Needs no desk: a guide is the same for everybody here. A guide that knows a case is for the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from valetkey.authorizations.lifecycle import Verb
from valetkey.cli.answer import BROKEN, facts, table
from valetkey.cli.session import SESSION
from valetkey.guides import check as checking
from valetkey.guides.fill import fill
from valetkey.guides.grammar import DIAGNOSIS, Fact, Guide, Step
from valetkey.guides.library import LANGUAGES, Language, Library, library, unchecked
from valetkey.text import tidy

In = Annotated[Language, typer.Option("--language", help="In which language.")]
_LONGEST_SEARCH = 200
Words = Mapping[str, str]
Parts = list[RenderableType]


def list_guides(language: In = "en") -> None:
    """All guides, in the order in which they are read."""
    _show_list(library().guides(language), library().words(language))


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What does not work, or what you want to do.")],
    language: In = "en",
) -> None:
    """The guides that some words mean, the best first. The words may be in any language there are guides in."""
    text = tidy(" ".join(words), what="What you look for", longest=_LONGEST_SEARCH)
    _show_list(library().find(text, language), library().words(language))


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the guide, as `guides list` shows it.")],
    language: In = "en",
) -> None:
    """One guide, with its facts: where each is from, when it was read, and how sure it is."""
    shown = library()
    guide = fill(shown.guide(name, language), {})
    used = [shown.facts(language)[one] for one in guide.fact_names()]
    values = {**_values(guide), "facts": [asdict(fact) for fact in used]}
    SESSION.show(values, *_guide_parts(guide, shown.words(language)), *_fact_parts(used, shown.words(language)))


def check(
    oldest: Annotated[
        int, typer.Option("--oldest", metavar="DAYS", min=1, help="Facts read longer ago are faults.")
    ] = checking.OLDEST,
) -> None:
    """Everything that is wrong with the guides: dead ends, gaps, facts that are too old, missing translations."""
    found = unchecked()
    faults = checking.faults(found, at=SESSION.at().date(), oldest=oldest, verbs=set(Verb))
    SESSION.show(
        {"faults": [asdict(fault) for fault in faults]},
        table(("Where", "What is wrong"), [(fault.where, fault.sentence) for fault in faults], empty=_no_fault(found)),
    )
    if faults:
        raise typer.Exit(BROKEN)


def _no_fault(found: Library) -> str:
    return f"{len(found.guides(LANGUAGES[0]))} guides in {len(found.shelves)} languages, and no fault in them."


def _show_list(guides: Iterable[Guide], words: Words) -> None:
    filled = [fill(guide, {}) for guide in guides]
    SESSION.show(
        [{"name": one.name, "title": one.title, "summary": one.summary, "audience": one.audience} for one in filled],
        table(
            (words["guide"], "", ""),
            [(one.name, one.title, words[one.audience]) for one in filled],
            empty=words["nothing_found"],
        ),
    )


def _values(guide: Guide) -> dict[str, Any]:
    values = asdict(guide)
    del values["plain"]
    return values


def _guide_parts(guide: Guide, words: Words) -> Parts:
    return [
        f"[bold]{escape(guide.title)}[/]",
        Text(f"{guide.summary} {words[guide.audience]}."),
        *_section(
            words["reroutes"],
            [one.situation for one in guide.reroutes],
            [[(words["fails_to"], _leads(one.to, words))] for one in guide.reroutes],
        ),
        *_section(
            words["before"], [one.says for one in guide.before], [[(words["how"], one.how)] for one in guide.before]
        ),
        *_section(words["steps"], [one.title for one in guide.steps], [_step_pairs(one, words) for one in guide.steps]),
        *_section(
            words["mistakes"],
            [one.says for one in guide.mistakes],
            [[(words["why"], one.why), (words["already"], one.already)] for one in guide.mistakes],
        ),
        *_section(
            words["questions"], [one.asks for one in guide.questions], [[("", one.answer)] for one in guide.questions]
        ),
    ]


def _section(heading: str, titles: list[str], pairs: list[list[tuple[str, str]]]) -> Parts:
    """A heading and what stands below it, numbered; nothing at all where there is nothing."""
    if not titles:
        return []
    parts: Parts = ["", f"[bold]{escape(heading)}[/]"]
    for number, (title, own) in enumerate(zip(titles, pairs, strict=True), start=1):
        parts += [Text(f"{number}. {title}"), facts(own)]
    return parts


def _step_pairs(step: Step, words: Words) -> list[tuple[str, str]]:
    pairs = [(words["where"], step.where), (words["do"], step.do)]
    if step.studio is not None:
        pairs.append((words["studio"], f"{step.studio.where} {step.studio.do}"))
    pairs += [(words["confirm"], step.confirm), (words["fails"], step.fails)]
    if step.fails_to:
        pairs.append((words["fails_to"], _leads(step.fails_to, words)))
    return pairs


def _leads(to: str, words: Words) -> str:
    return words["diagnosis"] if to == DIAGNOSIS else f"`valetkey guides show {to}`"


def _fact_parts(used: list[Fact], words: Words) -> Parts:
    return _section(words["facts"], [fact.says for fact in used], [_fact_pairs(fact, words) for fact in used])


def _fact_pairs(fact: Fact, words: Words) -> list[tuple[str, str]]:
    read = f"{words['read_on']} {fact.read_on}"
    pairs = [(words["source"], f"{fact.source}; {read}"), ("", fact.address), ("", words[fact.confidence])]
    if fact.disagreement:
        pairs.append((words["disagreement"], fact.disagreement))
    return [pair for pair in pairs if pair[1]]
