"""How a department's file is read (部门来数): which of its columns says what, about whom, in which unit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yiwang.kernel.packs.entries import English, Entry, Name, Slug

Factor = Literal["fen", "yuan", "ten_thousand_yuan"]


class ImportColumn(BaseModel):
    """One column of the file. `values`: what its words mean; `never`: words for "has not happened"."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)

    column: Name
    aliases: list[Name] = []
    variable: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    unit: Factor | None = None
    months: Annotated[int, Field(ge=1, le=12)] = 1
    values: dict[str, bool | int | str] = {}
    never: list[str] = []
    format: Annotated[str, StringConstraints(max_length=30)] = ""
    required: bool = False


class ImportEntry(Entry):
    """A file of `imports/`; its name is the slug."""

    slug: Slug
    name: Name
    name_en: English = ""
    department: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    entity: Literal["person", "household"]
    key: Annotated[list[Name], Field(min_length=1)]
    as_of: list[Name] = []
    columns: Annotated[list[ImportColumn], Field(min_length=1)]
