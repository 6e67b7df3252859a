"""A form of the pack as a page of the portal: rows, files, drafts, prefill and sending, for a service as for a bundle.

Everything works by sending the form; `ui/form.js` and `portal/papers.js` spare the waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.core.codes.masks import mask_name
from yiwang.domains.services import applying, drafts, prefill, uploads, words
from yiwang.domains.services.sheets import Asked, Promise, Sheet, sent, shown
from yiwang.faces.people import mine
from yiwang.faces.portal import own
from yiwang.faces.portal.keeping import picture_of
from yiwang.kernel.access import limits
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import papers
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.attachments import limits_in_force
from yiwang.kernel.ui import clock, problems, schema_forms

CASE = "case_"  # before the names of the questions of a bundle


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form applies for. `send(sheet, now)` gives number and secret; `said`: the case of a bundle."""

    name: str
    address: str
    back: str  # the address of the guide
    form: forms.Form
    status: str
    facts: tuple[str, ...]
    materials: tuple[Asked, ...]
    send: Callable[[Sheet, datetime], tuple[str, str]]
    promises: tuple[Promise, ...] = ()
    service: str = ""
    form_slug: str = ""
    bundle: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    case: tuple[tuple[str, str], ...] = ()  # question and answer of the case, to be read

    @property
    def here(self) -> str:
        """The address of the empty form, with the case."""
        return f"{self.address}?{urlencode(self.said)}" if self.said else self.address

    @property
    def slugs(self) -> list[str]:
        return [one.material.slug for one in self.materials]


def handle(request: HttpRequest, want: Wanted) -> HttpResponse:
    """The form. Its buttons add and take away rows and files, keep a draft, or send."""
    if request.method != "POST":
        return page(request, want, Sheet(uuid7()))
    sheet, problem = sent(request.POST, want.form, want.materials, want.promises), None
    if "_paper" in request.POST:
        return _one_paper(request, want, sheet)
    try:
        limits.REPORTS.take(request)
        sheet = _files(request, want, sheet)
        if schema_forms.pressed(want.form, sheet.answers, request.POST) or "_upload" in request.POST:
            return page(request, want, sheet)
        if "_unpaper" in request.POST:
            uploads.remove(sheet.id, drafts.uuid_of(request.POST["_unpaper"]))
            return page(request, want, sheet)
        if "_fill" in request.POST:
            return page(request, want, _filled(request, want, sheet))
        if "_save" in request.POST:
            return _saved(request, want, sheet)
        number, secret = want.send(sheet, clock.now())
    except Problem as refused:
        problem = refused
        if problem.where == "id" or problem.code == "other_content":
            sheet = replace(sheet, id=uuid7())
        return page(request, want, sheet, problem)
    drafts.forget(sheet.id)
    own.remember(request, number, secret)
    return redirect("service-done", number)


def _files(request: HttpRequest, want: Wanted, sheet: Sheet) -> Sheet:
    """Keeps the files that came with the form; what was sent for a material is said to be sent."""
    said = dict(sheet.materials)
    for slug in want.slugs:
        for file in request.FILES.getlist(f"file_{slug}"):
            try:
                uploads.keep(sheet=sheet.id, material=slug, materials=want.slugs, sent=file, now=clock.now())
            except Problem as refused:
                raise _beside(refused, slug) from None
            said[slug] = papers.BROUGHT
    return replace(sheet, materials=said)


def _beside(refused: Problem, slug: str) -> Problem:
    """The refusal of a file, shown beside its material, with the file's name."""
    name = refused.where if refused.where and not refused.where.startswith("file_") else ""
    text = f"{name}{schema_forms.between()}{refused.detail}" if name else refused.detail
    return Invalid(text, where=f"file_{slug}", code=refused.code)


def _filled(request: HttpRequest, want: Wanted, sheet: Sheet) -> Sheet:
    """The form with what registers know of whoever has shown who she is."""
    person = mine.proven(request)
    if person is None:
        raise Invalid(_("Show who you are first: you were away for long."), where="fill_consent")
    answers = prefill.fill(
        sheet=sheet.id,
        person=person,
        form=want.form,
        answers=sheet.answers,
        consent=request.POST.get("fill_consent") == "1",
        what=want.name,
        now=clock.now(),
    )
    return replace(sheet, answers=answers)


def _fill_offer(request: HttpRequest, want: Wanted, sheet: Sheet) -> dict[str, Any] | None:
    """What could be filled in, by names of questions and sources; None where the form has nothing of the kind."""
    if not any(one.origin for _path, one in want.form.every()):
        return None
    person = mine.proven(request)
    if person is None:
        return {"who": "", "prove": f"{reverse('my-data')}?{urlencode({'next': want.here})}"}
    done = prefill.marks(sheet.id, sheet.answers)
    sources: dict[str, list[str]] = {}
    for one in prefill.known(want.form, person, clock.now()):
        if one.path not in done:
            sources.setdefault(prefill.source_said(one.source), []).append(schema_forms.label(one.field))
    listed = [(source, words.listed(names)) for source, names in sources.items()]
    return {"who": mask_name(person.name), "sources": listed, "done": bool(done)}


