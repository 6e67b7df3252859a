"""The drawing in a process file (BPMN DI)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from yiwang.core.process.model import Flow, Node
from yiwang.core.process.names import BPMNDI
from yiwang.core.process.problems import Findings


def check_shapes(
    root: etree._Element, nodes: Mapping[str, Node], flows: Mapping[str, Flow], findings: Findings
) -> None:
    """Warns of every node and flow that the diagram does not show."""
    drawn = {
        shape.get("bpmnElement") for shape in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    }
    for part in (*nodes.values(), *flows.values()):
        if part.id not in drawn:
            findings.add("no_shape", part.line, part.id, severity="warning")
