"""Addresses of the wall."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.wall import lists, views

urlpatterns = [
    path("wall", views.wall, name="wall"),
    path("wall/data", views.data, name="wall-data"),
    path("wall/cells.json", views.cells, name="wall-cells"),
    path("wall/points.json", views.points, name="wall-points"),
    path("wall/units", lists.units, name="wall-units"),
    path("wall/list", lists.listed, name="wall-list"),
    path("wall/method", lists.method, name="wall-method"),
]
