"""One step of a change: how it is done, its proof, a reason to leave it out, and whose it is."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from valetkey.accounts.models import Person
from valetkey.accounts.services import find_person, require_hand
from valetkey.audit.entry import Actor
from valetkey.changes import services
from valetkey.changes.grammar import EFFECTS, Effect
from valetkey.changes.models import Step
from valetkey.guides.library import LANGUAGES, library
from valetkey.web.forms.changes import AssignForm, DoForm, SkipForm
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto
from valetkey.web.templatetags.changes import address_of
from valetkey.web.views.changes import may_write

_DO: Final = "do"
_SKIP: Final = "skip"
_ASSIGN: Final = "assign"


def change_step(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find_change(text=reference, actor=actor)
    step = services.find_step(change=row, number=number)
    is_shown = services.is_shown(step) if step.is_open else None
    act = request.POST.get("act", _DO) if request.method == "POST" else ""
    if act:
        require_hand(actor, row.kept_by)
    forms = {
        _DO: DoForm(*_sent(request, act, _DO), step=step, is_shown=is_shown),
        _SKIP: SkipForm(*_sent(request, act, _SKIP)),
        _ASSIGN: AssignForm(*_sent(request, act, _ASSIGN)),
    }
    if act in forms and _ACTS[act](request, forms[act], step, actor):
        return _next(request, step, act)
    step = services.find_step(change=row, number=number)
    context = {
        "row": row,
        "step": step,
        "count": row.steps.count(),
        "subject": address_of(step.thing, step.subject),
        "words": library().words(LANGUAGES[0]),
        "guide": library().guide(step.guide, LANGUAGES[0]) if step.guide else None,
        "means": EFFECTS[Effect(step.effect)] if step.effect else None,
        "offer": EFFECTS[Effect(step.offer)] if step.offer else None,
        "is_shown": is_shown,
        "today": timezone.localtime(at).date(),
        "at": at,
        "form": forms[_DO],
        "skip_form": forms[_SKIP],
        "assign_form": forms[_ASSIGN],
        "may_write": row.is_open and may_write(row, actor),
        "has_picture": hasattr(step, "picture"),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "web/change_step.html", context, status=status)


@require_safe
def change_picture(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Only a picture that was made anew here, and for nothing but to be looked at."""
    row = services.find_change(text=reference, actor=person(request))
    response = HttpResponse(services.show_picture(change=row, number=number), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{row.reference}-{number}.jpg"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _sent(request: HttpRequest, act: str, own: str) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if act == own else ()


def _do(request: HttpRequest, form: Any, step: Step, actor: Actor) -> bool:
    if _is_too_large(request):
        form.add_error("picture", f"It is larger than {services.LARGEST // 1_000_000} MB. Send a smaller one.")
    if not form.is_valid():
        return False
    to = _person(form, "to", form.cleaned_data.get("to", ""), actor)
    sent = form.cleaned_data["picture"]
    if form.is_valid():
        with onto(form):
            services.do_step(
                step=step, proof=form.cleaned_data["proof"], picture=sent.read() if sent else None, to=to,
                with_offer="with_offer" in request.POST, actor=actor, at=now(),
            )  # fmt: skip
    return bool(form.is_valid())


def _skip(request: HttpRequest, form: Any, step: Step, actor: Actor) -> bool:
    if form.is_valid():
        with onto(form):
            services.skip_step(step=step, reason=form.cleaned_data["reason"], actor=actor, at=now())
    return bool(form.is_valid())


def _assign(request: HttpRequest, form: Any, step: Step, actor: Actor) -> bool:
    if form.is_valid():
        owner = _person(form, "person", form.cleaned_data["person"], actor)
        if form.is_valid():
            with onto(form):
                services.assign_step(step=step, person=owner, actor=actor, at=now())
    return bool(form.is_valid())


_ACTS: Final = {_DO: _do, _SKIP: _skip, _ASSIGN: _assign}


def _person(form: Any, field: str, text: str, actor: Actor) -> Person | None:
    if text:
        with beside(form, field):
            return find_person(text=text, actor=actor)
    return None


def _is_too_large(request: HttpRequest) -> bool:
    """Then it was let go as it came, and the form has not seen it."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _next(request: HttpRequest, step: Step, act: str) -> HttpResponse:
    """On to the next one that is open; from the last, to the checklist."""
    change = step.change
    if act == _ASSIGN:
        messages.success(request, f"This step is {step.owner}'s now." if step.owner else "This step is nobody's yet.")
        return redirect("change_step", change.reference, step.number)
    messages.success(request, f"{'Done' if act == _DO else 'Left out'}: {step.title}")
    left = change.steps.filter(state=Step.State.OPEN).order_by("number").values_list("number", flat=True)
    following = left.filter(number__gt=step.number).first() or left.first()
    if following is None:
        return redirect("change", change.reference)
    return redirect("change_step", change.reference, following)
