"""Addresses of the rulebook, below /rules."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.rulebook import (
    assistance,
    catalogue,
    duties,
    limits,
    overview,
    processes,
    proposing,
    rehearsing,
    versions,
)

urlpatterns = [
    path("", overview.home, name="rules"),
    path("/examples", overview.examples, name="rules-examples"),
    path("/catalogue", catalogue.tree, name="rules-catalogue"),
    path("/catalogue/<str:kind>/<str:code>", catalogue.one, name="rules-class"),
    path("/limits", limits.table, name="rules-limits"),
    path("/limits/<str:slug>", limits.one, name="rules-limit"),
    path("/processes", processes.kinds, name="rules-processes"),
    path("/processes/<str:kind>", processes.one, name="rules-process"),
    path("/processes/<str:kind>/drawing.bpmn", processes.drawing, name="rules-drawing"),
    path("/processes/<str:kind>/steps/<str:node>", processes.step, name="rules-step"),
    path("/processes/<str:kind>/rehearse", rehearsing.show, name="rules-rehearse"),
    path("/duties", duties.show, name="rules-duties"),
    path("/duties.geojson", duties.outlines, name="rules-duties-map"),
    path("/parameters", assistance.parameters, name="rules-parameters"),
    path("/parameters/<str:slug>", assistance.parameter, name="rules-parameter"),
    path("/parameters/<str:slug>/propose", proposing.parameter, name="rules-parameter-propose"),
    path("/programmes", assistance.programmes, name="rules-programmes"),
    path("/programmes/<str:slug>", assistance.programme, name="rules-programme"),
    path("/programmes/<str:slug>/propose", proposing.programme, name="rules-programme-propose"),
    path("/changes", proposing.changes, name="rules-changes"),
    path("/changes/<int:number>/decide", proposing.decide, name="rules-change-decide"),
    path("/versions", versions.listed, name="rules-versions"),
    path("/versions/compare", versions.compared, name="rules-compare"),
]
