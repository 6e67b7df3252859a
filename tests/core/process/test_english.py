"""A drawing for an English page, and every file without names stays as it is."""

import re
from pathlib import Path

import pytest

from yiwang.core.process import ProcessError, in_english, read

INCIDENT = Path(__file__).parents[3] / "packs/national/processes/incident.bpmn"


def test_every_word_of_the_national_process_has_its_english():
    xml = in_english(INCIDENT.read_bytes()).decode()
    names = re.findall(r'\bname="([^"]*)"', re.sub(r"yiwang:\w+=\"[^\"]*\"", "", xml))
    assert len(names) > 20
    assert [name for name in names if re.search("[\u4e00-\u9fff]", name)] == []


def test_only_the_names_differ():
    before, after = read(INCIDENT.read_bytes()), read(in_english(INCIDENT.read_bytes()))
    assert after.nodes["handle"].name == before.nodes["handle"].name_en == "Handle"
    assert after.flows["after_verify__fail"].name == "Rework"
    assert {own: node.outgoing for own, node in before.nodes.items()} == {
        own: node.outgoing for own, node in after.nodes.items()
    }


def test_a_name_without_english_stays():
    xml = (
        INCIDENT.read_bytes()
        .replace(b' yiwang:name_en="Handle"', b"")
        .replace(b'yiwang:name_en="Handle"', b"")
    )
    assert read(in_english(xml)).nodes["handle"].name == "任务处理"


def test_what_is_no_process_is_refused():
    with pytest.raises(ProcessError):
        in_english(b"<html/>")
