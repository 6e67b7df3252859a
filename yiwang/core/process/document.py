"""Parsing of untrusted XML: no entities, no document type, no network, no file, at most 1 MB."""

from __future__ import annotations

import re

from lxml import etree

from yiwang.core.process.names import BPMN
from yiwang.core.process.problems import Findings

MAX_BYTES = 1_000_000
_BEFORE_ROOT = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']""")


def parse(xml: bytes, findings: Findings) -> etree._Element | None:
    """The definitions element, or None with the reason in `findings`."""
    if len(xml) > MAX_BYTES:
        return findings.add("too_large", 1, limit=MAX_BYTES)
    body = xml.removeprefix(b"\xef\xbb\xbf")
    encoding = _ENCODING.match(body)
    if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii"):
        return findings.add("encoding", 1)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return findings.add("encoding", body.count(b"\n", 0, error.start) + 1)
    # A document type can only stand before the root; it is refused before the parser sees an entity.
    place = 0
    while found := _BEFORE_ROOT.match(body, place):
        place = found.end()
    if body[place:].lstrip().upper().startswith(b"<!DOCTYPE"):
        return findings.add("doctype", body.count(b"\n", 0, body.upper().index(b"<!DOCTYPE", place)) + 1)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return findings.add("not_xml", error.lineno or 1, reason=error.msg)
    if root.tag != f"{{{BPMN}}}definitions":
        return findings.add("not_bpmn", root.sourceline or 1, tag=etree.QName(root).localname)
    return root
