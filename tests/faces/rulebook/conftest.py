"""Somebody signed in who looks at the rulebook, and packs of their own for what changes between versions."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.utils import translation
from lxml import html

from yiwang.kernel.pace import queries as pace
from yiwang.kernel.packs import contents


@pytest.fixture(autouse=True)
def nothing_kept():
    pace.reset_caches()
    contents.reset_caches()
    yield
    pace.reset_caches()
    contents.reset_caches()


class Looked:
    """A page that somebody looked at."""

    def __init__(self, answer) -> None:
        self.status, self.answer = answer.status_code, answer
        self.tree = html.document_fromstring(answer.content) if answer.content[:1] == b"<" else None

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.tree.find(".//main").text_content())

    def rows(self, table: int = 0) -> list[list[str]]:
        found = self.tree.xpath("//main//table")[table]
        return [
            [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row]
            for row in found.xpath(".//tbody/tr")
        ]

    def links(self) -> list[str]:
        return self.tree.xpath("//main//a/@href")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def look(signed_in):
    """`look("/rules")` is the page as the inspector's browser gets it, in English."""
    client = signed_in("dispatcher")

    def at(address: str, language: str = "en") -> Looked:
        client.cookies["yiwang_language"] = language
        return Looked(client.get(address))

    at.client = client
    return at


@pytest.fixture
def changed_town(no_pack, tmp_path, settings, time):
    """A small town whose pack was loaded twice: in between a limit, a duty and a step of the process were changed."""
    from tests.kernel.packs import sample
    from yiwang.kernel.packs.loader import load
    from yiwang.kernel.registers.queries import reset_caches

    settings.PACKS_DIR = tmp_path
    settings.PACK = "town"
    first = load(sample.write_packs(tmp_path), time.now, by="engineer").version
    conditions = sample.BASE["conditions/all.yaml"].replace("limit: 4wh", "limit: 2wh")
    process = sample.PROCESS.replace('yiwang:limit="1wh"', 'yiwang:limit="2wh"')
    duties = sample.TOWN["duties.yaml"].replace(
        'area: "210104002000", unit: west-office', 'area: "210104002000", unit: lamps'
    )
    sample.write_packs(
        tmp_path,
        {"conditions/all.yaml": conditions, "processes/incident.bpmn": process},
        {
            "duties.yaml": duties,
            "pack.yaml": sample.TOWN["pack.yaml"].replace('version: "1"', 'version: "2"'),
        },
    )
    second = load(tmp_path / "town", time.now, by="engineer").version
    yield SimpleNamespace(first=first.pk, second=second.pk)
    reset_caches()
