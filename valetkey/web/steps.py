"""PURE. What each verb is called on its page, what it does, what of it cannot be undone; and which step of which guide
tells how it is done by hand. What that step says stands in `guides/content`, with the facts it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.turn import Whose


class StepOf(NamedTuple):
    """One step of a guide, by their names."""

    guide: str
    step: str


@dataclass(frozen=True)
class Words:
    """`title` is heading and button. `side`: whose connection carries it out; nobody's where only the record changes.

    `by_desk`: what the desk does over that connection. `by_hand`: the step of a guide that tells how a person does it
    where there is none.
    """

    title: str
    does: str
    finality: str
    done: str
    side: Whose = Whose.NOBODY
    by_desk: str = ""
    by_hand: StepOf | None = None
    is_dangerous: bool = False


WORDS: Final[dict[Verb, Words]] = {
    Verb.REQUEST: Words("Ask for a post", "A creator is asked for one post.", "", ""),
    Verb.ISSUE: Words("Answer the request", "Ad authorization is switched on for the post.", "", ""),
    Verb.RECORD: Words("Enter a code made by hand", "A code that was made in the app is typed in.", "", ""),
    Verb.HAND_OVER: Words("Hand the code over", "A named person gets a link that shows the code.", "", ""),
    Verb.OPEN: Words("Show the code", "The code is shown, and it is written down who saw it.", "", ""),
    Verb.DECLINE: Words(
        "Decline",
        "The request is closed with your reason, which the other side reads. Nothing happens on TikTok.",
        "A declined request stays declined. They can ask anew.",
        "Declined. The other side reads your reason.",
        is_dangerous=True,
    ),
    Verb.WITHDRAW: Words(
        "Withdraw the request",
        "The request is taken back, and every link to it ends. Nothing happens on TikTok.",
        "A withdrawn request stays withdrawn. You can ask anew.",
        "Withdrawn. Its links have ended.",
        is_dangerous=True,
    ),
    Verb.APPLY: Words(
        "Apply to ad accounts",
        "The code is bound to the ad accounts that you tick. From then on ads can be made of the post there, until the"
        " window of the code is over.",
        "",
        "",
        side=Whose.ADVERTISER,
        by_desk="The desk applies the code on each ad account and reads back what the ad account then shows: that is"
        " the proof, and it brings the identity that an ad needs.",
        by_hand=StepOf("apply-a-code", "applied"),
    ),
    Verb.CHECK: Words(
        "Look at the platform",
        "The desk asks the platform what holds now and brings the record up to it. It only reads there, so you can look"
        " as often as you like. A step whose outcome is not known is settled by this.",
        "",
        "The record says what the platform shows now.",
    ),
    Verb.EXTEND: Words(
        "Extend the code",
        "The same code gets a later end. Nobody needs a new code, and ads go on.",
        "Days that were added cannot be taken off again, other than by ending it.",
        "Extended. The end is the one the platform shows.",
        side=Whose.CREATOR,
        by_desk="The desk adds the days on TikTok and reads the new end back. TikTok's documents do not say whether"
        " days are added to what is left or counted from today: what it shows afterwards is what holds.",
        by_hand=StepOf("extend-a-code", "extended"),
    ),
    Verb.REPLACE: Words(
        "Replace the code",
        "A new code is made for the same post, in a new authorization for the same campaigns. The old code is not"
        " touched: it runs to its own end, so that there is an overlap and no gap. The advertiser applies the new one.",
        "Links to the old code then say that it was replaced, and where the new one is.",
        "There is a new code. Hand it over; the old one runs to its own end.",
        side=Whose.CREATOR,
        by_desk="The desk asks TikTok for a new code. TikTok seems to keep one code per post (we infer this): where"
        " it gives the old one back, nothing is changed and you are told.",
        by_hand=StepOf("replace-a-code", "replaced"),
    ),
    Verb.UNBIND: Words(
        "Take it off an ad account",
        "The post is taken off the list of one ad account. The code itself, and other ad accounts, stay as they are.",
        "Ads in that ad account that use the post may stop. The code can be applied again while it lasts.",
        "Taken off that ad account. The others stay as they are.",
        side=Whose.ADVERTISER,
        by_desk="The desk takes it off on TikTok. It is not known whether TikTok lets go of a post whose code still"
        " lives; if not, you are told and nothing is changed.",
        by_hand=StepOf("take-off-an-ad-account", "taken_off"),
        is_dangerous=True,
    ),
    Verb.ASK_TO_END: Words(
        "Ask to end it",
        "The other side is asked to let this end before its time. Nothing changes on TikTok yet: first the ads are"
        " paused, then ad authorization is switched off, and only what the platform shows counts as ended.",
        "The desk has no step that takes this back.",
        "Asked. The other side sees it, with your reason.",
        is_dangerous=True,
    ),
    Verb.ACKNOWLEDGE_END: Words(
        "I have read it",
        "The creator sees that you know. Nothing stops by this; the next step is to pause the ads on the post.",
        "",
        "The other side sees that you have read it.",
    ),
    Verb.PAUSE_ADS: Words(
        "Pause the ads",
        "Every running ad on this post is paused, on each ad account the code is applied on. Other ads go on.",
        "Ads can be started again by hand until ad authorization is switched off.",
        "The ads on the post are paused.",
        side=Whose.ADVERTISER,
        by_desk="The desk finds the running ads on the post, pauses them, and looks again.",
        by_hand=StepOf("end-an-authorization", "ads_paused"),
    ),
    Verb.SWITCH_OFF: Words(
        "Switch ad authorization off",
        "Ad authorization is switched off for the post. No ad can use it from then on. It is not called ended"
        " before the platform shows it.",
        "It ends every code of this post, on every ad account. A code that was switched off does not come back: a new"
        " one has to be made and handed over.",
        "Switched off. Next: confirm that the platform shows it gone.",
        side=Whose.CREATOR,
        by_desk="The desk switches it off on TikTok. TikTok refuses while an ad on the post runs; then nothing is"
        " changed and you read its words.",
        by_hand=StepOf("end-an-authorization", "switched_off"),
        is_dangerous=True,
    ),
    Verb.CONFIRM_END: Words(
        "Confirm that it is ended",
        "The desk asks the platform whether the code is gone. Only then is it ended in the record, and the accesses it"
        " gave are closed.",
        "An ended authorization stays ended. What was written stays in the history.",
        "Ended. The record says from where that is known.",
        side=Whose.CREATOR,
        by_desk="The desk reads what TikTok shows for the post. While it shows the code as live, nothing is changed.",
        by_hand=StepOf("end-an-authorization", "confirmed"),
    ),
    Verb.TELL_ADVERTISER: Words(
        "Write down that they were told",
        "It is written down that the advertiser heard of the end, and how. It sends nothing by itself.",
        "",
        "Written down.",
    ),
}
"""The first five have pages of their own."""
