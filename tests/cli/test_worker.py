"""`valetkey worker status`: how the background work goes, with an exit code for whatever watches the desk."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.desk import HOST, Desk
from valetkey.findings.services import sweep
from valetkey.worker.models import Worker

pytestmark = pytest.mark.django_db


def test_it_ends_with_1_where_somebody_should_look_and_with_0_where_all_is_well(desk: Desk, vk: Terminal) -> None:
    told = vk("worker", "status", is_json=True)
    assert told.code == 1 and told.json()["well"] is False and len(told.json()["troubles"]) == 2
    assert "No worker has been seen yet" in vk("worker", "status").out
    sweep(actor=HOST, at=desk.at, look=False)
    Worker.objects.create(name="one", host="machine-1", pid=4711, started_at=desk.at, seen_at=desk.at, task="sweep")
    told = vk("worker", "status", is_json=True, who="otto")
    assert told.code == 0 and told.json()["troubles"] == []
    assert (told.json()["workers"][0]["pid"], told.json()["workers"][0]["task"]) == (4711, "sweep")
    said = vk("worker", "status").out
    assert "All is well." in said and "machine-1" in said and "nothing changed" in said
