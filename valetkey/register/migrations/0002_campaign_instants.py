from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """From the start of the first day to the end of the last, in the ad account's zone. As it was reckoned until now."""
    campaigns = apps.get_model("register", "Campaign").objects.using(schema_editor.connection.alias)
    for campaign in campaigns.select_related("ad_account").iterator():
        zone = ZoneInfo(campaign.ad_account.time_zone)
        campaigns.filter(pk=campaign.pk).update(
            starts_at=_start_of(campaign.starts_on, zone), ends_at=_start_of(campaign.ends_on + timedelta(days=1), zone)
        )


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0001_first"),
    ]

    operations = [
        migrations.AddField(model_name="campaign", name="starts_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="campaign", name="ends_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(model_name="campaign", name="starts_at", field=models.DateTimeField()),
        migrations.AlterField(model_name="campaign", name="ends_at", field=models.DateTimeField()),
    ]
