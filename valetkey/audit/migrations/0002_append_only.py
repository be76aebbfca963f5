from __future__ import annotations

from django.db import migrations

from valetkey.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_first")]
    operations = [migrations.RunPython(triggers.install, triggers.remove)]
