"""Service requests: matters as GeoReport v2 shows them, and what it asks of a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_matter_number
from yiwang.core.geo import GeoError, Point
from yiwang.domains.operations.channels.open311 import services
from yiwang.domains.operations.channels.open311.formats import Refused
from yiwang.domains.operations.models import Report
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.registers import queries as registers

SPAN = timedelta(days=90)
MOST = 1000
MOST_PAGES = 200
STATUSES = ("open", "closed")
# A resident who calls the hotline has not agreed to be quoted; who reports in an app sees that it is public.
PUBLIC_SOURCES = ("open311", "portal")
_LONG_NUMBER = re.compile(r"\d{7,}")
_OPEN = Q(state="open") | Q(state="merged", merged_into__state="open")
_COLUMNS = (
    "number state title description source standard class_code pack_id area_id unit_id address lat lon "
    "opened_at due_at closed_at data merged_into__number merged_into__state"
).split()


def found(query: Mapping[str, str], rules: Rulebook, now: datetime, with_key: bool) -> list[dict]:
    """The requests that the query's filters name, the newest first; one query. Raises Refused."""
    rows = Matter.objects.filter(kind="incident", district=rules.district)
    numbers = _words(query, "service_request_id")
    if numbers:  # overrides all other filters
        rows = rows.filter(number__in=[_number(text) for text in numbers[:MOST]])
    else:
        rows = _filtered(rows, query, rules, now)
    size = _count(query, "page_size", MOST, MOST)
    page = _count(query, "page", 1, MOST_PAGES)
    start = (page - 1) * size
    return _shown(rows.order_by("-opened_at", "-id")[start : start + size], with_key)


def one(number: str, rules: Rulebook, with_key: bool) -> list[dict]:
    """The request of this number, in a list of one. Raises Refused 404."""
    rows = Matter.objects.filter(kind="incident", district=rules.district, number=_number(number))
    shown = _shown(rows[:1], with_key)
    if not shown:
        raise Refused(404, _("service_request_id %(number)s was not found.") % {"number": number[:40]})
    return shown


def of_token(token: str) -> list[dict]:
    """The request that a token (the id of a report) became. Raises Refused 404."""
    try:
        key = UUID(token)
    except ValueError:
        key = None
    number = key and Report.objects.filter(pk=key).values_list("matter__number", flat=True).first()
    if not number:
        raise Refused(404, _("The token was not found."))
    return [{"service_request_id": number, "token": token}]


def _filtered(rows: QuerySet, query: Mapping[str, str], rules: Rulebook, now: datetime) -> QuerySet:
    start, end = _span(query, now)
    rows = rows.filter(opened_at__gte=start, opened_at__lte=end)
    codes = _words(query, "service_code")
    if codes:
        rows = rows.filter(class_code__in=[services.service_class(rules, code).code for code in codes])
    wanted = {word.lower() for word in _words(query, "status")}
    unknown = wanted - set(STATUSES)
    if unknown:
        raise Refused(
            400, _("status is open or closed, not %(value)s.") % {"value": ", ".join(sorted(unknown))[:60]}
        )
    if len(wanted) == 1:
        rows = rows.filter(_OPEN) if wanted == {"open"} else rows.exclude(_OPEN)
    return rows


def _span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """From and to; the last 90 days when neither is given, and never more than 90 days."""
    start, end = _moment(query, "start_date"), _moment(query, "end_date")
    if start and end:
        if end < start:
            raise Refused(400, _("end_date is before start_date."))
        if end - start > SPAN:
            raise Refused(400, _("start_date and end_date may be at most 90 days apart."))
        return start, end
    if start:
        return start, start + SPAN
    end = end or now
    return end - SPAN, end


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "").strip().replace(" ", "+")  # a plus that was not escaped arrives as a blank
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            400,
            _("%(name)s must look like 2026-09-24T08:00:00Z or with an offset such as +08:00.")
            % {"name": name},
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(query: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in query.get(name, "").split(",") if word.strip()]


