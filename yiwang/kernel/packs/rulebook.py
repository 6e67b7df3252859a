"""The rules in force, as immutable values built from a loaded pack version.

`current()` is what new matters are opened under; `rulebook(id)` is what a running matter keeps.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.core import policy as policies
from yiwang.core import process as processes
from yiwang.core import worktime
from yiwang.core.codes.city import CURRENT
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.packs import approvals, bundles, forms, halls, licences, policy, services
from yiwang.kernel.packs.help_rules import AlertRule, HelpItem
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.packs.settings import KNOWN

FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class StandardDef:  # 标准
    standard: str
    title: str
    title_en: str
    replaces: str | None
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class ClassDef:  # 部件或事项的小类
    standard: str
    kind: str  # component | matter | topic
    code: str
    name: str
    name_en: str
    major: str
    major_name: str
    aliases: tuple[str, ...]
    keywords: tuple[str, ...]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Condition:  # 立案条件
    """When a matter of this class is filed, when it counts as done, and how long it may take."""

    slug: str
    standard: str
    class_code: str
    text: str
    text_en: str
    close_text: str
    close_text_en: str
    limit: str
    source: str
    status: str

    @property
    def worktime(self) -> worktime.Limit:
        return worktime.Limit.parse(self.limit)


@dataclass(frozen=True, slots=True)
class Kind:  # 件的种类
    slug: str
    name: str
    name_en: str
    process: str
    status: str


@dataclass(frozen=True, slots=True)
class Reason:  # 计时暂停的理由
    slug: str
    name: str
    name_en: str
    basis: str
    source: str
    status: str
    approval: bool = False  # stops the clock only when somebody above has approved it


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions allowed on these kinds of matters (None: all) within these scopes of the post."""

    actions: frozenset[str]
    kinds: frozenset[str] | None
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class PostKind:  # 岗位种类
    slug: str
    name: str
    name_en: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Variable:  # 事实
    """A fact about a person or household. `choices`: value -> Chinese and English name; money is in fen."""

    slug: str
    entity: str  # person | household
    type: str  # money | bool | int | date | choice
    name: str
    name_en: str
    choices: Mapping[str, tuple[str, str]]
    unit: str
    most: int | None  # the largest whole number
    negative: bool  # money that may be below zero
    never: bool  # a date that may be known not to have come
    sensitive: str  # none | health | finance
    department: str
    note: str
    source: str
    status: str


