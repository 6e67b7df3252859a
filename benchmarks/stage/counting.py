"""Counts the queries of requests in a warm process, and shows them. Run as a program; prints JSON.

echo '[{"method": "POST", "path": …, "headers": {…}, "bodies": ["…"]}, …]' | python -m benchmarks.stage.counting
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def main(asked: dict) -> dict:
    """Asks once for each body (an empty one for GET); the last answer's queries are counted."""
    client = Client(headers=asked.get("headers"))
    for name, value in asked.get("cookies", {}).items():
        client.cookies[name] = value
    for body in asked["bodies"]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.generic(
                asked["method"], asked["path"], body.encode(), content_type="application/json"
            )
    statements = [one["sql"] for one in captured.captured_queries]
    return {
        "status": answer.status_code,
        "queries": sum(not _is_frame(sql) for sql in statements),
        "statements": statements,
        "plans": {sql: _plan(sql) for sql in statements if sql.startswith("SELECT") and asked.get("plans")},
    }


def _is_frame(sql: str) -> bool:
    """BEGIN, COMMIT and savepoints are no questions of ours."""
    return sql.split(" ", 1)[0].rstrip(";").upper() in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
        return [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    print(json.dumps([main(asked) for asked in json.load(sys.stdin)], ensure_ascii=False))
