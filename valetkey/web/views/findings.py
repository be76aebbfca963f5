"""The findings: an inbox of what waits, one finding with its evidence and its way out, and what is decided about them.

Who may decide is the services' affair; the pages offer it to whoever acts for the finding's party.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from valetkey.accounts.models import Person
from valetkey.accounts.services import find_person, people, require_hand
from valetkey.audit.entry import Actor
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.models import Authorization
from valetkey.findings import services
from valetkey.findings.finding import About, Evidence
from valetkey.findings.models import Finding
from valetkey.findings.rules import BY_ID
from valetkey.findings.services.find import PAGE
from valetkey.history.services import read_about
from valetkey.web import findings as shown
from valetkey.web.diagnosis import allowed
from valetkey.web.findings import SOURCES, Row, row_of, row_of_line
from valetkey.web.forms.findings import DECISIONS, HAND_ON, LET_END, SNOOZE, WAKE, DecideForm, FindingsForm
from valetkey.web.forms.parties import kept_by
from valetkey.web.language import language_of
from valetkey.web.person import now, person
from valetkey.web.record_day import asked_day
from valetkey.web.refusal import beside, onto
from valetkey.web.views.history import told
from valetkey.web.views.record import page_number

_FEW: Final = 40
"""So many names are offered to hand something on to; any other is typed."""
_SPELLS: Final = 20
_MOST_AT_ONCE: Final = PAGE
_BY_THE_DESK: Final = frozenset({"finding.opened", "finding.changed", "finding.closed"})
"""Its spells say the same."""
_DONE: Final = {
    "acknowledge": "acknowledged",
    "snooze": "put off",
    "hand_on": "handed on",
    "let_end": "left to its end",
    "wake": "waiting again",
}


def findings(request: HttpRequest) -> HttpResponse:
    """The inbox, or what there was or will be on another day. A POST decides about those that are ticked."""
    actor, at = person(request), now()
    day, filters = asked_day(request, at), FindingsForm(request.GET)
    if day.on is not None and request.method != "POST":
        found, rows = rows_of_day(day.on, filters, actor, at)
        context = {"at": at, "day": day, "filters": filters, "found": found, "rows": rows}
        return render(request, "web/findings_day.html", context)
    ticked = request.POST.getlist("finding")[:_MOST_AT_ONCE]
    form = DecideForm(request.POST if request.method == "POST" else None)
    query = urlencode(filters.plain())
    if request.method == "POST":
        chosen = services.find_findings(texts=ticked, actor=actor)
        if not chosen:
            form.add_error(None, "Tick at least one finding.")
        if _decide(request, form, chosen, actor, at):
            return redirect(f"{request.path}?{query}" if query else request.path)
    page = services.inbox(actor=actor, at=at, narrowed=filters.narrowed(), number=page_number(request.GET))
    hands = set(kept_by(actor).values_list("pk", flat=True))
    rows = [row_of(each, at, hands) for each in page.rows]
    context = {
        "at": at,
        "day": day,
        "filters": filters,
        "query": query,
        "page": page,
        "rows": rows,
        "ticked": ticked,
        "form": form,
        "known": _known(hands, actor) if hands else [],
        "may_decide": any(row.may_decide for row in rows),
    }
    is_part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    template = "web/findings_found.html" if is_part and request.method == "GET" else "web/findings.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def finding(request: HttpRequest, reference: str) -> HttpResponse:
    """All of one: why it matters, what it rests on, what helps, what would stop, and its past. A POST decides."""
    actor, at = person(request), now()
    row = services.find_finding(text=reference, actor=actor)
    rule = BY_ID.get(row.rule)
    form = DecideForm(request.POST if request.method == "POST" else None, offers=_offers(row))
    if request.method == "POST" and _decide(request, form, [row], actor, at):
        return redirect("finding", row.reference)
    row = services.find_finding(text=reference, actor=actor)
    hands = set(kept_by(actor).filter(pk=row.party_id).values_list("pk", flat=True))
    about = _authorization_of(row, actor)
    entries = read_about(reference=row.reference, actor=actor).lines.entries
    context = {
        "at": at,
        "row": row,
        "line": row_of(row, at, hands),
        "rule": rule,
        "group": shown.GROUPS[rule.group] if rule else "",
        "evidence": [(each, SOURCES[each.source]) for each in map(Evidence.of_kept, row.evidence)],
        "subject": shown.subject_address(row.about, row.subject),
        "step": _step(row, about, hands, actor),
        "guide": shown.guide_of(rule, row, language_of(request), about) if rule else None,
        "stops": shown.stops_address(row),
        "spells": row.spells.order_by("-pk")[:_SPELLS],
        "lines": [told(entry) for entry in entries if entry.event not in _BY_THE_DESK],
        "may_decide": row.closed_at is None and bool(hands),
        "form": form,
        "known": _known(hands, actor) if hands else [],
    }
    return render(request, "web/finding.html", context, status=422 if form.errors else 200)


def rows_of_day(day: date, filters: FindingsForm, actor: Actor, at: datetime) -> tuple[services.Day, list[Row]]:
    """Of that day's end, narrowed the same way, but for what was decided."""
    on = services.instant_of(day=day, time_zone=timezone.get_current_timezone_name(), at=at)
    found, narrowed = services.on_day(on=on, actor=actor, at=at), filters.narrowed()
    lines = [
        line
        for line in found.lines
        if (not narrowed.mine or line.is_mine)
        and (narrowed.severity is None or line.severity >= narrowed.severity)
        and (narrowed.group is None or (line.rule in BY_ID and BY_ID[line.rule].group is narrowed.group))
    ]
    return found, [row_of_line(line) for line in lines]


