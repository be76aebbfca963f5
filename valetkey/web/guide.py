"""PURE. What is done by hand in the TikTok app, step by step: Where · Do · Confirm · If this fails.

The taps on a post (··· > Ad settings > Ad authorization > Generate > Manage > Copy code) are from TikTok's guide on
creating Spark Ads (help centre, July 2024, read November 2026: confirmed). The switch for the whole account, what the
app says of a code that is not ready yet, and "Save" come from third parties only (unconfirmed), and are worded so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MENUS_DIFFER: Final = (
    "Menus differ from one version of the TikTok app to the next; a name may read a little differently on your phone."
)


@dataclass(frozen=True)
class Step:
    """`name` is one of `links.STEPS`."""

    name: str
    title: str
    where: str
    do: str
    confirm: str
    fails: str


def make_a_code(days: int) -> tuple[Step, ...]:
    """From a post without ad authorization to a code on the clipboard."""
    return (
        Step(
            "switched_on",
            "Switch ad authorization on",
            "In the TikTok app, on the post itself: tap ··· and then Ad settings.",
            "Switch “Ad authorization” on. TikTok shows its own terms for this; read them before you agree.",
            "The switch stays on, and the app asks for a number of days.",
            "Is there no Ad settings? There is usually a switch for the whole account first: Profile > ☰ > Settings"
            " and privacy > Creator tools > Ad settings. Where that is missing too, TikTok does not offer it to this"
            " account now; decline, and say why.",
        ),
        Step(
            "generated",
            f"Choose {days} days and generate the code",
            "On the same page of the post, under Ad authorization.",
            f"Choose {days} days, tap Authorize, then Generate code. If the app asks you to save, save.",
            "The page now offers Manage, or shows a code.",
            f"Is {days} not among the numbers? Choose the one nearest to it and say below which one it was. Some people"
            " see the code as pending at first: wait a few minutes and open the page again.",
        ),
        Step(
            "copied",
            "Copy the code",
            "On the same page of the post: Manage.",
            "Tap Copy code. Do not type it off the screen: every letter, capital and sign counts.",
            "Paste it below. Codes usually start with # and are long.",
            "Did something else come out? Copy again, and paste into an empty note first to see what it is.",
        ),
    )
