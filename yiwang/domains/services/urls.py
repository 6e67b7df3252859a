"""Addresses of government services."""

from __future__ import annotations

from django.urls import path

from yiwang.domains.services import views

urlpatterns = [
    path("services", views.catalogue, name="services"),
    path("services/topics/<str:slug>", views.topic, name="services-topic"),
    path("services/once", views.once, name="bundles"),
    path("services/once/<str:slug>", views.bundle, name="bundle"),
    path("services/<str:slug>", views.guide, name="service"),
]
