"""From the bytes of a process file to nodes and flows, and to a Process when nothing is wrong."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from yiwang.core.process import attributes
from yiwang.core.process.checking import check_graph
from yiwang.core.process.conditions import BadCondition, Condition
from yiwang.core.process.diagram import check_shapes
from yiwang.core.process.document import parse
from yiwang.core.process.model import (
    BOUNDARY,
    END,
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    SERVICE,
    START,
    TERMINATE,
    TIMER,
    USER,
    Flow,
    Gateway,
    Node,
    Process,
    ServiceTask,
    Timer,
    UserTask,
)
from yiwang.core.process.names import BPMN, child, in_bpmn, local, text
from yiwang.core.process.problems import Findings, Problem, ProcessError
from yiwang.core.process.refusals import IGNORED, OTHERWISE, REFUSED
from yiwang.core.process.regions import join_reach, onward, reachable, threads

MAX_NODES = 500
_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_GATEWAYS = {"exclusiveGateway": EXCLUSIVE, "parallelGateway": PARALLEL, "inclusiveGateway": INCLUSIVE}


def read(xml: bytes, file: str = "<process>") -> Process:
    """The process in a BPMN file. Raises ProcessError with every error found; warnings do not stop it."""
    process, problems = _examine(xml, file)
    if process is None:
        raise ProcessError([problem for problem in problems if problem.severity == "error"])
    return process


def check(xml: bytes, file: str = "<process>") -> list[Problem]:
    """Everything that is wrong or doubtful in a BPMN file, by line; empty when nothing is."""
    return _examine(xml, file)[1]


def _examine(xml: bytes, file: str) -> tuple[Process | None, list[Problem]]:
    findings = Findings(file)
    root = parse(xml, findings)
    element = None if root is None else _the_process(root, findings)
    if root is None or element is None:
        return None, findings.sorted()
    reader = _Reader(element, findings)
    nodes, flows = reader.read()
    if len(nodes) > MAX_NODES:
        findings.add("too_many_nodes", element.sourceline, limit=MAX_NODES)
    if not findings.failed:
        check_graph(nodes, flows, findings)
    check_shapes(root, nodes, flows, findings)
    if findings.failed:
        return None, findings.sorted()
    return _compile(element, nodes, flows, reader.lanes), findings.sorted()


def _the_process(root: etree._Element, findings: Findings) -> etree._Element | None:
    found = None
    for element in root:
        if not in_bpmn(element):
            continue
        kind = local(element)
        if kind == "process" and found is None:
            found = element
        elif kind == "process":
            findings.add("many_processes", element.sourceline, element.get("id", ""))
        elif kind == "collaboration":
            for message in element.iterchildren(f"{{{BPMN}}}messageFlow"):
                _refuse(message, findings)
        elif kind not in IGNORED and kind != "relationship":
            _refuse(element, findings)
    if found is None:
        findings.add("no_process", root.sourceline)
    return found


def _refuse(element: etree._Element, findings: Findings, about: str = "") -> None:
    kind = local(element)
    advice = REFUSED.get(kind, OTHERWISE)
    findings.add("refused", element.sourceline, about or element.get("id", ""), element=kind, advice=advice)


class _Reader:
    """Reads the children of one process element."""

    def __init__(self, element: etree._Element, findings: Findings):
        self.element = element
        self.findings = findings
        self.lines: dict[str, int] = {}
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, str] = {}
        self.lane_of: dict[str, str] = {}

    def read(self) -> tuple[dict[str, Node], dict[str, Flow]]:
        flows = []
        for element in self.element:
            if not in_bpmn(element):
                continue
            kind = local(element)
            if kind == "laneSet":
                self.read_lanes(element)
            elif kind == "sequenceFlow":
                flows.append(element)
            elif kind not in IGNORED:
                self.read_node(element, kind)
        for element in flows:
            self.read_flow(element)
        self.connect()
        return self.nodes, self.flows

    def read_lanes(self, lane_set: etree._Element) -> None:
        for lane in lane_set.iter(f"{{{BPMN}}}lane"):
            lane_id = lane.get("id", "")
            self.lanes[lane_id] = lane.get("name", "")
            for ref in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                self.lane_of[text(ref)] = lane_id

    def usable_id(self, element: etree._Element) -> str:
        """The element's id; empty, with the reason found, when it cannot be used."""
        own, line = element.get("id", ""), element.sourceline
        if not own:
            self.findings.add("no_id", line, element=local(element), id="")
        elif not _ID.fullmatch(own):
            self.findings.add("bad_id", line, own)
        elif own in self.lines:
            self.findings.add("duplicate_id", line, own, first=self.lines[own])
        else:
            self.lines[own] = line
            return own
        return ""

    def read_node(self, element: etree._Element, kind: str) -> None:
        reader = getattr(self, f"read_{kind}", None)
        if kind in _GATEWAYS:
            reader = self.read_gateway
        if reader is None:
            _refuse(element, self.findings)
            return
        own = self.usable_id(element)
        node = reader(element, own)
        if own and node is not None:
            self.nodes[own] = node

    def base(self, element: etree._Element, own: str, kind: str) -> dict:
        if kind not in (USER, SERVICE):
            attributes.known_only(element, attributes.OTHER_ATTRIBUTES, self.findings)
        name = " ".join(element.get("name", "").split())
        if kind in (USER, SERVICE) and not name:
            self.findings.add("no_name", element.sourceline, own)
        return {
            "id": own, "kind": kind, "name": name, "name_en": attributes.own(element, "name_en"),
            "lane": self.lane_of.get(own, ""), "line": element.sourceline,
        }  # fmt: skip

    def inside(self, element: etree._Element, allowed: tuple[str, ...] = ()) -> dict[str, etree._Element]:
        """The children that matter, by name; the others are refused."""
        found = {}
        for part in element:
            if not in_bpmn(part) or local(part) in IGNORED:
                continue
            if local(part) in allowed:
                found[local(part)] = part
            else:
                _refuse(part, self.findings, element.get("id", ""))
        return found

    # One method for each kind of element, called by its BPMN name

    def read_startEvent(self, element: etree._Element, own: str) -> Node:
        self.inside(element)
        return Node(**self.base(element, own, START))

    def read_endEvent(self, element: etree._Element, own: str) -> Node:
        terminates = self.inside(element, ("terminateEventDefinition",))
        return Node(**self.base(element, own, TERMINATE if terminates else END))

    def read_userTask(self, element: etree._Element, own: str) -> Node:
        self.inside(element, ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"))
        fields = attributes.read_user_task(element, self.findings)
        return UserTask(**self.base(element, own, USER), **fields)

    def read_serviceTask(self, element: etree._Element, own: str) -> Node:
        self.inside(element)
        fields = attributes.read_service_task(element, self.findings)
        return ServiceTask(**self.base(element, own, SERVICE), **fields)

    def read_gateway(self, element: etree._Element, own: str) -> Node:
        self.inside(element)
        base = self.base(element, own, _GATEWAYS[local(element)])
        return Gateway(**base, default=element.get("default", ""))

    def read_intermediateCatchEvent(self, element: etree._Element, own: str) -> Node | None:
        duration = self.timer(element, own)
        return None if duration is None else Timer(**self.base(element, own, TIMER), duration=duration)

    def read_boundaryEvent(self, element: etree._Element, own: str) -> Node | None:
        duration = self.timer(element, own)
        if duration is None:
            return None
        return Timer(
            **self.base(element, own, BOUNDARY), duration=duration, host=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", "true") != "false",
        )  # fmt: skip

    def timer(self, element: etree._Element, own: str) -> str | None:
        before = len(self.findings.problems)
        found = self.inside(element, ("timerEventDefinition",))
        if found:
            return attributes.read_duration(found["timerEventDefinition"], own, self.findings)
        if len(self.findings.problems) == before:
            self.findings.add("no_trigger", element.sourceline, own, element=local(element))
        return None

    def read_flow(self, element: etree._Element) -> None:
        own, line = self.usable_id(element), element.sourceline
        ends = {}
        for side in ("sourceRef", "targetRef"):
            ends[side] = element.get(side, "")
            if not ends[side]:
                self.findings.add("no_end_of_flow", line, own, side=side)
            elif ends[side] not in self.nodes and not self.was_refused(ends[side]):
                self.findings.add("dangling", line, own, side=side, node=ends[side])
        written = child(element, "conditionExpression")
        condition = None
        if written is not None:
            try:
                condition = Condition(text(written))
            except BadCondition as reason:
                self.findings.add(
                    "bad_condition", written.sourceline, own, text=text(written)[:100], reason=str(reason)
                )
        if own:
            name = " ".join(element.get("name", "").split())
            attributes.known_only(element, attributes.OTHER_ATTRIBUTES, self.findings)
            english = attributes.own(element, "name_en")
            self.flows[own] = Flow(own, ends["sourceRef"], ends["targetRef"], name, condition, line, english)

    def was_refused(self, own: str) -> bool:
        """Whether the element exists but is of a refused kind: one message about it is enough."""
        return any(element.get("id") == own for element in self.element if in_bpmn(element))

    def connect(self) -> None:
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for flow in self.flows.values():
            outgoing.setdefault(flow.source, []).append(flow.id)
            incoming.setdefault(flow.target, []).append(flow.id)
        timers: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if not isinstance(node, Timer) or node.kind != BOUNDARY:
                continue
            if isinstance(self.nodes.get(node.host), UserTask):
                timers.setdefault(node.host, []).append(node.id)
            else:
                self.findings.add("boundary_host", node.line, node.id)
        for own, node in self.nodes.items():
            extra = {"timers": tuple(timers.get(own, ()))} if isinstance(node, UserTask) else {}
            self.nodes[own] = replace(
                node, incoming=tuple(incoming.get(own, ())), outgoing=tuple(outgoing.get(own, ())), **extra
            )


def _compile(
    element: etree._Element, nodes: dict[str, Node], flows: dict[str, Flow], lanes: dict[str, str]
) -> Process:
    start = next(node.id for node in nodes.values() if node.kind == START)
    names = {name for flow in flows.values() if flow.condition for name in flow.condition.names}
    names |= {node.items for node in nodes.values() if isinstance(node, UserTask) and node.items}
    following = onward(nodes, flows)
    return Process(
        id=element.get("id", ""),
        name=" ".join(element.get("name", "").split()),
        name_en=attributes.own(element, "name_en"),
        start=start,
        nodes=nodes,
        flows=flows,
        lanes=lanes,
        names=frozenset(names - {"outcome"}),
        later={node: frozenset(reachable(node, following)) for node in nodes},
        threads=threads(nodes, flows, start),
        reach=join_reach(nodes, flows),
    )
