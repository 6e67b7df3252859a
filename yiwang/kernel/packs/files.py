"""Which files a pack may have, and which section of the rulebook each of them fills."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from yiwang.core import codes
from yiwang.kernel.packs import (
    entries,
    entries_approvals,
    entries_halls,
    entries_imports,
    entries_licences,
    entries_services,
)

HEADER = ("source", "status")


@dataclass(frozen=True, slots=True)
class Section:
    """A set of entries with the same form. `key` names the fields that tell two entries apart."""

    name: str
    model: type[BaseModel] | None
    key: tuple[str, ...]
    bulk: bool = False  # too much to be kept in every version's body: only count and digest are

    def key_of(self, data: dict[str, Any]) -> str:
        """The entry's key as text; empty when a part of it is missing."""
        parts = [data.get(field) for field in self.key]
        if any(not isinstance(p, str | int) or p == "" for p in parts):
            return ""
        if self.name in ("areas", "outlines"):
            return _area_key(str(parts[0]))
        return " ".join(str(p).strip() for p in parts)


def _area_key(text: str) -> str:
    try:
        return codes.parse_area_code(text).prefix
    except codes.CodeError:
        return text


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("standards", entries.StandardEntry, ("standard",)),
        Section("classes", entries.ClassEntry, ("standard", "kind", "code")),
        Section("crosswalk", entries.CrosswalkEntry, ("from_standard", "from_kind", "from_code")),
        Section("conditions", entries.ConditionEntry, ("slug",)),
        Section("processes", None, ("slug",)),
        Section("kinds", entries.KindEntry, ("slug",)),
        Section("reasons", entries.ReasonEntry, ("slug",)),
        Section("post_kinds", entries.PostKindEntry, ("slug",)),
        Section("variables", entries.VariableEntry, ("slug",)),
        Section("imports", entries_imports.ImportEntry, ("slug",)),
        Section("alerts", entries.AlertEntry, ("slug",)),
        Section("help_items", entries.HelpItemEntry, ("slug",)),
        Section("parameters", entries.ParameterEntry, ("slug",)),
        Section("programmes", None, ("slug",)),
        Section("cases", None, ("slug",)),
        Section("topics", entries_services.TopicEntry, ("slug",)),
        Section("materials", entries_services.MaterialTypeEntry, ("slug",)),
        Section("forms", entries_services.FormEntry, ("slug",)),
        Section("bundles", entries_services.BundleEntry, ("slug",)),
        Section("services", entries_services.ServiceEntry, ("slug",)),
        Section("project_classes", entries_approvals.ProjectClassEntry, ("slug",)),
        Section("approval_stages", entries_approvals.StageEntry, ("slug",)),
        Section("permits", entries_approvals.PermitEntry, ("slug",)),
        Section("assessments", entries_approvals.AssessmentEntry, ("slug",)),
        Section("methods", entries_approvals.MethodEntry, ("slug",)),
        Section("licences", entries_licences.LicenceTypeEntry, ("slug",)),
        Section("retention", entries_licences.RetentionEntry, ("slug",)),
        Section("halls", entries_halls.HallEntry, ("slug",)),
        Section("settings", entries.SettingEntry, ("name",)),
        Section("notices", None, ("year",)),
        Section("office_hours", None, ("slug",)),
        Section("areas", entries.AreaEntry, ("code",)),
        Section("place_names", entries.AliasEntry, ("name",)),
        Section("units", entries.UnitEntry, ("code",)),
        Section("posts", entries.PostEntry, ("code",)),
        Section("duties", entries.DutyEntry, ("code",)),
        Section("chiefs", entries.ChiefEntry, ("code",)),
        Section("outlines", entries.OutlineEntry, ("code",), bulk=True),
        Section("roads", entries.RoadEntry, ("code",), bulk=True),
        Section("components", entries.ComponentEntry, ("code",), bulk=True),
    )
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A YAML file: a header, and under `items` the entries of one section.

    shape `list`: a list of entries; `rows`: a list of lists; `mapping`: entries by name; `document`: the file is
    itself the one entry. `header` are the header's own keys, which its entries take over.
    """

    pattern: str
    section: str
    items: str = ""
    shape: str = "list"
    header: tuple[str, ...] = HEADER
    required: tuple[str, ...] = ()

    def matches(self, path: str) -> bool:
        return fnmatchcase(path, self.pattern)


FILES: tuple[FileKind, ...] = (
    FileKind(
        "catalogue/crosswalk-*.yaml",
        "crosswalk",
        "pairs",
        "rows",
        (*HEADER, "from", "to"),
        required=("from", "to"),
    ),
    FileKind(
        "catalogue/*.yaml",
        "classes",
        "classes",
        header=(*HEADER, "standard", "title", "title_en", "replaces"),
        required=("standard", "title"),
    ),
    FileKind("conditions/*.yaml", "conditions", "conditions", header=(*HEADER, "standard")),
    FileKind("kinds.yaml", "kinds", "kinds"),
    FileKind("reasons.yaml", "reasons", "reasons"),
    FileKind("posts.yaml", "post_kinds", "post_kinds"),
    FileKind("variables.yaml", "variables", "variables"),
    FileKind("imports/*.yaml", "imports", shape="document"),
    FileKind("alerts.yaml", "alerts", "alerts"),
    FileKind("help_items.yaml", "help_items", "help_items"),
    FileKind("parameters/*.yaml", "parameters", "parameters"),
    FileKind("cases/*.yaml", "cases", shape="document"),
    FileKind("topics.yaml", "topics", "topics"),
    FileKind("materials.yaml", "materials", "materials"),
    FileKind("licences/*.yaml", "licences", "licences"),
    FileKind("retention.yaml", "retention", "retention"),
    FileKind("halls.yaml", "halls", "halls"),
    FileKind("forms/*.yaml", "forms", shape="document"),
    FileKind("bundles/*.yaml", "bundles", "bundles"),
    FileKind("services/*.yaml", "services", "services", header=(*HEADER, "form")),
    FileKind("approvals/classes.yaml", "project_classes", "project_classes"),
    FileKind("approvals/stages.yaml", "approval_stages", "approval_stages"),
    FileKind("approvals/permits.yaml", "permits", "permits"),
    FileKind("approvals/assessments.yaml", "assessments", "assessments"),
    FileKind("approvals/methods.yaml", "methods", "methods"),
    FileKind("settings.yaml", "settings", "settings", "mapping"),
    FileKind("units.yaml", "units", "units"),
    FileKind("posts_held.yaml", "posts", "posts"),
    FileKind("duties.yaml", "duties", "duties", header=(*HEADER, "standard")),
    FileKind("chiefs.yaml", "chiefs", "chiefs"),
    FileKind("calendar/*.yaml", "notices", shape="document"),
    FileKind("calendar.yaml", "office_hours", shape="document"),
    FileKind("places/areas.yaml", "areas", "areas"),
    FileKind("places/aliases.yaml", "place_names", "aliases"),
)
PROCESSES = "processes/*.bpmn"
PROGRAMMES = "programmes/*.py"
OUTLINES, ROADS = "places/areas.geojson", "places/roads.geojson"
COMPONENTS, COMPONENTS_HEADER = "places/components.csv", "places/components.yaml"
KNOWN_PATTERNS = (
    "pack.yaml",
    *(kind.pattern for kind in FILES),
    PROCESSES,
    PROGRAMMES,
    OUTLINES,
    ROADS,
    COMPONENTS,
    COMPONENTS_HEADER,
)
CHECKED_ENDINGS = (".yaml", ".yml", ".bpmn", ".csv", ".geojson", ".json")


def known_keys() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each file a pack may have: the keys of its head, and the keys of one of its entries."""
    found = {"pack.yaml": (tuple(entries.ManifestEntry.model_fields), ())}
    for kind in FILES:
        model = SECTIONS[kind.section].model
        names = () if model is None else tuple(f.alias or n for n, f in model.model_fields.items())
        found[kind.pattern] = (kind.header if kind.items else (), names)
    for pattern, section in ((OUTLINES, "outlines"), (ROADS, "roads"), (COMPONENTS, "components")):
        found[pattern] = (HEADER, tuple(SECTIONS[section].model.model_fields))
    return found


_header_models: dict[tuple[str, ...], type[BaseModel]] = {}


def header_errors(kind: FileKind, header: dict[str, Any]) -> list[dict]:
    """What is wrong with a file's own keys, as pydantic tells it."""
    model = _header_models.get(kind.header)
    if model is None:
        fields: dict[str, Any] = dict.fromkeys(kind.header, (str | None, None))
        fields["status"] = (entries.Status, "illustrative")
        # `from` is a word of Python; pydantic takes it as an alias.
        fields = {(f"{n}_" if n == "from" else n): d for n, d in fields.items()}
        model = create_model("Header", __config__={"extra": "forbid", "strict": True}, **fields)
        _header_models[kind.header] = model
    try:
        model.model_validate({(f"{k}_" if k == "from" else k): v for k, v in header.items()})
    except ValidationError as wrong:
        return wrong.errors(include_url=False, include_context=False)
    return []
