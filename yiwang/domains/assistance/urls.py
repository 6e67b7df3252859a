"""The addresses of social assistance."""

from __future__ import annotations

urlpatterns: list = []
