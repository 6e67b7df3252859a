"""Addresses of the API: all under /api/v1/."""

from __future__ import annotations

urlpatterns: list = []
