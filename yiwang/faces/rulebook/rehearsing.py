"""A process rehearsed on a page: who works how long, a reform, and what it would change."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.process.simulation import SimulationError, warming
from yiwang.faces.rulebook import words
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.errors import Invalid
from yiwang.kernel.pace import assumptions, materials, queries
from yiwang.kernel.pace.assumptions import Assumed
from yiwang.kernel.pace.rehearsing import rehearse
from yiwang.kernel.pace.told import told
from yiwang.kernel.packs.rulebook import Rulebook, current, rulebook
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock

REPLICATIONS = 10
MOST_CASES = 20_000
FIELDS = ("people", "work", "delay", "missing")
MOST_SETTINGS = 400
WAIT, AGAIN = 2.0, 4  # seconds: for a loop that only has to be loaded; until the page asks again


@for_staff
def show(request: HttpRequest, kind: str) -> HttpResponse:
    """The values that are supposed, to be changed; after `run`, what a year brings today and after the reform."""
    rules, now = current(), clock.now()
    found, process = rules.kind(kind), rules.process(kind)
    assumed = _assumed(rules, kind, now)
    given = request.GET
    context: dict[str, Any] = {
        "rules": rules,
        "kind": found,
        "name": words.name_of(found),
        "posts": _posts(rules, assumed, given),
        "steps": _steps(rules, process, assumed, given),
        "materials": _materials(kind, rules, process, assumed, given),
        "other": [
            one for one in _values(assumed) if one.entry.partition(".")[0] not in (*FIELDS, "limit", "cases")
        ],
        "cases": given.get("cases", "") or _value(assumed, "cases"),
        "limit": given.get("limit", "20wd"),
        "more": given.get("more", ""),
        "reform": given.get("reform", ""),
        "samples": {"more": "hold.survey=0.1 5d", "reform": "limit=15wd"},
        "replications": REPLICATIONS,
        "assumed": sum(one.origin == "assumed" for one in assumed.values),
        "total": len(assumed.values),
        "origins": _origins(),
    }
    if given.get("run"):
        context |= _played(rules, kind, now, given, process, assumed)
    response = render(request, "rulebook/rehearse.html", context)
    if "preparing" in context:  # a new server: its compiler runs, and the page comes back by itself
        response.headers["Refresh"] = str(AGAIN)
    return response


def _played(
    rules: Rulebook, kind: str, now: Any, given: QueryDict, process: Any, assumed: Assumed
) -> dict[str, Any]:
    try:
        settings, reform = _settings(given, assumed), _reform(given)
        if not warming.ready() and not warming.begin(WAIT):
            return {"preparing": AGAIN}
        report = _report(rules.id, kind, now.date(), tuple(settings), tuple(reform))
    except SimulationError as error:
        return {"refused": told(error)}
    today, *others = report["outcomes"]
    names = {task.id: words.name_of(task) for task in process.tasks}
    names |= {service.id: words.name_of(service) for service in process.services}
    posts = {name: words.name_of(rules.post_kinds.get(name)) or name for name in today["posts"]}
    ends = {node.id: words.name_of(node) for node in process.nodes.values()}
    return {
        "flow": _flowing(rules, kind, process, report["outcomes"]),
        "report": report, "today": today, "after": others[0] if others else None, "names": names, "post_names": posts,
        "end_names": ends, "chart_options": _chart(today, others[0] if others else None, posts), "whole": _whole(),
    }  # fmt: skip


def _flowing(rules: Rulebook, kind: str, process: Any, outcomes: list[dict]) -> dict[str, Any]:
    """What the animation moves (`data`), and the same in words: at each step the mean and the most of a day."""
    sides = [(one["flow"]["steps"]) for one in outcomes]
    rows = []
    for task in process.tasks:
        counts = [side.get(task.id) for side in sides]
        if counts[0] is None:
            continue
        rows.append(
            {
                "node": task.id,
                "name": words.name_of(task),
                "sides": [(sum(one) / len(one), max(one)) if one else None for one in counts],
            }
        )
    first = outcomes[0]["flow"]
    return {
        "rows": rows,
        "data": {
            "days": first["days"],
            "sides": [{name: one["flow"][name] for name in ("steps", "came", "ended")} for one in outcomes],
        },
        "url": reverse("rules-drawing", args=[kind]) + "?" + urlencode({"pack": rules.id}),
    }


def _settings(given: QueryDict, assumed: Assumed) -> list[str]:
    """What the form says of today, as settings; what was left as it is is left out.

    Shares of materials come without what they were: there are many, and an address has its length.
    """
    found, known = [], {one.entry: one.value for one in assumed.values}
    for key in ("cases", "limit"):
        if value := given.get(key, "").strip():
            found.append(f"{key}={value}")
    for key, value in given.items():
        if (
            key.partition(".")[0] in FIELDS
            and value.strip()
            and value.strip()
            != given.get(f"was.{key}", known.get(key, "") if key.startswith("missing.") else "")
        ):
            found.append(f"{key}={value.strip()}")
    found += _lines(given.get("more", ""))
    return _checked(found)


def _reform(given: QueryDict) -> list[str]:
    found = []
    for key, value in given.items():
        name, _dot, entry = key.partition(".")
        if name == "add" and value.strip() not in ("", "0", "+0"):
            number = value.strip()
            found.append(f"people.{entry}={number if number[0] in '+-' else '+' + number}")
        elif name == "drop" and value:
            found.append(f"drop.{entry}=")
        elif name == "without" and value:
            found.append(f"without={entry}")
    together = given.getlist("together")
    if len(together) == 1:
        raise SimulationError("parallel", "parallel", "")
    if together:
        found.append(f"parallel={','.join(together)}")
    return _checked(found + _lines(given.get("reform", "")))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]


def _checked(settings: list[str]) -> list[str]:
    if len(settings) > MOST_SETTINGS or any(len(one) > 200 for one in settings):
        raise Invalid(_("These are too many or too long settings."), where="more", code="too_many_settings")
    for one in settings:
        name, _equals, value = one.partition("=")
        if name == "cases" and value.isascii() and value.isdigit() and int(value[:9]) > MOST_CASES:
            raise Invalid(
                _("The page plays at most %(n)d cases a year; the command yiwang simulate plays more.") % {"n": MOST_CASES},
                where="cases", code="too_many_cases",
            )  # fmt: skip
    return settings


@lru_cache(maxsize=32)
def _report(
    pack: int, kind: str, day: Any, settings: tuple[str, ...], reform: tuple[str, ...]
) -> dict[str, Any]:
    """`day` is there so that what is counted anew each day makes another key."""
    rules = rulebook(pack)
    variants = {"reform": list(reform)} if reform else {}
    return rehearse(
        _assumed(rules, kind, clock.now()), list(settings), variants, replications=REPLICATIONS, flowing=True
    )


def _assumed(rules: Rulebook, kind: str, now: Any) -> Assumed:
    return assumptions.assume(
        rules.process(kind),
        current_calendar(),
        now,
        queries.pace(kind, 90, now),
        assumptions.posts_by_kind(),
        materials.of_kind(rules, kind),
    )


def _values(assumed: Assumed) -> list[assumptions.Assumption]:
    return list(assumed.values)


def _value(assumed: Assumed, entry: str) -> str:
    return next((one.value for one in assumed.values if one.entry == entry), "")


def _origin(assumed: Assumed, entry: str) -> str:
    return next((one.origin for one in assumed.values if one.entry == entry), "")


def _posts(rules: Rulebook, assumed: Assumed, given: QueryDict) -> list[dict]:
    rows = []
    for post in assumed.scenario.pools:
        entry = f"people.{post}"
        rows.append(
            {
                "post": post,
                "name": words.name_of(rules.post_kinds.get(post)) or post,
                "was": _value(assumed, entry),
                "people": given.get(entry, "") or _value(assumed, entry),
                "add": given.get(f"add.{post}", ""),
                "origin": _origin(assumed, entry),
            }
        )
    return rows


def _steps(rules: Rulebook, process: Any, assumed: Assumed, given: QueryDict) -> list[dict]:
    together = given.getlist("together")
    rows = []
    for task in process.tasks:
        entries = {name: f"{name}.{task.id}" for name in ("work", "delay")}
        row: dict[str, Any] = {
            name: {
                "entry": entry, "was": _value(assumed, entry), "value": given.get(entry, "") or _value(assumed, entry),
                "origin": _origin(assumed, entry),
            }
            for name, entry in entries.items()
        }  # fmt: skip
        row |= {
            "node": task.id,
            "name": words.name_of(task),
            "post": words.name_of(rules.post_kinds.get(task.post)) or task.post,
            "together": task.id in together,
            "drop": bool(given.get(f"drop.{task.id}")),
        }
        rows.append(row)
    return rows


def _materials(kind: str, rules: Rulebook, process: Any, assumed: Assumed, given: QueryDict) -> list[dict]:
    """What first looks find missing: how often, and whether the reform still asks for it. The most often missing first."""
    names, rows = materials.of_kind(rules, kind), []
    for one in assumed.values:
        name, _dot, entry = one.entry.partition(".")
        node, _dot, material = entry.rpartition(".")
        if name == "missing":
            rows.append(
                {
                    "entry": one.entry,
                    "material": material,
                    "name": names.get(material, material),
                    "step": words.name_of(process.nodes[node]),
                    "was": one.value,
                    "value": given.get(one.entry, "") or one.value,
                    "origin": one.origin,
                    "without": bool(given.get(f"without.{material}")),
                }
            )
    return sorted(rows, key=lambda row: (not row["without"], -float(row["was"]), row["name"]))


def _origins() -> dict[str, str]:
    return {
        "counted": _("counted in the last 90 days"),
        "register": _("posts of the register"),
        "pack": _("from the pack"),
        "assumed": _("assumed"),
        "set": pgettext("origin of a value", "set here"),
    }


def _whole() -> list[tuple[str, str, str]]:
    """(figure, its name, how it is shown)"""
    return [
        ("days.median", _("Counted working days, median"), "days"),
        ("days.p90", _("Counted working days, 90th percentile"), "days"),
        ("days.mean", _("Counted working days, mean"), "days"),
        ("span.median", _("Calendar days, median"), "days"),
        ("span.p90", _("Calendar days, 90th percentile"), "days"),
        ("on_time", _("Within the promised limit"), "share"),
        ("unfinished", _("Not finished before the calendar ends"), "share"),
    ]


def _chart(today: dict, after: dict | None, names: dict[str, str]) -> dict[str, Any]:
    """Hours that a case waits for each post, today and after the reform."""
    posts = list(today["posts"])
    sides = [(_("Today"), today, "yw-running")] + (
        [(_("After the reform"), after, "yw-done")] if after else []
    )
    return {
        "grid": {"left": 4, "right": 24, "top": 34, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "right": 0},
        "xAxis": {"type": "value", "name": ""},
        "yAxis": {"type": "category", "inverse": True, "data": [names[post] for post in posts]},
        "series": [
            {
                "type": "bar",
                "name": name,
                "data": [(side["posts"].get(post) or {}).get("wait", {}).get("value") for post in posts],
                "itemStyle": {"color": colour},
            }
            for name, side, colour in sides
        ],
    }
