"""A line in the log for each notice."""

from __future__ import annotations

from datetime import datetime

import structlog

from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.notices.base import Notifier

log = structlog.get_logger(__name__)


class LogNotifier(Notifier):
    slug, name, name_en = "log", "日志", "Log"

    def deliver(self, row: Outbox, number: str, now: datetime) -> None:
        log.info("notice", topic=row.topic, matter=number)

    def check(self, to: str, now: datetime) -> str:
        log.info("notice", topic="test")
        return "standard error"
