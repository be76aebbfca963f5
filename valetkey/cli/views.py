"""How rows are shown: as plain values for `--json`, and as lines for people. Codes are masked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import prefetch_related_objects
from rich.console import RenderableType
from rich.markup import escape

from valetkey.accounts.policy import whose
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.coverage import days_between, end_of_term, shortest_term
from valetkey.authorizations.lifecycle import LIVE, USABLE, Drift, State, Verb, words
from valetkey.authorizations.links import masked
from valetkey.authorizations.models import PARTS, Application, Authorization
from valetkey.authorizations.turn import NEXT
from valetkey.cli.answer import facts, table
from valetkey.connectors import registry
from valetkey.connectors.base import Level
from valetkey.history.sentences import facts as facts_of
from valetkey.history.sentences import sentence, what
from valetkey.register.models import Post

_LEVELS: Final = {"by_hand": "by hand", "advertiser_token": "by token", "creator_token": "by token"}
_SOURCES: Final = {
    "platform": "as the platform shows it",
    "stated": "as somebody stated it",
    "computed": "as counted from the days",
    "contract": "as the contract says",
}


def authorization_values(row: Authorization, actor: Actor, at: datetime) -> dict[str, Any]:
    prefetch_related_objects([row], *PARTS)
    level = services.levels(authorization=row)
    return {
        **summary_values(row, at),
        "code": row.code.masked() if row.code else None,
        "window": {"starts_at": row.starts_at, "ends_at": row.ends_at, "source": row.window_source or None},
        "level": level,
        "owners": {
            "creator": row.creator_owner.name if row.creator_owner else None,
            "advertiser": row.advertiser_owner.name if row.advertiser_owner else None,
        },
        "agreed_until": row.agreed_until,
        "requested_days": row.requested_days,
        "message": row.message,
        "reason": row.reason,
        "asked": asked_values(row, at),
        "uncertain": row.claim_verb if row.is_uncertain else None,
        "under_way": row.claim_verb or None,
        "drift": [{"name": name, "sentence": Drift[name].value} for name in row.drift],
        "checked_at": row.checked_at,
        "replaces": row.replaces.reference if row.replaces else None,
        "replaced_by": [successor.reference for successor in row.replaced_by.all()],
        "coverage": [
            {
                "campaign": campaign.name,
                "verdict": coverage.verdict.value,
                "days_short": coverage.days_short,
                "days_late": coverage.days_late,
                "sentence": coverage.sentence(),
            }
            for campaign, coverage in row.coverages()
        ],
        "applications": [application_values(one) for one in row.applications.all()],
        "allowed": [verb.value for verb in services.allowed(authorization=row, actor=actor)],
        "next": next_step(row, level),
    }


def summary_values(row: Authorization, at: datetime) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "state": row.state,
        "post": row.post.platform_id,
        "creator": row.post.held_by.name,
        "advertiser": row.advertiser.name,
        "ends_at": row.ends_at,
        "days_left": days_between(at, row.ends_at) if row.ends_at else None,
    }


def application_values(row: Application) -> dict[str, Any]:
    return {
        "ad_account": row.ad_account.name,
        "ad_account_id": row.ad_account.platform_id,
        "state": row.state,
        # What it was on the ad account until the authorization was over; it gives nothing any more.
        "is_over": row.authorization.state not in LIVE,
        "source": row.source or None,
        "identity_id": row.identity_id or None,
        "identity_type": row.identity_type or None,
        "item_id": row.authorization.post.platform_id,
        "applied_at": row.applied_at,
        "seen_at": row.seen_at,
        "ends_at": row.ends_at,
        "uncertain": row.claim_verb if row.is_uncertain else None,
        "warnings": list(services.warnings(application=row)),
    }


def asked_values(row: Authorization, at: datetime) -> dict[str, Any] | None:
    """Who was asked by link, and how far they have come; None where nobody was."""
    answer = services.answer_of(authorization=row, at=at)
    newest = row.request_links.order_by("pk").last()
    if answer is None or newest is None:
        return None
    return {
        "recipient": newest.recipient,
        "mail": masked(newest.mail) or None,
        "answer": answer.value,
        "steps": newest.steps,
        "opened_at": newest.opened_at,
        "reminded_at": newest.reminded_at,
        "answered_at": newest.answered_at,
        "link_ends_at": newest.ends_at if newest.ended_at is None else newest.ended_at,
    }


def asked_pairs(asked: dict[str, Any] | None) -> list[tuple[str, str]]:
    if asked is None:
        return []
    where = f" at {asked['mail']}" if asked["mail"] else ""
    pairs = [("asked by link", f"{asked['recipient']}{where}: {asked['answer']}")]
    if asked["steps"]:
        pairs.append(("", f"steps done: {', '.join(step.replace('_', ' ') for step in asked['steps'])}"))
    if asked["reminded_at"]:
        pairs.append(("", f"reminded {moment(asked['reminded_at'])}"))
    if asked["answered_at"] is None:
        pairs.append(("", f"link until {moment(asked['link_ends_at'])}"))
    return pairs


COMMANDS: Final[dict[Verb, str]] = {
    Verb.REQUEST: "request",
    Verb.DECLINE: "decline",
    Verb.WITHDRAW: "withdraw",
    Verb.ISSUE: "authorize",
    Verb.RECORD: "record",
    Verb.HAND_OVER: "handover",
    Verb.OPEN: "open",
    Verb.APPLY: "apply",
    Verb.UNBIND: "unbind",
    Verb.EXTEND: "extend",
    Verb.REPLACE: "replace",
    Verb.ASK_TO_END: "end ask",
    Verb.ACKNOWLEDGE_END: "end acknowledge",
    Verb.PAUSE_ADS: "end pause",
    Verb.SWITCH_OFF: "end switch-off",
    Verb.CONFIRM_END: "end confirm",
    Verb.TELL_ADVERTISER: "end tell",
    Verb.CHECK: "check",
}
"""The verb as the command that does it."""

_GIVEN: Final[dict[Verb, str]] = {
    Verb.HAND_OVER: " --to NAME",
    Verb.APPLY: " --ad-account ID",
    Verb.EXTEND: " --days N",
    Verb.TELL_ADVERTISER: " --how TEXT",
}
_BY_HAND: Final[dict[Verb, tuple[str, str]]] = {
    Verb.APPLY: ("advertiser", " --by-hand"),
    Verb.PAUSE_ADS: ("advertiser", " --by-hand"),
    Verb.SWITCH_OFF: ("creator", " --by-hand"),
    Verb.EXTEND: ("creator", " --by-hand"),
    Verb.CONFIRM_END: ("creator", " --seen TEXT"),
}
"""What a verb takes besides the reference, and what more where that side is not connected."""


def next_step(row: Authorization, level: dict[str, str]) -> dict[str, str] | None:
    """The command that leads on, and whose it is. None when nothing waits to be done."""
    if row.claim_id is not None:
        return {"whose": whose(Verb.CHECK.value), "command": f"valetkey check {row.reference}"}
    verb = NEXT.get(State(row.state))
    if row.state == State.ENDED and row.told_at is None:
        verb = Verb.TELL_ADVERTISER
    if verb is None or (verb is Verb.CHECK and level["advertiser"] == Level.BY_HAND.value):
        return _reach(row, level)
    command = f"{COMMANDS[verb]} {row.reference}{_GIVEN.get(verb, '')}{_stated(verb, level)}"
    if verb is Verb.ISSUE:
        is_connected = level["creator"] != Level.BY_HAND.value
        command = f"authorize --request {row.reference}" if is_connected else f"record {row.reference} --ends-on DAY"
    # The creator's own look leads nowhere.
    side = "the advertiser's side" if verb is Verb.OPEN else whose(verb.value)
    return {"whose": side, "command": f"valetkey {command}"}


def _reach(row: Authorization, level: dict[str, str]) -> dict[str, str] | None:
    """Where the code ends before a campaign does: the fewest days on offer that reach."""
    if row.state not in USABLE or row.ends_at is None:
        return None
    short = max((coverage.days_short for _, coverage in row.coverages()), default=0)
    terms = registry.platform(row.post.platform).terms.confirmed
    days = shortest_term(row.ends_at, end_of_term(row.ends_at, short), terms) if short else None
    if days is None:
        return None
    command = f"valetkey extend {row.reference} --days {days}{_stated(Verb.EXTEND, level)}"
    return {"whose": whose(Verb.EXTEND.value), "command": command}


def _stated(verb: Verb, level: dict[str, str]) -> str:
    side, option = _BY_HAND.get(verb, ("", ""))
    return option if side and level[side] == Level.BY_HAND.value else ""


def authorization_parts(values: dict[str, Any]) -> list[RenderableType]:
    """For people, from the same values a program gets."""
    window, level = values["window"], values["level"]
    pairs = [
        ("post", f"{values['post']} by {values['creator']}"),
        ("advertiser", values["advertiser"]),
        ("code", values["code"] or "none yet"),
        ("window", f"{span_words(window['starts_at'], window['ends_at'])}{_left(values)}"),
    ]
    if window["source"]:
        pairs.append(("", _SOURCES[window["source"]]))
    if values["agreed_until"]:
        pairs.append(("agreed", f"until {values['agreed_until']}"))
    if values["message"]:
        pairs.append(("message", values["message"]))
    pairs += asked_pairs(values["asked"])
    if values["reason"]:
        pairs.append(("reason", values["reason"]))
    if values["replaces"]:
        pairs.append(("replaces", values["replaces"]))
    if values["replaced_by"]:
        pairs.append(("replaced by", ", ".join(values["replaced_by"])))
    pairs.append(("connected", ", ".join(f"{side}: {_LEVELS[level[side]]}" for side in ("creator", "advertiser"))))
    pairs += [
        ("answers" if side == "creator" else "", f"{who or 'nobody yet'} for {values[side]}")
        for side, who in values["owners"].items()
    ]
    pairs += [("coverage", f"{one['campaign']}: {one['sentence']}") for one in values["coverage"]]
    for one in values["applications"]:
        pairs.append(("applied", application_words(one)))
        pairs += [("! warning", text) for text in one["warnings"]]
    pairs += [("! differs", one["sentence"]) for one in values["drift"]]
    if values["uncertain"]:
        verb = words(Verb(values["uncertain"]))
        pairs.append(("! uncertain", f"whether “{verb}” was carried out; `valetkey check` settles it"))
    commands = [COMMANDS[Verb(name)] for name in values["allowed"] if name != Verb.REQUEST.value]
    pairs.append(("you can", ", ".join(commands) or "look"))
    if values["next"]:
        pairs.append(("next", f"{values['next']['whose']}: {values['next']['command']}"))
    return [f"[bold]{values['reference']}[/]  {words(State(values['state']))}", facts(pairs)]


def application_pairs(one: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [("applied", application_words(one))]
    if one["identity_id"]:
        pairs.append(("for the ad", f"identity {one['identity_type']} {one['identity_id']}, item {one['item_id']}"))
    return [*pairs, *(("! warning", text) for text in one["warnings"])]


def application_words(one: dict[str, Any]) -> str:
    state = f"{'was ' if one['is_over'] else ''}{one['state'].replace('_', ' ')}"
    if one["seen_at"]:
        return f"{one['ad_account']}: {state}, read back {moment(one['seen_at'])}"
    return f"{one['ad_account']}: {state}, {'as stated' if one['source'] == 'stated' else 'not read back'}"


def entry_table(entries: list[Entry]) -> RenderableType:
    rows = [
        (entry.seq, f"{entry.at:%Y-%m-%d %H:%M}", entry.actor_name, said.words, _facts_words(said.facts))
        for entry, said in ((entry, sentence(entry.event, entry.detail)) for entry in entries)
    ]
    return table(("No.", "When (UTC)", "Who", "What", "Details"), rows, empty="Nothing has happened yet.")


def entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "event": entry.event,
        "actor": entry.actor_name,
        "door": entry.door,
        "subject": entry.subject,
        "sentence": f"{entry.actor_name} {sentence(entry.event, entry.detail).words}",
        "detail": entry.detail,
        "digest": entry.digest,
    }


def entry_line(entry: Entry) -> str:
    done, who = what(entry.event), escape(entry.actor_name)
    return f"{entry.seq:>4}  {moment(entry.at)}  {done:<24}  {who}  [dim]{escape(_entry_facts(entry))}[/]"


def _entry_facts(entry: Entry) -> str:
    return _facts_words(facts_of(entry.detail))


def _facts_words(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{label} {value}" for label, value in pairs)


def post_values(post: Post) -> dict[str, Any]:
    return {
        "reference": post.reference,
        "post": post.platform_id,
        "kind": post.medium,
        "visibility": post.visibility,
        "visibility_source": post.visibility_source if post.visibility != "unknown" else None,
        "caption": post.name,
        "url": post.url,
        "published_at": post.published_at,
    }


def moment(at: datetime | None) -> str:
    """UTC, said so."""
    return "not known" if at is None else f"{at.astimezone(UTC):%d %b %Y %H:%M} UTC"


def span_words(starts_at: datetime | None, ends_at: datetime | None) -> str:
    if starts_at is None and ends_at is None:
        return "not known yet"
    return f"{moment(starts_at)} – {moment(ends_at)}"


def is_running(values: dict[str, Any]) -> bool:
    return values["days_left"] is not None and State(values["state"]) in LIVE


def _left(values: dict[str, Any]) -> str:
    return f"  ({days_words(values['days_left'])} left)" if is_running(values) else ""


def days_words(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
