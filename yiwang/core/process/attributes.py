"""The yiwang: attributes of tasks, and timer durations."""

from __future__ import annotations

import re

from lxml import etree

from yiwang.core.process.model import LINKS
from yiwang.core.process.names import YIWANG, child, in_bpmn, local, text
from yiwang.core.process.problems import Findings
from yiwang.core.process.refusals import REFUSED

LIMIT = re.compile(r"\d{1,5}(wd|wh|eh|h|d)")
REFERENCE = re.compile(r"\$?[A-Za-z_][\w-]*|[\w-]+", re.ASCII)
_VARIABLE = re.compile(r"\$[A-Za-z_]\w*", re.ASCII)
_VALUE = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_ISO = re.compile(r"P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?)?)")

TASK_ATTRIBUTES = (
    "name_en",
    "post",
    "unit",
    "limit",
    "form",
    "link",
    "pauses",
    "clock",
    "extend",
    "outcomes",
)
NEVER = "none"
CLOCKS = ("restart", "continue")
SERVICE_ATTRIBUTES = ("name_en", "action", "outcomes")
OTHER_ATTRIBUTES = ("name_en",)


def known_only(element: etree._Element, known: tuple[str, ...], findings: Findings) -> None:
    """Finds misspelt yiwang: attributes."""
    prefix = f"{{{YIWANG}}}"
    for key in element.attrib:
        if key.startswith(prefix) and key[len(prefix) :] not in known:
            findings.add(
                "unknown_attribute", element.sourceline, element.get("id", ""),
                attribute=key[len(prefix) :], element=local(element), known=", ".join(known),
            )  # fmt: skip


def own(element: etree._Element, name: str) -> str:
    """The value of a yiwang: attribute; empty when there is none."""
    return element.get(f"{{{YIWANG}}}{name}", "").strip()


def read_user_task(element: etree._Element, findings: Findings) -> dict:
    """The fields of a UserTask that its attributes give."""
    known_only(element, TASK_ATTRIBUTES, findings)
    line, task = element.sourceline, element.get("id", "")
    post = own(element, "post")
    if not post:
        advice = 'Say which post does it, such as yiwang:post="handler".'
        findings.add("missing", line, task, element="The user task", attribute="post", advice=advice)
    outcomes = read_outcomes(element, findings)
    if not outcomes:
        advice = 'Name how it can end, such as yiwang:outcomes="done:完成".'
        findings.add("missing", line, task, element="The user task", attribute="outcomes", advice=advice)
    limit = own(element, "limit")
    if limit and not LIMIT.fullmatch(limit) and not _VARIABLE.fullmatch(limit):
        findings.add("bad_limit", line, task, text=limit)
    extend = own(element, "extend")
    if extend and extend != NEVER and not LIMIT.fullmatch(extend):
        findings.add("bad_extend", line, task, text=extend)
    for name in ("post", "unit", "form"):
        value = own(element, name)
        if value and not REFERENCE.fullmatch(value):
            findings.add("bad_reference", line, task, text=value, attribute=name)
    link = own(element, "link")
    if link and link not in LINKS:
        findings.add("bad_link", line, task, text=link, known=", ".join(LINKS))
    clock = own(element, "clock") or "restart"
    if clock not in CLOCKS:
        findings.add("bad_clock", line, task, text=clock, known=", ".join(CLOCKS))
    items, item = _read_items(element, findings)
    return {
        "post": post, "unit": own(element, "unit"), "limit": limit, "form": own(element, "form"), "link": link,
        "pauses": tuple(_values(element, "pauses", findings)), "clock": clock, "outcomes": outcomes,
        "items": items, "item": item, "extend": extend,
    }  # fmt: skip


