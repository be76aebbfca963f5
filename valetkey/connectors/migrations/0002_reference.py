from __future__ import annotations

from typing import Any

from django.db import migrations, models

import valetkey.accounts.reference


def name_rows(apps: Any, schema_editor: Any) -> None:
    """Each row gets a reference of its own."""
    model = apps.get_model("connectors", "Connection")
    for key in model.objects.values_list("pk", flat=True).iterator():
        model.objects.filter(pk=key).update(reference=valetkey.accounts.reference.new_reference())
    if schema_editor.connection.vendor == "postgresql":
        # Its deferred checks of these rows would keep the table from being altered in the same transaction.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_people"),
        ("connectors", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="reference",
            field=models.CharField(default=valetkey.accounts.reference.new_reference, editable=False, max_length=12),
        ),
        migrations.RunPython(name_rows, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="connection",
            name="reference",
            field=models.CharField(
                default=valetkey.accounts.reference.new_reference, editable=False, max_length=12, unique=True
            ),
        ),
    ]
