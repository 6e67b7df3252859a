"""What a pack says of government services (政务服务事项): the fields of the national basic catalogue."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yiwang.kernel.packs.entries import Code, English, Entry, Name, Slug, Text

Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
ServiceType = Literal[
    "permit",  # 行政许可
    "punishment",  # 行政处罚
    "coercion",  # 行政强制
    "levy",  # 行政征收
    "benefit",  # 行政给付
    "inspection",  # 行政检查
    "confirmation",  # 行政确认
    "award",  # 行政奖励
    "ruling",  # 行政裁决
    "other",  # 其他行政权力
    "public",  # 公共服务
]
UseLevel = Literal["national", "province", "city", "district", "subdistrict", "community"]


class Part(BaseModel):
    """A part of an entry: no source or status of its own."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)


class TopicEntry(Entry):  # 主题
    slug: Slug
    name: Name
    name_en: English = ""
    audience: Literal["person", "enterprise"]
    words: list[Name] = []


class MaterialTypeEntry(Entry):  # 材料
    """A material that several services ask for. `licence`: the kind of licence that it is, where it is one."""

    slug: Slug
    name: Name
    name_en: English = ""
    form: Literal["paper", "electronic", "either"] = "either"
    provider: Literal["applicant", "government", "third_party"] = "applicant"
    issuer: Annotated[str, StringConstraints(max_length=100)] = ""
    licence: Slug | None = None
    shared: bool = False
    from_form: bool = False
    blank: Text = ""


class BasisPart(Part):  # 设定依据
    law: Line
    article: Annotated[str, StringConstraints(max_length=60)] = ""
    text: Text = ""


class NeededPart(Part):  # 申请材料
    material: Slug
    kind: Literal["original", "copy", "original_and_copy"] = "original"
    need: Literal["required", "optional", "deferrable"] = "required"
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    reason: Line | None = None
    when: Line | None = None
    standard: Line | None = None


class FeePart(Part):  # 收费
    name: Name
    fen: Annotated[int, Field(ge=0)] | None = None
    per: Annotated[str, StringConstraints(max_length=20)] = ""
    basis: Line | None = None
    reduction: Line | None = None


class ResultPart(Part):  # 审批结果
    name: Name
    name_en: English = ""
    kind: Literal["certificate", "document", "approval", "record", "payment", "other"]
    licence: Slug | None = None


class StepPart(Part):  # 办理流程
    name: Name
    name_en: English = ""
    limit: str | None = None
    who: Annotated[str, StringConstraints(max_length=60)] = ""


class SpecialPart(Part):  # 特别程序
    name: Name
    limit: str | None = None
    basis: Line | None = None


class WindowPart(Part):  # 办理地点和时间
    place: Line
    hours: Line | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    complaints: Annotated[str, StringConstraints(max_length=40)] = ""


class CommitmentPart(Part):  # 告知承诺
    check: str
    text: Text
    basis: Line | None = None
    instead: list[Slug] = []  # materials that are not needed then


class QuestionPart(Part):  # 常见问题
    question: Line
    answer: Text


class GrantedEntry(Entry):
    """What services and permits have in common."""

    slug: Slug
    name: Name
    name_en: English = ""
    basis: list[BasisPart] = []
    unit: Code | None = None
    conditions: list[Line] = []
    statutory: str | None = None
    statutory_note: Text = ""
    promised: str | None = None
    materials: list[NeededPart] = []
    deferral: str | None = None


class ServiceEntry(GrantedEntry):  # 政务服务事项
    aliases: list[Name] = []
    keywords: list[Name] = []
    summary: Text = ""
    summary_en: Text = ""
    catalog_code: Annotated[str, StringConstraints(max_length=12)] = ""
    task_code: Annotated[str, StringConstraints(max_length=31)] = ""
    type: ServiceType
    use_level: UseLevel = "district"
    power_source: Literal["statutory", "authorised", "entrusted", ""] = ""
    supports: list[Code] = []
    audience: Annotated[list[Literal["person", "enterprise"]], Field(min_length=1)]
    topics: list[Slug] = []
    handling: Literal["instant", "promised"]
    promised_note: Text = ""
    special: list[SpecialPart] = []
    visits: Annotated[int, Field(ge=0, le=9)] | None = None
    visit_reason: Text = ""
    online: bool = False
    online_depth: Literal["guide", "consult", "apply", "whole"] = "guide"
    mail: bool = False
    appointment: bool = False
    self_service: bool = False
    anywhere: Literal["", "district", "city", "province", "nation"] = ""
    steps: list[StepPart] = []
    fees: list[FeePart] = []
    results: list[ResultPart] = []
    commitment: CommitmentPart | None = None
    window: WindowPart | None = None
    questions: list[QuestionPart] = []
    quantity_limit: Text = ""
    form: Slug | None = None
    matter: Slug | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class FormEntry(Entry):  # 表单文件
    """A form: the properties of the forms that it includes, then its own. `schema` is read by `core.forms`."""

    slug: Slug
    title: Name
    title_en: English = ""
    include: list[Slug] = []
    own: dict[str, Any] | None = Field(None, alias="schema")


class AskedPart(Part):  # 情形引导
    """A question that decides what is needed. `options`: each value with its Chinese and English name."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    text: Line
    text_en: English = ""
    options: dict[str, Annotated[list[Name], Field(min_length=2, max_length=2)]]


class ItemPart(Part):  # 联办事项
    service: Slug
    when: Line | None = None
    after: list[Slug] = []
    form: Slug | None = None


class BaselinePart(Part):  # 改革前基线
    """What it took when every service was applied for by itself, and how that was counted."""

    definition: Text
    steps: Annotated[int, Field(ge=0)]
    materials: Annotated[int, Field(ge=0)]
    visits: Annotated[int, Field(ge=0)]
    days: Annotated[int, Field(ge=0)]
    fen: Annotated[int, Field(ge=0)] = 0


class BundleEntry(Entry):  # 一件事
    slug: Slug
    name: Name
    name_en: English = ""
    aliases: list[Name] = []
    summary: Text = ""
    summary_en: Text = ""
    audience: Literal["person", "enterprise"]
    lead: Code | None = None
    promised: str = ""
    steps: Annotated[int, Field(ge=0)] = 0
    visits: Annotated[int, Field(ge=0)] = 0
    questions: list[AskedPart] = []
    items: list[ItemPart] = []
    absent: list[Name] = []
    baseline: BaselinePart | None = None
