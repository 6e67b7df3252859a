from __future__ import annotations

from django.urls import include, path

from yiwang.kernel.ui import maps, views

urlpatterns = [
    path("language", views.set_language, name="language"),
    path("text-size", views.set_text_size, name="text-size"),
    path("theme", views.set_theme, name="theme"),
    path("map/areas.json", maps.areas, name="map-areas"),
    path("map/roads.json", maps.roads, name="map-roads"),
    path("styleguide", include("yiwang.kernel.ui.styleguide.urls")),
]
