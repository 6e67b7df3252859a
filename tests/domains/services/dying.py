"""A process of its own that takes a family's application one step on, and dies where it is told to.

python -m tests.domains.services.dying send|accept|decide [the writing statement at which it dies]
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

KEY = UUID("0198f3a2-7c11-7aaa-8000-0000000d1e5e")


def send() -> None:
    from tests.domains.services import family

    family.sent(id=KEY)


def accept() -> None:
    """The window accepts: two services begin."""
    from yiwang.domains.services.models import Joint
    from yiwang.kernel.matters.models import Task

    own = Joint.objects.get(pk=KEY)
    states = {slug: "received" if state == "brought" else state for slug, state in own.materials.items()}
    _do(
        Task.objects.get(matter=KEY, state="open").pk,
        "accept",
        {f"material_{k}": v for k, v in states.items()},
    )


def decide() -> None:
    """The police grant: two more services begin."""
    from yiwang.domains.services.models import JointPart
    from yiwang.kernel.matters.models import Task

    matter = JointPart.objects.get(joint=KEY, service="birth-household").matter_id
    task = Task.objects.get(matter=matter, state="open")
    if task.node == "review":
        _do(task.pk, "done", {"opinion": "agree"})
        task = Task.objects.get(matter=matter, state="open")
    with dying(at()):
        _do(task.pk, "grant", {})


def _do(task: UUID, outcome: str, data: dict) -> None:
    from tests.domains.services.family import MONDAY
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.matters import actions

    actions.complete(actor=SYSTEM, task=task, outcome=outcome, data=data, now=MONDAY)


def at() -> int:
    return int(sys.argv[2]) if len(sys.argv) > 2 else 0


@contextmanager
def dying(statement: int) -> Iterator[None]:
    """Ends the process, as a power cut does, when this writing statement is about to run."""
    from django.db import connection

    seen = 0

    def counted(execute, sql, params, many, context):
        nonlocal seen
        seen += sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if statement and seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield
    print(seen)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "decide":
        decide()
    else:
        with dying(at()):
            {"send": send, "accept": accept}[sys.argv[1]]()