class Rulebook:
    """One version of a pack. Everything in it is immutable; it is shared by all threads."""

    def __init__(self, body: Mapping[str, Any], *, id: int, digest: str):  # noqa: A002 - the field's own name
        self.id = id
        self.digest = digest
        self.name: str = body["name"]
        self.version: str = body["version"]
        self.title: str = body["title"]
        self.title_en: str = body["title_en"]
        self.district: str = body["district"]
        self.layers: tuple[tuple[str, str], ...] = tuple((n, v) for n, v in body["layers"])
        sections = body["sections"]
        self.standards = _by(sections["standards"].values(), lambda d: _make(StandardDef, d), "standard")
        self.classes: Mapping[tuple[str, str, str], ClassDef] = MappingProxyType(
            {(d["standard"], d["kind"], d["code"]): _class(d) for d in sections["classes"].values()}
        )
        self.conditions = _by(sections["conditions"].values(), lambda d: _make(Condition, d), "slug")
        self.kinds = _by(sections["kinds"].values(), lambda d: _make(Kind, d), "slug")
        self.reasons = _by(
            sections["reasons"].values(), lambda d: _make(Reason, {"approval": False} | dict(d)), "slug"
        )
        self.post_kinds = _by(sections["post_kinds"].values(), _post_kind, "slug")
        self.variables: Mapping[str, Variable] = _by(
            sections.get("variables", {}).values(), _variable, "slug"
        )
        self.alerts: Mapping[str, AlertRule] = _by(sections.get("alerts", {}).values(), AlertRule.of, "slug")
        self.help_items: Mapping[str, HelpItem] = _by(
            sections.get("help_items", {}).values(), HelpItem.of, "slug"
        )
        given = {d["name"]: d for d in sections["settings"].values()}
        self.settings: Mapping[str, Any] = MappingProxyType(
            {name: known.default for name, known in KNOWN.items()} | {n: d["value"] for n, d in given.items()}
        )
        self.settings_status: Mapping[str, str] = MappingProxyType(
            {name: given[name]["status"] if name in given else "illustrative" for name in self.settings}
        )
        self._xml = {key: d["xml"] for key, d in sections["processes"].items()}
        self._crosswalk = {
            (d["from_standard"], d["from_kind"], d["from_code"]): (
                d["to_standard"],
                d["to_kind"],
                d["to_code"],
            )
            for d in sections["crosswalk"].values()
        }
        self._older: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
        for older, newer in self._crosswalk.items():
            self._older.setdefault(newer, []).append(older)
        self._licences = sections.get("licences", {})
        self._retention = sections.get("retention", {})
        self._halls = sections.get("halls", {})
        self._catalogue = {name: sections.get(name, {}) for name in (*services.SECTIONS, "forms", "bundles")}
        self._approvals = {name: sections.get(name, {}) for name in (*approvals.SECTIONS, "materials")}
        self._policy = {name: sections.get(name, {}) for name in policy.SECTIONS}
        self._compiled: dict[str, processes.Process] = {}

    def __repr__(self) -> str:
        return f"<Rulebook {self.name} {self.version} {self.digest[:8]}>"

    def kind(self, slug: str) -> Kind:
        """Raises NotFound for a kind of matters that the pack does not have."""
        try:
            return self.kinds[slug]
        except KeyError:
            raise NotFound(
                _("There is no kind of matters %(kind)s in the pack %(pack)s.")
                % {"kind": slug, "pack": self.name},
                code="no_kind",
            ) from None

    def process(self, kind: str) -> processes.Process:
        """The compiled process of a kind of matters; compiled once."""
        slug = self.kind(kind).process
        compiled = self._compiled.get(slug)
        if compiled is None:
            compiled = processes.read(self._xml[slug].encode(), f"{slug}.bpmn")
            self._compiled[slug] = compiled
        return compiled

    def process_xml(self, kind: str) -> str:
        """The BPMN text of a kind of matters, to be drawn."""
        return self._xml[self.kind(kind).process]

    @property
    def programme_texts(self) -> Mapping[str, str]:
        """The text of each programme file by its name without .py."""
        return {slug: row["text"] for slug, row in self._policy["programmes"].items()}

    @cached_property
    def policy(self) -> policies.Rules:
        """Facts, parameters and programmes of this version, ready to be asked. Read once, on first use."""
        return policy.rules_of(self._policy)

    @cached_property
    def topics(self) -> Mapping[str, services.Topic]:
        """What services are looked for by, in the pack's order."""
        return services.topics_of(self._catalogue)

    @cached_property
    def forms(self) -> Mapping[str, forms.FormDef]:
        """The forms, compiled."""
        return MappingProxyType(forms.forms_of(self._catalogue))

    @cached_property
    def bundles(self) -> Mapping[str, bundles.Bundle]:
        """One thing once: services of several departments in one."""
        return bundles.bundles_of(self._catalogue["bundles"])

    @property
    def form_rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The forms as the pack wrote them, from which those of a bundle are put together."""
        return self._catalogue["forms"]

    @cached_property
    def services(self) -> Mapping[str, services.Service]:
        """The catalogue of government services, in the pack's order."""
        return services.services_of(self._catalogue)

    @cached_property
    def approvals(self) -> approvals.Approvals:
        """Classes, stages and permits of construction projects."""
        return approvals.approvals_of(self._approvals)

    @cached_property
    def licences(self) -> Mapping[str, licences.LicenceType]:
        """The kinds of e-licences, in the pack's order."""
        return licences.licences_of(self._licences)

    @cached_property
    def retention(self) -> Mapping[str, licences.Retention]:
        """How long closed matters are kept, by class."""
        return licences.retention_of(self._retention)

    @cached_property
    def halls(self) -> Mapping[str, halls.Hall]:
        """Where people come in person, in the pack's order."""
        return halls.halls_of(self._halls)

    @cached_property
    def default_standard(self) -> str:
        """The standard whose classes reports get: GB/T 47678.5-2026, or the pack's first where it has not that one."""
        return CURRENT if CURRENT in self.standards else next(iter(self.standards), CURRENT)

    def class_def(self, standard: str, code: str) -> ClassDef | None:
        """The class of this code; the matter where a component has the same code."""
        for kind in ("matter", "component", "topic"):
            found = self.classes.get((standard, kind, code))
            if found is not None:
                return found
        return None

    def conditions_of(self, standard: str, code: str) -> tuple[Condition, ...]:
        """The filing conditions of a class, in the pack's order."""
        return self._conditions_by_class.get((standard, code), ())

    @cached_property
    def _conditions_by_class(self) -> dict[tuple[str, str], tuple[Condition, ...]]:
        found: dict[tuple[str, str], tuple[Condition, ...]] = {}
        for condition in self.conditions.values():
            key = (condition.standard, condition.class_code)
            found[key] = (*found.get(key, ()), condition)
        return found

    def crosswalk(self, standard: str, kind: str, code: str) -> tuple[str, str, str] | None:
        """The (standard, kind, code) that replaced a class of an older standard, None where none is known."""
        return self._crosswalk.get((standard, kind, code))

    def replaced_by(self, standard: str, kind: str, code: str) -> tuple[tuple[str, str, str], ...]:
        """The (standard, kind, code) of the older classes that this one replaced."""
        return tuple(self._older.get((standard, kind, code), ()))


