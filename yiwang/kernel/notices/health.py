"""Whether each notifier works: a test now, and what waits or was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.notices import registry
from yiwang.kernel.notices.models import Delivered
from yiwang.kernel.ui import moments

MOST = 1000


@dataclass(frozen=True, slots=True)
class Health:
    """One notifier: whether the test went out (None: none was sent), where or why not, when it last delivered."""

    slug: str
    sent: bool | None
    said: str
    last: datetime | None
    waiting: int
    failed: int

    @property
    def good(self) -> bool:
        return self.sent is not False

    def line(self) -> str:
        word = {True: _("works"), False: _("FAILED"), None: _("not tried")}[self.sent]
        return _(
            "%(name)s: %(word)s %(said)s; last delivery %(last)s; waiting %(waiting)s, given up %(failed)s"
        ) % {
            "name": self.slug,
            "word": word,
            "said": f"({self.said})" if self.said else "",
            "last": moments.moment(self.last) or _("none"),
            "waiting": self.waiting,
            "failed": self.failed,
        }

    def as_dict(self) -> dict:
        return {
            "notifier": self.slug,
            "sent": self.sent,
            "said": self.said,
            "last": self.last.isoformat() if self.last else None,
            "waiting": self.waiting,
            "failed": self.failed,
        }


def check(now: datetime, *, to: str = "", send: bool = True) -> list[Health]:
    """Every notifier in use. Raises ImproperlyConfigured when the settings are wrong."""
    waiting = _count(Outbox.objects.filter(state="waiting", next_at__lte=now))
    failed = _count(Outbox.objects.filter(state="failed"))
    found = []
    for notifier in registry.in_use():
        sent, said = _tried(notifier, to, now) if send else (None, "")
        last = Delivered.objects.filter(via=notifier.slug).aggregate(last=Max("at"))["last"]
        found.append(Health(notifier.slug, sent, said, last, waiting, failed))
    return found


def _tried(notifier, to: str, now: datetime) -> tuple[bool | None, str]:
    if notifier.slug == "mail" and not to:
        return None, _("name an address with --to")
    try:
        return True, notifier.check(to, now)
    except Exception as error:  # noqa: BLE001 - whatever a plugin meets is the answer that is looked for
        return False, f"{type(error).__name__}: {error}"


def _count(rows) -> int:
    return len(rows.values_list("pk", flat=True)[:MOST])
