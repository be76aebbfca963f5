"""Whether the background work of the desk goes on, for those who read the whole desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from valetkey.web.person import now, person
from valetkey.worker import health


@require_safe
def desk_health(request: HttpRequest) -> HttpResponse:
    found = health.health(actor=person(request), at=now())
    queues = (("Tasks", found.tasks), ("Mails", found.mails), ("Calls of webhooks", found.deliveries))
    return render(request, "web/desk_health.html", {"health": found, "at": found.at, "queues": queues})
