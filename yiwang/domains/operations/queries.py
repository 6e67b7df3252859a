"""What the pages of city operations show: reports that need a person, what a filing needs, doubles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.domains.operations.channels import registry
from yiwang.domains.operations.duplicates import Candidate, Probe, candidates
from yiwang.domains.operations.forms import VOID_REASONS
from yiwang.domains.operations.models import CONTACT, Appeal, Report
from yiwang.kernel.access.policy import matters_filter, tasks_filter
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.pages import Page, read_cursor, write_cursor
from yiwang.kernel.matters.queries import class_name
from yiwang.kernel.packs.rulebook import Condition, Rulebook, rulebook
from yiwang.kernel.registers import queries as registers

REPORT_COLUMNS = (
    "id channel text received_at suggestions located_by needs_person answer answered_at rating solved rating_note"
).split()


def needing_person(actor: Any, *, after: str = "", limit: int = 50) -> Page:
    """Reports whose class or place nobody is sure of, in filing tasks that the actor may work; the oldest first."""
    mine = Task.objects.filter(tasks_filter(actor), state="open", link="file")
    rows = Report.objects.filter(needs_person=True, matter__state="open", matter__in=mine.values("matter"))
    cursor = read_cursor(after, dated=True)
    if cursor:
        moment, key = cursor
        rows = rows.filter(received_at__gte=moment).exclude(received_at=moment, id__lte=key)
    found = list(
        rows.order_by("received_at", "id").values(
            *REPORT_COLUMNS,
            number=F("matter__number"),
            title=F("matter__title"),
            area_id=F("matter__area_id"),
            address=F("matter__address"),
            standard=F("matter__standard"),
            class_code=F("matter__class_code"),
            pack=F("matter__pack_id"),
        )[: limit + 1]
    )
    for row in found:
        row["suggestions"] = named_suggestions(rulebook(row["pack"]), row["suggestions"])
    more = len(found) > limit
    found = found[:limit]
    return Page(found, write_cursor(found[-1]["received_at"], found[-1]["id"]) if more else "")


@dataclass(frozen=True, slots=True)
class ReportPanel:
    """The reports of one matter, its merged ones included: for people who may see the matter.

    `sealed` says which contact fields there are; their values are shown only through `kernel.access.purposes`.
    """

    rows: tuple[dict, ...]
    suggestions: tuple[dict, ...]
    duplicates: tuple[Candidate, ...]
    appeals: tuple[dict, ...]


def reports_of(matter: UUID) -> QuerySet[Report]:
    """The reports of a matter and of those that were merged into it."""
    family = Matter.objects.filter(Q(pk=matter) | Q(merged_into=matter))
    return Report.objects.filter(matter__in=family.values("pk"))


def panel(matter: Matter, now: datetime) -> ReportPanel:
    """Everything that operations adds to the page of a matter; three queries, one fewer when it is not open."""
    rules = rulebook(matter.pack_id)
    rows = []
    reports = reports_of(matter.pk).defer(*CONTACT).annotate(**_are_there())
    for report in reports.select_related("matter").order_by("received_at", "id"):
        rows.append(
            {name: getattr(report, name) for name in REPORT_COLUMNS}
            | {
                "number": report.matter.number,
                "own": report.matter_id == matter.pk,
                "channel_name": channel_name(report.channel),
                "sealed": [name for name in CONTACT if getattr(report, f"has_{name}")],
                "suggestions": named_suggestions(rules, report.suggestions),
            }
        )
    own = next((row for row in rows if row["own"]), None)
    doubles = candidates(Probe.of_matter(matter), now) if matter.state == "open" else []
    appeals = Appeal.objects.filter(matter=matter.pk).order_by("asked_at")
    return ReportPanel(
        tuple(rows),
        tuple(own["suggestions"]) if own else (),
        tuple(doubles),
        tuple(
            appeals.values("id", "task_id", "state", "reason", "asked_at", "opinion", "first_at", "second_at")
        ),
    )


def _are_there() -> dict[str, ExpressionWrapper]:
    """`has_contact_name` and so on: asked of the sealed columns, so that nothing is opened only to see it is there."""
    return {f"has_{name}": ExpressionWrapper(~Q(**{name: ""}), BooleanField()) for name in CONTACT}


def contact(report: UUID, field: str) -> str:
    """The sealed contact value; call `purposes.reveal` first."""
    if field not in CONTACT:
        raise ValueError(field)
    return Report.objects.values_list(field, flat=True).get(pk=report)


def named_suggestions(rules: Rulebook, suggestions: list[dict]) -> list[dict]:
    """Stored suggestions with the names of their classes."""
    english = (get_language() or "").startswith("en")
    return [one | {"name": class_name(rules, one["standard"], one["code"], english)} for one in suggestions]


def channel_name(slug: str) -> str:
    known = next((one for one in registry.all_channels() if one.slug == slug), None)
    if known is None:
        return slug
    return known.name_en if (get_language() or "").startswith("en") else known.name


# What forms offer


def classes(rules: Rulebook, text: str = "", most: int = 20) -> list[dict]:
    """Classes whose code, name, aliases or keywords hold the text, for a field that searches while one types."""
    from yiwang.domains.operations.channels.columns import plain
    from yiwang.domains.operations.classify import standards_in_use

    wanted, english = plain(text), (get_language() or "").startswith("en")
    standards = standards_in_use(rules)
    found = []
    for (standard, kind, code), one in rules.classes.items():
        if standard not in standards or kind == "component":
            continue
        words = (code, one.name, one.name_en, *one.aliases, *one.keywords)
        rank = next((n for n, word in enumerate(words) if wanted in plain(word)), None)
        if rank is not None:
            found.append((rank, standard != rules.default_standard, code, one))
    return [
        {
            "standard": one.standard,
            "code": one.code,
            "name": (english and one.name_en) or one.name,
            "major": one.major_name,
        }
        for _rank, _other, _code, one in sorted(found, key=lambda entry: entry[:3])[:most]
    ]


def conditions(rules: Rulebook, standard: str, code: str) -> tuple[Condition, ...]:
    """The filing conditions to choose from."""
    return rules.conditions_of(standard, code)


def void_reasons() -> Mapping[str, str]:
    return {slug: str(text) for slug, text in VOID_REASONS.items()}


def filing_proposal(matter: Matter) -> dict:
    """What the filing form is filled with: the class known so far, what the reporter chose, area and unit."""
    rules = rulebook(matter.pack_id)
    chosen = (matter.data or {}).get("attributes", {}).get("condition", "")
    offered = [one.slug for one in rules.conditions_of(matter.standard, matter.class_code)]
    duty = (
        registers.responsible_unit(matter.standard, matter.class_code, matter.area_id)
        if matter.class_code
        else None
    )
    return {
        "standard": matter.standard or rules.default_standard,
        "class_code": matter.class_code,
        "condition": chosen if chosen in offered else (offered[0] if len(offered) == 1 else ""),
        "area": matter.area_id or "",
        "unit": duty.unit if duty else "",
    }


def similar_open(text: str, area: str | None, point: Any, now: datetime) -> list[Candidate]:
    """Open matters that a report being written may repeat, to ask the reporter; titles only are public."""
    return candidates(Probe(text=text, area=area, point=point), now, most=3)


def visible_reports(
    actor: Any, *, after: str = "", limit: int = 50, needs_person: bool | None = None
) -> Page:
    """Reports of matters that the actor may see, the newest first, without contact data."""
    rows = Report.objects.filter(matters_filter(actor, "see", of="matter__"))
    if needs_person is not None:
        rows = rows.filter(needs_person=needs_person)
    cursor = read_cursor(after, dated=True)
    if cursor:
        moment, key = cursor
        rows = rows.filter(Q(received_at__lt=moment) | Q(received_at=moment, id__lt=key))
    found = list(
        rows.order_by("-received_at", "-id").values(*REPORT_COLUMNS, number=F("matter__number"))[: limit + 1]
    )
    more = len(found) > limit
    found = found[:limit]
    return Page(found, write_cursor(found[-1]["received_at"], found[-1]["id"]) if more else "")


def state_name(state: str) -> str:
    """The word for the state of an appeal."""
    return {
        "asked": _("asked"),
        "supported": _("supported by the first review"),
        "granted": _("granted"),
        "refused": _("refused"),
    }.get(state, state)
