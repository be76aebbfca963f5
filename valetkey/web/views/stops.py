"""What stops if an authorization, an asset, somebody or a party went: from the record at once, and when a button asks
for them, with the ads that the platform shows at this moment. Changes nothing.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from valetkey.accounts.services import find_person
from valetkey.authorizations import services
from valetkey.register.services import find_asset, find_on_record
from valetkey.web.person import now, person


def stops_authorization(request: HttpRequest, reference: str) -> HttpResponse:
    row = services.find(reference=reference, actor=person(request))
    return _page(request, reverse("authorization", args=[row.reference]), authorization=row)


def stops_asset(request: HttpRequest, reference: str) -> HttpResponse:
    row = find_asset(text=reference, actor=person(request))
    return _page(request, reverse("record_asset", args=[row.reference]), asset=row)


def stops_person(request: HttpRequest, reference: str) -> HttpResponse:
    row = find_person(text=reference, actor=person(request))
    return _page(request, reverse("record_person", args=[row.reference]), person=row)


def stops_party(request: HttpRequest, reference: str) -> HttpResponse:
    row = find_on_record(text=reference, actor=person(request))
    return _page(request, reverse("record_party", args=[row.reference]), party=row)


def _page(request: HttpRequest, back: str, **what: Any) -> HttpResponse:
    """A POST asks the platform: that takes its time, so nobody comes upon it by a link."""
    at = now()
    found = services.what_stops(**what, ask=request.method == "POST", actor=person(request), at=at)
    return render(request, "web/stops.html", {"at": at, "found": found, "back": back})
