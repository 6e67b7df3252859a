"""What follows from a step on an item, in the same transaction: its outcome, the clock of its stage, what begins next.

The stage's matter carries the clock of the stage: it runs from the first acceptance, and Yiwang itself holds and
resumes it as `stage_clock` says, so that pages, queues and supervision read one and the same due moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.domains.approvals import pledging, stages, works
from yiwang.domains.approvals.models import HoldNotice, Item, StageRun
from yiwang.domains.approvals.stage_clock import standing
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions, store
from yiwang.kernel.matters.case import Case, CaseTask, Draft, EventRow
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import rulebook

KINDS = frozenset({stages.ITEM, stages.OPINION})
STANDS = gettext_noop("No permit of the stage can go on.")


def heard(draft: Draft, event: EventRow) -> None:
    """Listens to every action; acts on those of items."""
    if draft.case.kind not in KINDS or event.action == "open":
        return
    item = Item.objects.filter(pk=draft.case.id).select_related("stage__matter", "project__matter").first()
    if item is None:
        return
    if event.action == "hold":
        _told_in_writing(item)
    elif event.action == "resume":
        HoldNotice.objects.filter(item=item, ended_at=None).update(ended_at=event.at)
    _outcome(item, draft.case, event.at)
    synchronise(item.stage, event.at)


def _told_in_writing(item: Item) -> None:
    """A clock that stands is told in writing with the day until which it is expected to (行政许可法 art. 45)."""
    if not HoldNotice.objects.filter(item=item, ended_at=None).exists():
        raise Invalid(_("Say until when the clock is expected to stand."), where="expected", code="no_notice")


def result_of(case: Case) -> str:
    """granted | refused | not_accepted | given_up, or '' while it is open."""
    done = {task.node: task for task in case.tasks.values() if task.state == "done"}
    if "decide" in done:
        return "granted" if done["decide"].outcome == "grant" else "refused"
    if "give" in done:
        return "refused" if case.data.get("opinion") == "disagree" else "granted"
    if "accept" in done and done["accept"].outcome == "refuse":
        return "not_accepted"
    return "given_up" if case.state in ("void", "withdrawn") else ""


def _outcome(item: Item, case: Case, now: datetime) -> None:
    result = result_of(case)
    if result and result != item.outcome and item.outcome != pledging.REVOKED:
        item.outcome, item.decided_at = result, works.times_of(case).ended or now
        item.save(update_fields=["outcome", "decided_at"])
        HoldNotice.objects.filter(item=item, ended_at=None).update(ended_at=now)
        if result == stages.GRANTED:
            store.lock(matter=item.project_id)
            stages.open_ready(item.project, SYSTEM, now)


def cases_of(run: StageRun) -> dict[UUID, Case]:
    """The cases of the items of a stage that count into its clock, by matter."""
    permits = rulebook(run.matter.pack_id).approvals.permits
    items = [item for item in run.items.all() if not permits[item.permit].before]
    return store.load_many(list(Matter.objects.filter(pk__in=[item.pk for item in items])))


def synchronise(run: StageRun, now: datetime) -> None:
    """Brings the stage's own matter to where its items are: begun, standing, going on, done."""
    stage = store.lock(matter=run.pk)
    if stage.state != "open":
        return
    cases = cases_of(run)
    times = {key: works.times_of(case) for key, case in cases.items()}
    opened = {task.node: task for task in stage.open_tasks}
    over = _over(run, cases)
    if "wait" in opened:
        if any(one.accepted for one in times.values()):
            actions.complete(actor=SYSTEM, task=opened["wait"].id, outcome="accepted", now=now)
            stage = store.lock(matter=run.pk)
        elif over:
            actions.complete(actor=SYSTEM, task=opened["wait"].id, outcome="none", now=now)
    task = next((one for one in stage.open_tasks if one.node == "run"), None)
    if task is not None:
        _run(run, task, cases, over, now)


def _run(run: StageRun, task: CaseTask, cases: Mapping[UUID, Case], over: bool, now: datetime) -> None:
    stage = store.lock(matter=run.pk)
    held = next((pause for pause in stage.pauses.values() if pause.end is None), None)
    spans = standing([work for case in cases.values() for work in works.works_of(case)])
    stands = spans[-1] if spans and spans[-1].end is None else None
    if held is not None and (over or stands is None):
        actions.resume(actor=SYSTEM, matter=run.pk, now=now)
    if over:
        granted = all(result_of(case) == stages.GRANTED for case in cases.values())
        left = stages.waiting(run, rulebook(run.matter.pack_id), run.project.items.all())
        whole = granted and not [one for one in left if not one.before]
        actions.complete(actor=SYSTEM, task=task.id, outcome="done" if whole else "partly", now=now)
    elif stands is not None and held is None:
        actions.hold(actor=SYSTEM, matter=run.pk, reason=stands.reason, note=STANDS, now=now)


def _over(run: StageRun, cases: Mapping[UUID, Case]) -> bool:
    """Whether every item of the clock is at its end, and nothing that waits can still begin."""
    if not all(works.times_of(case).ended for case in cases.values()):
        return False
    rules = rulebook(run.matter.pack_id)
    items = list(run.project.items.select_related("stage__matter"))
    ended: dict[str, str] = {}
    for item in sorted(items, key=lambda one: one.stage.received_at):
        ended[item.permit] = item.outcome
    dead: set[str] = {slug for slug, outcome in ended.items() if outcome and outcome != stages.GRANTED}
    for permit in stages.waiting(run, rules, items):
        if permit.before:
            continue
        if not dead.intersection(stages.before(rules, permit, run.project.project_class)):
            return False
        dead.add(permit.slug)  # what waits for it can't begin either
    return True
