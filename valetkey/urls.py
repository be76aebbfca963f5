"""Every address of the desk."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("valetkey.web.urls"))]
handler400 = "valetkey.web.views.errors.bad_request"
handler403 = "valetkey.web.views.errors.forbidden"
handler404 = "valetkey.web.views.errors.not_found"
handler500 = "valetkey.web.views.errors.fault"
