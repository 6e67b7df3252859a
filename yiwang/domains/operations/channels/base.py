"""What a channel is: a name, typed options, and for files how a row becomes a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from yiwang.core.geo import Point
from yiwang.kernel.records.table import RowProblem


class Options(BaseModel):
    """Options of a channel; a plugin adds its own. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a channel reads it, before it is checked."""

    row: int
    text: str
    title: str = ""
    external_id: str = ""
    label: str = ""  # the sender's own class: a code, a name or an alias of the pack
    sent_at: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    point: Point | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Channel:
    """A way in. `name` and `name_en` are shown; `slug` is kept with each report."""

    slug: ClassVar[str]
    name: ClassVar[str]
    name_en: ClassVar[str]
    options: ClassVar[type[Options]] = Options


class FileChannel(Channel):
    """A way in by tables: CSV or Excel."""

    def columns(self, header: list[str], options: Options) -> dict[str, int]:
        """Which column holds what: field of `Message` -> position. Raises Invalid when one is missing."""
        raise NotImplementedError

    def fits(self, header: list[str]) -> int:
        """How well the header looks like this channel's; 0 not at all. The best fit reads the file."""
        raise NotImplementedError

    def read(self, table: Any, options: Options) -> Iterator[Message | RowProblem]:
        """Each row as a message, or what is wrong with it."""
        raise NotImplementedError
