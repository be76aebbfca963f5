"""How rows are shown: as plain values for `--json`, and as lines for people. Codes are masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.markup import escape

from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.coverage import days_between
from valetkey.authorizations.lifecycle import Drift, State, words
from valetkey.authorizations.models import Application, Authorization
from valetkey.register.models import Post


def authorization_values(row: Authorization, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        **summary_values(row, at),
        "code": row.code.masked() if row.code else None,
        "window": {"starts_at": row.starts_at, "ends_at": row.ends_at, "source": row.window_source or None},
        "level": services.levels(authorization=row),
        "agreed_until": row.agreed_until,
        "reason": row.reason,
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
        "applications": [application_values(one) for one in row.applications.select_related("ad_account")],
        "allowed": [verb.value for verb in services.allowed(authorization=row, actor=actor)],
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
        "source": row.source or None,
        "identity_id": row.identity_id or None,
        "identity_type": row.identity_type or None,
        "item_id": row.authorization.post.platform_id,
        "applied_at": row.applied_at,
        "seen_at": row.seen_at,
        "ends_at": row.ends_at,
        "uncertain": row.claim_verb if row.is_uncertain else None,
        "warnings": list(services.warnings(application=row)) if row.state in {"applied", "in_use"} else [],
    }


def authorization_lines(values: dict[str, Any]) -> list[str]:
    """For people, from the same values a program gets."""
    window = values["window"]
    lines = [
        f"[bold]{values['reference']}[/]  {words(State(values['state']))}",
        f"  post        {values['post']}  by {escape(values['creator'])}",
        f"  advertiser  {escape(values['advertiser'])}",
        f"  code        {escape(values['code'] or 'none yet')}",
        f"  window      {moment(window['starts_at'])} – {moment(window['ends_at'])}{_left(values)}",
    ]
    if window["source"]:
        lines.append(f"  its source  {window['source']}")
    lines += [f"  level       creator {values['level']['creator']}, advertiser {values['level']['advertiser']}"]
    lines += [f"  coverage    {escape(one['campaign'])}: {one['sentence']}" for one in values["coverage"]]
    lines += [_application_line(one) for one in values["applications"]]
    lines += [f"  [yellow]warning[/]     {escape(text)}" for one in values["applications"] for text in one["warnings"]]
    lines += [f"  [yellow]differs[/]     {one['sentence']}" for one in values["drift"]]
    if values["uncertain"]:
        lines.append(f"  [yellow]uncertain[/]   whether “{values['uncertain']}” was carried out; `check` settles it")
    lines.append(f"  you can     {', '.join(name.replace('_', ' ') for name in values['allowed']) or 'look'}")
    return lines


def _application_line(one: dict[str, Any]) -> str:
    proof = f"read back {moment(one['seen_at'])}" if one["seen_at"] else (one["source"] or "not read back")
    identity = f", identity {one['identity_type']} {one['identity_id']}" if one["identity_id"] else ""
    return f"  applied     {escape(one['ad_account'])}: {one['state'].replace('_', ' ')}, {proof}{identity}"


def summary_line(values: dict[str, Any]) -> str:
    state = words(State(values["state"]))
    parties = f"{escape(values['creator'])} → {escape(values['advertiser'])}"
    return (
        f"{values['reference']}  {state:<16}  {values['post']}  {parties}  {moment(values['ends_at'])}{_left(values)}"
    )


def entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "event": entry.event,
        "actor": entry.actor_name,
        "door": entry.door,
        "subject": entry.subject,
        "detail": entry.detail,
        "digest": entry.digest,
    }


def entry_line(entry: Entry) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in entry.detail.items() if value not in (None, "", [], {}))
    return f"{entry.seq:>4}  {moment(entry.at)}  {entry.event:<34}  {escape(entry.actor_name)}  [dim]{escape(facts)}[/]"


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
    return "not known" if at is None else f"{at:%d %b %Y %H:%M} UTC"


def _left(values: dict[str, Any]) -> str:
    left = values["days_left"]
    if left is None or values["state"] in {"ended", "declined", "expired"}:
        return ""
    return f"  ({left} {'day' if left == 1 else 'days'} left)"
