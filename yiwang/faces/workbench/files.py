"""The files of matters, for whoever may see the matter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.access.policy import matters_filter, tasks_filter
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import sealed_files
from yiwang.kernel.ui.door import staff_only
from yiwang.kernel.ui.files import serve


@require_safe
@staff_only
def file(request: HttpRequest, id: UUID) -> HttpResponse:
    """A file, or with ?thumb its small picture. What one may not see is not there.

    Of a home it is shown to whoever has opened the file for a purpose.
    """
    row = Attachment.objects.filter(pk=id, matter__isnull=False).first()
    if row is None or not _may_see(request.actor, row.matter_id):
        raise NotFound(_("There is no such file that you may see."))
    sealed_files.require(request, row)
    return serve(request, row)


def _may_see(actor, matter: UUID) -> bool:
    if Matter.objects.filter(matters_filter(actor), pk=matter).exists():
        return True
    return Task.objects.filter(tasks_filter(actor), state="open", matter=matter).exists()
