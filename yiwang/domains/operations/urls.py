"""The addresses of city operations: Open311."""

from __future__ import annotations

from django.urls import re_path

from yiwang.domains.operations.channels.open311 import views

FORMAT = r"\.(?P<format>json|xml)$"

urlpatterns = [
    re_path(rf"^open311/discovery{FORMAT}", views.discovery, name="open311-discovery"),
    re_path(rf"^open311/v2/discovery{FORMAT}", views.discovery),
    re_path(rf"^open311/v2/services{FORMAT}", views.service_list, name="open311-services"),
    re_path(
        rf"^open311/v2/services/(?P<code>[\w-]{{1,40}}){FORMAT}",
        views.service_definition,
        name="open311-service",
    ),
    re_path(rf"^open311/v2/requests{FORMAT}", views.service_requests, name="open311-requests"),
    re_path(
        rf"^open311/v2/requests/(?P<number>[\w-]{{1,40}}){FORMAT}",
        views.service_request,
        name="open311-request",
    ),
    re_path(rf"^open311/v2/tokens/(?P<token>[\w-]{{1,60}}){FORMAT}", views.token, name="open311-token"),
]
