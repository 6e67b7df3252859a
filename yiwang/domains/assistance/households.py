"""An application and the registers: whose it is there, and who is not there yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from yiwang.domains.assistance.models import Application


def link(row: Application, actor: Any, now: datetime) -> None:
    """The household of the application, from the register."""
    row.household = row.household or uuid7()
