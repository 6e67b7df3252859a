"""Addresses of the API. The project includes them under api/, so that they all begin with /api/v1/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import include, path, re_path

from yiwang.faces.api import openapi
from yiwang.faces.api.problems import guarded, no_such_address
from yiwang.faces.api.root import api


def document(request: HttpRequest) -> HttpResponse:
    return openapi.view(request) if request.method == "GET" else HttpResponseNotAllowed(["GET"])


addresses = [path("openapi.json", document, name="openapi")]
addresses += [one for one in api._get_urls() if one.name != "api-root"]
addresses.append(re_path(r"^.*$", no_such_address, name="nowhere"))
for address in addresses:
    address.callback = guarded(address.callback)

urlpatterns = [path("v1/", include((addresses, "api"), namespace="api"))]