def _offers(row: Finding) -> tuple[str, ...]:
    """What makes sense of this one."""
    rule = BY_ID.get(row.rule)
    is_decided = any((row.acknowledged_at, row.handed_to_id, row.snoozed_until, row.let_end_at))
    without = {LET_END} if rule is None or not rule.may_end else set()
    return tuple(each for each in DECISIONS if each not in without and (each != WAKE or is_decided))


def _decide(request: HttpRequest, form: DecideForm, chosen: Sequence[Finding], actor: Actor, at: datetime) -> bool:
    """Whether it is done. What is wrong stands on the form."""
    for row in chosen:
        require_hand(actor, row.party)
    given: dict[str, Any] = {}
    decision = form.cleaned_data.get("decision", "") if form.is_valid() else ""
    if decision == HAND_ON:
        with beside(form, "to"):
            given["to"] = find_person(text=form.cleaned_data["to"], actor=actor)
    elif decision == SNOOZE:
        zone = timezone.get_current_timezone()
        given["until"] = datetime.combine(form.cleaned_data["until"], time(), zone)
    if not form.is_valid():
        return False
    with onto(form):
        done = getattr(services, decision)(
            findings=chosen, reason=form.cleaned_data["reason"], actor=actor, at=at, **given
        )
        number = len(done)
        messages.success(request, f"{number} finding{'' if number == 1 else 's'}: {_DONE[decision]}.")
    return form.is_valid()


def _authorization_of(row: Finding, actor: Actor) -> Authorization | None:
    if row.about != About.AUTHORIZATION:
        return None
    return authorizations.find(reference=row.subject, actor=actor)


def _step(row: Finding, about: Authorization | None, hands: set[int], actor: Actor) -> Any:
    """Only for whoever acts for its party, and only while it is open."""
    rule = BY_ID.get(row.rule)
    if rule is None or not hands or row.closed_at is not None:
        return None
    return shown.step_of(rule, row, about, allowed(about, actor) if about else ())


def _known(parties: set[int], actor: Actor) -> list[Person]:
    return list(people(actor=actor).filter(kept_by__in=parties, left_on=None)[:_FEW])
