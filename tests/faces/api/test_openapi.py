"""The OpenAPI document is the API's: committed, current, and what random callers of every kind are answered."""

from __future__ import annotations

import contextlib
import json

import pytest
import schemathesis
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.data import ROOT
from tests.domains.services.family import CASE, FAMILY, MATERIALS
from yiwang.faces.api import openapi
from yiwang.kernel.access import limits
from yiwang.kernel.matters.models import Task

COMMITTED = ROOT / "docs" / "openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text(encoding="utf-8"))
OPERATIONS = sorted((path, method) for path, methods in DOCUMENT["paths"].items() for method in methods)
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
# Of what the document allows, and of what it does not, for each operation: few each time, many when asked for.
EXAMPLES = [pytest.param(4, id="few"), pytest.param(80, id="many", marks=pytest.mark.slow)]
HALL, FOOD = "service-centre", "food-business-licence"


def test_the_committed_document_is_the_apis():
    assert COMMITTED.read_text(encoding="utf-8") == openapi.text(), "run: yiwang api schema"


def test_the_command_says_when_the_document_has_drifted(tmp_path, capsys):
    call_command("api", "schema", "--check")
    path = tmp_path / "openapi.json"
    path.write_text("{}")
    with pytest.raises(CommandError, match="yiwang api schema"):
        call_command("api", "schema", "--check", "--output", str(path))
    assert path.read_text() == "{}"
    call_command("api", "schema", "--json", "--output", str(path))
    assert json.loads(path.read_text()) == DOCUMENT
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["operations"] == len(OPERATIONS)


def test_every_operation_says_what_it_is_and_how_it_refuses():
    for path, method in OPERATIONS:
        operation = DOCUMENT["paths"][path][method]
        assert operation["summary"] and operation["tags"], path
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
    names = [DOCUMENT["paths"][path][method]["operationId"] for path, method in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.fixture(scope="module")
def schema():
    loaded = schemathesis.openapi.from_dict(DOCUMENT)
    loaded.app = get_wsgi_application()
    return loaded


@contextlib.contextmanager
def kept_connection():
    """As Django's own test client does: a request must not close the connection of the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{m} {p}" for p, m in OPERATIONS])
def test_whatever_is_sent_the_answer_is_one_that_the_document_describes(
    schema, path, method, examples, filed, official, monkeypatch
):
    got = filed()
    task = Task.objects.get(matter__number=got["number"], state="open")
    clerk = official("supervisor", "dispatcher", "window-clerk")
    ticket, booking = in_the_hall(clerk)
    own = booking if path.startswith("/api/v1/bookings") else got
    once = {"case": CASE, "answers": FAMILY, "materials": MATERIALS, "consent": True}
    if path.startswith("/api/v1/applications"):
        own = clerk.post("/bundles/newborn/applications", once)
        assert own.status == 201, own.body
    real = {"number": own["number"], "task": str(task.pk), "report": got["id"]}
    real |= {"hall": HALL, "ticket": ticket["id"], "service": FOOD, "slug": FOOD}
    if path.startswith("/api/v1/bundles"):
        real |= once | {"slug": "newborn"}
    caller = clerk.headers
    # What a wrong password costs on purpose is not what is looked at here.
    monkeypatch.setattr("yiwang.kernel.access.models.User.set_password", lambda user, raw: None)
    operation = schema[path][method]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        strategy = operation.as_strategy(generation_mode=mode)
        # Where nothing can be sent wrongly there is no negative case.
        with contextlib.suppress(Unsatisfiable):
            send(strategy, real, caller, own["secret"], examples)


def in_the_hall(clerk) -> tuple:
    """A ticket that waits and an appointment at the first free time."""
    ticket = clerk.post(f"/halls/{HALL}/tickets", {"service": FOOD})
    free = next(one for one in clerk.get(f"/halls/{HALL}/slots", {"service": FOOD})["slots"] if one["free"])
    when = {"at": free["at"], "phone": "13800000001", "service": FOOD}
    booking = clerk.post(f"/halls/{HALL}/bookings", when)
    assert (ticket.status, booking.status) == (201, 201), (ticket.body, booking.body)
    return ticket, booking


def send(strategy, real: dict, caller: dict, secret: str, examples: int) -> None:
    """Sends cases, some of them about what is really there, and checks each answer against the document."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(data=st.data())
    def answers(data):
        limits.forget()
        case = data.draw(strategy)
        for name, value in real.items():
            if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[name] = value
            if isinstance(case.body, dict) and name in case.body and data.draw(st.booleans()):
                case.body[name] = value
        headers = dict(caller)
        if data.draw(st.booleans()):
            headers["X-Report-Secret"] = secret
        with kept_connection():
            case.call_and_validate(base_url="http://localhost", headers=headers, checks=CHECKS)

    answers()
