"""Staff: files of departments, looked at first and then taken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.faces.people import telling
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.errors import Invalid, Problem, TooLarge
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.models import PeopleFile
from yiwang.kernel.registers.people.files import roll, taking
from yiwang.kernel.registers.people.files.mapping import mappings, read_date
from yiwang.kernel.registers.people.variables import titled, variables
from yiwang.kernel.ui import clock, problems
from yiwang.kernel.ui.door import staff_only

LARGEST = 50 * 1024 * 1024
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def files(request: HttpRequest) -> HttpResponse:
    """The form; sent, what the file would change, or what it has changed, and every row that cannot be taken."""
    require(request.actor, "import", Subject(PERSON, None, None, district=current().district))
    problem, summary = None, None
    if request.method == "POST":
        try:
            summary = _taken(request)
        except Problem as refused:
            problem = refused
    kinds, english = variables(), telling.english()
    known = mappings().values()
    context = {
        "problem": problem if problem and problem.code != "bad_rows" else None,
        "bad": problem if problem and problem.code == "bad_rows" else None,
        "summary": summary,
        "changed": [
            (titled(kinds[name], english), count)
            for name, count in getattr(summary, "by_variable", {}).items()
        ],
        "rolled": summary if isinstance(summary, roll.Rolled) else None,
        "mappings": [
            (roll.SLUG, _("Roll of residents")),
            *((one.slug, f"{(english and one.name_en) or one.name} · {one.department}") for one in known),
        ],
        "columns": [
            (
                (english and one.name_en) or one.name,
                one.department,
                [one.key[0], *[c.names[0] for c in one.columns]],
            )
            for one in known
        ]
        + [(_("Roll of residents"), "", [names[0] for names in roll.COLUMNS.values()])],
        "status": "illustrative" if any(one.status == "illustrative" for one in known) else "",
        "typed": request.POST,
        "past": PeopleFile.objects.order_by("-at")[:20],
        "names": {one.slug: (english and one.name_en) or one.name for one in known},
        "joined": telling.joined,
        "shown": SHOWN,
    }
    return problems.shown(render(request, "people/files.html", context), problem)


def _taken(request: HttpRequest) -> taking.Summary | roll.Rolled:
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid(_("Choose a file."), where="file")
    if sent.size > LARGEST:
        raise TooLarge(
            _("The file has more than %(most)d MB; the command line takes larger ones.")
            % {"most": LARGEST >> 20},
            where="file",
        )
    day, slug = request.POST.get("as_of", "").strip(), request.POST.get("mapping", "")
    given = {
        "actor": request.actor,
        "name": sent.name or "",
        "data": sent.read(),
        "now": clock.now(),
        "partial": request.POST.get("partial") == "1",
        "dry_run": request.POST.get("do") != "take",
    }
    if slug == roll.SLUG:
        return roll.take_roll(**given)
    return taking.take_file(slug=slug, as_of=read_date(day) if day else None, **given)
