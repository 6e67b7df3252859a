"""Where the real data for tests lies: beside the project, not in it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


def shared_data(name: str) -> Path:
    """The file of this name; the test is skipped with the reason where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs the real data file {name}, which is not part of the project")
    return path
