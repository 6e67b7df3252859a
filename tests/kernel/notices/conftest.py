"""A matter on its way, and the people who are told of it."""

from __future__ import annotations

import pytest

from tests.kernel.matters.conftest import Way
from tests.people import person
from yiwang.kernel.matters import store


@pytest.fixture
def way(dadong) -> Way:
    store.numbers.forget()
    return Way(dadong)


@pytest.fixture
def handler(dadong):
    """Where the missing manhole cover of these tests goes."""
    return person("handler-drainage", name="李师傅")
