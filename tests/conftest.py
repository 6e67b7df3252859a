"""Fixtures that every floor uses. Time is given to what is tested, never read."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from tests import browser, kept_rows
from tests.budgets import kept

CHINA = ZoneInfo("Asia/Shanghai")

chromium, playwright_driver = browser.chromium, browser.playwright_driver  # one for every folder of tests

settings.register_profile(
    "yiwang", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("yiwang")


def at(text: str) -> datetime:
    """`2026-09-24T16:30` in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


LOADED_AT = "2026-01-05T08:00"


def _load_dadong():
    from yiwang.kernel.packs.loader import load

    return load("dadong", now=at(LOADED_AT))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, with the real pack of Dadong in it: most stories play there."""
    with django_db_blocker.unblock():
        _load_dadong()
        kept_rows.keep()


@pytest.fixture
def dadong(db):
    """The real pack of Dadong in force; loaded again where an earlier test emptied the tables."""
    from yiwang.kernel.packs import rulebook
    from yiwang.kernel.packs.models import PackVersion
    from yiwang.kernel.registers import queries

    current = PackVersion.objects.filter(current=True).first()
    if current is None or current.name != "dadong":
        queries.reset_caches()
        if current is not None or not kept_rows.put_back():
            _load_dadong()
        queries.reset_caches()
    elif rulebook.current().id != current.pk:
        queries.reset_caches()
    rules = rulebook.current()
    yield rules
    if not PackVersion.objects.filter(pk=rules.id, current=True).exists():
        queries.reset_caches()


@pytest.fixture
def no_pack(db):
    """A database without any pack, for tests that load packs of their own."""
    from django.apps import apps
    from django.db import connection

    from yiwang.kernel.registers import queries

    tables = [model._meta.db_table for model in apps.get_app_config("registers").get_models()]
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for table in [*tables, "packs_packversion"]:
            cursor.execute(f'DELETE FROM "{table}"')
    queries.reset_caches()
    yield
    queries.reset_caches()


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries):
    """pytest-django's, without the looks at whether what is kept still holds."""
    return _on_any_machine(django_assert_num_queries)


@pytest.fixture
def django_assert_max_num_queries(django_assert_max_num_queries):
    """pytest-django's, without the looks at whether what is kept still holds."""
    return _on_any_machine(django_assert_max_num_queries)


def _on_any_machine(counts):
    @contextmanager
    def counted(*args, **more):
        with kept(), counts(*args, **more) as asked:
            yield asked

    return counted