def _by(rows: Any, make: Any, key: str) -> Mapping[str, Any]:
    return MappingProxyType({row[key]: make(row) for row in rows})


def _make(kind: type, row: Mapping[str, Any]) -> Any:
    return kind(**{name: row[name] for name in kind.__slots__})


def _class(row: Mapping[str, Any]) -> ClassDef:
    return _make(ClassDef, dict(row) | {"aliases": tuple(row["aliases"]), "keywords": tuple(row["keywords"])})


def _variable(row: Mapping[str, Any]) -> Variable:
    choices = {value: tuple(names) for value, names in row["choices"].items()}
    return _make(Variable, dict(row) | {"choices": MappingProxyType(choices)})


def _post_kind(row: Mapping[str, Any]) -> PostKind:
    grants = tuple(
        Grant(
            frozenset(grant["actions"]),
            None if grant["kinds"] == "*" else frozenset(grant["kinds"]),
            frozenset(grant["scope"]),
        )
        for grant in row["grants"]
    )
    return PostKind(row["slug"], row["name"], row["name_en"], grants)


NO_PACK = gettext_noop("No pack is loaded. Run: yiwang pack load")
NO_TABLES = gettext_noop("The database has no tables yet. Run: yiwang migrate")
_current: tuple[int, float] | None = None  # id of the current version, when it was asked


@lru_cache(maxsize=32)
def rulebook(version_id: int) -> Rulebook:
    """The rules of a loaded version. Raises NotFound for an id that was never loaded."""
    row = PackVersion.objects.filter(pk=version_id).values_list("body", "digest").first()
    if row is None:
        raise NotFound(_("There is no pack version %(id)s.") % {"id": version_id}, code="no_pack_version")
    return Rulebook(orjson.loads(row[0]), id=version_id, digest=row[1])


def current() -> Rulebook:
    """The rules that new matters are opened under; asks the database at most every two seconds.

    Raises Problem (503) `no_pack` when nothing is loaded, `no_tables` when the database was never migrated.
    """
    global _current
    now = time.monotonic()
    known = _current
    if known is None or now - known[1] > FRESH_SECONDS:
        known = _current = (_current_id(), now)
    return rulebook(known[0])


def _current_id() -> int:
    loaded = PackVersion.objects.filter(current=True).order_by("-loaded_at")
    try:
        found = loaded.values_list("pk", flat=True).first()
    except DatabaseError:
        if has_tables():
            raise
        raise Problem(_(NO_TABLES), code="no_tables", status=503) from None
    if found is None:
        raise Problem(_(NO_PACK), code="no_pack", status=503)
    return found


def has_tables() -> bool:
    """Whether the database has been migrated."""
    return PackVersion._meta.db_table in connection.introspection.table_names()


def reset_caches() -> None:
    """Forgets what this process knows of pack versions: after a load, and between tests."""
    global _current
    _current = None
    rulebook.cache_clear()