def read_service_task(element: etree._Element, findings: Findings) -> dict:
    """The fields of a ServiceTask that its attributes give."""
    known_only(element, SERVICE_ATTRIBUTES, findings)
    action = own(element, "action")
    line, task = element.sourceline, element.get("id", "")
    if not action:
        advice = 'Name the action that runs here, such as yiwang:action="notify_reporter".'
        findings.add("missing", line, task, element="The service task", attribute="action", advice=advice)
    elif not _VALUE.fullmatch(action):
        findings.add("bad_reference", line, task, text=action, attribute="action")
    return {"action": action, "outcomes": read_outcomes(element, findings)}


def read_outcomes(element: etree._Element, findings: Findings) -> dict[str, str]:
    """`value` or `value:label`, separated by commas; a label is its value where none is given."""
    outcomes = {}
    for part in _values(element, "outcomes", findings):
        value, _, label = part.partition(":")
        value = value.strip()
        if not _VALUE.fullmatch(value):
            what = f"the value {value!r}, which is not made of letters, digits, - and _"
            findings.add(
                "bad_list", element.sourceline, element.get("id", ""), attribute="outcomes", what=what
            )
        elif value in outcomes:
            what = f"{value} twice"
            findings.add(
                "bad_list", element.sourceline, element.get("id", ""), attribute="outcomes", what=what
            )
        else:
            outcomes[value] = label.strip() or value
    return outcomes


def read_duration(definition: etree._Element, event: str, findings: Findings) -> str:
    """A timer's duration as limit text or `$name`; ISO 8601 becomes natural days or hours."""
    for name in ("timeDate", "timeCycle"):
        found = child(definition, name)
        if found is not None:
            findings.add("refused", found.sourceline, event, element=name, advice=REFUSED[name])
            return ""
    found = child(definition, "timeDuration")
    written = text(found).strip("\"'")
    if not written:
        findings.add("no_duration", definition.sourceline, event)
        return ""
    duration = as_limit(written)
    if not duration:
        findings.add("bad_duration", found.sourceline, event, text=written)
    return duration


def as_limit(written: str) -> str:
    """Limit text for a duration; empty when it cannot be said as one."""
    if LIMIT.fullmatch(written) or _VARIABLE.fullmatch(written):
        return written
    iso = _ISO.fullmatch(written)
    if not iso or not any(iso.groups()):
        return ""
    weeks, days, hours = (int(part or 0) for part in iso.groups())
    if hours:
        return f"{days * 24 + hours}h"
    return f"{weeks * 7 + days}d"


def _values(element: etree._Element, name: str, findings: Findings) -> list[str]:
    written = own(element, name)
    if not written:
        return []
    values = [value.strip() for value in written.split(",")]
    what = "an empty place" if "" in values else "a value twice" if len(set(values)) < len(values) else ""
    if what:
        findings.add("bad_list", element.sourceline, element.get("id", ""), attribute=name, what=what)
    return [value for value in dict.fromkeys(values) if value]


def _read_items(element: etree._Element, findings: Findings) -> tuple[str, str]:
    """The list variable and the item's name of a parallel multi-instance task."""
    task = element.get("id", "")
    for loop in element:
        if not in_bpmn(loop) or local(loop) not in (
            "multiInstanceLoopCharacteristics",
            "standardLoopCharacteristics",
        ):
            continue
        refused = [
            name for name in ("completionCondition", "loopCardinality") if child(loop, name) is not None
        ]
        if local(loop) == "standardLoopCharacteristics":
            refused = ["standardLoopCharacteristics"]
        elif loop.get("isSequential") == "true":
            refused.append("isSequential")
        for name in refused:
            findings.add("refused", loop.sourceline, task, element=name, advice=REFUSED[name])
        if refused:
            return "", ""
        items = text(child(loop, "loopDataInputRef"))
        declared = child(loop, "inputDataItem")
        item = "item" if declared is None else declared.get("name") or declared.get("id") or "item"
        if not items:
            findings.add("no_items", loop.sourceline, task)
        for name in filter(None, (items, item)):
            if not name.isidentifier() or name == "outcome":
                findings.add("bad_name", loop.sourceline, task, text=name)
        return items, item
    return "", ""
