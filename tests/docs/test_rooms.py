"""The README of a domain names every module of it, so that who opens the room sees what is in it."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT

ROOMS = ["yiwang/domains/services"]


@pytest.mark.parametrize("room", ROOMS)
def test_the_readme_of_a_room_names_every_module_of_it(room):
    folder = ROOT / room
    named = set(re.findall(r"`([a-z_]+)`", (folder / "README.md").read_text(encoding="utf-8")))
    there = {one.stem for one in folder.glob("*.py")}
    there |= {one.parent.name for one in folder.glob("*/__init__.py")}
    assert sorted(there - {"__init__", "migrations"} - named) == []