def _count(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise Refused(400, _("%(name)s must be a number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(text)


def _number(text: str) -> str:
    try:
        return parse_matter_number(text).value
    except CodeError:
        return text[:20]


def _shown(rows: Iterable[Any], with_key: bool) -> list[dict]:
    last = Event.objects.filter(matter=OuterRef("pk"), seq=OuterRef("seq")).values("at")[:1]
    in_english = services.english()
    return [
        _request(row, in_english, with_key)
        for row in rows.annotate(updated=Subquery(last)).values(*_COLUMNS, "updated")
    ]


def _request(row: dict, in_english: bool, with_key: bool) -> dict:
    rules = rulebook(row["pack_id"])
    known = rules.class_def(row["standard"], row["class_code"]) if row["class_code"] else None
    is_open = row["state"] == "open" or row["merged_into__state"] == "open"
    public = with_key or row["source"] in PUBLIC_SOURCES
    data = row["data"] or {}
    return {
        "service_request_id": row["number"],
        "status": "open" if is_open else "closed",
        "status_notes": _notes(row),
        "service_name": ((in_english and known.name_en) or known.name) if known else "",
        "service_code": row["class_code"],
        "description": _LONG_NUMBER.sub(_starred, row["description"]) if public else "",
        "agency_responsible": registers.unit_name(row["unit_id"], in_english),
        "service_notice": "",
        "requested_datetime": _iso(row["opened_at"]),
        "updated_datetime": _iso(row["updated"] or row["opened_at"]),
        "expected_datetime": _iso(row["due_at"]) if is_open else None,
        "address": row["address"] or registers.area_name(row["area_id"], in_english),
        "address_id": row["area_id"],
        "zipcode": None,
        "lat": row["lat"],
        "long": row["lon"],
        "media_url": data.get("media_url") if public else None,
    }


def _notes(row: dict) -> str:
    if row["merged_into__number"]:
        return _("Joined with request %(number)s.") % {"number": row["merged_into__number"]}
    return {
        "open": _("Being worked on."),
        "closed": _("Closed."),
        "void": _("Not a matter of city operations, or not found."),
        "withdrawn": _("Taken back by the reporter."),
    }.get(row["state"], "")


def _starred(found: re.Match) -> str:
    return found[0][:3] + "*" * (len(found[0]) - 5) + found[0][-2:]


def _iso(moment: datetime | None) -> str | None:
    from yiwang.kernel.matters.store import ZONE

    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None


# A new request

_ATTRIBUTE = re.compile(r"^attribute\[([^\[\]]{1,60})\](?:\[\])?$")
MOST_URL = 500


def new_request(form: Any, rules: Rulebook) -> dict[str, Any]:
    """What `actions.report` is given for the fields of a POST. Raises Refused."""
    code = form.get("service_code", "").strip()
    if not code:
        raise Refused(400, _("service_code was not provided."))
    known = services.service_class(rules, code)
    given = {match[1]: form.getlist(name) for name in form if (match := _ATTRIBUTE.match(name))}
    attributes = services.checked_attributes(rules, known, given)
    point, address = _place(form, attributes)
    data: dict[str, Any] = {"attributes": attributes} if attributes else {}
    media_url = form.get("media_url", "").strip()
    if media_url:
        if not media_url.startswith(("https://", "http://")) or len(media_url) > MOST_URL:
            raise Refused(
                400, _("media_url must be a web address of at most %(most)d characters.") % {"most": MOST_URL}
            )
        data["media_url"] = media_url
    first, last = form.get("first_name", "").strip(), form.get("last_name", "").strip()
    return {
        "text": form.get("description", "").strip() or known.name,
        "standard": known.standard,
        "class_code": known.code,
        "point": point,
        "address": address,
        "contact_name": f"{last}{first}" if not (last + first).isascii() else f"{first} {last}".strip(),
        "contact_phone": form.get("phone", ""),
        "data": data,
    }


def _place(form: Any, attributes: dict[str, str]) -> tuple[Point | None, str]:
    lat, lon = form.get("lat", "").strip(), form.get("long", "").strip()
    address, address_id = form.get("address_string", "").strip(), form.get("address_id", "").strip()
    if bool(lat) != bool(lon):
        raise Refused(400, _("lat and long must both be provided."))
    if lat:
        try:
            return Point(lon, lat, "WGS84"), address
        except GeoError as wrong:
            raise Refused(400, str(wrong)) from None
    if address_id:
        return None, _named_place(address_id) + address
    if services.COMPONENT in attributes:
        try:
            thing = registers.component(attributes[services.COMPONENT])
            return Point(thing.lon, thing.lat, "CGCS2000"), address
        except NotFound as wrong:
            if not address:
                raise Refused(400, wrong.detail) from None
    if not address:
        raise Refused(400, _("A place is needed: lat and long, address_string or address_id."))
    return None, address


def _named_place(code: str) -> str:
    """The name of the area whose code is given as address_id."""
    area = registers.areas().get(code)
    if area is None:
        raise Refused(400, _("address_id %(code)s is no area of the district.") % {"code": code[:40]})
    return area.name
