"""Findings on pages that are about something else."""

from __future__ import annotations

from datetime import datetime

from django import template

from valetkey.findings.models import Finding
from valetkey.web.findings import Row, row_of

register = template.Library()


@register.simple_tag
def finding_row(finding: Finding, at: datetime) -> Row:
    """As a line of a list."""
    return row_of(finding, at)
