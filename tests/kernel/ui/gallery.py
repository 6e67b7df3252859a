"""Pages that show every component with data as it looks in life, served under the real policy for scripts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from tests.conftest import at
from yiwang.core.worktime import Hold, Limit, due
from yiwang.core.worktime.files import calendar_of, read_notices, read_seasons
from yiwang.kernel.errors import Conflict, Invalid, NotSignedIn
from yiwang.kernel.ui import notices, views

ROOT = Path(__file__).resolve().parents[3]
PAGES = Path(__file__).parent / "pages"
NOW = at("2026-09-28T10:20")

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiwang.kernel.ui.middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yiwang.kernel.ui.middleware.ProblemMiddleware",
]
SETTINGS = {
    "ROOT_URLCONF": "tests.kernel.ui.gallery",
    "MIDDLEWARE": MIDDLEWARE,
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "CSRF_FAILURE_VIEW": "yiwang.kernel.ui.views.csrf_failure",
}


def calendar():
    return calendar_of(
        read_notices(ROOT / "packs/national/calendar"), read_seasons(ROOT / "packs/dadong/calendar.yaml")
    )


def strips() -> list:
    """Due dates of every kind: over the National Day with a hold, by hours, held open, long, provisional."""
    days = calendar()
    hold = Hold(at("2026-09-28T09:00"), at("2026-09-29T11:00"), "material")
    return [
        due(days, at("2026-09-24T16:30"), Limit.parse("5wd"), [hold]),
        due(days, at("2026-09-24T16:30"), Limit.parse("4wh")),
        due(
            days, at("2026-09-24T16:30"), Limit.parse("5wd"), [Hold(at("2026-09-28T09:00"), None, "weather")]
        ),
        due(days, at("2026-07-01T09:00"), Limit.parse("90wd"), extension=Limit.parse("10wd")),
        due(days, at("2027-01-28T09:00"), Limit.parse("7wd")),
        due(days, at("2026-09-24T23:30"), Limit.parse("2eh")),
        due(days, at("2026-09-28T10:00"), Limit.parse("3d")),
    ]


def steps() -> list[dict]:
    names = ["collect:信息采集", "file:受理立案", "dispatch:任务派遣", "handle:任务处理", "feedback:处理反馈"]
    names += ["verify:核查", "close:结案"]
    return [dict(zip(("node", "name"), name.split(":"), strict=True)) for name in names]


def pictures() -> list[dict]:
    photo = {"url": "/photo.svg", "thumbnail": "/photo.svg"}
    return [
        photo | {"alt": "不亮的路灯", "stage": "处置前", "at": at("2026-09-24T16:28")},
        photo | {"alt": "修好的路灯", "stage": "处置后", "at": at("2026-09-28T09:58")},
        {"url": "/photo.svg", "name": "现场勘验记录.pdf"},
    ]


def events() -> list[dict]:
    return [
        {
            "at": at("2026-09-24T16:30"),
            "actor_name": "居民",
            "action": "open",
            "facts": [("来源", "门户"), ("地点", "大东路 12 号")],
        },
        {
            "at": at("2026-09-24T16:41"),
            "actor_name": "王受理",
            "action": "complete",
            "text": "立案：路灯不亮（0119）",
        },
        {
            "at": at("2026-09-28T09:00"),
            "actor_name": "李师傅",
            "action": "hold",
            "note": "等待灯头到货。\n预计明日上午到。<b>",
        },
        {
            "at": at("2026-09-28T10:05"),
            "actor_name": "李师傅",
            "action": "send_back",
            "note": "杆体属电力公司",
            "photos": pictures(),
        },
        {"at": at("2026-09-28T10:15"), "actor_name": "赵值班", "action": "close"},
    ]


def context() -> dict:
    reason = SimpleNamespace(
        name="等待材料、配件", basis="地方规则：专用材料、配件需要定制或采购的，到货前不计入时限"
    )
    hours = timedelta(hours=1)
    return {
        "now": NOW,
        "strips": strips(),
        "reasons": {"material": reason},
        "steps": steps(),
        "events": events(),
        "pictures": pictures(),
        "dues": [
            (NOW + 50 * hours, False, None),
            (NOW + 1.5 * hours, False, None),
            (NOW - 5 * hours, False, None),
            (NOW + 5 * hours, True, None),
            (None, False, None),
            (NOW, False, NOW - hours),
            (NOW, False, NOW + hours),
        ],
        "problem": Invalid(
            "上报未提交，请修改 2 处内容。",
            errors=[
                {"where": "text", "detail": "请至少写 5 个字"},
                {"where": "phone", "detail": "电话号码应为 11 位"},
            ],
        ),
    }


def draw(name: str, request: HttpRequest, **more: object) -> str:
    template = engines["jinja2"].from_string((PAGES / name).read_text(encoding="utf-8"))
    return template.render(context() | more, request)


def components(request: HttpRequest) -> HttpResponse:
    request.actor = SimpleNamespace(kind="user", name="王受理")
    notices.say(request, "任务已签收。")
    notices.say(request, "该地点 50 米内有 2 件相似的上报。", "warning")
    return HttpResponse(draw("components.html", request))


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(draw("form.html", request))


def taken(request: HttpRequest) -> HttpResponse:
    raise Conflict("王受理已于 2026年9月28日 10:15 签收该任务。")


def private(request: HttpRequest) -> HttpResponse:
    raise NotSignedIn("请先登录")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def process_file(request: HttpRequest) -> HttpResponse:
    data = (ROOT / "packs/national/processes/incident.bpmn").read_bytes()
    return HttpResponse(data, content_type="application/xml")


def photo(request: HttpRequest) -> HttpResponse:
    data = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path fill="#7b93a8" d="M0 0h4v3H0z"/></svg>'
    return HttpResponse(data, content_type="image/svg+xml")


def maps(request: HttpRequest) -> HttpResponse:
    return HttpResponse(draw("maps.html", request))


def points(request: HttpRequest) -> JsonResponse:
    """Five of each tone; the title of one is what somebody hostile would type."""
    tones = ("running", "soon", "overdue", "held", "done")
    return JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {
                        "type": "Point",
                        "coordinates": [123.46 + n * 0.004, 41.81 + (n % 5) * 0.006],
                    },
                    "properties": {
                        "title": "<b>路灯不亮</b>",
                        "sub": "大东路",
                        "url": "/components",
                        "tone": tones[n % 5],
                    },
                }
                for n in range(25)
            ],
        }
    )


def cells(request: HttpRequest) -> JsonResponse:
    corner = [[123.47, 41.86], [123.48, 41.86], [123.48, 41.868], [123.47, 41.868], [123.47, 41.86]]
    return JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Polygon", "coordinates": [corner]},
                    "properties": {"count": 17, "share": 0.6, "title": "17 件在办"},
                }
            ],
        }
    )


handler404 = views.not_found
handler500 = views.server_error
urlpatterns = [
    path("", include("yiwang.kernel.ui.urls")),
    path("components", components),
    path("form", form),
    path("maps", maps),
    path("points.json", points),
    path("cells.json", cells),
    path("taken", taken),
    path("api/v1/taken", taken),
    path("private", private),
    path("broken", broken),
    path("incident.bpmn", process_file),
    path("photo.svg", photo),
]
