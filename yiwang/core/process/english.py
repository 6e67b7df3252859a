"""A process file with its English names, to be drawn on an English page."""

from __future__ import annotations

from lxml import etree

from yiwang.core.process.document import parse
from yiwang.core.process.names import YIWANG
from yiwang.core.process.problems import Findings, ProcessError


def in_english(xml: bytes, file: str = "<process>") -> bytes:
    """The same file in which every element with a yiwang:name_en has it as its name. Raises ProcessError."""
    findings = Findings(file)
    root = parse(xml, findings)
    if root is None:
        raise ProcessError(findings.problems)
    for element in root.iter(etree.Element):
        english = element.get(f"{{{YIWANG}}}name_en", "").strip()
        if english:
            element.set("name", english)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
