"""A guide behind its link: whoever has the link reads it, and which steps are done. Nothing can be changed here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from valetkey.authorizations import services
from valetkey.authorizations.models import GuideLink
from valetkey.errors import Conflict
from valetkey.web import guides, visits
from valetkey.web.language import language_of, public, shows
from valetkey.web.person import now

visit = visits.arrival(services.find_guide_link, page="guide_shared", otherwise="shared_unknown")


@login_not_required
@require_safe
@visits.by_link(GuideLink)
def guide_shared(request: HttpRequest, guide_link: GuideLink) -> HttpResponse:
    language, is_new = language_of(request), visits.is_first_look(request, guide_link)
    show = shows(language)
    try:
        found = services.look_at_guide_link(
            guide_link=guide_link, language=language, show=show, counts=is_new, at=now()
        )
    except Conflict as ended:
        return visits.closed(request, ended.sentence, ended.next_step)
    row = found.authorization
    context = {
        **public(request, language),
        **guides.page(found.reading.guide, found.reading),
        "row": row,
        "by": found.guide_link.user,
        "ends": show(row.ends_at) if row.ends_at else "",
        "agreed": show(row.agreed_until) if row.agreed_until else "",
        "link_ends": show(found.guide_link.ends_at),
        "done": found.reading.done(),
    }
    with translation.override(language):
        return render(request, "web/guide_shared.html", context)
