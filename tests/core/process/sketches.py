"""Small processes that the checker's tests start from, and what it finds in a file."""

from __future__ import annotations

from tests.core.process.drawing import Drawing
from yiwang.core.process import check


def found(xml: bytes, severity: str = "error") -> list[tuple[str, str]]:
    """(code, element) of every problem, without the warnings that hand-written files have no drawing."""
    return [
        (p.code, p.element)
        for p in check(xml, "test.bpmn")
        if p.severity == severity and p.code != "no_shape"
    ]


def line_of(xml: bytes, text: str) -> int:
    return next(n for n, line in enumerate(xml.decode().splitlines(), 1) if text in line)


def simple(*nodes: str, outcomes: str = "done") -> Drawing:
    """start, task, end; with more nodes put in as raw XML."""
    d = Drawing()
    d.start()
    d.task("handle", outcomes)
    d.end()
    d.nodes.extend(nodes)
    return d


def straight(*nodes: str, outcomes: str = "done") -> Drawing:
    d = simple(*nodes, outcomes=outcomes)
    d.path("start", "handle", "end")
    return d


def after_task(outcomes: str = "yes,no") -> Drawing:
    """start, task, exclusive gateway with two tasks to lead to, end."""
    d = Drawing()
    d.start()
    d.task("ask", outcomes)
    d.gateway("exclusive", "which")
    d.task("left")
    d.task("right")
    d.end()
    d.path("start", "ask", "which")
    d.path("left", "end")
    d.path("right", "end")
    return d


def two_branches(opening: str, closing: str) -> Drawing:
    d = Drawing()
    d.start()
    d.gateway(opening, "split")
    d.task("roads")
    d.task("water")
    d.gateway(closing, "join")
    d.task("decide")
    d.end()
    d.path("start", "split")
    d.flow("split", "roads", "" if opening == "parallel" else "digs")
    d.flow("split", "water", default=opening != "parallel")
    d.path("roads", "join", "decide", "end")
    d.path("water", "join")
    return d
