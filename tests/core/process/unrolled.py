"""Loops written out, round by round.

In the second round of a loop SpiffWorkflow 3.2 takes branches of the first round for those of the second
at a join (the cases are in test_stepping). Written out, every round has joins of its own, and it is a
sound second opinion on loops with parallel branches inside, too.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

NS = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
AGAIN = "outcome == 'again'"
OVERFLOW = "overflow"
ROUNDS = 3


def base(own: str) -> str:
    """The id that a node had before the loops around it were written out."""
    return own.split("_r")[0]


def unroll(xml: bytes) -> tuple[bytes, frozenset[str]]:
    """The file without loops, and the tasks that must not end with `again`: they are in the last round."""
    root = etree.fromstring(xml)
    process = root.find(f"{NS}process")
    etree.SubElement(process, f"{NS}endEvent", id=OVERFLOW)
    loops = 0
    while (back := _next_loop(process)) is not None:
        loops += 1
        _write_out(process, back, loops)
    flows = process.findall(f"{NS}sequenceFlow")
    gateways = {flow.get("sourceRef") for flow in flows if flow.get("targetRef") == OVERFLOW}
    return etree.tostring(root), frozenset(
        f.get("sourceRef") for f in flows if f.get("targetRef") in gateways
    )


def _next_loop(process: etree._Element) -> etree._Element | None:
    for flow in process.iter(f"{NS}sequenceFlow"):
        if "".join(flow.itertext()) == AGAIN and not flow.get("written"):
            return flow
    return None


def _write_out(process: etree._Element, back: etree._Element, loop: int) -> None:
    flows = process.findall(f"{NS}sequenceFlow")
    last, first = back.get("sourceRef"), back.get("targetRef")
    hosts = {node.get("id"): node.get("attachedToRef") for node in process if node.get("attachedToRef")}
    body, stack = {last, OVERFLOW}, [first]
    while stack:
        node = stack.pop()
        if node not in body:
            body.add(node)
            stack += [flow.get("targetRef") for flow in flows if flow.get("sourceRef") == node]
            stack += [timer for timer, host in hosts.items() if host == node]
    body.discard(OVERFLOW)
    back.set("written", "yes")
    before = back
    for nth in range(2, ROUNDS + 1):
        mark = f"_r{loop}x{nth}"
        before.set("targetRef", f"{first}{mark}")
        for node in [node for node in process if node.get("id") in body]:
            process.append(_renamed(node, body, mark))
        for flow in flows:
            if flow.get("sourceRef") in body:
                copied = _renamed(flow, body, mark)
                process.append(copied)
                if flow is back:
                    before = copied
    before.set("targetRef", OVERFLOW)


def _renamed(element: etree._Element, body: set[str], mark: str) -> etree._Element:
    copied = deepcopy(element)
    copied.set("id", f"{element.get('id')}{mark}")
    if copied.get("default"):
        copied.set("default", f"{element.get('default')}{mark}")
    for key in ("sourceRef", "targetRef", "attachedToRef"):
        if element.get(key) in body:
            copied.set(key, f"{element.get(key)}{mark}")
    return copied