def _marks(sheet: Sheet) -> dict[str, str]:
    """What to say beside an answer that was filled in."""
    found = {}
    for path, (source, same) in prefill.marks(sheet.id, sheet.answers).items():
        said = prefill.source_said(source)
        found[path] = (
            _("Filled in from %(source)s. Correct it if it is wrong.") % {"source": said}
            if same
            else _("You corrected what %(source)s says; the office sees that.") % {"source": said}
        )
    return found


def _one_paper(request: HttpRequest, want: Wanted, sheet: Sheet) -> HttpResponse:
    """One file sent by itself by the script: the answer is the list of the files of its material."""
    slug, problem = request.POST["_paper"][:40], None
    try:
        limits.PHOTOS.take(request)
        if slug not in want.slugs:
            raise Invalid(_("This form has no such material."), where="material", code="no_material")
        if request.POST.get("_unpaper"):
            uploads.remove(sheet.id, drafts.uuid_of(request.POST["_unpaper"]))
        _files(request, want, sheet)
    except Problem as refused:
        problem = refused
    kept = [row for row in uploads.of_sheet(sheet.id) if row.material == slug]
    context = {"slug": slug, "papers": [_paper(row) for row in kept], "problem": problem}
    response = render(request, "portal/papers.html", context, status=problem.status if problem else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _paper(row: Any) -> dict[str, Any]:
    """A kept file as the form shows it: its picture stands in the page, for it has no address yet."""
    file = row.attachment
    return {"id": row.pk, "name": file.name, "size": file.size, "picture": picture_of(file.thumb_sha256)}


def page(request: HttpRequest, want: Wanted, sheet: Sheet, problem: Problem | None = None) -> HttpResponse:
    """The form with what was typed; with a problem, what is wrong stands beside it."""
    today = applying.today(clock.now())
    checked = forms.check(want.form, sheet.answers, today)
    kept: dict[str, list] = {}
    for row in uploads.of_sheet(sheet.id):
        kept.setdefault(row.material, []).append(_paper(row))
    context = {
        "words": words,
        "want": want,
        "sheet": sheet,
        "problem": problem,
        "questions": schema_forms.shown(
            want.form, sheet.answers, checked, errors=problem is not None, marks=_marks(sheet)
        ),
        "fill": _fill_offer(request, want, sheet),
        "description": schema_forms.for_browser(want.form, today),
        "materials": [one | {"papers": kept.get(one["slug"], [])} for one in shown(want.materials, sheet)],
        "shared": any(papers.LOOKUP in one.offered for one in want.materials),
        "megabytes": limits_in_force().max_bytes // (1024 * 1024),
        "case_prefix": CASE,
    }
    response = problems.shown(render(request, "portal/service_apply.html", context), problem)
    if request.method == "POST":
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _saved(request: HttpRequest, want: Wanted, sheet: Sheet) -> HttpResponse:
    row, secret = drafts.save(
        id=sheet.id,
        service=want.service,
        bundle=want.bundle,
        form=want.form_slug,
        rules=current(),
        answers=sheet.answers,
        beside={"materials": sheet.materials, "committed": sheet.committed, "said": want.said},
        now=clock.now(),
    )
    context = {"name": want.name, "draft": row, "secret": secret, "files": len(uploads.of_sheet(sheet.id))}
    response = render(request, "portal/service_saved.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def gone_on_with(request: HttpRequest, want: Wanted, got: drafts.Resumed) -> HttpResponse:
    """The form with what a draft kept, and what was dropped."""
    beside = got.beside
    committed = beside.get("committed", [want.service] if beside.get("way") == applying.COMMITMENT else ())
    sheet = Sheet(
        got.draft.pk,
        got.answers,
        tuple(one.service for one in want.promises if one.service in committed),
        materials={slug: state for slug, state in beside.get("materials", {}).items() if slug in want.slugs},
        dropped=tuple(_dropped(one) for one in got.dropped),
    )
    response = page(request, want, sheet)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _dropped(one: forms.Dropped) -> str:
    answer = "、".join(one.answer) if isinstance(one.answer, list | tuple) else str(one.answer)
    why = {
        "gone": _("this is not asked any more"),
        "kind": _("this is no answer to the new question"),
        "rows": _("fewer rows are taken now"),
    }[one.why]
    return f"{answer}（{why}）" if schema_forms.between() == "：" else f"{answer} ({why})"
