"""Django's view of this package: it brings templates and no tables."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "valetkey.mail"
