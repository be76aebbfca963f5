"""Django's view of this package, and of its admin, which is the desk's own."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class WebConfig(AppConfig):
    name = "valetkey.web"
    label = "web"


class DeskAdminConfig(admin.AdminConfig):
    default = False  # of this package; the settings name it
    default_site = "valetkey.web.admin.DeskAdminSite"
