"""PURE. Sentences with the names that a line itself holds, where it holds them: “ended the access of Jo as admin on …”.

Templates of an event, the fullest first; the first whose names are all in the line is taken. Where none fits, the plain
words of `sentences` are taken.
"""

from __future__ import annotations

from typing import Final

_ACCESS: Final = ("the access of {person} ({holder}) as {role} on {surface} of {asset}",
                  "the access of {holder} as {role} on {surface} of {asset}",
                  "the access of {holder} as {role}")  # fmt: skip
"""Of a person; of a party as a whole; of lines that were written before lists of access had names in them."""


def _of_access(template: str) -> tuple[str, ...]:
    return tuple(template.replace("{access}", each) for each in _ACCESS)


NAMED: Final[dict[str, tuple[str, ...]]] = {
    "access.changed": _of_access("changed {access}"),
    "access.closed": _of_access("ended {access}"),
    "access.confirmed": _of_access("saw that {access} is there"),
    "access.ended": _of_access("ended {access}"),
    "access.seen_gone": _of_access("saw that {access} is gone"),
    "access.let_end": _of_access("decided to let {access} end"),
    "access.moved": _of_access("moved the end of {access}"),
    "access.opened": _of_access("opened {access}"),
    "access.passed_on": _of_access("made {owner} answer for {access}"),
    "access.taken_back": ("took back {name}, which the sheet “{sheet}” had brought",),
    "ad_account.entered": ("entered the ad account {name}",),
    "ad_account.changed": ("corrected the ad account {name}",),
    "asset.changed": ("changed what the record says of {name}",),
    "asset.entered": ("entered {name}, held by {kept_by}", "entered {name}"),
    "asset.taken_back": ("took back {name}, which the sheet “{sheet}” had brought",),
    "authorization.owner": ("made {person} answer for it on the {side}’s side", "made {person} answer for it"),
    "campaign.entered": ("entered the campaign {name}",),
    "change.closed": ("closed the change “{change}”",),
    "change.opened": ("opened the change “{change}”",),
    "change.refreshed": ("looked at the record again for the change “{change}”",),
    "change.step.assigned": ("gave {person} the step “{step}” of the change “{change}”",
                             "gave the step “{step}” of the change “{change}” to nobody"),
    "change.step.done": ("did the step “{step}” of the change “{change}”",),
    "change.step.skipped": ("left out the step “{step}” of the change “{change}”",),
    "connection.ended": ("disconnected {party}",),
    "connection.made": ("connected {party}",),
    "engagement.changed": ("changed what the record says of the work with {party}",),
    "engagement.ended": ("ended the work of {kept_by} with {party}", "ended the work with {party}"),
    "engagement.started": ("began the work of {kept_by} with {party}", "began the work with {party}"),
    "exposure.changed": ("confirmed that the shared login of {account} was changed",),
    "exposure.known": ("wrote down that {name} knows a shared login",),
    "exposure.opened": ("wrote down that a login of {account} was shared",),
    "feed.ended": ("ended a calendar of {user}",),
    "feed.made": ("made a calendar of the campaign {campaign} for {user}", "made a calendar for {user}"),
    "finding.acknowledged": ("acknowledged for {party}: {sentence}",),
    "finding.changed": ("saw for {party} that this is otherwise now: {sentence}",),
    "finding.closed": ("saw for {party} that this is over: {sentence}",),
    "finding.handed_on": ("handed to {to}: {sentence}",),
    "finding.let_end": ("decided for {party} that it may end: {sentence}",),
    "finding.opened": ("found for {party}: {sentence}",),
    "finding.snoozed": ("put off for {party}: {sentence}",),
    "finding.woken": ("took back what was decided for {party} about this: {sentence}",),
    "intake.done": ("carried out the sheet “{name}” for {kept_by}",),
    "intake.mapped": ("said what the columns of the sheet “{name}” are",),
    "intake.tried": ("tried the sheet “{name}” for {kept_by}",),
    "intake.undone": ("took back what the sheet “{name}” had brought to {kept_by}",),
    "invitation.accepted": ("accepted the invitation to {mail}",),
    "invitation.made": ("invited {mail} to act for {party} as {role}", "invited {mail} as {role}"),
    "invitation.withdrawn": ("withdrew the invitation of {mail}",),
    "membership.ended": ("ended what {user} does for {party}",),
    "membership.started": ("let {user} act for {party} as {role}", "let {user} act for {party}"),
    "ownership.confirmed": ("confirmed who owns {asset}",),
    "ownership.set": ("wrote down who owns {asset}",),
    "party.created": ("made the party {name}",),
    "party.renamed": ("renamed the party {from} to {to}",),
    "person.changed": ("changed what the record of {kept_by} says of {name}",),
    "person.entered": ("put {name} on the record of {kept_by}",),
    "person.left": ("wrote down that {name} leaves {kept_by} on {on}", "wrote down that {name} leaves {kept_by}"),
    "person.linked": ("noted that {name} on the record of {kept_by} is the user {user}",),
    "person.returned": ("wrote down that {name} is back with {kept_by}",),
    "person.taken_back": ("took back {name}, which the sheet “{sheet}” had brought",),
    "plan.edited": ("wrote the plan {plan} anew, version {version}",),
    "post.entered": ("entered the post {post}",),
    "responsibility.ended": ("ended that {person} is the one to do this: {what}",),
    "responsibility.given": ("made {person} the one to do this: {what}",),
    "responsibility.passed_on": ("passed on to {person}: {what}",),
    "review.closed": ("closed the review of {scope}",),
    "review.decided": (
        "decided “{decision}” for {person} as {role} on {surface} of {asset}",
        "decided “{decision}” for {holder} as {role} on {surface} of {asset}",
    ),
    "review.opened": ("opened a review of {scope}",),
    "surface.changed": ("changed the list {name} of {asset}",),
    "surface.taken_back": ("took back {name}, which the sheet “{sheet}” had brought",),
    "surface.entered": ("entered the list {name} of {asset}",),
    "token.made": ("made an API token for {user}",),
    "user.created": ("made the user {name}",),
    "user.ended": ("ended the user {user}",),
    "webhook.added": ("let {party} be told at {host}",),
    "webhook.ended": ("ended a webhook of {party}",),
    "webhook.replayed": ("sent {messages} messages of {party} again",),
    "webhook.rotated": ("changed the secret of a webhook of {party}",),
}  # fmt: skip
"""Event → templates. Every name in braces is one of the line's own detail."""
