"""What each entry of a pack holds: the typed form of a class, a condition, a unit, a duty …

Unknown keys are refused, so that a slip of the pen is never a rule silently not in force.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from yiwang.core import codes

Status = Literal["official", "local", "illustrative", "synthetic"]
ACTIONS = (
    "see",
    "open",
    "reassign",
    "hold",
    "resume",
    "extend",
    "remind",
    "chase",
    "reply",
    "ask",
    "hang_up",
    "pay",
    "merge",
    "split",
    "withdraw",
    "void",
    "close",
    "reopen",
    "relocate",
    "appeal",
    "review_appeal",
    "reveal",
    "export",
    "evaluate",
    "screen",
    "help",
    "record",
    "import",
    "prove",
    "erase",
    "issue",
    "revoke",
    "propose",
    "approve",
    "ticket",
    "call",
)
APART = (
    "person",
    "licence",
    "hall",
)  # what a grant may name beside the pack's kinds of matters; "*" does not mean them
SCOPES = ("district", "area", "unit")


def _area(text: str) -> str:
    return codes.parse_area_code(text).prefix


# An area is written as its 6, 9 or 12 digits or as 12 digits with zeros behind, and kept without the zeros:
# then "lies inside" is "begins with".
AreaText = Annotated[str, AfterValidator(_area)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]*$", max_length=80)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
English = Annotated[str, StringConstraints(max_length=150)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Standard = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Entry(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, str_strip_whitespace=True, populate_by_name=True
    )

    source: Text = ""
    status: Status = "illustrative"


class StandardEntry(Entry):  # 标准
    standard: Standard
    title: Name
    title_en: English = ""
    replaces: Standard | None = None


class ClassEntry(Entry):  # 部件或事项的小类
    standard: Standard
    kind: Literal["component", "matter", "topic"]
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=11)]
    name: Name
    name_en: English = ""
    major: str = ""
    major_name: str = ""
    aliases: list[Name] = []
    keywords: list[Name] = []


class CrosswalkEntry(Entry):  # 新旧标准对照
    from_standard: Standard
    from_kind: Literal["component", "matter", "topic"]
    from_code: str
    to_standard: Standard
    to_kind: Literal["component", "matter", "topic"]
    to_code: str


class ConditionEntry(Entry):  # 立案条件
    slug: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
    standard: Standard
    class_code: str = Field(alias="class")
    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    text_en: Text = ""
    close_text: Text = ""
    close_text_en: Text = ""
    limit: str


class KindEntry(Entry):  # 件的种类
    slug: Slug
    name: Name
    name_en: English = ""
    process: Slug


class ReasonEntry(Entry):  # 计时暂停的理由
    slug: Slug
    name: Name
    name_en: English = ""
    basis: Text = ""
    approval: bool = False


class GrantEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    actions: list[str]
    kinds: list[str] | Literal["*"] = "*"
    scope: list[str] = []


class PostKindEntry(Entry):  # 岗位种类
    slug: Slug
    name: Name
    name_en: English = ""
    grants: list[GrantEntry] = []


class UnitEntry(Entry):  # 单位
    code: Annotated[Code, StringConstraints(max_length=40)]
    name: Name
    name_en: English = ""
    kind: Literal["department", "subdistrict", "community", "contractor", "centre"]
    parent: str | None = None
    area: AreaText | None = None


class PostEntry(Entry):  # 岗位
    code: Code
    kind: Slug
    name: Name
    name_en: English = ""
    unit: str
    area: AreaText


class DutyEntry(Entry):  # 职责
    code: Code
    standard: Standard
    class_prefix: Annotated[str, StringConstraints(max_length=11)] = ""
    area: AreaText
    unit: str


class ChiefEntry(Entry):  # 路长
    code: Code
    road: str
    level: Annotated[int, Field(ge=1, le=3)]
    post: str


class SettingEntry(Entry):
    name: str
    value: Any
    unit: str = ""
    note: Text = ""


class AreaEntry(Entry):  # 区域
    code: AreaText
    level: Literal["district", "subdistrict", "community"]
    kind: Annotated[str, StringConstraints(max_length=20)] = ""
    name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    name_en: Annotated[str, StringConstraints(max_length=80)] = ""
    parent: AreaText | None = None
    code_mca: Annotated[str, StringConstraints(pattern=r"^\d{6,12}$")] | None = None


class AliasEntry(Entry):  # 地名, 俗称
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    area: AreaText
    note: Text = ""


class OutlineEntry(Entry):
    code: AreaText
    centre: list[float] = []
    geometry: dict[str, Any]


class StretchEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    area: AreaText
    share: float
    first: int
    last: int


class RoadEntry(Entry):  # 道路
    code: Annotated[Code, StringConstraints(max_length=40)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    name_en: Annotated[str, StringConstraints(max_length=120)] = ""
    name_status: str = ""
    grade: Annotated[int, Field(ge=1, le=4)]
    length_m: float
    width_m: float | None = None
    subdistricts: list[AreaText]
    numbers: list[int] = []
    stretches: list[StretchEntry] = []
    geometry: dict[str, Any]


class ComponentEntry(Entry):  # 部件
    # Rows of a table: their cells are text, so numbers are read from text.
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True, str_strip_whitespace=True)

    code: str
    class_code: str
    name: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    community: AreaText
    road: str = ""
    state: Literal["完好", "破损", "丢失", "废弃", "移除"] = "完好"
    accuracy: Literal["A", "B", "C", ""] = ""
    surveyed: str = ""
    owner: str = ""
    maintainer: str = ""


class VariableEntry(Entry):  # 事实
    """A fact about a person or a household. `choices`: each value with its Chinese and English name."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    entity: Literal["person", "household"]
    type: Literal["money", "bool", "int", "date", "choice"]
    name: Name
    name_en: English = ""
    choices: dict[str, Annotated[list[Name], Field(min_length=2, max_length=2)]] = {}
    unit: Annotated[str, StringConstraints(max_length=20)] = ""
    most: Annotated[int, Field(ge=1)] | None = None
    negative: bool = False
    never: bool = False
    sensitive: Literal["none", "health", "finance"] = "none"
    department: Annotated[str, StringConstraints(max_length=40)] = ""
    note: Text = ""


