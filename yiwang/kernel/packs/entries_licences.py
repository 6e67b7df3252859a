"""What a pack says of e-licences (电子证照): kinds, their fields, how long they are valid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from yiwang.kernel.packs.entries import English, Entry, Name, Slug

Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]


class LicenceFieldPart(BaseModel):
    """One line of a licence."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)

    name: Slug
    label: Name
    label_en: English = ""
    type: Literal["text", "date"] = "text"
    required: bool = True


class LicenceTypeEntry(Entry):  # 证照种类
    """A kind of licence. `prefix` begins its numbers; `valid` months, none: without end."""

    slug: Slug
    name: Name
    name_en: English = ""
    prefix: Prefix
    holder: Literal["person", "organisation"]
    issuer: Name
    issuer_en: English = ""
    valid: Annotated[int, Field(ge=1, le=600)] | None = None
    fields: list[LicenceFieldPart] = []

    @model_validator(mode="after")
    def names_once(self) -> LicenceTypeEntry:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("two fields have the same name")
        return self


class RetentionEntry(Entry):  # 保管期限
    """How long the packages of closed matters are kept. `years` none: for ever; `kinds` of matters."""

    slug: Slug
    name: Name
    name_en: English = ""
    years: Annotated[int, Field(ge=1, le=100)] | None = None
    kinds: list[Slug] = []
