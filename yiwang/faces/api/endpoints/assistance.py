"""What another value of a parameter would do, before it is enacted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from yiwang.domains.assistance.preview import actions
from yiwang.domains.assistance.preview import changes as changing
from yiwang.domains.assistance.preview.kept import kept
from yiwang.faces.api import told_assistance
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.given import PreviewIn
from yiwang.faces.api.replies import reply
from yiwang.kernel.packs.rulebook import current

router = Router(by_alias=True, tags=["assistance"], auth=OFFICIALS)


@router.post(
    "/assistance/preview",
    response={200: told_assistance.PreviewOut},
    operation_id="preview",
    summary="Preview of a change",
)
def preview(request: HttpRequest, given: PreviewIn) -> HttpResponse:
    """Who gains and who loses by programme, sub-district and kind, and the budget of a year. Enacts nothing."""
    actions.may(request.auth)
    return reply(kept().effect(changing.typed(current().policy, given.changes)).as_dict())
