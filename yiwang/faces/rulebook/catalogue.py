"""The catalogue of components and matters: the tree, and the page of one class with all that follows from it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.faces.rulebook import finding, responsible, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.faces.rulebook.overview import class_url
from yiwang.kernel.errors import NotFound
from yiwang.kernel.pace import queries as pace
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook, current
from yiwang.kernel.ui import clock

KINDS = ("component", "matter", "topic")
DAYS = 30


@for_staff
def tree(request: HttpRequest) -> HttpResponse:
    """The classes of one standard and kind, by major class; or those that a word is found in."""
    rules, asked = current(), request.GET
    standard = _standard(rules, asked.get("standard", ""))
    kinds = [kind for kind in KINDS if any(one[:2] == (standard, kind) for one in rules.classes)]
    kind = asked.get("kind", "")
    kind = kind if kind in kinds else ("matter" if "matter" in kinds else next(iter(kinds), ""))
    question = asked.get("q", "").strip()
    listed = _matching(rules, standard, kind, question)
    groups: dict[str, list[dict]] = {}
    for one in listed:
        conditions = rules.conditions_of(one.standard, one.code)
        groups.setdefault(words.major(one), []).append(
            {
                "one": one,
                "name": words.name_of(one),
                "url": class_url(rules, *_key(one)),
                "conditions": len(conditions),
            }
        )
    context = {
        "rules": rules,
        "standard": standard,
        "standard_name": words.standard(rules, standard),
        "standards": [(key, words.standard(rules, key)) for key in rules.standards],
        "kind": kind,
        "kinds": [
            (
                one,
                words.kind_of_class(one),
                sum(key[:2] == (standard, one) for key in rules.classes),
                _query(rules, standard, one),
            )
            for one in kinds
        ],
        "groups": groups,
        "count": len(listed),
        "q": question,
        "older": standard != rules.default_standard,
    }
    return render(request, "rulebook/catalogue.html", context)


def _query(rules: Rulebook, standard: str, kind: str) -> str:
    given = {"kind": kind} if standard == rules.default_standard else {"standard": standard, "kind": kind}
    return urlencode(given)


def _standard(rules: Rulebook, asked: str) -> str:
    return asked if asked in rules.standards else rules.default_standard


def _key(one: ClassDef) -> tuple[str, str, str]:
    return one.standard, one.kind, one.code


def _matching(rules: Rulebook, standard: str, kind: str, question: str) -> list[ClassDef]:
    if not question:
        return [one for key, one in rules.classes.items() if key[:2] == (standard, kind)]
    found = finding.find(rules, question, "class", most=400)
    return [rules.classes[entry.key] for entry in found if entry.key[:2] == (standard, kind)]


@for_staff
def one(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One class: its conditions and limits, who is responsible where, its other names, how much of it there is."""
    rules, now = current(), clock.now()
    standard = _standard(rules, request.GET.get("standard", ""))
    found = rules.classes.get((standard, kind, code))
    if found is None:
        raise NotFound(
            _("There is no class %(code)s in the catalogue.") % {"code": code[:20]}, code="no_class"
        )
    conditions = rules.conditions_of(standard, code)
    context = {
        "rules": rules,
        "one": found,
        "name": words.name_of(found),
        "other_name": found.name if words.english() else found.name_en,
        "kind_name": words.kind_of_class(kind),
        "major": words.major(found),
        "standard_name": words.standard(rules, standard),
        "conditions": [
            {"one": each, "text": words.text_of(each), "close": words.text_of(each, "close_text")}
            for each in conditions
        ],
        "shares": responsible.shares(standard, code),
        "newer": _named(rules, rules.crosswalk(standard, kind, code)),
        "older": [_named(rules, key) for key in rules.replaced_by(standard, kind, code)],
        "twin": _named(rules, _twin(found)),
        "open": pace.open_by_class().get((standard, code), 0),
        "received": pace.received(standard, code, DAYS, now),
        "days": DAYS,
        "list_query": urlencode({"state": "open", "class_code": code}),
        "duty_query": urlencode(
            {"class": code} if standard == rules.default_standard else {"class": code, "standard": standard}
        ),
    }
    return render(request, "rulebook/class.html", context)


def _twin(found: ClassDef) -> tuple[str, str, str] | None:
    """The problem of a component has the same code, and the other way round."""
    other = {"component": "matter", "matter": "component"}.get(found.kind)
    return (found.standard, other, found.code) if other else None


def _named(rules: Rulebook, key: tuple[str, str, str] | None) -> dict | None:
    found = rules.classes.get(key) if key else None
    if found is None:
        return None
    return {
        "one": found,
        "name": words.name_of(found),
        "kind": words.kind_of_class(found.kind),
        "url": class_url(rules, *key),
    }
