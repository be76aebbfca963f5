"""What is done by hand in the app or in Ads Manager: one step of a guide, in the reader's language.

Fills in what is handed to it and looks nothing up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from valetkey.guides.fill import fill
from valetkey.guides.grammar import Step
from valetkey.guides.library import library
from valetkey.web.language import frame
from valetkey.web.steps import StepOf


@dataclass(frozen=True)
class Taps:
    """`guide`: what the whole guide is called; `address` leads to this step in it."""

    step: Step
    guide: str
    address: str
    language: str
    words: Mapping[str, str]
    frame: Mapping[str, str]


def taps(which: StepOf, *, language: str, values: Mapping[str, str], reference: str = "") -> Taps:
    """With a reference, the guide is the one that knows that authorization."""
    guide = fill(library().guide(which.guide, language), values)
    page = reverse("guide_of_case", args=[reference, guide.name]) if reference else _public(guide.name, language)
    return Taps(
        step=guide.step(which.step),
        guide=guide.title,
        address=f"{page}#{which.step}",
        language=language,
        words=library().words(language),
        frame=frame(language),
    )


def _public(name: str, language: str) -> str:
    return reverse("guide", args=[language, name])
