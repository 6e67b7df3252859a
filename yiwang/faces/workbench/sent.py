"""A form of a matter's page as it came in, read field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid, NotFound

YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came in."""

    request: HttpRequest
    number: str
    now: datetime

    @property
    def actor(self) -> Any:
        return self.request.actor

    def __getitem__(self, name: str) -> str:
        return self.request.POST.get(name, "").strip()

    @property
    def task(self) -> UUID:
        return self.key("task", _("There is no such task."))

    def key(self, name: str, missing: str) -> UUID:
        try:
            return UUID(self[name])
        except ValueError:
            raise NotFound(missing) from None

    def whole(self, name: str) -> int:
        """A number from 1 to 999."""
        text = self[name]
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 999):
            raise Invalid(_("Write a whole number, at least 1."), where=name)
        return int(text)

    def moment(self, name: str) -> datetime:
        """What a field `datetime-local` holds, in the district's time."""
        try:
            found = datetime.fromisoformat(self[name])
            if found.tzinfo is None and found.year in YEARS:
                return timezone.make_aware(found)
        except ValueError:
            pass
        raise Invalid(_("Give a day and a time, such as 2026-09-30 17:00."), where=name)

    def day(self, name: str) -> date:
        try:
            found = date.fromisoformat(self[name])
            if found.year in YEARS:
                return found
        except ValueError:
            pass
        raise Invalid(_("Give a day, such as 2026-09-30."), where=name)

    @property
    def on_matter(self) -> dict[str, Any]:
        return {"actor": self.actor, "matter": self.number, "now": self.now}

    @property
    def on_task(self) -> dict[str, Any]:
        return {"actor": self.actor, "task": self.task, "now": self.now}
