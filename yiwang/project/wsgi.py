"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
application = get_wsgi_application()

from yiwang.project.serving import in_serving_process  # noqa: E402 - needs Django to be ready

in_serving_process()
