"""Addresses: each face and each domain brings its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from yiwang.project.health import healthz

urlpatterns = [path("healthz", healthz, name="healthz")]
# Programs' doors; each part brings its own addresses. They are tried first: programs call most often.
for module, prefix in (("yiwang.faces.api.urls", "api/"), ("yiwang.domains.operations.urls", "")):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
urlpatterns += [
    path("", include("yiwang.kernel.ui.urls")),
    path("", include("yiwang.domains.assistance.urls")),
    path("", include("yiwang.faces.people.urls")),
    path("", include("yiwang.faces.portal.urls")),
    path("", include("yiwang.domains.services.urls")),
    path("", include("yiwang.domains.approvals.urls")),
    path("", include("yiwang.faces.workbench.urls")),
    path("rules", include("yiwang.faces.rulebook.urls")),
    path("", include("yiwang.faces.wall.urls")),
    path("", include("yiwang.faces.field.urls")),
]

handler400 = "yiwang.kernel.ui.views.bad_request"
handler403 = "yiwang.kernel.ui.views.denied"
handler404 = "yiwang.kernel.ui.views.not_found"
handler500 = "yiwang.kernel.ui.views.server_error"
