"""Which day a page of the record is looked at: now, unless its address asks for another day.

A day means its end, in the zone of whoever looks. Does not know what was so then (valetkey.register.looking).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from valetkey.register.looking import Moment, moment
from valetkey.web.forms.record_day import DayForm
from valetkey.web.refusal import onto


@dataclass(frozen=True)
class Day:
    """`on` None: now. `query`: what the address of another page needs to show the same day, "" for now."""

    form: DayForm
    moment: Moment
    today: date
    on: date | None = None
    known_now: bool = False

    @property
    def is_past(self) -> bool:
        return self.on is not None and self.on < self.today

    @property
    def is_future(self) -> bool:
        return self.on is not None and self.on > self.today

    @property
    def query(self) -> str:
        if self.on is None:
            return ""
        return urlencode({"on": self.on.isoformat()} | ({"known": "now"} if self.known_now else {}))


def asked_day(request: HttpRequest, at: datetime) -> Day:
    """A day that cannot be read stands on the form, and then it is now that is shown."""
    zone, today = timezone.get_current_timezone_name(), timezone.localtime(at).date()
    form = DayForm(request.GET)
    looked_at = Day(form, moment(None, zone=zone, now=at), today)
    on = form.cleaned_data.get("on") if form.is_valid() else None
    if on is None or on == today:
        return looked_at
    known_now = on < today and form.cleaned_data["known"]
    with onto(form):
        looked_at = Day(form, moment(on, zone=zone, now=at, as_known_now=known_now), today, on, known_now)
    return looked_at
