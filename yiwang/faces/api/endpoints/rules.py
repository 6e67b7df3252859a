"""The pack in force: its catalogue, its processes, its settings."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router

from yiwang.domains.operations.forms import VOID_REASONS
from yiwang.faces.api import replies, told_rules
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook

router = Router(by_alias=True, tags=["rules"])


@router.get(
    "/catalogue", response={200: told_rules.Catalogue}, operation_id="catalogue", summary="The catalogue"
)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Classes, filing conditions, kinds of matters and of posts, reasons to stop the clock and to void."""
    rules = current()
    language = translation.get_language() or ""
    return replies.shared(request, _catalogue(rules, language), f"catalogue-{rules.digest}-{language}")


@router.get(
    "/processes/{kind}",
    response={200: None},
    operation_id="process",
    summary="A process as BPMN 2.0",
    openapi_extra={"responses": {200: {"content": {"application/xml": {"schema": {"type": "string"}}}}}},
)
def process(
    request: HttpRequest,
    kind: str,
    pack: int | None = Query(None, ge=1, le=2**31 - 1, description="The pack version of a running matter."),
) -> HttpResponse:
    rules = rulebook(pack) if pack else current()
    xml = rules.process_xml(kind).encode()
    return replies.shared(request, xml, f"process-{kind}-{rules.digest}", "application/xml")


@router.get(
    "/packs/current", response={200: told_rules.PackOut}, operation_id="pack", summary="The pack in force"
)
def pack(request: HttpRequest) -> HttpResponse:
    rules = current()
    body = {name: getattr(rules, name) for name in ("id", "name", "version", "title", "title_en", "district")}
    body |= {
        "digest": rules.digest,
        "layers": [list(layer) for layer in rules.layers],
        "settings": [
            {"name": name, "value": value, "status": rules.settings_status[name]}
            for name, value in rules.settings.items()
        ],
    }
    return replies.reply(body)


@lru_cache(maxsize=4)
def _catalogue(rules: Rulebook, language: str) -> bytes:
    """Written once a pack and language: it has a thousand entries, and asking for it must not cost that again."""

    def told_as(one: object, names: str) -> dict:
        return {name: getattr(one, name) for name in names.split()}

    with translation.override(language):
        void_reasons = [{"code": slug, "name": str(words)} for slug, words in VOID_REASONS.items()]
    return replies.dumps(
        {
            "pack": rules.digest,
            "default_standard": rules.default_standard,
            "standards": [
                told_as(one, "standard title title_en replaces status") for one in rules.standards.values()
            ],
            "classes": [
                told_as(one, "standard kind code name name_en major major_name status")
                for one in rules.classes.values()
            ],
            "conditions": [
                told_as(one, "slug standard class_code text text_en close_text close_text_en limit status")
                for one in rules.conditions.values()
            ],
            "kinds": [told_as(one, "slug name name_en process") for one in rules.kinds.values()],
            "hold_reasons": [
                told_as(one, "slug name name_en basis status") for one in rules.reasons.values()
            ],
            "void_reasons": void_reasons,
            "post_kinds": [told_as(one, "slug name name_en") for one in rules.post_kinds.values()],
        }
    )
