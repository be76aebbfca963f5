"""PURE. Lines of the history as people read them: what was done, and the facts beside it.

Does not know the rows and shows nothing that the line does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from string import Formatter
from typing import Final

from valetkey.authorizations.lifecycle import Drift, Verb, words
from valetkey.history.named import NAMED

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
    "authorization.owner": "named who answers for it",
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
    "access.changed": "changed an access",
    "access.closed": "ended an access",
    "access.confirmed": "saw that an access is there",
    "access.ended": "ended an access",
    "access.seen_gone": "saw that an access is gone",
    "access.let_end": "decided to let an access end",
    "access.moved": "moved the end of an access",
    "access.opened": "opened an access",
    "access.passed_on": "made somebody else answer for an access",
    "access.taken_back": "took back an access that a sheet had brought",
    "ad_account.changed": "corrected an ad account",
    "ad_account.entered": "entered an ad account",
    "asset.changed": "changed what the record says of an asset",
    "asset.entered": "entered an asset",
    "asset.taken_back": "took back an asset that a sheet had brought",
    "campaign.changed": "corrected a campaign",
    "campaign.entered": "entered a campaign",
    "change.closed": "closed a change",
    "change.opened": "opened a change",
    "change.refreshed": "looked at the record again for a change",
    "change.step.assigned": "said whose step of a change it is",
    "change.step.done": "did a step of a change",
    "change.step.skipped": "left out a step of a change",
    "connection.ended": "disconnected a party",
    "connection.made": "connected a party",
    "desk.backed_up": "made a backup of the desk",
    "desk.exported": "exported what the desk holds",
    "desk.history.exported": "exported the history",
    "desk.imported": "filled the desk from an export",
    "desk.limit.set": "set a threshold of the desk",
    "desk.restored": "put the desk back from a backup",
    "desk.signing_key.made": "made the key that exports of the history are signed with",
    "engagement.changed": "changed what the record says of the work with a party",
    "engagement.ended": "ended the work with a party",
    "engagement.started": "began the work with a party",
    "exposure.changed": "confirmed that a shared login was changed",
    "exposure.known": "wrote down who knows a shared login",
    "exposure.opened": "wrote down that a login was shared",
    "feed.ended": "ended a calendar",
    "feed.made": "made a calendar",
    "finding.acknowledged": "acknowledged a finding",
    "finding.changed": "saw that a finding is otherwise now",
    "finding.closed": "closed a finding",
    "finding.handed_on": "handed a finding to somebody",
    "finding.let_end": "decided that something may end",
    "finding.opened": "found something",
    "finding.snoozed": "put a finding off",
    "finding.woken": "took back what was decided about a finding",
    "intake.done": "carried out a sheet",
    "intake.mapped": "said what the columns of a sheet are",
    "intake.tried": "tried a sheet",
    "intake.undone": "took back what a sheet had brought",
    "invitation.accepted": "accepted an invitation",
    "invitation.made": "invited somebody",
    "invitation.withdrawn": "withdrew an invitation",
    "membership.ended": "ended what somebody does for a party",
    "membership.started": "let somebody act for a party",
    "ownership.confirmed": "confirmed who owns an asset",
    "ownership.set": "wrote down who owns an asset",
    "party.created": "made a party",
    "party.renamed": "renamed a party",
    "person.changed": "changed what the record says of a person",
    "person.entered": "put a person on the record",
    "person.left": "wrote down that a person leaves",
    "person.linked": "noted which user a person is",
    "person.returned": "wrote down that a person is back",
    "person.taken_back": "took back a person whom a sheet had brought",
    "plan.edited": "wrote a plan anew",
    "post.changed": "added to what is known of a post",
    "post.entered": "entered a post",
    "responsibility.ended": "ended a responsibility",
    "responsibility.given": "gave somebody a responsibility",
    "responsibility.passed_on": "passed a responsibility on",
    "review.closed": "closed a review",
    "review.decided": "decided on a line of a review",
    "review.opened": "opened a review",
    "surface.changed": "changed a list of access",
    "surface.entered": "entered a list of access",
    "surface.taken_back": "took back a list of access that a sheet had brought",
    "sweep.done": "swept the record",
    "token.ended": "ended an API token",
    "token.made": "made an API token",
    "webhook.added": "added a webhook",
    "webhook.ended": "ended a webhook",
    "webhook.replayed": "sent again what a webhook had not got",
    "webhook.rotated": "changed the secret of a webhook",
    "user.app.added": "added an app that shows numbers to sign in with",
    "user.app.removed": "removed the app that shows numbers to sign in with",
    "user.created": "made a user",
    "user.desk_role.set": "changed what somebody may do on the desk",
    "user.ended": "ended a user",
    "user.factors.forgotten": "forgot somebody's second factors",
    "user.language.set": "chose a language",
    "user.mail.given_up": "could not deliver a mail, and gave up",
    "user.notices.set": "chose what to be told by mail",
    "user.passkey.added": "added a passkey",
    "user.passkey.removed": "removed a passkey",
    "user.password.set": "set a password",
    "user.recovery_codes.made": "made new recovery codes",
    "user.returned": "came back as a user",
    "user.signed_in": "signed in",
    "user.signed_out": "signed out",
    "user.time_zone.set": "set a time zone",
}
_LABELS: Final[dict[str, str]] = {
    "ad_account": "ad account",
    "advertiser_owner": "on the advertiser's side",
    "answers_for": "answers for it",
    "by_link": "by a link",
    "changes": "changed",
    "creator_owner": "on the creator's side",
    "days_short": "days too short",
    "drift": "differs",
    "effect": "in the record",
    "end": "ends",
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
_PLATFORMS: Final = ("tiktok", "instagram", "facebook", "youtube", "other")
_ENDS: Final[dict[str, str]] = {"at": "on a day", "none": "never", "unknown": "nobody knows when"}


@dataclass(frozen=True)
class Sentence:
    """`words`: what was done, to stand after a name. `facts`: what else the line holds, in words."""

    words: str
    facts: list[tuple[str, str]]


def sentence(event: str, detail: Mapping[str, object]) -> Sentence:
    """With the names of the line itself, where it holds all that a sentence of this event needs."""
    plain = {name: str(value) for name, value in detail.items() if isinstance(value, str | int) and value != ""}
    for template in NAMED.get(event, ()):
        names = {name for _, name, _, _ in Formatter().parse(template) if name}
        if names <= plain.keys():
            said = {plain[name] for name in names}
            rest = {name: value for name, value in detail.items() if name not in names and str(value) not in said}
            return Sentence(template.format_map(plain), facts(rest))
    return Sentence(phrase(event), facts(detail))


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
    if known.get("until"):
        known.pop("end", None)  # that it ends on a day is said by the day
    return [(_label(name, value), _words(name, value)) for name, value in known.items()]


def _label(name: str, value: object = "") -> str:
    if name == "platform" and str(value) in _PLATFORMS:
        return "on"
    return _LABELS.get(name, name.replace("_", " "))


def _side(name: str, value: object) -> str:
    return "nothing" if value in (None, "", [], {}) else _words(name, value)


def _words(name: str, value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, list):
        return " ".join(_drift(one) for one in value) if name == "drift" else "; ".join(map(str, value))
    if isinstance(value, Mapping):
        if value.keys() == {"from", "to"}:
            return f"{_side(name, value['from'])} → {_side(name, value['to'])}"
        return "; ".join(f"{_label(str(one))}: {_words(str(one), each)}" for one, each in value.items())
    text = str(value)
    if name == "digest":
        return f"{text[:16]}…"
    if name == "end":
        return _ENDS.get(text, text)
    if name == "effect":
        return text.replace("_", " ")
    if name.endswith("_at") or name in {"since", "until"}:
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
