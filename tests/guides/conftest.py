from __future__ import annotations

from pathlib import Path

import pytest

from tests.guides.small import written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two guides in two languages, with nothing wrong in them."""
    return written(tmp_path / "content")
