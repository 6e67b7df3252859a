"""How many queries something takes, on a slow machine as on a fast one."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Each looks every few seconds whether what it keeps still holds; a look in the middle of a count is not what is counted.
LOOKS = (
    "yiwang.kernel.registers.fresh.FRESH_SECONDS",
    "yiwang.kernel.packs.rulebook.FRESH_SECONDS",
)


@contextmanager
def kept():
    """What the process keeps stays as it is while this lasts, however long that takes."""
    with ExitStack() as stack:
        for name in LOOKS:
            stack.enter_context(patch(name, float("inf")))
        yield


class Asked(CaptureQueriesContext):
    """The queries of a block, without the looks at what is kept."""

    def __init__(self, of=connection) -> None:
        super().__init__(of)
        self._kept = kept()

    def __enter__(self):
        self._kept.__enter__()
        return super().__enter__()

    def __exit__(self, *raised) -> None:
        super().__exit__(*raised)
        self._kept.__exit__(*raised)
