"""Runs before Django reads its settings: a data folder of its own, and the database that was asked for.

`python -m pytest --db=postgres` starts a PostgreSQL of its own; the default is SQLite.
"""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

_made: dict = {}


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--db", choices=["sqlite", "postgres"], default="sqlite", help="the database of the tests"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the controlling process has set everything
    home = tempfile.mkdtemp(prefix="yiwang-tests-")
    _made["home"] = home
    os.environ.update(YIWANG_HOME=home, YIWANG_ENV="demo", PYTHONHASHSEED="0")
    for name in (
        "YIWANG_DATABASE",
        "YIWANG_PACKS",
        "YIWANG_PACK",
        "YIWANG_SECRET_KEY",
        "YIWANG_SEAL_KEY",
        "YIWANG_SIGN_KEY",
    ):
        os.environ.pop(name, None)
    from yiwang.kernel.ui.catalogues import compile_all

    compile_all()
    if early_config.known_args_namespace.db == "postgres":
        from tests import postgres

        _made["server"], _made["folder"] = postgres.start()
        os.environ["YIWANG_DATABASE"] = f"postgresql://postgres@127.0.0.1:{_made['server'].port}/tests"


USES_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


# A page looks the same on both databases; the first journey goes through every step of a matter on each.
BROWSED_ON_BOTH = "test_first_journey.py"


def pytest_collection_modifyitems(config, items) -> None:
    """On PostgreSQL only what uses the database runs once more, and of the browser's stories the first journey."""
    if config.getoption("db") != "postgres":
        return
    keep = [
        i
        for i in items
        if (i.get_closest_marker("django_db") or USES_DATABASE & set(i.fixturenames))
        and (not i.get_closest_marker("browser") or i.path.name == BROWSED_ON_BOTH)
    ]
    kept = set(map(id, keep))
    config.hook.pytest_deselected(items=[i for i in items if id(i) not in kept])
    items[:] = keep


def pytest_unconfigure(config) -> None:
    if "server" in _made:
        from tests import postgres

        postgres.stop(_made.pop("server"), _made.pop("folder"))
    if "home" in _made:
        shutil.rmtree(_made.pop("home"), ignore_errors=True)


def pytest_report_header(config) -> str:
    return f"database: {config.getoption('db')}"
