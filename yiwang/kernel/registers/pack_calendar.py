"""The working calendar straight from the text of the packs, for a machine whose database is not made yet."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings

from yiwang.core.worktime import Calendar, Notice
from yiwang.core.worktime.files import calendar_of, read_notices, read_seasons


def pack_calendar() -> Calendar:
    """The calendar of the pack named by `YIWANG_PACK` and of what it extends; the nearer layer wins.

    Raises WorktimeError, naming the file that is missing or wrong.
    """
    folders = _layers(Path(settings.PACKS_DIR), settings.PACK)
    notices: dict[int, Notice] = {}
    for folder in folders:
        for notice in read_notices(folder / "calendar"):
            notices.setdefault(notice.year, notice)
    hours = [folder / "calendar.yaml" for folder in folders if (folder / "calendar.yaml").is_file()]
    return calendar_of(notices.values(), read_seasons(hours[0] if hours else folders[0] / "calendar.yaml"))


def _layers(root: Path, name: str) -> list[Path]:
    """The folders of a pack and what it extends, the nearest first."""
    folders: list[Path] = []
    while name and root / name not in folders:
        folders.append(root / name)
        head = root / name / "pack.yaml"
        name = (
            str(yaml.safe_load(head.read_text(encoding="utf-8")).get("extends") or "")
            if head.is_file()
            else ""
        )
    return folders
