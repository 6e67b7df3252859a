"""What is sent from the forms of a matter's page: each view calls one action and leads back to the page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.domains.approvals import holding
from yiwang.domains.operations import actions as operations
from yiwang.domains.operations.models import CONTACT, Report
from yiwang.faces.workbench import approving, assisting, doing_above, page, serving
from yiwang.faces.workbench.sent import Sent
from yiwang.faces.workbench.steps import ANOTHER, PHOTO_STAGE
from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import Subject
from yiwang.kernel.errors import Invalid, NotFound, Problem, TooLarge
from yiwang.kernel.matters import actions, queries, store
from yiwang.kernel.matters.attaching import attach
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.records import attachments
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only

FIELDS = ("standard", "class_code", "condition", "area", "unit", "reason", "answer")


@require_POST
@staff_only
def do(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One action on a matter. Refused, the page comes back with what was typed and the reason beside the form."""
    if action not in ACTIONS:
        raise NotFound(_("There is no action %(action)s.") % {"action": repr(action)})
    try:
        said = ACTIONS[action](Sent(request, number, clock.now()))
    except Problem as problem:
        return page.show(
            request, number, page.Tried(request.POST.get("form", ""), request.POST.dict(), problem)
        )
    notices.say(request, said)
    return redirect("matter", number)


@require_POST
@staff_only
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Opens a reporter's sealed contact once, for a purpose that is recorded; nothing is kept to show it again."""
    view = queries.see(request.actor, number)
    try:
        key = UUID(request.POST.get("report", ""))
    except ValueError:
        raise NotFound(_("There is no such report.")) from None
    row = Report.objects.filter(pk=key).select_related("matter").first()
    if row is None or view.row.pk not in (row.matter_id, row.matter.merged_into_id):
        raise NotFound(_("There is no such report."))
    fields = [name for name in CONTACT if getattr(row, name)]
    if not fields:
        raise NotFound(_("There is no such report."))
    try:
        with store.one_transaction():
            for field in fields:
                purposes.reveal(
                    actor=request.actor,
                    subject_kind="report",
                    subject_id=str(row.pk),
                    field=field,
                    purpose=request.POST.get("purpose", ""),
                    now=clock.now(),
                    subject=Subject.of_matter(row.matter),
                )
    except Problem as problem:
        return page.show(request, number, page.Tried(f"contact-{row.pk}", request.POST.dict(), problem))
    return page.show(request, number, revealed={str(row.pk): True})


# Each takes what was sent, calls one action and gives the sentence that the person reads next.


def _claim(sent: Sent) -> str:
    actions.claim(**sent.on_task)
    return _("The task is yours.")


def _complete(sent: Sent) -> str:
    row = Task.objects.select_related("matter").filter(pk=sent.task, matter__number=sent.number).first()
    if row is None:
        raise NotFound(_("There is no such task."))
    node = rulebook(row.matter.pack_id).process(row.kind).nodes[row.node]
    checked = _checked(sent, row.matter.pack_id)
    ours = any(one.is_ours(node) for one in (assisting, serving, approving))
    names = [name for name in sent.request.POST if name not in assisting.NO_FIELDS] if ours else FIELDS
    data = {name: sent[name] for name in names if sent[name]}
    if data.get("unit") == ANOTHER:
        data["unit"] = sent["another"]
    stage = PHOTO_STAGE.get(
        (node.form, sent["outcome"]), "visit" if node.form in assisting.VISITS else "document"
    )
    # The photos and the step are one: neither is there without the other.
    with store.one_transaction():
        case = store.lock(task=row.pk)
        # When somebody was faster, `complete` says who; then the photos belong to no step.
        wanted = checked if case.tasks[row.pk].is_open else []
        evidence = []
        for file in wanted:
            key = uuid5(row.pk, file.sha256)
            attach(actor=sent.actor, matter=case.id, checked=file, stage=stage, now=sent.now, id=key)
            evidence.append({"id": str(key), "stage": stage})
        actions.complete(
            **sent.on_task, outcome=sent["outcome"], note=sent["note"], data=data, evidence=tuple(evidence)
        )
    return _("Done: “%(step)s”.") % {"step": page.naming.name_of(node)}


