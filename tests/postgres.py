"""A PostgreSQL of our own for the tests, by pytest-postgresql's executor, also when the tests run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from port_for import get_port
from pytest_postgresql.executors.proc import PostgreSQLExecutor


def _bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    where = str(found[-1]) if found else shutil.which("pg_ctl")
    if not where:
        raise SystemExit(
            "--db=postgres needs PostgreSQL: apt-get install postgresql, or run: make test-sqlite"
        )
    return Path(where)


def _other_user() -> str:
    """PostgreSQL refuses to run as root: somebody else starts it."""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
SAFE = "-c max_connections=60 -c shared_buffers=512MB"


def start(options: str = FAST) -> tuple[PostgreSQLExecutor, Path]:
    """A running server in a folder of its own, without fsync unless `SAFE` is given; gives it and the folder."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-pg-"))
    pg_ctl = _bin()
    if os.geteuid() == 0:
        user = _other_user()
        shutil.chown(folder, user)
        wrapper = folder / "pg_ctl"
        # Through the environment of pg_ctl, so that the server and initdb run as this user.
        wrapper.write_text(f'#!/bin/sh\nexec runuser -u {user} -- "{pg_ctl}" "$@"\n')
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        pg_ctl = wrapper
    server = PostgreSQLExecutor(
        executable=str(pg_ctl),
        host="127.0.0.1",
        port=get_port(None),
        datadir=str(folder / "data"),
        unixsocketdir=str(folder),
        logfile=str(folder / "log"),
        startparams="-w",
        dbname="tests",
        password="",
        postgres_options=options,
    )
    server.start()
    server.wait_for_postgres()
    return server, folder


def stop(server: PostgreSQLExecutor, folder: Path) -> None:
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)