AlertClass = Literal["", "a", "b", "c", "d"]


class AlertEntry(Entry):  # 预警规则
    """A fact that is looked into when it becomes so; see help_rules.AlertRule."""

    slug: Slug
    name: Name
    name_en: English = ""
    variable: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    becomes: bool | int | Annotated[str, StringConstraints(max_length=40)] | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    known: bool = False
    enrolled: AlertClass = ""
    others: AlertClass = ""
    severity: Annotated[int, Field(ge=1, le=3)] = 2
    note: Text = ""


class HelpItemEntry(Entry):  # 帮扶事项
    """Something that can be needed and offered."""

    slug: Slug
    kind: Literal["goods", "services", "money", "volunteers"]
    name: Name
    name_en: English = ""
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    unit_en: Annotated[str, StringConstraints(max_length=40)] = ""
    whole: bool = False


class DatedEntry(BaseModel):
    """A parameter's value from a day on; of a parameter with `by`, a value for each kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    since: date = Field(alias="from")
    value: bool | int | float | dict[str | int, bool | int | float]
    source: Text = ""
    status: Status | None = None


class ParameterEntry(Entry):  # 参数
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=60)]
    name: Name
    name_en: English = ""
    unit: Literal["fen", "percent", "count", "months", "years", "m2", "switch"]
    per: Literal["", "month", "year", "season"] = ""
    by: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)] | None = None
    note: Text = ""
    values: Annotated[list[DatedEntry], Field(min_length=1)]


class ManifestEntry(BaseModel):
    """pack.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)

    name: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]*$", max_length=40)]
    title: Name
    title_en: English = ""
    extends: Slug | None = None
    district: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    status: Status = "illustrative"
    source: Text = ""
    description: Text = ""
