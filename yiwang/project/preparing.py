"""Bringing a data folder up to date, as little as is needed: tables, the pack, the languages, the demonstration."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation.reloader import translation_file_changed

from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.models import PackVersion

LOOKED_AT = 2_000  # rows of an index


def migrate() -> bool:
    """Makes or changes the tables if there is something to do; gives whether there was."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    analyze()
    return True


def analyze() -> None:
    """Tells the database's planner how the values of each index are spread.

    Without it SQLite guesses, and of two indexes may take the one that reads every open matter: five times slower
    pages were measured with a million matters. SQLite looks at LOOKED_AT rows of each index, of our own tables alone
    (not into the texts of the search), one at a time. Matters are counted whole, which takes four seconds for a million:
    from a sample SQLite read all of them for the wall's last hour.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True)
    for table in sorted(tables):
        with store.one_transaction(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                limit = 0 if table == Matter._meta.db_table else LOOKED_AT
                cursor.execute(f"PRAGMA analysis_limit = {limit}")
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def load_pack(progress: Any = None) -> bool:
    """Loads the pack of YIWANG_PACK if its files are others than at the last load; gives whether it did.

    Raises Invalid with every error of the pack.
    """
    stamp, kept = _stamp(settings.PACKS_DIR), settings.HOME / "pack.stamp"
    in_force = PackVersion.objects.filter(current=True).values_list("digest", flat=True).first()
    text = f"{settings.PACK} {in_force} {stamp}"
    if in_force and kept.exists() and kept.read_text() == text:
        return False
    from yiwang.kernel.packs.loader import load

    result = load(settings.PACK, timezone.now(), progress, by="yiwang start")
    kept.write_text(f"{settings.PACK} {result.version.digest} {stamp}")
    return result.created


def compile_languages() -> None:
    """Compiles translations that are newer than what was compiled; reads nothing when there are none.

    Raises Problem `not_writable` when the folder of the code cannot be written.
    """
    folder = Path(settings.LOCALE_PATHS[0])
    stale = [
        file
        for file in folder.glob("*/LC_MESSAGES/django.po")
        if not (made := file.with_suffix(".mo")).exists() or made.stat().st_mtime_ns < file.stat().st_mtime_ns
    ]
    if stale:
        from yiwang.kernel.ui import catalogues

        try:
            for made in catalogues.compile_all():
                translation_file_changed(None, made)  # this process may have read the old one
        except OSError as error:
            raise Problem(
                _(
                    "The translations in %(folder)s cannot be compiled (%(reason)s). "
                    "Run yiwang language compile as somebody who may write there."
                )
                % {"folder": folder, "reason": error.strerror},
                code="not_writable",
                status=503,
            ) from None


def _stamp(folder: Path) -> str:
    """Changes with every file's name, size and moment of change, without reading any."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            known = file.stat()
            digest.update(f"{file.relative_to(folder)} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()
