"""The real permits logs, which are not part of the project."""

from __future__ import annotations

import csv
import gzip
from datetime import datetime

from tests.data import shared_data
from yiwang.core.process.simulation.logs import Log


def permits(name: str) -> Log:
    """The log `name`; the test is skipped with a reason where the file is absent."""
    with gzip.open(shared_data(f"permits/{name}.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [
            (
                row["case:concept:name"],
                row["concept:name"],
                int(datetime.fromisoformat(row["time:timestamp"]).timestamp()),
            )
            for row in csv.DictReader(file)
            if row["lifecycle:transition"] == "complete"
        ]
    return Log.of_rows(rows)
