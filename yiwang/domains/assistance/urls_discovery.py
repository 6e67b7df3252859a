"""Addresses of finding people, previewing and social forces."""

from __future__ import annotations

from django.urls import path

from yiwang.domains.assistance.discovery import views as discovery
from yiwang.domains.assistance.forces import views as forces
from yiwang.domains.assistance.preview import views as preview

urlpatterns = [
    path("assistance/discovery", discovery.board, name="assistance-board"),
    path("assistance/discovery/screen", discovery.screen, name="assistance-screen"),
    path("assistance/discovery/send", discovery.send, name="assistance-send"),
    path("assistance/findings", discovery.findings, name="assistance-findings"),
    path("assistance/visits/<str:number>", discovery.visit, name="assistance-visit"),
    path("assistance/visits/<str:number>/open", discovery.open_visit, name="assistance-visit-open"),
    path("assistance/visits/<str:number>/do", discovery.do, name="assistance-visit-do"),
    path("assistance/preview", preview.page, name="assistance-preview"),
    path("assistance/preview/effect", preview.effect, name="assistance-preview-effect"),
    path("assistance/preview/export.xlsx", preview.export, name="assistance-preview-export"),
    path("assistance/preview/save", preview.save, name="assistance-preview-save"),
    path("assistance/preview/compare", preview.compare, name="assistance-preview-compare"),
    path("assistance/preview/<uuid:id>/remove", preview.remove, name="assistance-preview-remove"),
    path("assistance/help", forces.home, name="assistance-help"),
    path("assistance/help/need", forces.need, name="assistance-need"),
    path("assistance/help/offer", forces.offer, name="assistance-offer"),
    path("assistance/help/<str:what>/<uuid:id>/end", forces.end, name="assistance-help-end"),
    path("assistance/help/match", forces.propose, name="assistance-match-propose"),
    path("assistance/help/redeem", forces.redeem, name="assistance-redeem"),
    path("assistance/help/matches/<uuid:id>", forces.match, name="assistance-match"),
    path("assistance/help/matches/<uuid:id>/decide", forces.decide, name="assistance-match-decide"),
    path("assistance/help/matches/<uuid:id>/<str:what>", forces.on_match, name="assistance-on-match"),
]
