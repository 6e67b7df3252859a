"""Registers what the procedures of social assistance name, and where its pages stand in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "yiwang.domains.assistance"
