from __future__ import annotations

from django.urls import path

from yiwang.kernel.ui import views

urlpatterns = [
    path("language", views.set_language, name="language"),
    path("text-size", views.set_text_size, name="text-size"),
]
