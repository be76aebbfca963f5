"""The desk for an application server: `valetkey serve` starts one with it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valetkey.settings")
application = get_wsgi_application()
