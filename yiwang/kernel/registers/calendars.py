"""The working calendar in force, from the imported holiday notices and the district's office hours."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from yiwang.core.worktime import Calendar, Notice, Season, WorktimeError
from yiwang.core.worktime.files import calendar_of
from yiwang.kernel.errors import Invalid, NotFound, Problem, TooLarge
from yiwang.kernel.packs.documents import Unreadable, read_text, read_yaml
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.fresh import Fresh
from yiwang.kernel.registers.models import HolidayNotice, OfficeHours

LARGEST_NOTICE = 256 * 1024
log = logging.getLogger(__name__)


def current_calendar() -> Calendar:
    """The calendar that due dates are computed with; an import or a load is seen within two seconds.

    Raises Problem `no_pack` or `no_calendar` (503) when there is nothing to build it from.
    """
    return _calendar.value()


def notice_of(body: Mapping[str, Any]) -> Notice:
    """The notice that a body in either form says: a pack's (days_off, makeup_days) or holiday-cn's (days).

    Raises NoticeError.
    """
    return Notice.from_json(body) if "days" in body else Notice.from_pack(body)


def import_notice(given: str | Path | Mapping[str, Any], actor: Any, now: datetime) -> HolidayNotice:
    """Stores the holiday notice of a year, in place of an earlier one; imported again, it changes nothing.

    `given` is a file (JSON or YAML) or what such a file holds. Due dates are recomputed by the caller. Raises
    NotFound, TooLarge or Invalid, naming the entry that is wrong; then nothing was stored.
    """
    body, file = (dict(given), "") if isinstance(given, Mapping) else _read(Path(given))
    try:
        notice = notice_of(body)
        # The year after may already be known: the two must not contradict one another.
        others = [row for row in HolidayNotice.objects.all() if row.year != notice.year]
        calendar_of([*(notice_of(row.body) for row in others), notice], _seasons())
    except WorktimeError as wrong:
        raise Invalid(str(wrong), code=f"notice_{wrong.code}", where=file) from None
    body = json.loads(json.dumps(body, default=str))
    row = HolidayNotice.objects.filter(year=notice.year).first()
    if row is not None and row.body == body:
        return row
    source = " ".join(notice.sources)[:300]
    row, _made = HolidayNotice.objects.update_or_create(
        year=notice.year, defaults={"body": body, "source": source, "imported_at": now}
    )
    log.info("holiday notice of %s imported by %s", notice.year, getattr(actor, "label", actor))
    _calendar.reset()
    return row


def _read(path: Path) -> tuple[dict[str, Any], str]:
    file = path.name
    try:
        if path.stat().st_size > LARGEST_NOTICE:
            raise TooLarge(_("%(file)s is too large for a holiday notice.") % {"file": file}, where=file)
        data = _json(path) if path.suffix.lower() == ".json" else read_yaml(path).data
    except OSError as wrong:
        raise NotFound(
            _("%(file)s can't be read: %(reason)s.") % {"file": path, "reason": wrong.strerror}, where=file
        ) from None
    except Unreadable as wrong:
        raise Invalid(
            _("%(file)s line %(line)d: %(reason)s. %(advice)s")
            % {"file": file, "line": wrong.line, "reason": wrong.message, "advice": wrong.advice},
            where=f"{file}:{wrong.line}",
        ) from None
    if not isinstance(data, dict):
        raise Invalid(
            _("%(file)s does not hold a holiday notice: no year and days.") % {"file": file}, where=file
        )
    return data, file


def _json(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as wrong:
        raise Unreadable(
            _("this is not valid JSON: %(problem)s") % {"problem": wrong.msg}, line=wrong.lineno
        ) from None
    except RecursionError:
        raise Unreadable(_("the values are nested too deeply")) from None


def _seasons() -> tuple[Season, ...]:
    rows = {row.district: row for row in OfficeHours.objects.all()}
    row = rows.get(current().district) or rows.get("") or next(iter(rows.values()), None)
    if row is None:
        raise Problem(
            _("No office hours are known. Add calendar.yaml to the pack and run: yiwang pack load"),
            code="no_calendar",
            status=503,
        )
    return tuple(Season.from_pack(entry) for entry in row.body["seasons"])


def _stamp() -> tuple:
    counted = HolidayNotice.objects.aggregate(count=Count("year"), latest=Max("imported_at"))
    return current().digest, counted["count"], counted["latest"]


def _build() -> Calendar:
    rows = list(HolidayNotice.objects.order_by("year"))
    if not rows:
        raise Problem(
            _("No holiday notice is known. Add calendar/YEAR.yaml to the pack and run: yiwang pack load"),
            code="no_calendar",
            status=503,
        )
    return calendar_of([notice_of(row.body) for row in rows], _seasons())


_calendar: Fresh[Calendar] = Fresh(_stamp, _build)


def reset_caches() -> None:
    _calendar.reset()
