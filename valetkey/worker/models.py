"""What is due next, and which workers are alive."""

from __future__ import annotations

from django.db import models


class Due(models.Model):
    """When a repeated task is due next. Whoever moves `next_at` on by a compare-and-set enqueues it, nobody else."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at}"


class Worker(models.Model):
    """A process or thread that works on tasks. `seen_at`: its last sign of life. `task`: what it is at, or ""."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    task = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-seen_at"], name="worker_newest")]

    def __str__(self) -> str:
        return self.name
