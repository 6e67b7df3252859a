"""XML names of a process file."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
# Extension attributes of Yiwang: limit, post, unit, form, link, pauses, outcomes, action, name_en.
YIWANG = "urn:yiwang:bpmn:1"


def local(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def in_bpmn(element: etree._Element) -> bool:
    """Whether this is an element of BPMN itself, not of an extension."""
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{BPMN}}}")


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child with this name."""
    return element.find(f"{{{BPMN}}}{name}")


def text(element: etree._Element | None) -> str:
    """The stripped text of an element; empty when there is none."""
    return "".join(element.itertext()).strip() if element is not None else ""
