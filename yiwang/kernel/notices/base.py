"""What a notifier is: a way in which notices leave, with options of its own that are checked when the server starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db import IntegrityError, transaction
from pydantic import BaseModel, ConfigDict

from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.notices.models import Delivered


class Options(BaseModel):
    """Options of a notifier, from the environment. Unknown ones are refused, wrong ones named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Options)


class Notifier(Generic[T]):
    """One way out. `deliver` may be asked twice for the same row and must then send only what is missing."""

    slug: ClassVar[str]
    name: ClassVar[str]
    name_en: ClassVar[str]
    options_class: ClassVar[type[Options]] = Options

    def __init__(self, options: T) -> None:
        self.options = options

    def deliver(self, row: Outbox, number: str, now: datetime) -> None:
        """Sends one row of the outbox to everybody whom it concerns; raises with the reason what failed."""
        raise NotImplementedError

    def check(self, to: str, now: datetime) -> str:
        """Sends a test to `to` (where that means something); gives a line that says where it went, or raises."""
        raise NotImplementedError


def once(key: str, via: str, to: str, now: datetime, send: Any) -> bool:
    """Calls `send` unless this went there before; gives whether it sent.

    The note is written after sending: when the process dies between the two, it is sent again. Never lost.
    """
    if Delivered.objects.filter(key=key, via=via, to=to).exists():
        return False
    send()
    try:
        with store.one_transaction(), transaction.atomic():
            Delivered.objects.create(key=key, via=via, to=to, at=now)
    except IntegrityError:
        pass  # another worker sent it at the same moment
    return True
