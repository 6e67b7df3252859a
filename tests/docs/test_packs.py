"""docs/packs.md says what every file of a pack may hold, and what a process file may draw."""

from __future__ import annotations

import pytest

from tests.docs.pages import code, first_cells, page, sections
from yiwang.core.policy import cases as policy_cases
from yiwang.core.process import attributes
from yiwang.core.process.model import LINKS
from yiwang.core.process.refusals import REFUSED
from yiwang.core.worktime import UNITS
from yiwang.kernel.packs import (
    entries,
    entries_approvals,
    entries_halls,
    entries_imports,
    entries_licences,
    entries_services,
    files,
)
from yiwang.kernel.packs.settings import KNOWN

PAGE = page("packs.md")
KEYS = files.known_keys()
# A notice and the office hours are read by core.worktime, which has no table of keys.
DOCUMENTS = {
    "calendar/*.yaml": {"year", "source", "status", "days_off", "makeup_days", "name", "from", "to", "date"},
    "calendar.yaml": {"office_hours", "status", "seasons", "name", "from", "to", "windows"},
}
# The cases are read by core.policy.
CASES = {*policy_cases.HEADER, *policy_cases.KEYS} - {"slug"}
DOCUMENTS["cases/*.yaml"] = CASES
# Made from the header or the file's form, so an author does not write them.
IMPLIED = {"catalogue/crosswalk-*.yaml", "settings.yaml"}
BUNDLE_PARTS = (entries_services.AskedPart, entries_services.ItemPart, entries_services.BaselinePart)
# Keys inside an entry, and what the columns of a pair are called.
NESTED = {
    "posts.yaml": set(entries.GrantEntry.model_fields),
    "parameters/*.yaml": {"from", "value"},
    "imports/*.yaml": set(entries_imports.ImportColumn.model_fields),
    "places/roads.geojson": set(entries.StretchEntry.model_fields),
    "licences/*.yaml": set(entries_licences.LicenceFieldPart.model_fields),
    "services/*.yaml": {
        name
        for part in entries_services.Part.__subclasses__()
        if part not in BUNDLE_PARTS and part.__module__ == entries_services.__name__
        for name in part.model_fields
    },
    "halls.yaml": set(entries_halls.LinePart.model_fields),
    "approvals/classes.yaml": {"from", "total", "stages"},
    "approvals/permits.yaml": set(entries_services.BasisPart.model_fields)
    | set(entries_services.NeededPart.model_fields)
    | set(entries_approvals.PermitCommitmentPart.model_fields),
    "approvals/methods.yaml": set(entries_approvals.MethodStepPart.model_fields),
    "bundles/*.yaml": {name for part in BUNDLE_PARTS for name in part.model_fields},
}
EVERYWHERE = {"remove"}


@pytest.mark.parametrize("pattern", files.KNOWN_PATTERNS)
def test_every_file_of_a_pack_has_its_heading(pattern):
    headings = " ".join(sections(PAGE, 3))
    assert pattern in headings


@pytest.mark.parametrize("pattern", KEYS)
def test_every_key_of_a_file_stands_in_the_table_of_the_file_and_no_other(pattern):
    text = next(body for name, body in sections(PAGE, 3).items() if pattern in name.split(", "))
    header, entry = KEYS[pattern]
    items = {kind.items for kind in files.FILES if kind.pattern == pattern} - {""}
    expected = {*header, *entry} | DOCUMENTS.get(pattern, set()) | NESTED.get(pattern, set())
    assert set(first_cells(text)) - EVERYWHERE == expected | items


def test_every_value_of_status_every_action_and_every_scope_is_explained():
    named = code(PAGE)
    assert set(entries.Status.__args__) <= named
    assert set(entries.ACTIONS) <= named
    assert set(entries.SCOPES) <= named


def test_every_setting_of_a_district_is_in_the_list_with_its_default():
    text = sections(PAGE, 3)["Settings of a district"]
    assert set(first_cells(text)) == set(KNOWN)
    for name, setting in KNOWN.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        shown = ", ".join(setting.default) if isinstance(setting.default, list) else f"{setting.default:g}"
        assert shown in line, name


def test_every_unit_of_a_limit_is_named():
    assert {f"{unit}" for unit in UNITS} <= set(first_cells(sections(PAGE, 3)["Limits"]))


def test_every_yiwang_attribute_of_a_process_file_is_in_its_table_and_no_other():
    known = {
        *attributes.TASK_ATTRIBUTES,
        *attributes.SERVICE_ATTRIBUTES,
        *attributes.OTHER_ATTRIBUTES,
    }
    assert set(first_cells(sections(PAGE, 3)["Attributes of Yiwang"])) == known
    assert {*attributes.CLOCKS, *LINKS} <= code(sections(PAGE, 3)["Attributes of Yiwang"])
    assert known <= set(first_cells(page("yiwang/core/process/README.md")))


def test_what_is_drawn_outside_the_subset_is_named_with_what_to_use_instead():
    table = first_cells(sections(PAGE, 3)["What is refused"])
    assert set(table) == set(REFUSED)
