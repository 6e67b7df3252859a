"""`yiwang projects`: the register of construction projects, one with promise against actual, a class as a process."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.domains.approvals import as_process, gantt, queries, registering, told, words
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import moments

MOST = 10_000


class Command(BaseCommand):
    help = "Lists construction projects, and shows one with its stages, permits and clocks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="The register, the newest first")
        listing.add_argument(
            "--stage", default="", metavar="STAGE", help="Only projects that are in this stage now"
        )
        listing.add_argument(
            "--class", default="", metavar="CLASS", dest="project_class", help="Only this class"
        )
        listing.add_argument(
            "--overdue",
            action="store_true",
            help="Only those of which a stage or a step of a permit is overdue",
        )
        listing.add_argument(
            "--state", default="", choices=["open", "closed", "void"], help="Only projects in this state"
        )
        listing.add_argument(
            "--limit", type=int, default=50, metavar="N", help="At most so many; 50 by default"
        )
        one = actions.add_parser("show", help="One project: stages, permits, clocks, promise against actual")
        one.add_argument("code", metavar="CODE", help="The project code, or the number of its matter")
        drawn = actions.add_parser(
            "process", help="A class of projects as one BPMN file, for yiwang simulate"
        )
        drawn.add_argument("project_class", metavar="CLASS", help="A class of the pack")
        drawn.add_argument(
            "--area",
            default="",
            metavar="CODE",
            help="Without what regional assessments take away in this area",
        )
        drawn.add_argument("--to", type=Path, metavar="FILE", help="The file; printed when not given")
        for each in (listing, one):
            each.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        now = timezone.now()
        try:
            if action == "process":
                self._process(options, now)
                return
            found = self._list(options, now) if action == "list" else self._show(options, now)
        except Problem as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            self.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())

    def _list(self, options: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
        rules = current().approvals
        _known(options["stage"], rules.stages, _("There is no stage %(slug)s; there are: %(known)s."))
        _known(
            options["project_class"],
            rules.classes,
            _("There is no class of projects %(slug)s; there are: %(known)s."),
        )
        if not 1 <= options["limit"] <= MOST:
            raise CommandError(_("Give --limit from 1 to %(most)d.") % {"most": MOST})
        rows, after = self._rows(options, now)
        running, found = queries.stands(rows), []
        for row in rows:
            stages = [run.stage for run, matter in running[row.pk] if matter.state == "open"]
            found.append(told.row(row) | {"stages": stages})
            if not options["json"]:
                named = "、".join(words.name_of(rules.stages[one]) for one in stages if one in rules.stages)
                kind = rules.classes.get(row.project_class)
                parts = (row.code, row.name, words.name_of(kind) if kind else row.project_class, named or "—")
                self.stdout.write("  ".join(parts))
        if not options["json"]:
            self.stdout.write(
                _("%(n)d projects; there are more.") % {"n": len(rows)}
                if after
                else _("%(n)d projects.") % {"n": len(rows)}
            )
        return found

    def _rows(self, options: dict[str, Any], now: datetime) -> tuple[list[Any], str]:
        rows: list[Any] = []
        after = ""
        while True:
            more, after = queries.listed(
                SYSTEM,
                project_class=options["project_class"],
                state=options["state"],
                stage=options["stage"],
                overdue=now if options["overdue"] else None,
                after=after,
            )
            rows += more
            if not after or len(rows) >= options["limit"]:
                return rows[: options["limit"]], after or ("more" if len(rows) > options["limit"] else "")

    def _process(self, options: dict[str, Any], now: datetime) -> None:
        rules = current()
        gone = rules.approvals.removed(options["area"], registering.day_of(now)) if options["area"] else {}
        text = as_process.bpmn(rules, options["project_class"], frozenset(gone))
        if options["to"] is None:
            self.stdout.write(text.decode())
        else:
            options["to"].write_bytes(text)

    def _show(self, options: dict[str, Any], now: datetime) -> dict[str, Any]:
        view = queries.view(queries.visible(SYSTEM, options["code"]), now)
        stages = gantt.plan(view, now)
        if not options["json"]:
            self._written(view, stages)
        return told.whole(view) | {"plan": told.plan(stages)}

    def _written(self, view: queries.ProjectView, stages: tuple[gantt.StageRows, ...]) -> None:
        project = view.project
        self.stdout.write(f"{project.code}  {project.name}  {project.matter.number}")
        span = "—" if view.span is None else view.span
        self.stdout.write(
            _("promised %(limit)s, counted so far %(n)d working days, calendar span %(span)s days")
            % {"limit": moments.limit_text(view.total), "n": view.working, "span": span}
        )
        for stage in stages:
            self.stdout.write("")
            self.stdout.write(f"{words.name_of(stage.view.stage)}  {_clock(stage.view.clock, stage.span)}")
            for row in stage.rows:
                mark = "*" if row.critical else " "
                number = row.item.row.matter.number if row.item.row else "—"
                state = words.STATES[row.item.state]
                line = f"  {mark} {words.name_of(row.item.permit)}  {number}  {state}"
                self.stdout.write(f"{line}  {_clock(row.clock, row.span)}")
        self.stdout.write("")
        self.stdout.write(_("* lies on the critical path of its stage"))


def _clock(clock: queries.Clock, span: gantt.Span) -> str:
    """A promise against what it took, in a line."""
    parts = [_("promised %(limit)s") % {"limit": moments.limit_text(clock.promised)}]
    if clock.took is not None:
        parts.append(_("took %(n)s") % {"n": f"{clock.took.working} / {clock.took.span}"})
    for name, at, expected in ((_("due"), span.due, clock.held), (_("ends"), span.end, span.expected_end)):
        if at is not None:
            parts.append(f"{name} {moments.day(at)}" + (" " + _("(expected)") if expected else ""))
    if clock.light:
        parts.append(str(words.LIGHTS[clock.light]))
    if clock.held:
        parts.append(_("clock paused"))
    return " · ".join(parts)


def _known(slug: str, there: Any, sentence: str) -> None:
    if slug and slug not in there:
        raise CommandError(sentence % {"slug": slug, "known": ", ".join(there)})
