"""What a step of a process asks of the person who does it: small plugins that domains register.

A process file names a form (`yiwang:form="filing"`); `complete` runs it whoever calls: page, API, import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from yiwang.kernel.matters.case import Case, CaseTask


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gave: the chosen outcome, a note, and the fields of the form."""

    outcome: str
    note: str
    data: Mapping[str, Any]
    evidence: tuple[dict, ...] = ()  # attachments of this task: {id, stage}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the form makes of it.

    `data`: process variables to set. `changes`: columns of the matter to set. `record`: what the event
    keeps besides (no free text of residents, no personal data). `state`: how the matter ends if this ends it; empty: the
    end event says (`void` or `closed`).
    `notices`: (topic, payload) for the outbox.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    notices: tuple[tuple[str, dict], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What a code that the event keeps is called, and what each of its values is called; both may be lazy."""

    label: Any
    values: Mapping[str, Any]


class Form(Protocol):
    said: Mapping[str, Words]

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        """Checks the answer; raises `Invalid` with the field. Reads no database beyond cached registers."""

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        """Writes what the domain keeps of it, in the transaction of the action."""


class PlainForm:
    """No fields: the outcome and the note are all. `said`: of what the event keeps (`Prepared.record`), the codes and
    their words; a story never shows a bare code."""

    said: Mapping[str, Words] = {}

    def prepare(self, case: Case, task: CaseTask, answer: Answer, rulebook: Any, now: datetime) -> Prepared:
        return Prepared()

    def after(self, case: Case, answer: Answer, prepared: Prepared, actor: Any, now: datetime) -> None:
        return None


_forms: dict[str, Form] = {"": PlainForm()}


def register(name: str, form: Form) -> None:
    _forms[name] = form


def form(name: str) -> Form:
    """The form of this name. An unknown name is an error of the pack, said at once."""
    try:
        return _forms[name]
    except KeyError:
        known = ", ".join(sorted(filter(None, _forms)))
        raise LookupError(f"a process names the form {name!r}; the forms there are: {known}") from None


def in_words(name: str, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, word) of each code in the record of a step with this form; what has no word is left out."""
    found = _forms.get(name)
    if found is None:
        return []
    return [
        (str(words.label), str(words.values[record[key]]))
        for key, words in found.said.items()
        if record.get(key) in words.values
    ]


def known() -> frozenset[str]:
    return frozenset(filter(None, _forms))
