"""The packs as their files say, read once for all tests here."""

from __future__ import annotations

import pytest

from yiwang.kernel.packs.reader import read_pack


@pytest.fixture(scope="session")
def pack():
    """Dadong's pack with the national one under it."""
    return read_pack("dadong")


@pytest.fixture(scope="session")
def rows(pack):
    """rows("units") -> the data of that section's entries."""
    return lambda section: [entry.data for entry in pack.section(section).values()]
