"""Run as a program by a Python that has pyspark: the programmes over Parquet on a local cluster; prints JSON.

python -m tests.core.policy.spark_job FOLDER DAY
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from benchmarks.stage.policy_people import rules
from yiwang.core.policy.arrow import answer_batches

COLUMNS = "household string, person string, programme string, answer string, fen long"


def main(folder: Path, day: date) -> list:
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    households = spark.read.parquet(str(folder / "households.parquet"))
    persons = spark.read.parquet(str(folder / "persons.parquet"))
    people = households.join(persons, "household", "left")
    # Households never span partitions, and stand together in theirs.
    people = people.repartition("household").sortWithinPartitions("household")

    def answered(batches):
        return answer_batches(rules(), day, batches)

    found = people.mapInArrow(answered, COLUMNS).collect()
    spark.stop()
    return sorted([list(row) for row in found], key=str)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))))
