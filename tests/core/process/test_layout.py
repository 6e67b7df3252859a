"""A process written by hand can be drawn."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.core.process.drawing import Drawing
from tests.core.process.generated import processes
from yiwang.core.process import check, lay_out, read
from yiwang.core.process.layout import place, route


def inside(point: tuple[int, int], box: tuple[int, int, int, int]) -> bool:
    (x, y), (left, top, width, height) = point, box
    return left <= x <= left + width and top <= y <= top + height


def overlap(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> bool:
    (x1, y1, w1, h1), (x2, y2, w2, h2) = one, two
    return x1 < x2 + w2 and x2 < x1 + w1 and y1 < y2 + h2 and y2 < y1 + h1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes())
def test_nothing_overlaps_and_every_arrow_joins_its_two_ends_at_right_angles(xml: bytes) -> None:
    process = read(xml)
    boxes = place(process)
    bodies = [(own, box) for own, box in boxes.items() if process.nodes[own].kind != "boundary"]
    for nth, (_, one) in enumerate(bodies):
        assert not any(overlap(one, two) for _, two in bodies[:nth])
    for own, points in route(process, boxes).items():
        flow = process.flows[own]
        assert inside(points[0], boxes[flow.source])
        assert inside(points[-1], boxes[flow.target])
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            assert x1 == x2 or y1 == y2
            line = (min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
            crossed = [
                node for node, box in bodies if overlap(line, box) and node not in (flow.source, flow.target)
            ]
            assert [node for node in crossed if getattr(process.nodes[flow.source], "host", "") != node] == []


def test_the_author_s_text_stays_as_it_was_and_a_second_drawing_replaces_the_first() -> None:
    d = Drawing()
    d.start()
    d.task("handle")
    d.end()
    d.path("start", "handle", "end")
    xml = d.xml().replace(b"<userTask", "<!-- 为什么 -->\n<userTask".encode())
    drawn = lay_out(xml)
    assert drawn.startswith(xml.rstrip().removesuffix(b"</definitions>"))
    assert check(drawn) == []
    assert etree.fromstring(drawn).tag.endswith("definitions")
    assert lay_out(drawn) == drawn


def test_a_hand_written_file_without_drawing_can_be_used_but_is_mentioned() -> None:
    d = Drawing()
    d.start()
    d.task("handle")
    d.end()
    d.path("start", "handle", "end")
    problems = check(d.xml())
    assert {problem.code for problem in problems} == {"no_shape"}
    assert {problem.severity for problem in problems} == {"warning"}
    assert {problem.element for problem in problems} >= {"start", "handle", "end"}
