"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.workbench import (
    around,
    bulk,
    compare,
    doing,
    evaluating,
    export,
    files,
    noticing,
    page,
    panel,
    queues,
    saved,
    sheet,
    signing,
    supervising,
)

urlpatterns = [
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("work", queues.work, name="work"),
    path("work/pulse", queues.pulse, name="work-pulse"),
    path("work/queues", saved.save, name="queue-save"),
    path("work/queues/<int:key>", saved.change, name="queue-change"),
    path("work/bulk", bulk.preview, name="bulk"),
    path("work/bulk/do", bulk.do, name="bulk-do"),
    path("work/export.xlsx", export.work, name="work-export"),
    path("matters/export.xlsx", export.matters, name="matters-export"),
    path("duplicates", compare.duplicates, name="duplicates"),
    path("matters", queues.matters, name="matters"),
    path("matters/<str:number>", page.matter, name="matter"),
    path("matters/<str:number>/process.bpmn", page.process_file, name="matter-process"),
    path("matters/<str:number>/do/<str:action>", doing.do, name="matter-do"),
    path("matters/<str:number>/panel", panel.panel, name="matter-panel"),
    path("matters/<str:number>/panel/<str:action>", panel.do, name="matter-panel-do"),
    path("matters/<str:number>/near.geojson", around.points, name="matter-near"),
    path("matters/<str:number>/sheet", sheet.sheet, name="matter-sheet"),
    path("matters/<str:number>/contact", doing.contact, name="matter-contact"),
    path("files/<uuid:id>", files.file, name="file"),
    path("supervision", supervising.overdue, name="supervision"),
    path("supervision/chase", supervising.chase_many, name="chase-many"),
    path("supervision/chases", supervising.chases, name="chases"),
    path("supervision/requests", supervising.requests, name="requests"),
    path("supervision/hanging", supervising.hanging, name="hanging"),
    path("supervision/facts", evaluating.facts, name="overdue-facts"),
    path("appeals", supervising.appeals_page, name="appeals"),
    path("evaluation", evaluating.evaluation, name="evaluation"),
    path("notices", noticing.inbox_page, name="notices"),
    path("notices/read", noticing.read, name="notices-read"),
    path("notices/settings", noticing.settings_page, name="notices-settings"),
]
