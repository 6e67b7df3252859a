"""What a pack says of the approval of construction projects (工程建设项目审批): classes, stages, permits, and what a
regional assessment takes away."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from yiwang.kernel.packs.entries import AreaText, Code, English, Entry, Name, Slug, Status, Text
from yiwang.kernel.packs.entries_services import CommitmentPart, GrantedEntry, Part


class PromisePart(Part):  # 承诺总时限
    """What is promised to projects registered from a day on: the whole, and how it is shared between the stages."""

    model_config = ConfigDict(populate_by_name=True)

    since: date = Field(alias="from")
    total: str
    stages: dict[Slug, str]
    source: Text = ""
    status: Status = "illustrative"


class ProjectClassEntry(Entry):  # 项目类型
    slug: Slug
    name: Name
    name_en: English = ""
    investor: Literal["government", "social", "any"] = "any"
    summary: Text = ""
    summary_en: Text = ""
    stages: Annotated[list[Slug], Field(min_length=1)]
    promises: list[PromisePart] = []


class StageEntry(Entry):  # 审批阶段
    slug: Slug
    name: Name
    name_en: English = ""
    lead: Code | None = None
    form: Slug | None = None


class JoinedPart(Part):  # 征求意见
    """A department that is heard on a permit of another."""

    unit: Code
    name: Name
    name_en: English = ""


class PermitCommitmentPart(CommitmentPart):  # 告知承诺
    """A permit that may be applied for with a commitment in place of these materials, decided within its own limit."""

    instead: Annotated[list[Slug], Field(min_length=1)]
    promised: str


class PermitEntry(GrantedEntry):  # 审批事项
    """`before`: it stands beside the clock of its stage, and must be done before that later stage begins."""

    stage: Slug
    sort: Literal["permit", "filing", "opinion", "review", "acceptance"] = "permit"
    classes: list[Slug] = []
    after: list[Slug] = []
    before: Slug | None = None
    opinions: list[JoinedPart] = []
    opinion_limit: str | None = None
    silence: bool = False
    preview: str | None = None
    commitment: PermitCommitmentPart | None = None
    licence: Slug | None = None
    shows: dict[Slug, Annotated[str, StringConstraints(max_length=40)]] = {}


class AssessmentEntry(Entry):  # 区域评估
    """What was assessed for a whole area, so that a project in it need not be assessed by itself."""

    slug: Slug
    name: Name
    name_en: English = ""
    area: AreaText
    removes: Annotated[list[Slug], Field(min_length=1)]
    valid_from: date
    valid_to: date | None = None


class MethodStepPart(Part):  # 工作法的一天
    day: Annotated[int, Field(ge=1, le=60)]
    name: Name
    name_en: English = ""
    permits: list[Slug] = []


class MethodEntry(Entry):  # 工作法
    """A plan by working days after the land contract; `sample`: somebody's proposal, not a rule in force."""

    slug: Slug
    name: Name
    name_en: English = ""
    sample: bool = True
    note: Text = ""
    classes: list[Slug] = []
    steps: Annotated[list[MethodStepPart], Field(min_length=1)]