def _checked(sent: Sent, pack: int) -> list[attachments.Checked]:
    files = [file for file in sent.request.FILES.getlist("photos") if file.name]
    most = rulebook(pack).settings["max_files"]
    if len(files) > most:
        raise TooLarge(
            _("%(count)d files were sent; at most %(most)d are taken.") % {"count": len(files), "most": most},
            where="photos",
        )
    found = {one.sha256: one for one in (attachments.check_upload(file) for file in files)}
    return list(found.values())


def _send_back(sent: Sent) -> str:
    actions.send_back(**sent.on_task, note=sent["note"], to=sent["to"] or None)
    return _("It went back.")


def _reassign(sent: Sent) -> str:
    user = sent["user"]
    if user and not (user.isascii() and user.isdigit() and len(user) < 19):
        raise Invalid(_("There is no such person."), where="user")
    actions.reassign(
        **sent.on_task, note=sent["note"], unit=sent["unit"] or None, user=int(user) if user else None
    )
    return _("It was given on. The clock runs on.")


def _hold(sent: Sent) -> str:
    if holding.needed(sent.number):
        approving.hold(sent)
    else:
        actions.hold(**sent.on_matter, reason=sent["reason"], note=sent["note"])
    return _("The clock stands.")


def _resume(sent: Sent) -> str:
    actions.resume(**sent.on_matter, note=sent["note"])
    return _("The clock runs again.")


def _extend(sent: Sent) -> str:
    actions.extend(**sent.on_task, limit=doing_above.limit(sent), note=sent["note"])
    return _("The limit was extended.")


def _remind(sent: Sent) -> str:
    actions.remind(**sent.on_matter, note=sent["note"])
    return _("The reminder is on its way.")


def _merge(sent: Sent) -> str:
    numbers = [
        one.strip() for one in sent.request.POST.getlist("duplicates") + [sent["other"]] if one.strip()
    ]
    actions.merge(
        actor=sent.actor,
        primary=sent.number,
        duplicates=list(dict.fromkeys(numbers)),
        now=sent.now,
        note=sent["note"],
    )
    return _("Joined. Every reporter gets the answer of this matter.")


def _split(sent: Sent) -> str:
    part = {"title": sent["title"], "description": sent["description"] or sent["title"]}
    try:
        new = actions.split(**sent.on_matter, parts=[part])
    except Invalid as wrong:
        wrong.where = wrong.where.rpartition(".")[2]  # the form has one part
        raise
    return _("New matter: %(number)s.") % {"number": new[0].number}


def _void(sent: Sent) -> str:
    operations.void(**sent.on_matter, reason=sent["reason"], note=sent["note"], answer=sent["answer"])
    return _("The matter is void and the reporters are told why.")


def _close(sent: Sent) -> str:
    operations.close(**sent.on_matter, answer=sent["answer"], note=sent["note"])
    return _("Closed. The reporters get the answer.")


def _reopen(sent: Sent) -> str:
    actions.reopen(**sent.on_matter, note=sent["note"])
    return _("It is open again.")


def _relocate(sent: Sent) -> str:
    actions.relocate(**sent.on_matter, area=sent["area"], address=sent["address"])
    return _("The place was corrected.")


ACTIONS: dict[str, Callable[[Sent], str]] = {
    "claim": _claim,
    "complete": _complete,
    "send_back": _send_back,
    "reassign": _reassign,
    "hold": _hold,
    "resume": _resume,
    "extend": _extend,
    "remind": _remind,
    "merge": _merge,
    "split": _split,
    "void": _void,
    "close": _close,
    "reopen": _reopen,
    "relocate": _relocate,
} | doing_above.ACTIONS
