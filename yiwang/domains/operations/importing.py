"""Taking a whole file of messages: all rows, or a report of every bad row and nothing taken.

Ids are derived from the channel and the sender's own number (or the row's content), so importing a file again
takes only what is new.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.core.codes import matter_number
from yiwang.domains.operations import intake
from yiwang.domains.operations.actions import KIND, Judged, judge, report_row
from yiwang.domains.operations.channels import registry
from yiwang.domains.operations.channels.base import FileChannel, Message, RowProblem
from yiwang.domains.operations.intake import Content
from yiwang.domains.operations.labels import class_of_label
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import store
from yiwang.kernel.matters.bulk import Hall
from yiwang.kernel.matters.rows import insert_instances
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.records.table import read_table
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar

NAMESPACE = uuid.UUID("6d1f8a52-0c0e-5a0b-9c4e-5d3a1c7b2e10")
LONGEST_TEXT = 20_000  # what other systems let people write
CHUNK = 500
MOST_SHOWN = 1000  # problems that are kept in full

Progress = Callable[[str, int, int], None]  # (what is being done, how far, of how many)


@dataclass(slots=True)
class Summary:
    """What an import did; `problems` are the rows that were left out."""

    file: str
    channel: str
    rows: int = 0
    taken: int = 0
    already: int = 0
    classified: int = 0  # by the sender's own class, or surely enough by the classifier
    labelled: int = 0  # of these, by the sender's own class
    located: int = 0
    to_person: int = 0
    refused: int = 0
    problems: list[dict] = field(default_factory=list)

    def as_dict(self) -> dict:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that may be taken."""

    number: int
    id: uuid.UUID
    content: Content
    digest: str
    labelled: bool


