"""A drawing for a process file that has none: columns from left to right, edges with right angles.

The file's own text stays as it is, comments and all; the diagram is put in before the last closing
tag. (The library that does this for the BPMN world parses and rewrites the whole file, which would
lose the author's comments and line numbers.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from yiwang.core.process.model import BOUNDARY, GATEWAYS, SERVICE, USER, Flow, Node, Process, Timer
from yiwang.core.process.names import BPMNDI, DC, DI
from yiwang.core.process.reading import read
from yiwang.core.process.regions import onward

COLUMN, ROW, MARGIN = 160, 130, 80
LANE_GAP = 16  # between two edges that run beside each other
_DIAGRAM = re.compile(rb"[ \t]*<(\w+:)?BPMNDiagram\b.*?</(\w+:)?BPMNDiagram>\s*?\n?", re.DOTALL)
_CLOSING = re.compile(rb"</(\w+:)?definitions\s*>\s*$")

Point = tuple[int, int]


def lay_out(xml: bytes, file: str = "<process>") -> bytes:
    """The same file with a new diagram in place of any that it had. Raises ProcessError."""
    process = read(xml, file)
    bare = _DIAGRAM.sub(b"", xml)
    closing = _CLOSING.search(bare)
    if closing is None:
        raise ValueError(f"{file} does not end with the closing tag of its definitions")
    boxes = place(process)
    edges = route(process, boxes)
    return bare[: closing.start()] + _diagram(process, boxes, edges).encode() + bare[closing.start() :]


def place(process: Process) -> dict[str, tuple[int, int, int, int]]:
    """x, y, width and height of each node; no two overlap."""
    column = _columns(process)
    rows = _rows(process, column)
    boxes = {}
    for node in process.nodes.values():
        width, height = _size(node)
        x = MARGIN + column[node.id] * COLUMN + 50 - width // 2
        y = MARGIN + rows[node.id] * ROW + 40 - height // 2
        boxes[node.id] = (x, y, width, height)
    for node in process.nodes.values():
        if isinstance(node, Timer) and node.kind == BOUNDARY:
            host = process.nodes[node.host]
            x, y, width, height = boxes[host.id]
            nth = host.timers.index(node.id)
            boxes[node.id] = (x + width - 28 - nth * 40, y + height - 18, 36, 36)
    return boxes


def _size(node: Node) -> tuple[int, int]:
    if node.kind in (USER, SERVICE):
        return 100, 80
    return (50, 50) if node.kind in GATEWAYS else (36, 36)


def _columns(process: Process) -> dict[str, int]:
    """The longest way from the start, not counting flows that lead back."""
    following = onward(process.nodes, process.flows)
    order: list[str] = []
    state: dict[str, int] = {}  # 1: on the way, 2: done
    ahead: dict[str, list[str]] = {node: [] for node in process.nodes}
    stack = [(process.start, iter(following[process.start]))]
    state[process.start] = 1
    while stack:
        node, targets = stack[-1]
        for target in targets:
            if state.get(target) == 1:
                continue
            ahead[node].append(target)
            if target not in state:
                state[target] = 1
                stack.append((target, iter(following[target])))
                break
        else:
            state[node] = 2
            order.append(node)
            stack.pop()
    column = dict.fromkeys(process.nodes, 0)
    for node in reversed(order):
        boundary = {own for own in ahead[node] if process.nodes[own].kind == BOUNDARY}
        for target in ahead[node]:
            column[target] = max(column[target], column[node] + (target not in boundary))
    return column


def _rows(process: Process, column: Mapping[str, int]) -> dict[str, int]:
    """The first node after another stays in its row; the others take the next free row below."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    following = onward(process.nodes, process.flows)
    stack = [(process.start, 0)]
    while stack:
        node, wanted = stack.pop()
        if node in rows:
            continue
        attached = process.nodes[node].kind == BOUNDARY
        while not attached and (column[node], wanted) in taken:
            wanted += 1
        rows[node] = wanted
        if not attached:
            taken.add((column[node], wanted))
        ways = [target for target in following[node] if target not in rows]
        ways.sort(key=lambda target: process.nodes[target].kind == BOUNDARY)
        for nth, target in reversed(list(enumerate(ways))):
            stack.append((target, wanted + (1 if attached else nth)))
    return rows


