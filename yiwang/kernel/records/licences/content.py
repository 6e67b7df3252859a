"""What a licence consists of: its kind, holder and values as they are given, its number, its drawn and signed file."""

from __future__ import annotations

import base64
import calendar as months
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_resident_id, parse_uscc
from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.licences import LicenceType
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import document, rendering
from yiwang.kernel.records.models_licences import Licence, LicenceSerial, LicenceVersion


def kind_of(slug: str) -> LicenceType:
    found = current().licences.get(slug)
    if found is None:
        raise Invalid(
            _("The pack has no kind of licence %(slug)s.") % {"slug": slug[:60]}, where="type", code="no_type"
        )
    return found


def holder_of(kind: LicenceType, holder: str, number: str) -> tuple[str, str]:
    name = " ".join(holder.split())
    if not 1 <= len(name) <= 100:
        raise Invalid(_("Give the holder's name, at most 100 characters."), where="holder", code="no_holder")
    parse = parse_resident_id if kind.holder == "person" else parse_uscc
    try:
        return name, parse(number).value
    except CodeError as wrong:
        what = (
            _("This is no resident identity number.")
            if kind.holder == "person"
            else _("This is no unified social credit code.")
        )
        raise Invalid(what, where="holder_number", code=wrong.code) from None


def values_of(kind: LicenceType, given: Mapping[str, str]) -> dict[str, str]:
    unknown = set(given) - {field.name for field in kind.fields}
    if unknown:
        raise Invalid(
            _("The licence has no field %(name)s.") % {"name": sorted(unknown)[0][:40]},
            where="fields",
            code="no_field",
        )
    found = {}
    for field in kind.fields:
        text = " ".join(str(given.get(field.name, "")).split())
        if not text and field.required:
            raise Invalid(_("Fill in: %(label)s.") % {"label": field.label}, where=field.name, code="missing")
        if len(text) > 300:
            raise Invalid(
                _("At most 300 characters: %(label)s.") % {"label": field.label},
                where=field.name,
                code="long",
            )
        if text and field.type == "date":
            try:
                text = date.fromisoformat(text).isoformat()
            except ValueError:
                raise Invalid(
                    _("Give a day such as 2026-09-24: %(label)s.") % {"label": field.label},
                    where=field.name,
                    code="date",
                ) from None
        found[field.name] = text
    return found


def next_number(kind: LicenceType, now: datetime) -> str:
    """PREFIX-YEAR-SERIAL, without gaps within a kind and a year."""
    year = now.astimezone(SHANGHAI).year
    LicenceSerial.objects.get_or_create(type=kind.slug, year=year)
    row = LicenceSerial.objects.select_for_update().get(type=kind.slug, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{kind.prefix}-{year}-{row.last:06d}"


def last_day(first: date, valid: int | None) -> date | None:
    """The day before the same day so many months later."""
    if valid is None:
        return None
    year, month = divmod(first.year * 12 + first.month - 1 + valid, 12)
    day = min(first.day, months.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def write_version(
    licence: Licence, kind: LicenceType, values: dict[str, str], now: datetime, address: str
) -> LicenceVersion:
    content = _content(licence, kind, values, now)
    pdf = rendering.render(content, f"{address.rstrip('/')}/v/{licence.number}/{licence.code}")
    file = document.wrap(pdf, statement(licence))
    return LicenceVersion.objects.create(
        licence=licence, version=licence.version, content=json.dumps(content, ensure_ascii=False, sort_keys=True),
        document=base64.b64encode(file).decode(), sha256=hashlib.sha256(file).hexdigest(),
        key=signing.own_public()[1], made_at=now,
    )  # fmt: skip


def statement(licence: Licence) -> dict[str, Any]:
    """What is signed beside the digest of the PDF: which licence, which version, from when to when."""
    return {
        "what": "licence", "type": licence.type, "number": licence.number, "version": licence.version,
        "district": licence.district, "issued": licence.issued_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "from": licence.valid_from.isoformat(), "to": licence.valid_to.isoformat() if licence.valid_to else None,
    }  # fmt: skip


def _content(licence: Licence, kind: LicenceType, values: dict[str, str], now: datetime) -> dict[str, Any]:
    label = "公民身份号码" if kind.holder == "person" else "统一社会信用代码"
    who = "姓名" if kind.holder == "person" else "名称"
    rows = [[who, licence.holder], [label, licence.holder_number]]
    rows += [
        [field.label, _chinese_day(values[field.name]) if field.type == "date" else values[field.name]]
        for field in kind.fields
        if values[field.name]
    ]
    first, last = licence.valid_from, licence.valid_to
    rows.append(["有效期", f"{_day(first)}至{_day(last)}" if last else f"{_day(first)}起长期有效"])
    return {
        "title": kind.name, "title_en": kind.name_en, "number": licence.number, "rows": rows, "values": values,
        "issuer": kind.issuer, "issued": _day(now.astimezone(SHANGHAI).date()),
        "note": "样式为示例，未经核定" if kind.status == "illustrative" else "",
    }  # fmt: skip


def _chinese_day(text: str) -> str:
    return _day(date.fromisoformat(text)) if text else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
