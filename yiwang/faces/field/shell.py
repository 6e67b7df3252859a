"""What the browser installs: the page without anybody's data, the manifest, and the service worker.

The version is a digest of everything that the worker keeps, in the language and looks of this phone: a changed byte
of any file makes another worker, and the browser fetches the whole shell anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from yiwang.faces.field.texts import texts

HERE = Path(__file__).parent / "static" / "field"
OTHERS = (
    "ui/tokens.css",
    "ui/yiwang.css",
    "ui/theme.js",
    "ui/mark.svg",
    "vendor/tabler-icons/sprite.svg",
    "field/icon-192.png",
)
MODULE = 'import {{ sync }} from "{address}";\nself.sendQueue = sync;\n'


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app. It is the same for everybody who reads it in the same language."""
    response = render(request, "field/shell.html", _context())
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: name, colours and icons for the home screen."""
    body = {
        "id": reverse("field"),
        "name": _("Yiwang field work"),
        "short_name": pgettext("short name of the app", "Field work"),
        "description": _("Tasks, reports and patrols of the district, without a network too."),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f4f6f8",
        "theme_color": "#0b4f8a",
        "icons": [
            {"src": static("field/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("field/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("field/icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": _("Report a problem"), "url": reverse("field") + "#report"},
            {"name": _("Patrol"), "url": reverse("field") + "#patrol"},
        ],
    }
    return JsonResponse(
        body, content_type="application/manifest+json", headers={"Cache-Control": "private, no-cache"}
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with what it keeps; with ?plain for browsers whose workers cannot be modules."""
    files = shell_files()
    shell = {
        "version": version(request, files),
        "page": reverse("field"),
        "files": [static(name) for name in files],
    }
    text = f"const SHELL = {orjson.dumps(shell).decode()};\n" + (HERE / "sw.js").read_text(encoding="utf-8")
    if "plain" not in request.GET:
        text = MODULE.format(address=static("field/sync.js")) + text
    return HttpResponse(
        text,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "private, no-cache", "Service-Worker-Allowed": reverse("field")},
    )


def shell_files() -> list[str]:
    """The static files of the app, by their names: all that it needs to start without a network."""
    own = sorted(
        path.name for path in HERE.iterdir() if path.suffix in (".js", ".css") and path.name != "sw.js"
    )
    return [f"field/{name}" for name in own] + list(OTHERS)


def version(request: HttpRequest, files: list[str]) -> str:
    """A digest of the page as this phone gets it, and of every file."""
    digest = hashlib.sha256(render_to_string("field/shell.html", _context(), request).encode())
    for name in files:
        found = finders.find(name)
        digest.update(name.encode() + b"\0" + (Path(found).read_bytes() if found else b""))
    return digest.hexdigest()[:16]


def _context() -> dict:
    return {"texts": texts()}