def import_file(
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    channel: str | None = None,
    partial: bool = False,
    options: dict[str, Any] | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Summary:
    """Takes the messages of a CSV or Excel file. Raises Invalid `bad_rows` naming file, row and column of every
    bad row, and then nothing was taken; with `partial` the good rows are taken and the bad ones are in the summary.
    """
    rules = current()
    require(actor, "open", Subject(kind=KIND, area=None, unit=None, district=rules.district))
    table = read_table(Path(path))
    plugin = registry.channel(channel) if channel else registry.for_header(table.header)
    if not isinstance(plugin, FileChannel):
        raise Invalid(_("The channel %(slug)s takes no files.") % {"slug": plugin.slug}, where="channel")
    chosen = plugin.options(**(options or {}))
    summary = Summary(table.file, plugin.slug, rows=len(table.rows))
    rows: list[Row] = []
    problems: list[RowProblem] = []
    seen: Counter[str] = Counter()
    place = plugin.columns(table.header, chosen)
    names = {name: table.header[n] for name, n in place.items()}
    step = _("Reading")
    for done, one in enumerate(plugin.read(table, chosen), start=1):
        made = one if isinstance(one, RowProblem) else _row(one, plugin.slug, rules, seen, names, table.file)
        (problems if isinstance(made, RowProblem) else rows).append(made)
        progress(step, done, len(table.rows))
    rows, changed = _not_yet_taken(rows, table.file, summary)
    problems += changed
    summary.refused = len(problems)
    summary.problems = [one.as_dict() for one in problems[:MOST_SHOWN]]
    if problems and not partial:
        raise bad_rows(table.file, problems)
    _take(rows, rules, actor, now, summary, progress)
    return summary


def bad_rows(file: str, problems: Sequence[RowProblem]) -> Invalid:
    count = len(problems)
    first = problems[0]
    return Invalid(
        ngettext(
            "%(count)d row of %(file)s cannot be taken, so nothing was. Row %(row)d: %(detail)s",
            "%(count)d rows of %(file)s cannot be taken, so nothing was. Row %(row)d: %(detail)s",
            count,
        )
        % {"count": count, "file": file, "row": first.row, "detail": first.detail},
        code="bad_rows",
        where=file,
        errors=[one.as_dict() for one in problems[:MOST_SHOWN]],
    )


def _row(
    message: Message, channel: str, rules: Rulebook, seen: Counter[str], names: dict[str, str], file: str
) -> Row | RowProblem:
    """The message checked, under its id; or what is wrong with it."""
    try:
        standard, code = class_of_label(rules, message.label) if message.label else ("", "")
        if message.point:
            registers.require(message.point)
        content = intake.content(
            rules,
            most=LONGEST_TEXT,
            channel=channel,
            text=message.text,
            title=_short(message.title),
            point=message.point,
            address=message.address[: intake.LONGEST["address"]],
            standard=standard,
            class_code=code,
            contact_name=message.contact_name,
            contact_phone=message.contact_phone,
            external_id=message.external_id,
            data={"sent_at": message.sent_at} if message.sent_at else {},
        )
    except Problem as problem:
        field = {"class_code": "label", "point": "lon"}.get(problem.where, problem.where)
        if field == "text" and field not in names:  # a title alone is the text
            field = "title"
        return RowProblem(message.row, names.get(field, field), problem.detail, file)
    digest = content.digest
    name = f"number {content.external_id}" if content.external_id else f"content {digest}"
    seen[name] += 1
    if seen[name] > 1:
        if content.external_id:
            detail = _("The number %(number)s stands in another row already.") % {
                "number": content.external_id
            }
            return RowProblem(message.row, names.get("external_id", ""), detail, file)
        name = f"{name} {seen[name]}"  # the same words sent twice are two messages
    return Row(message.row, uuid.uuid5(NAMESPACE, f"{channel} {name}"), content, digest, bool(code))


def _short(title: str) -> str:
    most = intake.LONGEST["title"]
    return title if len(title) <= most else title[: most - 1] + "…"


def _not_yet_taken(rows: list[Row], file: str, summary: Summary) -> tuple[list[Row], list[RowProblem]]:
    """The rows that are new; those that were taken with other content are problems."""
    known: dict[uuid.UUID, str] = {}
    for start in range(0, len(rows), CHUNK):
        ids = [row.id for row in rows[start : start + CHUNK]]
        known.update(Report.objects.filter(pk__in=ids).values_list("pk", "digest"))
    new, problems = [], []
    for row in rows:
        if row.id not in known:
            new.append(row)
        elif known[row.id] == row.digest:
            summary.already += 1
        else:
            detail = _("The number %(number)s was taken before with other content.")
            problems.append(RowProblem(row.number, "", detail % {"number": row.content.external_id}, file))
    return new, problems


def _take(
    rows: list[Row], rules: Rulebook, actor: Actor, now: datetime, summary: Summary, progress: Progress
) -> None:
    if not rows:
        return
    now = now.replace(microsecond=0)
    hall = Hall(rules, current_calendar())
    local = now.astimezone(store.ZONE)
    reports: list[Report] = []
    lessons: list[Lesson] = []
    judged = []
    step = _("Classifying and locating")
    for done, row in enumerate(rows, start=1):
        judged.append(judge(row.content, rules))
        progress(step, done, len(rows))
    step = _("Writing")
    with store.one_transaction():
        numbers = store.take_numbers(local.strftime("%Y%m%d"), len(rows))
        for done, (row, found, number) in enumerate(zip(rows, judged, numbers, strict=True), start=1):
            case = hall.new_case(
                id=row.id,
                number=matter_number(local.date(), number),
                kind=KIND,
                point=found.located.point,
                **_columns(row.content, found),
            )
            hall.open(actor=actor, case=case, now=now)
            reports.append(report_row(row.id, row.content, found, row.digest, "", now))
            if row.labelled:
                lessons.append(_lesson(row.content, found, now))
            _count(summary, row, found)
            progress(step, done, len(rows))
        hall.write()
        insert_instances(reports)
        insert_instances(lessons)


def _columns(content: Content, judged: Judged) -> dict[str, Any]:
    return {
        "title": content.title,
        "description": content.text,
        "source": content.channel,
        "standard": judged.standard,
        "class_code": judged.class_code,
        "area": judged.located.area,
        "address": content.address,
        "data": dict(content.data),
    }


def _lesson(content: Content, judged: Judged, now: datetime) -> Lesson:
    text = content.text if content.text.startswith(content.title) else f"{content.title}\n{content.text}"
    return Lesson(text=text, standard=judged.standard, class_code=judged.class_code, at=now)


def _count(summary: Summary, row: Row, judged: Judged) -> None:
    summary.taken += 1
    summary.labelled += row.labelled
    summary.classified += bool(judged.class_code)
    summary.located += bool(judged.located.area)
    summary.to_person += judged.needs_person
