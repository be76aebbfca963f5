"""PURE. Which guides a few words mean, best first: every word counts by how rare it is and by where it stands.

Capitals, accents and umlauts make no difference, a beginning or ending may differ, and one wrong letter is forgiven in
longer words. Looks at the guides it is given, in whatever languages they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from math import log
from typing import Final

from valetkey.guides.grammar import Guide

_Words = tuple[str, ...]
_Phrases = tuple[tuple[float, _Words], ...]
"""The texts of one guide, each with the weight of its place."""
_Near = dict[str, dict[str, float]]
"""For each word asked, the words of the guides that may be meant by it, and how well they fit."""

_TITLE, _FINDS, _SUMMARY, _SITUATION, _INSIDE = 3.0, 3.0, 2.0, 1.5, 1.0
_SAME, _BEGINS, _TYPO = 1.0, 0.8, 0.6
_BEGINNING: Final = 4
"""Letters that must agree before one word counts as the beginning of another."""
_FORGIVEN: Final = 5
"""Letters a word must have before a wrong one is forgiven."""
_WORTH_READING: Final = 1 / 3
"""Of the best one's score."""
_LONGEST: Final = 12
"""Words of a search. More is a text pasted whole, and its first words say what it is about."""


def search(guides: Iterable[Guide], text: str) -> tuple[Guide, ...]:
    """Best first; a guide that has far less of the words than the best one is not among them."""
    asked = tuple(dict.fromkeys(_words(text)))[:_LONGEST]
    phrases = {guide: _phrases(guide) for guide in guides}
    written = [frozenset(word for _, words in own for word in words) for own in phrases.values()]
    known = frozenset[str]().union(*written)
    near = {word: {one: fit for one in known if (fit := _fit(word, one))} for word in asked}
    weights = {word: _rarity(near[word].keys(), written) for word in asked}
    scores = {guide: _score(asked, near, weights, own) for guide, own in phrases.items()}
    least = max(scores.values(), default=0.0) * _WORTH_READING
    found = [guide for guide in phrases if scores[guide] > 0 and scores[guide] >= least]
    return tuple(sorted(found, key=lambda guide: -scores[guide]))


def _score(asked: _Words, near: _Near, weights: dict[str, float], phrases: _Phrases) -> float:
    """Each word at its best place, and once more the one phrase that says most of what was asked and little else."""
    each = dict.fromkeys(asked, 0.0)
    whole = 0.0
    for weight, words in phrases:
        met = {word: max(near[word].get(one, 0.0) for one in words) for word in asked}
        for word, quality in met.items():
            each[word] = max(each[word], weight * quality)
        said = sum(weights[word] * quality for word, quality in met.items())
        share = sum(quality > 0 for quality in met.values()) / max(len(words), len(asked))
        whole = max(whole, weight * said * share)
    return sum(weights[word] * quality for word, quality in each.items()) + 2 * whole


def _rarity(near: Set[str], written: list[frozenset[str]]) -> float:
    """What a word is worth: much where few guides have one like it, little where nearly all of them do."""
    having = sum(not words.isdisjoint(near) for words in written)
    return log(1 + len(written) / having) ** 2 if having else 0.0


def _fit(asked: str, word: str) -> float:
    """How well a word of a guide fits one that was asked for; 0 where it is another word."""
    if asked == word:
        return _SAME
    short, long = sorted((asked, word), key=len)
    if len(short) >= _BEGINNING and long.startswith(short):
        return _BEGINS
    return _TYPO if len(asked) >= _FORGIVEN and _is_one_letter_off(asked, word) else 0.0


def _is_one_letter_off(one: str, other: str) -> bool:
    """One letter more, less or another, or two that changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    same_end = next((at for at, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), None)
    end = min(len(one), len(other)) if same_end is None else same_end
    one, other = one[: len(one) - end], other[: len(other) - end]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


@lru_cache(maxsize=64)
def _phrases(guide: Guide) -> _Phrases:
    return tuple((weight, words) for weight, text in _texts(guide) if (words := tuple(_words(text))))


def _texts(guide: Guide) -> Iterator[tuple[float, str]]:
    yield _TITLE, guide.title
    yield _SUMMARY, guide.summary
    for text in guide.finds:
        yield _FINDS, text
    for reroute in guide.reroutes:
        yield _SITUATION, reroute.situation
    for one in guide.before:
        yield _INSIDE, f"{one.says} {one.how}"
    for step in guide.steps:
        yield _INSIDE, f"{step.title} {step.where} {step.do} {step.fails}"
        if step.studio is not None:
            yield _INSIDE, f"{step.studio.where} {step.studio.do}"
    for mistake in guide.mistakes:
        yield _INSIDE, f"{mistake.says} {mistake.why} {mistake.already}"
    for question in guide.questions:
        yield _INSIDE, f"{question.asks} {question.answer}"


def _words(text: str) -> Iterator[str]:
    """Folded: no capitals, no accents, ä like ae like a, so that both ways of writing meet."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    for word in re.findall(r"\w+", plain):
        yield re.sub(r"([aou])e", r"\1", word)