def route(process: Process, boxes: Mapping[str, tuple[int, int, int, int]]) -> dict[str, list[Point]]:
    """The corner points of each flow. Flows that lead back run below all nodes, each in its own lane."""
    bottom = max(y + height for _, y, _, height in boxes.values()) + 40
    edges: dict[str, list[Point]] = {}
    lanes = 0
    for flow in process.flows.values():
        straight = _forward(process, flow, boxes)
        if straight:
            edges[flow.id] = straight
            continue
        x1, y1, w1, h1 = boxes[flow.source]
        x2, y2, w2, h2 = boxes[flow.target]
        y = bottom + lanes * LANE_GAP
        shift = (lanes % 3 - 1) * 8
        lanes += 1
        out, into = x1 + w1 // 2 + shift, x2 + w2 // 2 + shift
        gap_out = _middle(process, flow.source, boxes) + 64 + shift
        gap_in = _middle(process, flow.target, boxes) - 64 - shift
        edges[flow.id] = _tidy(
            [(out, y1 + h1), (out, y1 + h1 + 12), (gap_out, y1 + h1 + 12), (gap_out, y), (gap_in, y),
             (gap_in, y2 + h2 + 10), (into, y2 + h2 + 10), (into, y2 + h2)]
        )  # fmt: skip
    return edges


def _middle(process: Process, own: str, boxes: Mapping[str, tuple[int, int, int, int]]) -> int:
    """The middle of a node's column; the gap between columns begins 50 beside it."""
    node = process.nodes[own]
    x, _, width, _ = boxes[node.host if isinstance(node, Timer) and node.kind == BOUNDARY else own]
    return x + width // 2


def _forward(process: Process, flow: Flow, boxes: Mapping[str, tuple[int, int, int, int]]) -> list[Point]:
    """Right, then up or down in the gap before the target, then right; empty where a node is in the way."""
    x1, y1, w1, h1 = boxes[flow.source]
    x2, y2, _, h2 = boxes[flow.target]
    middle1, middle2 = y1 + h1 // 2, y2 + h2 // 2
    if x2 < x1 + w1 + 8:
        return []
    if process.nodes[flow.source].kind == BOUNDARY:
        points = [(x1 + w1 // 2, y1 + h1), (x1 + w1 // 2, middle2), (x2, middle2)]
        return points if middle2 > y1 + h1 and _free(points, flow, boxes) else []
    if middle1 == middle2:
        points = [(x1 + w1, middle1), (x2, middle2)]
        return points if _free(points, flow, boxes) else []
    turns = (x2 - 30, x1 + w1 + 15)
    if process.nodes[flow.source].kind in GATEWAYS:
        edge = y1 + h1 if middle2 > middle1 else y1
        points = [(x1 + w1 // 2, edge), (x1 + w1 // 2, middle2), (x2, middle2)]
        if _free(points, flow, boxes):
            return points
    for turn in turns:
        points = [(x1 + w1, middle1), (turn, middle1), (turn, middle2), (x2, middle2)]
        if _free(points, flow, boxes):
            return points
    return []


def _free(points: list[Point], flow: Flow, boxes: Mapping[str, tuple[int, int, int, int]]) -> bool:
    """Whether no node but the flow's own ends lies on the line."""
    for (xa, ya), (xb, yb) in zip(points, points[1:], strict=False):
        left, right, top, low = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        for own, (x, y, width, height) in boxes.items():
            if own in (flow.source, flow.target):
                continue
            if left < x + width and right > x and top < y + height and low > y:
                return False
            if left == right and x <= left <= x + width and top < y + height and low > y:
                return False
            if top == low and y <= top <= y + height and left < x + width and right > x:
                return False
    return True


def _tidy(points: list[Point]) -> list[Point]:
    return [point for nth, point in enumerate(points) if nth == 0 or point != points[nth - 1]]


def _diagram(process: Process, boxes: Mapping, edges: Mapping[str, list[Point]]) -> str:
    rows = [
        f'  <bpmndi:BPMNDiagram xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}" id="{process.id}_diagram">',
        f'    <bpmndi:BPMNPlane id="{process.id}_plane" bpmnElement={quoteattr(process.id)}>',
    ]
    for own, (x, y, width, height) in boxes.items():
        marker = ' isMarkerVisible="true"' if process.nodes[own].kind in GATEWAYS else ""
        rows.append(f'      <bpmndi:BPMNShape id="{own}_shape" bpmnElement="{own}"{marker}>')
        rows.append(f'        <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>')
        rows.append("      </bpmndi:BPMNShape>")
    for own, points in edges.items():
        rows.append(f'      <bpmndi:BPMNEdge id="{own}_edge" bpmnElement="{own}">')
        rows.extend(f'        <di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        rows.append("      </bpmndi:BPMNEdge>")
    return "\n".join([*rows, "    </bpmndi:BPMNPlane>", "  </bpmndi:BPMNDiagram>", ""])
