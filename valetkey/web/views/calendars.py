"""A person's calendars, and the secret addresses at which programs read them."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from valetkey.accounts.models import User
from valetkey.notices import services
from valetkey.secret import Secret
from valetkey.web.forms.calendars import CalendarForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto


def calendars(request: HttpRequest) -> HttpResponse:
    """Theirs; a POST makes one, and its address is shown on that page alone."""
    actor, at = person(request), now()
    form, made = CalendarForm(request.POST or None, actor=actor), None
    if request.method == "POST" and form.is_valid():
        with onto(form):
            user = User.objects.get(pk=actor.user_id or 0)
            made = services.add_feed(user=user, campaign=form.cleaned_data["campaign"], actor=actor, at=at).address
            form = CalendarForm(actor=actor)
    rows = services.feeds(actor=actor).filter(user=actor.user_id)
    return render(request, "web/me_calendars.html", {"at": at, "form": form, "rows": rows, "made": made})


@require_POST
def calendar_end(request: HttpRequest, reference: str) -> HttpResponse:
    actor = person(request)
    services.end_feed(feed=services.find_feed(reference=reference, actor=actor), actor=actor, at=now())
    messages.success(request, "This calendar's address gives nothing any more.")
    return redirect("calendars")


@login_not_required
@csrf_exempt  # nothing is sent here; and what is refused would be logged with its address
@require_safe
@sensitive_variables("token")
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For programs. Who has read it already is told so, and gets it again only when it is otherwise."""
    content = services.read_feed(link=Secret(token), at=now())
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    found = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    found["Content-Disposition"] = 'inline; filename="valetkey.ics"'
    response = get_conditional_response(request, etag=etag, response=found) or found
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response
