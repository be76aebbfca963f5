"""The lines of a review on one page, decided one by one: by keyboard, by radios and one button, or each on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from valetkey import credential
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.changes.models import Change
from valetkey.register.looking import AccessLine
from valetkey.reviews import services
from valetkey.reviews.decisions import LETTERS, Decision, words
from valetkey.reviews.models import Line, Review
from valetkey.web.forms.parties import kept_by
from valetkey.web.forms.reviews import LineForm
from valetkey.web.forms.text import CODE
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 200
SHOWN: Final = 10
"""Lines named of each kind of difference; each of them is marked at its own place as well."""
_LETTER: Final = {decision: letter for letter, decision in LETTERS.items()}


@dataclass
class Row:
    """`letter`: how it is decided, or was sent just now with a `fault`."""

    one: Line
    line: AccessLine
    letter: str
    note: str
    fault: str = ""

    @property
    def where(self) -> str:
        return f"{self.line.asset.name}: {self.line.surface.name}"

    @property
    def has_note(self) -> bool:
        return bool(self.note or self.fault) or self.letter == _LETTER[Decision.CHANGE]


def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Opens on the page with the first line that is undecided."""
    actor, at = person(request), now()
    row = services.find_review(text=reference, actor=actor)
    is_sent = request.method == "POST"
    if is_sent:
        require_hand(actor, row.kept_by)
        services.refuse_closed(row)
    before = services.progress(review=row)
    first = (max(before.next, 1) - 1) // PAGE + 1
    page = Paginator(row.lines.order_by("number"), PAGE).get_page(request.GET.get("page") or first)
    rows = [Row(each, each.line, _LETTER.get(Decision(each.decision), "") if each.decision else "", each.note)
            for each in page]  # fmt: skip
    if is_sent:
        saved = _save(request, row, rows, actor)
        if not any(each.fault for each in rows):
            messages.success(request, f"{saved} decision{'' if saved == 1 else 's'} saved.")
            return redirect(_onward(row))
    context = {
        "row": row,
        "rows": rows,
        "page": page,
        "was": "".join(each.one.decision and _LETTER[Decision(each.one.decision)] or "-" for each in rows),
        "progress": services.progress(review=row),
        "counts": [(words(each), count) for each, count in before.by_decision.items()],
        "may_write": row.is_open and kept_by(actor).filter(pk=row.kept_by_id).exists(),
        "work": None if row.is_open else _work(row),
        "at": at,
        **_differences(row),
    }
    return render(request, "web/review.html", context, status=422 if is_sent else 200)


def review_line(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One line with all that was frozen of it. What a key decided is answered with the progress alone."""
    actor, at = person(request), now()
    row = services.find_review(text=reference, actor=actor)
    one = services.find_line(review=row, number=number)
    is_sent = request.method == "POST"
    if is_sent:
        require_hand(actor, row.kept_by)
        services.refuse_closed(row)
    now_said = {"decision": one.decision, "note": one.note}
    form = LineForm(request.POST if is_sent else None, line=one.line, initial=now_said)
    if _decide(form, one, actor):
        if "HX-Request" in request.headers:
            return render(request, "web/part/review_progress.html", {"progress": services.progress(review=row)})
        following = services.progress(review=row).next
        return redirect("review_line", row.reference, following) if following else redirect("review", row.reference)
    if is_sent and "HX-Request" in request.headers:
        return HttpResponse(_fault(form), status=422, content_type="text/plain; charset=utf-8")
    context = {
        "row": row,
        "one": one,
        "line": one.line,
        "form": form,
        "at": at,
        "count": row.lines.count(),
        "may_write": row.is_open and kept_by(actor).filter(pk=row.kept_by_id).exists(),
    }
    return render(request, "web/review_line.html", context, status=422 if is_sent else 200)


def _decide(form: LineForm, one: Line, actor: Actor) -> bool:
    if form.is_valid():
        with onto(form):
            services.decide(
                line=one, decision=form.cleaned_data["decision"], note=form.cleaned_data["note"], actor=actor, at=now()
            )
    return form.is_valid()


def _save(request: HttpRequest, review: Review, rows: list[Row], actor: Actor) -> int:
    """What was changed on this page; what is refused stands at its line, and all others are saved.

    The page says how each line was when it was drawn: what somebody else decided since is not set back by it.
    """
    saved, was = 0, request.POST.get("was", "").ljust(len(rows), "-")
    for row, before in zip(rows, was, strict=False):
        number = row.one.number
        letter, note = request.POST.get(f"d{number}", ""), request.POST.get(f"n{number}", row.note)
        if letter not in LETTERS or (letter == before and note == row.note):
            continue
        row.one.review = review
        form = LineForm({"decision": LETTERS[letter].value, "note": note}, line=row.line)
        if _decide(form, row.one, actor):
            saved += 1
        row.letter, row.note = letter, "" if credential.find(note) else note
        row.fault = _fault(form)
    return saved


def _fault(form: LineForm) -> str:
    """In plain words, for where there is no room to insist: a line's own page has it."""
    if any(error.code == CODE for errors in form.errors.as_data().values() for error in errors):
        return "This looks as if it held a password or a code. It was not kept. Is it none? Say so on its page."
    return " ".join(str(each) for errors in form.errors.values() for each in errors)


def _onward(row: Review) -> str:
    following = services.progress(review=row).next
    address = reverse("review", args=[row.reference])
    return f"{address}#l{following}" if following else address


def _work(row: Review) -> Change | None:
    reference = row.lines.exclude(work="").values_list("work", flat=True).first()
    return Change.objects.filter(reference=reference).first() if reference else None


def _differences(row: Review) -> dict[str, object]:
    """The first of each kind; how many there are of it is said as well."""
    if row.previous is None:
        return {}
    found = {"new": row.lines.filter(news=Line.News.NEW), "changed": row.lines.filter(news=Line.News.CHANGED)}
    found["gone"] = services.gone(review=row)
    told = [(name, lines.count(), list(lines.order_by("number")[:SHOWN])) for name, lines in found.items()]
    return {"differences": told, "is_different": any(count for _, count, _ in told), "shown": SHOWN}
