from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import valetkey.accounts.reference


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_first"),
        ("register", "0002_campaign_instants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=valetkey.accounts.reference.new_reference, editable=False, max_length=12, unique=True
                    ),
                ),
                ("platform", models.CharField(max_length=20)),
                ("account", models.CharField(max_length=100)),
                (
                    "shared",
                    models.CharField(
                        choices=[
                            ("password", "password"),
                            ("one_time_codes", "one_time_codes"),
                            ("recovery_codes", "recovery_codes"),
                            ("session", "session"),
                            ("recovery_contact", "recovery_contact"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("note", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.CharField(blank=True, max_length=200)),
                ("how_confirmed", models.TextField(blank=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exposures", to="accounts.party"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExposureKnower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("since", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "exposure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="knowers", to="register.exposure"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.party"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="exposure",
            index=models.Index(fields=["held_by", "changed_at"], name="exposure_of_holder"),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at", None), ("how_confirmed", "")),
                    models.Q(("changed_at__isnull", False), models.Q(("how_confirmed", ""), _negated=True)),
                    _connector="OR",
                ),
                name="exposure_change_is_confirmed",
            ),
        ),
    ]
