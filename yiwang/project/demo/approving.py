"""Construction projects in the demonstration: some at every stage, one held, one late, a land-and-start, joint meetings,
drawings in two versions, a permit by commitment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yiwang.domains.approvals import (
    converting,
    holding,
    inputs,
    pledging,
    previews,
    registering,
    sharing,
    stages,
)
from yiwang.domains.approvals.models import Project
from yiwang.kernel.access.actors import SYSTEM, Actor
from yiwang.kernel.matters import actions, papers, store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.project.demo import convening, drawings
from yiwang.project.demo.accounts import Staff

NEXT = ("planning", "works", "construction", "acceptance")
ANSWERS = {
    "land_use": "二类居住用地",
    "plot_ratio": "2.2",
    "design_unit": "沈阳市建筑设计院（示例）",
    "builder": "沈阳市第一建筑公司（示例）",
    "supervisor": "沈阳工程监理公司（示例）",
    "term": "540 日历天",
    "completed_on": "2026-06-30",
}
COMPANY = "91350100M000100Y43"  # an example whose check characters fit


@dataclass(frozen=True, slots=True)
class Case:
    """`days`: working days ago; `stages`: how many are applied for; `pace`: working days a step takes; `stuck`: a permit
    on which nobody works any more; `held`: one whose clock stands; `preview`: pre-reviewed, and whether the land is sold;
    `drawings`: on which working days its files are handed in; `pledge`: the permit that is applied for by commitment."""

    name: str
    project_class: str
    area: str
    days: int
    stages: int = 1
    pace: int = 1
    stuck: str = ""
    held: str = ""
    preview: str = ""
    drawings: tuple[int, ...] = ()
    pledge: str = ""


CASES = (
    Case("津桥里住宅小区（示例）", "social-house", "210104008", 75, 4),
    Case(
        "长安路商业综合体（示例）",
        "social-house",
        "210104012",
        44,
        3,
        held="drawing-review",
        drawings=(1, -3),
    ),
    Case("东站街道社区卫生服务中心（示例）", "government-house", "210104009", 30, 2, stuck="scheme-review"),
    Case("文官街智能装备厂房（示例）", "industrial", "210104006", 16, 0, preview="sold"),
    Case("北海街供热管线改造（示例）", "municipal-line", "210104002", 9),
    Case("望花街冷链仓库（示例）", "industrial", "210104006", 6, 0, preview="open"),
    Case("东塔街口袋公园配套用房（示例）", "simple", "210104015", 4),
    Case("东塔街社区活动站（示例）", "simple", "210104015", 24, 3, pledge="construction-permit"),
)

DISCUSSED = (1, 2)  # the cases that the joint meetings are about


def play(staff: Staff, now: dt.datetime) -> int:
    """Gives how many matters were made."""
    before = Matter.objects.filter(kind__startswith="approval").count()
    with store.one_transaction():
        for number, case in enumerate(CASES, start=1):
            _Course(staff, case, number, now).play()
        works = Project.objects.filter(name__in=[CASES[place].name for place in DISCUSSED])
        convening.play(staff, list(works.order_by("pk")), now)
    return Matter.objects.filter(kind__startswith="approval").count() - before


class _Course:
    """One project, step by step, on working days at ten o'clock."""

    def __init__(self, staff: Staff, case: Case, number: int, now: dt.datetime):
        self.staff, self.case, self.number, self.now = staff, case, number, now
        self.days = convening.working_days(case.days, now)

    def play(self) -> None:
        case, first = self.case, self.days[0]
        area = next(code for code in self._areas() if code.startswith(case.area))
        guide = self.staff.post("project-guide")
        project = registering.register(
            actor=guide,
            id=UUID(int=0x7E0 << 112 | self.number),
            code=f"{first:%y%m}-210104-04-01-{self.number:06d}",
            name=case.name,
            project_class=case.project_class,
            investor="government"
            if case.project_class in ("government-house", "municipal-line")
            else "social",
            area=area,
            address=f"示例地块 {self.number} 号",
            applicant="沈阳示例置业有限公司",
            applicant_code=COMPANY,
            contact_name="王示例",
            contact_phone="13800000000",
            land_m2=8_000 + 1_000 * self.number,
            floor_m2=15_000 + 2_000 * self.number,
            invest_fen=(12_000 + 900 * self.number) * 1_000_000,
            buildings=[{"name": "1 号楼", "floor_m2": 9_000, "storeys": 9, "height_m": 33}],
            now=first,
        ).project
        if case.preview:
            self._preview(project, guide)
        begun = 0
        handed_in = {self.days[place]: version for version, place in enumerate(case.drawings, start=1)}
        for place, now in enumerate(self.days[1:], start=1):
            if now in handed_in:
                self._hand_in(project, guide, handed_in[now], now)
            if begun < case.stages and not project.stages.filter(matter__state="open").exists():
                self._start(project, NEXT[begun], guide, now)
                begun += 1
            if place % case.pace == 0:
                self._work(project, now)

    def _areas(self) -> list[str]:
        from yiwang.kernel.registers import queries as registers

        return [code for code, row in registers.areas().items() if row.level == "community"]

    def _start(self, project: Project, stage: str, guide: Actor, now: dt.datetime) -> None:
        form = stages.form_of(current(), current().approvals.stages[stage])
        known = {path for path, _field in form.form.every()} if form else set()
        answers = {name: value for name, value in ANSWERS.items() if name in known}
        pledges = [self.case.pledge] if stage == "construction" and self.case.pledge else []
        stages.start(
            actor=guide, project=project, stage=stage, answers=answers, consent=True, now=now,
            pledges=pledges, signed_by="王示例" if pledges else "",
        )  # fmt: skip

    def _hand_in(self, project: Project, guide: Actor, version: int, now: dt.datetime) -> None:
        """The drawings as a file; the scheme comes with their first version."""
        for material in ("design-scheme", "drawings") if version == 1 else ("drawings",):
            file = drawings.drawing(project.name, material, version)
            sharing.put_paper(actor=guide, project=project, material=material, file=file, now=now)

    def _preview(self, project: Project, guide: Actor) -> None:
        for material in ("design-scheme", "drawings"):
            sharing.put_paper(
                actor=guide,
                project=project,
                material=material,
                reference="示例文件，第一版",
                now=self.days[0],
            )
        rows = previews.ask(actor=guide, project=project, now=self.days[0])
        for row in rows if self.case.preview == "sold" else rows[:3]:
            task = Task.objects.get(matter=row.pk, node="preview", state="open")
            self._complete(task, "done", self.days[2], opinion="favourable")
        if self.case.preview == "sold":
            sharing.put_paper(
                actor=guide,
                project=project,
                material="drawings",
                reference="示例文件，第二版",
                now=self.days[4],
            )
            converting.convert(
                actor=guide,
                project=project,
                signed_on=self.days[5].date(),
                contract="沈东地合字（示例）",
                answers=ANSWERS,
                now=self.days[5],
            )

    def _work(self, project: Project, now: dt.datetime) -> None:
        """One step of every permit that somebody works on."""
        rows = Task.objects.filter(
            state="open", matter__approval_item__project=project, opened_at__lt=now
        ).select_related("matter__approval_item")
        for task in list(rows):
            permit = task.matter.approval_item.permit
            if permit == self.case.held and task.node == "review":
                self._hold(task, now)
            elif permit != self.case.stuck or task.node not in ("review", "opinion"):
                self._step(task, permit, now)

    def _hold(self, task: Task, now: dt.datetime) -> None:
        if not task.matter.held and now >= self.days[-6]:
            holding.hold(
                actor=self.staff.post(f"service-decider-{task.matter.unit_id}"),
                matter=task.matter_id,
                reason="drawing_change",
                note="地下车库防火分区须修改，设计单位修改施工图",
                expected=(self.now + dt.timedelta(days=9)).date(),
                now=now,
            )

    def _step(self, task: Task, permit: str, now: dt.datetime) -> None:
        if task.node == "accept":
            materials = pledging.to_see(current().approvals.permits[permit], task.matter.data)
            self._complete(
                task, "accept", now, **{f"material_{one.material.slug}": papers.RECEIVED for one in materials}
            )
        elif task.node in ("opinion", "give"):
            self._complete(task, "given", now, opinion="agree")
        elif task.node == "review":
            self._complete(task, "done", now, opinion="agree")
        elif task.node == "decide":
            item = task.matter.approval_item
            last = inputs.papers_of(item.project)
            changed = sharing.newer(current().approvals.permits[permit], item.versions, last)
            self._complete(
                task, "grant", now, reason="新版仅调整地下车库防火分区，审查结论不变" if changed else ""
            )
        elif task.node == "deliver":
            self._complete(task, "delivered", now, way="online")

    def _complete(self, task: Task, outcome: str, now: dt.datetime, **data: str) -> None:
        post = {
            "window_clerk": "window-clerk",
            "service_reviewer": f"service-reviewer-{task.unit_id}",
            "service_decider": f"service-decider-{task.unit_id}",
        }.get(task.post, "")
        actor = self.staff.by_post.get(post, SYSTEM)
        actions.complete(actor=actor, task=task.pk, outcome=outcome, data=data, now=now)
