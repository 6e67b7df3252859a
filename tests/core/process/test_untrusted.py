"""Files from strangers: entities, encodings, sizes, and what is no process at all."""

from __future__ import annotations

import pytest

from tests.core.process.drawing import HEAD, Drawing
from tests.core.process.sketches import found, straight
from yiwang.core.process import check


def test_nested_entities_are_refused_before_they_are_expanded() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = (
        f'<?xml version="1.0"?><!-- x -->\n<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>\n<lolz>&l11;</lolz>'
    )
    assert [(p.code, p.line) for p in check(xml.encode())] == [("doctype", 2)]


def test_a_file_on_the_server_is_not_read_through_an_entity(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("key")
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>\n'
    xml = straight().xml().replace(b"<definitions", doctype.encode() + b"<definitions", 1)
    assert [p.code for p in check(xml)] == ["doctype"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gbk"])
def test_another_encoding_cannot_hide_a_document_type(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY x "网">]><d>&x;</d>'
    assert check(xml.encode(encoding))[0].code in ("encoding", "not_xml")
    assert check(xml.encode())[0].code == "encoding"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "not_xml"),
        (b"<definitions", "not_xml"),
        (b"<html/>", "not_bpmn"),
        (HEAD.encode() + b"</definitions>", "no_process"),
        (b" " * 1_000_001, "too_large"),
    ],
)
def test_what_is_not_a_process_file_is_told_so(xml: bytes, code: str) -> None:
    assert [p.code for p in check(xml)] == [code]


def test_a_gateway_with_very_many_ways_is_checked_in_moderate_time_and_memory() -> None:
    d = Drawing()
    d.start()
    d.gateway("inclusive", "split")
    d.gateway("inclusive", "join")
    d.end()
    d.path("start", "split")
    d.path("join", "end")
    for nth in range(40):
        d.task(f"t{nth}")
        d.flow("split", f"t{nth}", f"a{nth}" if nth else "", default=nth == 0)
        d.flow(f"t{nth}", "join")
    assert found(d.xml(), "warning") == [("not_verified", "start")]


def test_a_process_with_too_many_nodes_is_refused() -> None:
    d = Drawing()
    d.start()
    d.end()
    d.path("start", *[d.task(f"t{nth}") for nth in range(500)], "end")
    assert [code for code, _ in found(d.xml())] == ["too_many_nodes"]


def test_a_second_process_in_the_file_is_refused() -> None:
    xml = straight().xml().replace(b"</definitions>", b'<process id="two"/></definitions>')
    assert found(xml) == [("many_processes", "two")]


def test_deep_nesting_does_not_bring_the_reader_down() -> None:
    deep = b"<extensionElements>" * 300 + b"</extensionElements>" * 300
    assert [p.severity for p in check(HEAD.encode() + deep + b"</definitions>")]
