"""The API put together: django-ninja, our parser, one handler for every exception."""

from __future__ import annotations

from ninja import NinjaAPI

from yiwang.faces.api import parsing, problems
from yiwang.faces.api.endpoints import (
    approvals,
    assistance,
    bundles,
    evaluation,
    files,
    halls,
    licences,
    matters,
    meetings,
    places,
    reports,
    rules,
    services,
    tasks,
    tokens,
    wall,
    worktime,
)

DESCRIPTION = """\
Everything that a page of Yiwang does can be done here.

Errors are RFC 9457 problem documents. Lists are pages of `items` with the cursor `next`, also given as a Link
header; nothing is counted. Names are in Chinese unless `Accept-Language: en` is sent. Moments are ISO 8601 with
their offset.
"""

api = NinjaAPI(
    title="Yiwang",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="",
    parser=parsing.StrictParser(),
    urls_namespace="api",
)
api.add_exception_handler(Exception, problems.respond)
for kind in list(api._exception_handlers):
    api.add_exception_handler(kind, problems.respond)

for subject in (
    tokens,
    reports,
    matters,
    tasks,
    files,
    rules,
    services,
    bundles,
    halls,
    licences,
    places,
    worktime,
    evaluation,
    wall,
    assistance,
    approvals,
    meetings,
):
    api.add_router("", subject.router)
