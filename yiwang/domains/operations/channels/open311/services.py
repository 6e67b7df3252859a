"""Services and their attributes, from the pack's classes."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.core.codes import CodeError, parse_component_code
from yiwang.domains.operations.channels.open311.formats import Refused
from yiwang.domains.operations.classify import standards_in_use
from yiwang.kernel.packs.rulebook import ClassDef, Rulebook

CONDITION, COMPONENT = "condition", "component"


def english() -> bool:
    return (get_language() or "").startswith("en")


def service_classes(rules: Rulebook) -> dict[str, ClassDef]:
    """Service code -> class: the matters of the default standard, and the topics of the others."""
    return _service_classes(rules.digest, rules)


@lru_cache(maxsize=4)
def _service_classes(digest: str, rules: Rulebook) -> dict[str, ClassDef]:
    found: dict[str, ClassDef] = {}
    standards = standards_in_use(rules)
    for (standard, kind, code), one in rules.classes.items():
        if (
            standard == rules.default_standard
            and kind == "matter"
            or standard in standards
            and kind == "topic"
        ):
            found.setdefault(code, one)
    return found


def service_class(rules: Rulebook, code: str) -> ClassDef:
    """Raises Refused 404 for a code that is no service."""
    found = service_classes(rules).get(code)
    if found is None:
        raise Refused(404, _("service_code %(code)s was not found.") % {"code": code[:40]})
    return found


def listed(rules: Rulebook) -> list[dict]:
    in_english = english()
    return [
        {
            "service_code": code,
            "service_name": (in_english and one.name_en) or one.name,
            "description": one.name_en if not in_english and one.name_en else one.name,
            "metadata": bool(attributes(rules, one)),
            "type": "realtime",
            "keywords": ",".join((*one.aliases, *one.keywords)),
            "group": one.major_name,
        }
        for code, one in service_classes(rules).items()
    ]


def definition(rules: Rulebook, code: str) -> dict:
    return {"service_code": code, "attributes": attributes(rules, service_class(rules, code))}


def attributes(rules: Rulebook, one: ClassDef) -> list[dict]:
    """What may be said besides: which filing condition it looks like, and which component it is."""
    in_english = english()
    found: list[dict] = []
    conditions = rules.conditions_of(one.standard, one.code)
    if len(conditions) > 1:
        found.append(
            _attribute(
                CONDITION,
                "singlevaluelist",
                _("What do you see?"),
                _("Choose what fits best."),
                [
                    {"key": each.slug, "name": (in_english and each.text_en) or each.text}
                    for each in conditions
                ],
            )
        )
    if (one.standard, "component", one.code) in rules.classes:
        found.append(
            _attribute(
                COMPONENT,
                "string",
                _("The number on the thing, if there is one"),
                _("17 digits."),
                [],
            )
        )
    for order, attribute in enumerate(found, start=1):
        attribute["order"] = order
    return found


def _attribute(code: str, datatype: str, description: str, hint: str, values: list[dict]) -> dict:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": hint,
        "order": 0,
        "description": description,
        "values": values,
    }


def checked_attributes(rules: Rulebook, one: ClassDef, given: dict[str, list[str]]) -> dict[str, str]:
    """The attributes of a request. Raises Refused 400 for an unknown attribute or value."""
    known = {attribute["code"]: attribute for attribute in attributes(rules, one)}
    found: dict[str, str] = {}
    for code, values in given.items():
        value = next((text.strip() for text in values if text.strip()), "")
        if not value:
            continue
        if code not in known:
            raise Refused(400, _("The service has no attribute %(code)s.") % {"code": code[:40]})
        allowed = [each["key"] for each in known[code]["values"]]
        if allowed and value not in allowed:
            raise Refused(
                400,
                _("%(value)s is no value of the attribute %(code)s. Possible: %(known)s.")
                % {"value": value[:60], "code": code, "known": ", ".join(allowed)},
            )
        if code == COMPONENT:
            try:
                value = parse_component_code(value).value
            except CodeError as wrong:
                raise Refused(400, str(wrong)) from None
        found[code] = value
    return found
