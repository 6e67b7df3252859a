"""The addresses of social assistance."""

from __future__ import annotations

from yiwang.domains.assistance import urls_discovery

urlpatterns: list = [*urls_discovery.urlpatterns]
