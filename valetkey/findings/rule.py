"""PURE. What a rule is: one short function over the facts of one subject, and where its next step is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from valetkey.findings.finding import About, Found, Group
from valetkey.findings.limits import Limits

Judge = Callable[[Any, datetime, Limits], Iterable[Found]]


@dataclass(frozen=True)
class Rule:
    """`title`: a few words. `why`: what happens if nobody does anything. `guide`, `step`: where it is told how it is
    put right. `verb`: what the desk itself offers for it, as the page or verb is called; "" where nothing. `may_end`:
    it is about an end that somebody may decide to let come. `after`: the rule that spoke of that very end before it
    had come; who decided to let it come then has decided of this.
    """

    id: str
    about: About
    group: Group
    title: str
    why: str
    guide: str
    step: str
    judge: Judge
    verb: str = ""
    may_end: bool = False
    after: str = ""
