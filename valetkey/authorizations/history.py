"""PURE. Lines of the history as people read them: what was done, and the facts beside it.

Does not know the rows and shows nothing that the line does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from valetkey.authorizations.lifecycle import Drift, Verb, words

_PAST: Final[dict[Verb, str]] = {
    Verb.REQUEST: "asked for the post",
    Verb.DECLINE: "declined the request",
    Verb.WITHDRAW: "withdrew the request",
    Verb.ISSUE: "switched ad authorization on and got a code",
    Verb.RECORD: "entered a code that was made by hand",
    Verb.HAND_OVER: "handed the code over",
    Verb.OPEN: "looked at the code",
    Verb.APPLY: "applied the code to an ad account",
    Verb.UNBIND: "took the post off an ad account",
    Verb.EXTEND: "extended the code",
    Verb.REPLACE: "replaced the code",
    Verb.ASK_TO_END: "asked to end it",
    Verb.ACKNOWLEDGE_END: "acknowledged that it is to end",
    Verb.PAUSE_ADS: "paused the ads",
    Verb.SWITCH_OFF: "switched ad authorization off",
    Verb.CONFIRM_END: "confirmed that it is ended",
    Verb.TELL_ADVERTISER: "told the advertiser",
    Verb.CHECK: "looked at the platform",
    Verb.READ_BACK: "read back what the ad account shows",
    Verb.EXPIRE: "noted that the window is over",
    Verb.SEEN_LIVE: "saw on the platform that it lives again",
    Verb.SEEN_GONE: "saw on the platform that it is gone",
}
_TO_DO: Final[dict[Verb, str]] = {
    Verb.ISSUE: "switch ad authorization on",
    Verb.HAND_OVER: "hand the code over",
    Verb.OPEN: "open the code",
    Verb.APPLY: "apply the code",
    Verb.UNBIND: "take the post off an ad account",
    Verb.EXTEND: "extend the code",
    Verb.ACKNOWLEDGE_END: "acknowledge that it is to end",
    Verb.PAUSE_ADS: "pause the ads",
    Verb.SWITCH_OFF: "switch ad authorization off",
    Verb.CONFIRM_END: "confirm that it is ended",
    Verb.TELL_ADVERTISER: "tell the advertiser",
    Verb.CHECK: "look at the platform",
}
_OUTCOMES: Final[dict[str, str]] = {
    "attempted": "began to {verb}",
    "refused": "tried to {verb}; it was refused",
    "uncertain": "tried to {verb}; no clear answer came back",
    "not_done": "found out that the attempt to {verb} had come to nothing",
    "late": "got a late answer to the attempt to {verb}",
}
_OTHERS: Final[dict[str, str]] = {
    "authorization.campaigns": "named the campaigns that use it",
    "authorization.started": "began to authorize the post",
    "authorization.drift": "compared it with the platform",
    "authorization.vanished": "saw that the ad account no longer shows the post",
    "authorization.guide.shared": "made a link to a guide and its steps",
    "authorization.guide.unshared": "stopped a link to a guide",
    "authorization.request.sent": "made a link to answer the request",
    "authorization.request.reminded": "made a new link, as a reminder",
    "authorization.request.extended": "let the link last longer",
    "authorization.sharing.stopped": "stopped sharing the code",
    "authorization.terms.seen": "saw what switching on does, and agreed",
    "access.opened": "opened an access",
    "access.moved": "moved the end of an access",
    "access.closed": "closed an access",
    "ad_account.changed": "corrected an ad account",
    "ad_account.entered": "entered an ad account",
    "campaign.changed": "corrected a campaign",
    "campaign.entered": "entered a campaign",
    "connection.ended": "disconnected a party",
    "connection.made": "connected a party",
    "exposure.changed": "confirmed that a shared login was changed",
    "exposure.known": "wrote down who knows a shared login",
    "exposure.opened": "wrote down that a login was shared",
    "invitation.accepted": "accepted an invitation",
    "invitation.made": "invited somebody",
    "invitation.withdrawn": "withdrew an invitation",
    "membership.ended": "ended what somebody does for a party",
    "membership.started": "let somebody act for a party",
    "party.created": "made a party",
    "party.renamed": "renamed a party",
    "post.changed": "added to what is known of a post",
    "post.entered": "entered a post",
    "token.ended": "ended an API token",
    "token.made": "made an API token",
    "user.created": "made a user",
    "user.desk_role.set": "changed what somebody may do on the desk",
    "user.ended": "ended a user",
    "user.factors.forgotten": "forgot somebody's second factors",
    "user.language.set": "chose a language",
    "user.password.set": "set a password",
    "user.returned": "came back as a user",
    "user.signed_in": "signed in",
    "user.signed_out": "signed out",
    "user.time_zone.set": "set a time zone",
}
_LABELS: Final[dict[str, str]] = {
    "ad_account": "ad account",
    "by_link": "by a link",
    "days_short": "days too short",
    "drift": "differs",
    "ends_at": "ends",
    "ends_on": "last day",
    "found_by": "found by",
    "how": "how",
    "identity_id": "identity",
    "link_days": "days of the link",
    "platform": "the platform said",
    "platform_id": "id",
    "recipient": "to",
    "says": "which says",
    "seen": "what was seen",
    "short_reason": "kept short, because",
    "starts_on": "first day",
    "time_zone": "time zone",
    "until": "until",
}


def phrase(event: str) -> str:
    """What was done, to stand after a name: “Mara” “asked to end it”."""
    kind, _, rest = event.partition(".")
    name, _, outcome = rest.partition(".")
    if event in _OTHERS or kind != "authorization" or name not in set(Verb):
        return _OTHERS.get(event) or what(event)
    if outcome in {"", "done"}:
        return _PAST[Verb(name)]
    said = _OUTCOMES.get(outcome)
    return said.format(verb=to_do(Verb(name))) if said else what(event)


def to_do(verb: Verb) -> str:
    """The verb as something that is still to be done: “pause the ads”."""
    return _TO_DO.get(verb, words(verb))


def what(event: str) -> str:
    """The event's own words without the subject, which the reader has asked for: “switch off, refused”."""
    return event.partition(".")[2].replace("_", " ").replace(".", ", ")


def facts(detail: Mapping[str, object]) -> list[tuple[str, str]]:
    """What else the line holds, in words. What is empty is left out."""
    known = {name: value for name, value in detail.items() if value not in (None, "", [], {}, False)}
    return [(_LABELS.get(name, name.replace("_", " ")), _words(name, value)) for name, value in known.items()]


def _words(name: str, value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, list):
        return " ".join(_drift(one) for one in value) if name == "drift" else "; ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{one}: {each}" for one, each in value.items())
    text = str(value)
    if name == "digest":
        return f"{text[:16]}…"
    if name.endswith("_at") or name == "until":
        return _instant(text)
    return text


def _drift(name: object) -> str:
    return Drift[str(name)].value if str(name) in Drift.__members__ else str(name)


def _instant(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.astimezone(UTC):%d %b %Y %H:%M} UTC" if at.tzinfo else text
