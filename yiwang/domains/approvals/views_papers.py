"""Pages of the shared materials of a project: handed in by staff or applicant, every version with its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.approvals import queries, sharing, views, words
from yiwang.domains.approvals.models import Project
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, files, notices
from yiwang.kernel.ui.door import staff_only


def shown(found: Project, rules: Rulebook) -> dict[str, Any]:
    """What `approvals/papers.html` shows: each material with its versions and their files, and what can be handed in."""
    versions, materials = sharing.in_versions(found), sharing.asked_for(rules)
    keys = [row.attachment for rows in versions.values() for row in rows if row.attachment]
    known = Attachment.objects.in_bulk(keys)
    asked = [
        (slug, words.name_of(one))
        for slug, one in materials.items()
        if any(
            permit.for_class(found.project_class)
            and any(part.material.slug == slug for part in permit.materials)
            for permit in rules.approvals.permits.values()
        )
    ]
    return {
        "papers": [
            (
                words.name_of(materials[slug]) if slug in materials else slug,
                [(row, known.get(row.attachment)) for row in rows],
            )
            for slug, rows in versions.items()
        ],
        "material_options": asked,
        "kinds": ", ".join(kind.label for kind in sharing.TAKEN),
        "accept": ",".join(kind.suffix for kind in sharing.TAKEN) + ",.jpeg",
    }


@require_POST
@staff_only
def hand_in(request: HttpRequest, code: str) -> HttpResponse:
    """A material of the project is handed in, or a new version of it."""
    found = queries.visible(request.actor, code)
    try:
        put(request, found, request.actor)
    except Problem as problem:
        return views.show(request, code, problem, key="paper")
    return redirect("project", found.code)


def put(request: HttpRequest, found: Project, actor: Any) -> None:
    """Takes what the form brings and says what became of it. Raises Problem with the field."""
    sent = request.FILES.get("file")
    try:
        file = sharing.check(sent) if sent else None
    except Problem as problem:
        raise Invalid(str(problem), where="file", code=problem.code) from None
    before = found.papers.count()
    row = sharing.put_paper(
        actor=actor,
        project=found,
        material=request.POST.get("material", "")[:40],
        reference=request.POST.get("reference", ""),
        file=file,
        now=clock.now(),
    )
    if found.papers.count() == before:
        notices.say(request, _("This very version is on record already."))
    else:
        said = _("The material is on record as version %(n)s; every permit that asks for it uses it.")
        notices.say(request, said % {"n": row.version})


@require_safe
@staff_only
def download(request: HttpRequest, code: str, material: str, version: int) -> HttpResponse:
    """The file of a version, for who may see the project."""
    found = queries.visible(request.actor, code)
    return files.serve(request, sharing.file_of(found, material, version))
