"""A store of files of the test's own."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from yiwang.kernel.packs import rulebook


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime(2026, 9, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def store_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def rules(monkeypatch):
    """A rulebook in force without a pack: files up to 1 MB."""
    rules = SimpleNamespace(settings={"max_upload_mb": 1}, digest="test")
    monkeypatch.setattr(rulebook, "current", lambda: rules)
    return rules
