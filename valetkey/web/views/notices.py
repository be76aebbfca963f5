"""What somebody was told, what they want to be told, and the way out of a mail, which needs no signing in."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from valetkey.accounts.models import User
from valetkey.notices import services
from valetkey.web.forms.notices import NoticesForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 40


def notices(request: HttpRequest) -> HttpResponse:
    """The list; a POST says which was read, or all."""
    actor, at = person(request), now()
    if request.method == "POST":
        read = services.mark_read(reference=request.POST.get("notice", ""), actor=actor, at=at)
        messages.success(request, "Read." if read else "It was read already.")
        return redirect("notices")
    context = {
        "at": at,
        "page": Paginator(services.notices(actor=actor), PAGE).get_page(request.GET.get("page")),
        "undelivered": services.undelivered(actor=actor),
    }
    return render(request, "web/notices.html", context)


def my_notices(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    user = User.objects.get(pk=actor.user_id or 0)
    if request.method != "POST":
        form = NoticesForm.showing(services.wishes(user=user))
        return render(request, "web/my_notices.html", {"form": form, "at": now()})
    form = NoticesForm(request.POST)
    if form.is_valid():
        with onto(form):
            services.set_preference(user=user, changes=form.changes(), actor=actor, at=now())
            messages.success(request, "Saved.")
            return redirect("my_notices")
    return render(request, "web/my_notices.html", {"form": form, "at": now()}, status=422)


@login_not_required
@csrf_exempt  # the signed address is the authority: mail programs send the form themselves (RFC 8058)
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Looking changes nothing: what checks mails for bad links follows every one of them."""
    found = services.find_unsubscribe(signed=signed)
    is_done = request.method == "POST"
    if is_done:
        services.unsubscribe(found=found, at=now())
    return render(request, "web/unsubscribe.html", {"about": found.about, "is_done": is_done})
