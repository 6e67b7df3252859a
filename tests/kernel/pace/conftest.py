"""The matter of tests/kernel/matters, and nothing kept from another test."""

import pytest

from tests.kernel.matters.conftest import way  # noqa: F401 - the fixture
from yiwang.kernel.pace import queries


@pytest.fixture(autouse=True)
def nothing_kept():
    queries.reset_caches()
    yield
    queries.reset_caches()
