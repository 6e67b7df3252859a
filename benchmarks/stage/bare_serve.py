"""Makes the tables of `bare` in YIWANG_HOME or YIWANG_DATABASE and serves it on PORT, as `yiwang serve` would."""

from __future__ import annotations

import os

from django.db import connection, connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from benchmarks.stage import bare  # configures Django first
from yiwang.project.serving import THREADS

with connection.schema_editor() as editor:
    for model in (bare.Case, bare.Step, bare.Said):
        editor.create_model(model)
sqlite = connection.vendor == "sqlite"
connections.close_all()
Granian(
    target="benchmarks.stage.bare:application",
    port=int(os.environ["PORT"]),
    interface=Interfaces.WSGI,
    workers=1 if sqlite else len(os.sched_getaffinity(0)),
    blocking_threads=THREADS if sqlite else THREADS // 2,
    blocking_threads_idle_timeout=600,
    log_level=LogLevels.error,
    websockets=False,
).serve()
