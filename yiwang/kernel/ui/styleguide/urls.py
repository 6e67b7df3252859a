"""Addresses of the style page."""

from __future__ import annotations

from django.urls import path

from yiwang.kernel.ui.styleguide import views

urlpatterns = [
    path("", views.components, name="styleguide"),
    path("/form", views.form, name="styleguide-form"),
    path("/asked", views.asked, name="styleguide-asked"),
    path("/maps", views.maps, name="styleguide-maps"),
    path("/points.json", views.points, name="styleguide-points"),
    path("/cells.json", views.cells, name="styleguide-cells"),
]
