"""Where the workbench stands in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui import navigation
from yiwang.kernel.ui.navigation import Entry, granted


class WorkbenchConfig(AppConfig):
    name = "yiwang.faces.workbench"

    def ready(self) -> None:
        above = granted("chase", "ask", "review_appeal", "evaluate")
        for entry in (
            Entry("work", _("My work"), "inbox", 10, below=("/work/",)),
            Entry("matters", _("All matters"), "list", 20, below=("/matters/", "/duplicates")),
            Entry("supervision", _("Supervision"), "speakerphone", 30, above, ("/supervision/", "/appeals")),
            Entry(
                "licences", _("E-licences"), "certificate", 35, granted("issue", "revoke"), ("/licences/",)
            ),
            Entry("halls", _("Service hall"), "building-bank", 36, granted("ticket", "call"), ("/hall/",)),
            Entry("evaluation", _("Evaluation"), "chart-bar", 40, granted("evaluate")),
        ):
            navigation.register(entry)
